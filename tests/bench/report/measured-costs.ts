import type { CostBasis } from "../../../scripts/costs/cost-model.ts";
import { CELLS } from "../plan.ts";
import type { Run } from "../run.ts";
import type { Rows } from "../systems.ts";

/** What a run says that costs money. */
export function measuredCosts({ results, isolated, circumstances }: Run): CostBasis {
  const busy = results.rows(CELLS.steady) ?? isolated;
  return { measured_on: circumstances.date, busy: rounded(busy), alone: rounded(isolated) };
}

function rounded({ room, d1, workspace }: Rows): Rows {
  return { room: Number(room.toFixed(2)), d1: Number(d1.toFixed(2)), workspace: Number(workspace.toFixed(2)) };
}
