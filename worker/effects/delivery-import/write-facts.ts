import { z } from "zod";
import type { DeliveryImport, ImportCounts } from "../../../core/domain/delivery-imports/entities.ts";
import { BatchReferences } from "../../../core/domain/delivery-imports/prepare-batch.ts";
import { isRefusal } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { batchesOf, factsOf, namesOf } from "./batches.ts";
import type { Batch } from "./batches.ts";
import type { SummedCampaign } from "./delivery-sums.ts";
import type { Execute } from "./execute.ts";

/** What was written of a file. */
export type WrittenCounts = Pick<ImportCounts, "facts" | "unchanged" | "buys_created" | "creatives_created">;

/** What to write, and how. `execute` takes the name of a step, unique within the import. */
export interface WriteRequest {
  readonly campaigns: readonly SummedCampaign[];
  readonly run: DeliveryImport;
  /** SHA-256 (hex) of the file. */
  readonly digest: string;
  readonly execute: Execute;
}

const Prepared = z.object({
  references: BatchReferences,
  media_buys: z.array(z.unknown()).default([]),
  creatives: z.array(z.unknown()).default([]),
});
const Reported = z.object({ accepted: z.int() });

/** Reports the facts of a file in batches, each after the media buys and creatives it needs. What is known already is counted, not written. */
export async function writeFacts(request: WriteRequest): Promise<WrittenCounts | Refusal> {
  let counts: WrittenCounts = { facts: 0, unchanged: 0, buys_created: 0, creatives_created: 0 };
  let number = 0;
  for (const batch of batchesOf(request.campaigns)) {
    const written = await writeBatch(request, batch, number++);
    if (isRefusal(written)) return written;
    counts = {
      facts: counts.facts + written.facts,
      unchanged: counts.unchanged + written.unchanged,
      buys_created: counts.buys_created + written.buys_created,
      creatives_created: counts.creatives_created + written.creatives_created,
    };
  }
  return counts;
}

async function writeBatch(request: WriteRequest, batch: Batch, number: number): Promise<WrittenCounts | Refusal> {
  const { run, digest, execute } = request;
  const payload = { import_id: run.id, batch: number, digest, ...namesOf(batch) };
  const prepared = await execute({ type: "delivery:import_batch:v1", payload }, `prepare:${number}`);
  if (isRefusal(prepared) && prepared.code !== "NO_CHANGE") return prepared;
  const { references, media_buys, creatives } = Prepared.parse(isRefusal(prepared) ? prepared.details : prepared.data);
  const facts = factsOf(batch, { references, source: run.mapping.source, digest });
  const reported = await execute({ type: "delivery:report:v1", payload: { facts } }, `report:${number}`);
  if (isRefusal(reported) && reported.code !== "NO_CHANGE") return reported;
  const accepted = isRefusal(reported) ? 0 : Reported.parse(reported.data).accepted;
  return {
    facts: facts.length,
    unchanged: facts.length - accepted,
    buys_created: media_buys.length,
    creatives_created: creatives.length,
  };
}
