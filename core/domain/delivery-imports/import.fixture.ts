import { given, testId } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { aCampaign } from "../campaigns/campaign.fixture.ts";
import { campaigns } from "../campaigns/entities.ts";
import type { Campaign } from "../campaigns/entities.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import { aProduct } from "../inventory/product.fixture.ts";
import { DEFAULT_THRESHOLDS, workspaces } from "../workspaces/entities.ts";
import type { Workspace } from "../workspaces/entities.ts";
import type { DeliveryImport, Mapping } from "./entities.ts";
import { startImport } from "./start-import.ts";

export const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
export const RUN = testId("imp", 1);

export const aWorkspace: Workspace = {
  id: testId("ws", 1),
  name: "Halcyon",
  timezone: "America/New_York",
  currency: "USD",
  jurisdiction: null,
  location_hint: null,
  thresholds: DEFAULT_THRESHOLDS,
  created_at: "2026-11-01T09:00:00.000Z",
  created_by: "member:mem_1",
  updated_at: "2026-11-01T09:00:00.000Z",
};

export const aMapping: Mapping = {
  layout: "facebook_conversions",
  source: "meta_ads",
  delimiter: ",",
  header_line: 1,
  columns: { date: "Date", campaign_id: "xyz_campaign_id", impressions: "Impressions", spend: "Spent" },
  date_order: "day_first",
  decimal_mark: "point",
};

/** A campaign room in New York with a display product (1) and a social one (2), in dollars. */
export function aRoomForImports(fields: Partial<Campaign> = {}): Scenario {
  return given()
    .having(campaigns, aCampaign(fields))
    .having(workspaces, aWorkspace)
    .having(inventoryProducts, aProduct(1), aProduct(2, { channel: "social" }));
}

/** Such a room with the run {@link RUN} begun. */
export function givenRun(): Scenario {
  const room = aRoomForImports();
  const outcome = room.when(startImport, { import_id: RUN, file_name: "report.csv", mapping: aMapping });
  if (outcome.refusal) throw new Error(outcome.refusal.message);
  return room;
}

/** Counts of a run that read this many rows and wrote them all. */
export function countsOf(rows: number): DeliveryImport["counts"] {
  return { rows, imported: rows, failed: 0, facts: rows, unchanged: 0, buys_created: 0, creatives_created: 0 };
}
