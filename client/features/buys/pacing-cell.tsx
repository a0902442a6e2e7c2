import type { ReactNode } from "react";
import type { Pacing } from "../../../core/domain/reporting/pacing.ts";
import { ratio } from "../../../core/domain/reporting/ratios.ts";
import { index, money, percent } from "../../ui/format.ts";
import { PacingBar } from "../../ui/pacing-bar.tsx";

const TONES = { behind: "warning", on_track: "good", overspend: "bad" } as const;
const NAMES = { behind: "behind", on_track: "on track", overspend: "over plan" } as const;

/** Spent against budget with a tick for what should be spent by now, and the index: 1.00 is exactly on plan. */
export function PacingCell({
  pacing,
  currency,
  testId,
}: {
  pacing: Pacing;
  currency: string;
  testId: string;
}): ReactNode {
  const { spend_micros, budget_micros, expected_micros, state } = pacing;
  const spent = ratio(spend_micros, budget_micros) ?? 0;
  const expected = expected_micros === null ? null : ratio(expected_micros, budget_micros);
  const plan = expected_micros === null ? "" : `, ${money(expected_micros, currency)} expected by now`;
  const label = `${percent(spent, 0)} of the budget spent${plan}`;
  return (
    <span className="pacing-cell" title={label}>
      <PacingBar spent={spent} expected={expected} label={label} tone={state ? TONES[state] : "plain"} />
      <span data-testid={testId} className="pacing-index">
        {index(pacing.index)} {state && <span className="muted small">{NAMES[state]}</span>}
      </span>
    </span>
  );
}
