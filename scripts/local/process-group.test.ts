import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./paths.ts";
import { spawnGroup } from "./process-group.ts";

/** A parent whose child would outlive it, as workerd outlives wrangler. The child holds a connection as long as it lives. */
const PARENT = `
  import { spawn } from "node:child_process";
  spawn(process.execPath, ["-e", "require('node:net').connect(process.argv[1])", process.argv[1]]);
  setInterval(() => {}, 1000);
`;

describe("a process group", () => {
  it.each(["stop", "kill"] as const)("ends with everything it started: %s", async (how) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const connected = once(server, "connection");

    const group = spawnGroup(process.execPath, ["--input-type=module", "-e", PARENT, `${port}`], {
      cwd: ROOT,
      output: "keep",
    });
    const [grandchild] = (await connected) as [Socket];
    const gone = once(
      grandchild.resume().on("error", () => {}),
      "close",
    );
    await group[how]();

    expect(await group.ended).toBeNull();
    await gone;
    server.close();
  });

  it("ends when whoever started it is killed", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const connected = once(server, "connection");
    const starter = `
      import { spawnGroup } from ${JSON.stringify(join(import.meta.dirname, "process-group.ts"))};
      const args = ["--input-type=module", "-e", ${JSON.stringify(PARENT)}, "${port}"];
      spawnGroup(process.execPath, args, { cwd: process.cwd(), output: "keep" });
    `;

    const child = spawn(process.execPath, ["--input-type=module", "-e", starter], { stdio: "ignore" });
    const [grandchild] = (await connected) as [Socket];
    const gone = once(
      grandchild.resume().on("error", () => {}),
      "close",
    );
    child.kill("SIGKILL");

    await gone;
    server.close();
  });

  it("tells the exit code and the last output of a command that ended by itself", async () => {
    const group = spawnGroup(process.execPath, ["-e", "console.log('gone'); process.exit(3)"], {
      cwd: ROOT,
      output: "keep",
    });

    expect(await group.ended).toBe(3);
    await expect.poll(() => group.output()).toBe("gone\n"); // Output may arrive after the exit.
    await expect(group.stop()).resolves.toBeUndefined();
  });
});
