import type { ReactNode } from "react";

interface PacingBarProps {
  /** Spent and expected by now as shares of the budget; expected is null where there is no plan. */
  readonly spent: number;
  readonly expected: number | null;
  readonly label: string;
  readonly tone: "good" | "warning" | "bad" | "plain";
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share)) * 100;

/** Spent against budget, with a tick where spending should be by now. */
export function PacingBar({ spent, expected, label, tone }: PacingBarProps): ReactNode {
  return (
    <svg className={`pacing ${tone}`} viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect className="track" x="0" y="3" width="100" height="4" />
      <rect className="fill" x="0" y="3" width={clamp(spent)} height="4" />
      {expected !== null && (
        <rect className="tick" x={Math.max(0, clamp(expected) - 0.75)} y="0" width="1.5" height="10" />
      )}
    </svg>
  );
}
