import { z } from "zod";
import { defineSignal } from "../../model/signal.ts";
import { Count, ImportId } from "../../model/units.ts";

/** How far the reading of a file has come. `total_bytes` is missing if the sender did not say how long it is. */
export const importProgress = defineSignal("delivery:import_progress", {
  data: z.strictObject({ import_id: ImportId, rows: Count, bytes: Count, total_bytes: Count.optional() }),
});
