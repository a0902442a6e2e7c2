import type { ReactNode } from "react";
import type { WireError } from "../../../core/protocol/frames.ts";
import { Notice } from "../../ui/notice.tsx";

/** Why a change was taken back, in words, with what to do about it. */
export function RefusalNotice({ refusal, testId }: { refusal: WireError | null; testId: string }): ReactNode {
  if (!refusal) return null;
  const details = (refusal.issues ?? []).map((issue) => issue.message).filter((text) => text !== refusal.message);
  return (
    <div data-testid={testId} data-code={refusal.code}>
      <Notice tone="bad">
        <strong>Not changed.</strong> {[refusal.message, ...details].join(" ")}{" "}
        {refusal.hint !== undefined && <span className="muted">{refusal.hint}</span>}
      </Notice>
    </div>
  );
}
