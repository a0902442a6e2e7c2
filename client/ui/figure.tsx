import type { ReactNode } from "react";

interface FigureProps {
  readonly label: string;
  /** The exact value that `children` shows rounded. */
  readonly raw: number | null;
  readonly children: ReactNode;
  readonly testId: string;
  readonly title?: string;
}

/** One number of a strip. */
export function Figure({ label, raw, children, testId, title }: FigureProps): ReactNode {
  return (
    <div className="figure" title={title}>
      <dt>{label}</dt>
      <dd data-testid={testId} data-value={raw ?? ""}>
        {children}
      </dd>
    </div>
  );
}
