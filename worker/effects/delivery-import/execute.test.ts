import { expect, it } from "vitest";
import { refuse } from "../../../core/model/refusal.ts";
import type { RefusalCode } from "../../../core/model/refusal.ts";
import { patiently } from "./execute.ts";

function room(...codes: RefusalCode[]): { ids: string[]; waits: number[]; send: () => Promise<unknown> } {
  const ids: string[] = [];
  const waits: number[] = [];
  const execute = patiently(
    (_call, id) => {
      const code = codes[ids.push(id) - 1];
      const details = code === "RATE_LIMITED" ? { retry_after: 2 } : {};
      return Promise.resolve(code ? refuse(code, "Not now", { details }) : { ok: true, data: "done" });
    },
    (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  );
  return { ids, waits, send: () => execute({ type: "delivery:report:v1", payload: {} }, "import-1:report:0") };
}

it("waits as long as the room says and sends the same command again", async () => {
  const { ids, waits, send } = room("RATE_LIMITED", "UNAVAILABLE");
  expect(await send()).toEqual({ ok: true, data: "done" });
  expect(ids).toEqual(["import-1:report:0", "import-1:report:0", "import-1:report:0"]);
  expect(waits).toEqual([2_000, 1_000]);
});

it("takes any other refusal for an answer, and gives up in the end", async () => {
  expect(await room("PACKAGE_NOT_FOUND").send()).toMatchObject({ code: "PACKAGE_NOT_FOUND" });
  const busy = room(...Array.from({ length: 50 }, (): RefusalCode => "RATE_LIMITED"));
  expect(await busy.send()).toMatchObject({ code: "RATE_LIMITED" });
  expect(busy.ids).toHaveLength(30);
});
