import type { LoadGenerator } from "./load-generator.ts";
import type { Rows, System } from "./systems.ts";

const CHANGES = 10;
/** The workspace is told at most once a second, and cursors are written when nothing was delivered for 250 ms. */
const QUIET_MS = 1_500;

/** Rows written for a mutation that comes alone, its cursor and alarm included: what people at their desks cost. */
export async function isolatedRows(system: System, generator: LoadGenerator): Promise<Rows> {
  const target = await system.target();
  await generator.run({ kind: "commits", target, times: 1 });
  await quiet(system, target);
  const before = await quiet(system, target);
  for (let n = 0; n < CHANGES; n++) {
    await generator.run({ kind: "commits", target, times: 1 });
    await quiet(system, target);
  }
  const after = await quiet(system, target);
  return {
    room: (after.room - before.room) / CHANGES,
    d1: (after.d1 - before.d1) / CHANGES,
    workspace: (after.workspace - before.workspace) / CHANGES,
  };
}

async function quiet(system: System, target: Parameters<System["settled"]>[0]): Promise<Rows> {
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const rows = await system.settled(target);
  if (!rows) throw new Error("This system does not count its rows");
  return rows;
}
