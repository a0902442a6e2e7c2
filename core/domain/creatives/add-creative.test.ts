import { describe, expect, it } from "vitest";
import { NOON, given, testId } from "../../model/given.ts";
import { AUCTION, BUY, FIXED, aBuy, auctionPackage, fixedPackage, givenBuy } from "../media-buys/buy.fixture.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import { addCreative } from "./add-creative.ts";
import { MAX_BUY_CREATIVES, creatives } from "./entities.ts";

const CREATIVE = testId("cre", 1);
const input = { creative_id: CREATIVE, media_buy_id: BUY, name: "Ridge at dawn", format: "video_15s" };

describe("adding a creative", () => {
  it("waits for approval", () => {
    const scenario = givenBuy();
    scenario.when(addCreative, { ...input, external_id: "ad-1" }, { as: "operator" });
    expect(scenario.get(creatives, CREATIVE)).toEqual({
      id: CREATIVE,
      media_buy_id: BUY,
      name: "Ridge at dawn",
      format: "video_15s",
      status: "pending",
      rejection_reason: null,
      external_id: "ad-1",
      created_at: NOON,
    });
    expect(scenario.tx.revision(mediaBuys, BUY)).toBe(1);
  });

  it("joins the rotation of the named packages, once each", () => {
    const scenario = givenBuy();
    scenario.when(addCreative, { ...input, package_ids: [AUCTION, AUCTION], weight: 40 });
    const packages = scenario.get(mediaBuys, BUY)?.packages;
    expect(packages?.map((pkg) => pkg.creative_assignments)).toEqual([[], [{ creative_id: CREATIVE, weight: 40 }]]);
    expect(scenario.browser.get(mediaBuys, BUY)?.packages).toEqual(packages);
  });

  it("finds the buy by its external id and makes an id of its own", () => {
    const scenario = givenBuy();
    expect(scenario.when(addCreative, { media_buy_id: "crm-77", name: "B", format: "native" }).code).toBeNull();
    expect(scenario.tx.list(creatives)).toMatchObject([{ media_buy_id: BUY, name: "B" }]);
  });

  it("refuses ids that are taken, within the buy", () => {
    const scenario = givenBuy();
    scenario.when(addCreative, { ...input, external_id: "ad-1" });
    expect(scenario.when(addCreative, input).code).toBe("ID_IN_USE");
    const second = { ...input, creative_id: testId("cre", 2) };
    expect(scenario.when(addCreative, { ...second, external_id: "ad-1" }).code).toBe("ID_IN_USE");
    scenario.having(mediaBuys, aBuy({ id: testId("mb", 2), external_id: "crm-78" }));
    const elsewhere = { ...second, media_buy_id: testId("mb", 2), external_id: "ad-1" };
    expect(scenario.when(addCreative, elsewhere).code).toBeNull();
  });

  it("refuses packages that are unknown, canceled or full", () => {
    const full = Array.from({ length: 100 }, (_, n) => ({ creative_id: testId("cre", 100 + n), weight: 1 }));
    const buy = aBuy({ packages: [fixedPackage({ canceled: true }), auctionPackage({ creative_assignments: full })] });
    const add = (id: string) => givenBuy(buy).when(addCreative, { ...input, package_ids: [id] }).code;
    expect(add(testId("pkg", 404))).toBe("PACKAGE_NOT_FOUND");
    expect(add(FIXED)).toBe("INVALID_STATE");
    expect(add(AUCTION)).toBe("VALIDATION_ERROR");
  });

  it(`refuses more than ${MAX_BUY_CREATIVES} in one buy, and takes them in another`, () => {
    const scenario = givenBuy().having(mediaBuys, aBuy({ id: testId("mb", 2), external_id: "crm-78" }));
    const creative = { media_buy_id: BUY, name: "A", format: "native", status: "approved" as const };
    const known = Array.from({ length: MAX_BUY_CREATIVES - 1 }, (_, n) => ({
      ...creative,
      id: testId("cre", n + 10),
      rejection_reason: null,
      external_id: null,
      created_at: NOON,
    }));
    scenario.having(creatives, ...known);
    expect(scenario.when(addCreative, input).code).toBeNull();
    const second = { ...input, creative_id: testId("cre", 2) };
    expect(scenario.when(addCreative, second).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/media_buy_id", keyword: "maxItems" }],
    });
    expect(scenario.when(addCreative, { ...second, media_buy_id: testId("mb", 2) }).code).toBeNull();
  });

  it("refuses a buy that ended or is not there, empty names, and viewers", () => {
    expect(givenBuy(aBuy({ status: "completed" })).when(addCreative, input).code).toBe("INVALID_STATE");
    expect(given().when(addCreative, input).code).toBe("MEDIA_BUY_NOT_FOUND");
    expect(givenBuy().send(addCreative, { ...input, name: "  " }).code).toBe("VALIDATION_ERROR");
    expect(givenBuy().send(addCreative, { ...input, weight: 101 }).code).toBe("VALIDATION_ERROR");
    expect(givenBuy().when(addCreative, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });
});
