import type { ReactNode } from "react";
import type { Health } from "../../../core/domain/reporting/health.ts";
import { Pill } from "../../ui/pill.tsx";
import { words } from "../../ui/words.ts";

const TONES = { good: "good", warning: "warning", poor: "bad" } as const;

/** Health of a buy; why it is not good stands in the title. */
export function HealthMark({ health }: { health: Health }): ReactNode {
  const why = health.reasons.map((reason) => reason.message).join("\n");
  return (
    <Pill tone={TONES[health.level]} title={why || "Nothing speaks against it"} testId="health">
      {words(health.level)}
    </Pill>
  );
}
