import type { ReactNode } from "react";

export type Tone = "good" | "warning" | "bad" | "plain" | "accent";

/** A short state with a dot; the text alone tells it too, for who cannot see the colour. */
export function Pill({
  tone,
  children,
  testId,
  title,
}: {
  tone: Tone;
  children: ReactNode;
  testId?: string;
  title?: string;
}): ReactNode {
  return (
    <span className={`pill ${tone}`} data-testid={testId} title={title}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  );
}
