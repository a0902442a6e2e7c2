import { describe, expect, it } from "vitest";
import { ACTING_MEMBER, NOON, given, testId } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { aCampaignRoom } from "../campaigns/campaign.fixture.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import { aProduct } from "../inventory/product.fixture.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import { aBuy } from "../media-buys/buy.fixture.ts";
import { deliveryImports } from "./entities.ts";
import type { DeliveryImport } from "./entities.ts";
import { aMapping, aRoomForImports, countsOf, DIGEST, RUN } from "./import.fixture.ts";
import { finishImport } from "./finish-import.ts";
import { startImport } from "./start-import.ts";

const file = { file_name: "report.csv", mapping: aMapping };

function started(room: Scenario, input: Partial<Parameters<typeof startImport.decide>[1]> = {}): DeliveryImport {
  const outcome = room.when(startImport, { ...file, import_id: RUN, ...input });
  expect(outcome.refusal).toBeNull();
  return room.get(deliveryImports, RUN)!;
}

describe("starting an import", () => {
  it("begins a run with its mapping, a deadline and who began it", () => {
    const room = aRoomForImports();
    const outcome = room.when(startImport, { ...file, import_id: RUN });
    expect(outcome.events[0]?.type).toBe("delivery:import:v1:started");
    expect(outcome.events[0]?.data).toMatchObject({ import_id: RUN, report_day: "2026-11-20", forgotten: [] });
    expect(room.get(deliveryImports, RUN)).toMatchObject({
      status: "running",
      mapping: aMapping,
      started_at: NOON,
      started_by: `member:${ACTING_MEMBER}`,
      deadline_at: "2026-11-20T12:30:00.000Z",
    });
    expect(startImport.answers).toBe("accepted");
  });

  it("says the day it is in the workspace's zone", () => {
    const night = aRoomForImports().when(startImport, file, { now: "2026-11-20T03:00:00.000Z" });
    expect(night.events[0]?.data).toMatchObject({ report_day: "2026-11-19" });
  });

  it("takes the workspace's currency and a social product unless told otherwise", () => {
    expect(started(aRoomForImports())).toMatchObject({ currency: "USD", inventory_product_id: testId("prod", 2) });
    const chosen = started(aRoomForImports(), { inventory_product_id: testId("prod", 1) });
    expect(chosen.inventory_product_id).toBe(testId("prod", 1));
  });

  it("takes the brand it is told, else that of the campaign's first buy, else the campaign's title", () => {
    const brand = { name: "Acme", domain: "acme.example" };
    expect(started(aRoomForImports(), { brand }).brand).toEqual(brand);
    expect(started(aRoomForImports().having(mediaBuys, aBuy())).brand).toEqual(aBuy().brand);
    expect(started(aRoomForImports()).brand).toEqual({ name: "Summer Launch", domain: "advertiser.invalid" });
  });

  it("forgets the oldest of more than fifty ended runs", () => {
    const room = aRoomForImports();
    const runs = Array.from({ length: 52 }, (_, n) => testId("imp", 100 + n));
    for (const [n, import_id] of runs.entries()) {
      const now = new Date(Date.parse(NOON) + n * 1_000).toISOString();
      room.when(startImport, { ...file, import_id }, { now });
      room.when(finishImport, { import_id, digest: DIGEST, counts: countsOf(1), errors: [] }, { now });
    }
    expect(runs.filter((id) => room.get(deliveryImports, id) === undefined)).toEqual([runs[0]]);
  });
});

describe("starting an import is refused", () => {
  it("for a viewer and outside a campaign", () => {
    expect(aRoomForImports().when(startImport, file, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    expect(given().when(startImport, file).code).toBe("CAMPAIGN_NOT_FOUND");
  });

  it("in an archived campaign", () => {
    expect(aRoomForImports({ status: "archived" }).when(startImport, file).code).toBe("INVALID_STATE");
  });

  it("for an id that was used before", () => {
    const room = aRoomForImports();
    started(room);
    expect(room.when(startImport, { ...file, import_id: RUN }).code).toBe("ID_IN_USE");
  });

  it("without a product in its currency", () => {
    const room = aRoomForImports();
    expect(room.when(startImport, { ...file, currency: "EUR" }).code).toBe("PRODUCT_NOT_FOUND");
    expect(room.when(startImport, { ...file, inventory_product_id: "none" }).code).toBe("PRODUCT_NOT_FOUND");
    const priced = { ...file, currency: "EUR", inventory_product_id: testId("prod", 1) };
    expect(room.when(startImport, priced).code).toBe("VALIDATION_ERROR");
  });

  it("without a currency while the workspace is unknown", () => {
    const room = aCampaignRoom().having(inventoryProducts, aProduct(1));
    expect(room.when(startImport, file).refusal?.issues?.[0]?.pointer).toBe("/currency");
    expect(room.when(startImport, { ...file, currency: "USD" }).code).toBeNull();
  });

  it("for what the schema does not know", () => {
    const room = aRoomForImports();
    expect(room.send(startImport, { ...file, colour: "red" }).code).toBe("VALIDATION_ERROR");
    expect(room.send(startImport, { ...file, mapping: { ...aMapping, delimiter: "x" } }).code).toBe("VALIDATION_ERROR");
  });
});
