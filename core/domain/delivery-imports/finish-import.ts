import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuseField } from "../../model/refusal.ts";
import { ImportId } from "../../model/units.ts";
import {
  deliveryImports,
  endedRun,
  FileDigest,
  ImportCounts,
  ImportFailure,
  MAX_KEPT_ERRORS,
  RowError,
} from "./entities.ts";

const KeptErrors = z.array(RowError).max(MAX_KEPT_ERRORS);
const Ended = z.strictObject({
  import_id: ImportId,
  digest: FileDigest.nullable(),
  counts: ImportCounts,
  errors: KeptErrors,
});

/** Every row was read; those without an error are delivery now. */
export const importCompleted = defineEvent("delivery:import:v1:completed", {
  data: Ended,
  apply(tx, { import_id, digest, counts, errors }, { at }) {
    tx.update(deliveryImports, import_id, { status: "completed", digest, counts, errors, finished_at: at });
  },
});

/** The run ended before the last row. What its batches reported stays. */
export const importFailed = defineEvent("delivery:import:v1:failed", {
  data: Ended.extend({ failure: ImportFailure }),
  apply(tx, { import_id, digest, counts, errors, failure }, { at }) {
    tx.update(deliveryImports, import_id, { status: "failed", digest, counts, errors, failure, finished_at: at });
  },
});

export const finishImport = defineCommand("delivery:import_finish:v1", {
  about: "Say how the reading of a delivery report ended. Sent by whoever reads the file; people need not send it.",
  input: Ended.extend({ failure: ImportFailure.optional() }),
  example: {
    import_id: "imp_01J00000000000000000000000",
    digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    counts: { rows: 518, imported: 518, failed: 0, facts: 518, unchanged: 0, buys_created: 2, creatives_created: 518 },
    errors: [],
  },
  needs: "delivery.report",
  refuses: ["IMPORT_NOT_FOUND", "STALE_RUN"],
  emits: [importCompleted, importFailed],
  optimistic: false,
  target: ({ import_id }) => [deliveryImports, import_id],
  decide(tx, { failure, ...ended }) {
    const run = tx.get(deliveryImports, ended.import_id);
    if (!run) return refuseField("IMPORT_NOT_FOUND", "/import_id", `There is no import ${ended.import_id}`);
    if (run.status !== "running") return endedRun(run);
    return [failure ? importFailed.of({ ...ended, failure }) : importCompleted.of(ended)];
  },
});
