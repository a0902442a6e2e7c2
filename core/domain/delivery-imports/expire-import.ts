import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { refuse } from "../../model/refusal.ts";
import { ImportId } from "../../model/units.ts";
import { deliveryImports, endedRun } from "./entities.ts";
import { importFailed } from "./finish-import.ts";

/** The room's own timer: whoever read the file is gone. */
export const expireImport = defineCommand("delivery:import_expire:v1", {
  about: "Declare an import failed whose deadline has passed. The room sends it itself.",
  input: z.strictObject({ import_id: ImportId }),
  example: { import_id: "imp_01J00000000000000000000000" },
  needs: "system",
  refuses: ["IMPORT_NOT_FOUND", "STALE_RUN", "INVALID_STATE"],
  emits: [importFailed],
  optimistic: false,
  decide(tx, { import_id }, { now }) {
    const run = tx.get(deliveryImports, import_id);
    if (!run) return refuse("IMPORT_NOT_FOUND", `There is no import ${import_id}`);
    if (run.status !== "running") return endedRun(run);
    if (now < run.deadline_at) return refuse("INVALID_STATE", `The import may run until ${run.deadline_at}`);
    const failure = { code: "TIMEOUT", message: "The file was not read to its end in time: import it again" };
    return [importFailed.of({ import_id, digest: run.digest, counts: run.counts, errors: run.errors, failure })];
  },
});
