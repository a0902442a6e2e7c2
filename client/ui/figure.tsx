import type { ReactNode } from "react";

/** One number of a strip. `raw` is the exact value that `children` shows rounded. */
export function Figure({
  label,
  raw,
  children,
  testId,
}: {
  label: string;
  raw: number | null;
  children: ReactNode;
  testId: string;
}): ReactNode {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd data-testid={testId} data-value={raw ?? ""}>
        {children}
      </dd>
    </div>
  );
}
