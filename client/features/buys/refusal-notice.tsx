import type { ReactNode } from "react";
import type { WireError } from "../../../core/protocol/frames.ts";
import { withMoney } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";

interface RefusalNoticeProps {
  readonly refusal: WireError | null;
  /** Of the amounts that the refusal may name. */
  readonly currency?: string;
  readonly testId: string;
}

/** Why a change was taken back, in words. Hints are for programs. */
export function RefusalNotice({ refusal, currency = "USD", testId }: RefusalNoticeProps): ReactNode {
  if (!refusal) return null;
  const details = (refusal.issues ?? []).map((issue) => issue.message).filter((text) => text !== refusal.message);
  return (
    <div data-testid={testId} data-code={refusal.code}>
      <Notice tone="bad">
        <strong>Not changed.</strong> {withMoney([refusal.message, ...details].join(" "), currency)}
      </Notice>
    </div>
  );
}
