import type { DomainModule } from "../../model/room.ts";
import { deliveryImports } from "./entities.ts";
import { expireImport } from "./expire-import.ts";
import { finishImport, importCompleted, importFailed } from "./finish-import.ts";
import { batchPrepared, prepareBatch } from "./prepare-batch.ts";
import { importProgress } from "./progress.ts";
import { importStarted, startImport } from "./start-import.ts";

export const deliveryImportsModule: DomainModule = {
  name: "delivery-imports",
  entities: [deliveryImports],
  events: [importStarted, batchPrepared, importCompleted, importFailed],
  commands: [startImport, prepareBatch, finishImport, expireImport],
  signals: [importProgress],
};
