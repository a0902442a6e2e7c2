import type { ReactNode } from "react";
import type { MediaBuyStatus } from "../../../core/domain/media-buys/entities.ts";
import { Pill } from "../../ui/pill.tsx";
import type { Tone } from "../../ui/pill.tsx";
import { words } from "../../ui/words.ts";

const TONES: Record<MediaBuyStatus, Tone> = {
  active: "accent",
  paused: "warning",
  pending_creatives: "warning",
  pending_start: "plain",
  completed: "plain",
  rejected: "bad",
  canceled: "plain",
};

export function BuyStatus({ status, testId }: { status: MediaBuyStatus; testId: string }): ReactNode {
  return (
    <Pill tone={TONES[status]} testId={testId}>
      {words(status)}
    </Pill>
  );
}
