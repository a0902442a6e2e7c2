// `npm run generate`: writes what is derived from the code. `--check` only says whether it is up to date;
// `--accept-protocol` also records the wire's present shape as that of the present protocol version.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { protocolShape } from "../core/protocol/protocol-shape.ts";
import { PROTOCOL_VERSION } from "../core/protocol/version.ts";
import { campaignRoom } from "../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../core/rooms/workspace-room.ts";
import { ROOT } from "./local/paths.ts";
import { protocolPage } from "./reference/protocol-page.ts";

const rooms = { workspace: workspaceRoom, campaign: campaignRoom };
const files = new Map([["docs/protocol.md", protocolPage(rooms)]]);
if (process.argv.includes("--accept-protocol")) files.set("core/protocol/protocol-hash.ts", protocolHashFile());

const stale = [...files].filter(
  ([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), "utf8") !== text,
);
if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path} is out of date: run "npm run generate".`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) {
    writeFileSync(join(ROOT, path), text);
    console.log(`Wrote ${path}`);
  }
}

function protocolHashFile(): string {
  const sha256 = createHash("sha256")
    .update(protocolShape(Object.values(rooms)))
    .digest("hex");
  return `/** SHA-256 of the protocol's shape, and the version it has. Written by \`npm run generate -- --accept-protocol\`. */
export const PROTOCOL_HASH = {
  version: ${PROTOCOL_VERSION},
  sha256: "${sha256}",
};
`;
}
