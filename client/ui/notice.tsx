import type { ReactNode } from "react";

/** Something the person should know. Bad news is announced at once, the rest when it suits. */
export function Notice({ tone, children }: { tone: "bad" | "plain"; children: ReactNode }): ReactNode {
  return (
    <p className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"} data-testid="notice">
      {children}
    </p>
  );
}
