import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { given, testId } from "../../model/given.ts";
import { campaigns } from "../campaigns/entities.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import { aProduct } from "../inventory/product.fixture.ts";
import { DEFAULT_THRESHOLDS } from "../workspaces/entities.ts";
import { MediaBuyReport, mediaBuyReport } from "../reporting/media-buy-report.ts";
import { AUCTION, BUY, FIXED, aBuy, aCampaign, auctionPackage, fixedPackage, givenBuy } from "./buy.fixture.ts";
import { createMediaBuy } from "./create-media-buy.ts";
import { MediaBuy, mediaBuys, totalBudget } from "./entities.ts";
import { anyOperation } from "./operations.fixture.ts";
import { setBudget } from "./set-budget.ts";
import { updateMediaBuy } from "./update-media-buy.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const huge = fc.oneof(fc.integer({ min: 1, max: MOST }), fc.constantFrom(1, 9e15, MOST - 1, MOST));
/** Amounts are whole micros that a double holds exactly; shares and percentages are small. */
const isExact = (value: number): boolean => Number.isSafeInteger(value) || Math.abs(value) < 1_000;

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** A buy in an auction that has no highest bid, and at a fixed price, whose numbers are as large as they can be. */
const hugeBuy = fc
  .record({
    half: fc.integer({ min: 1, max: (MOST - 1) / 2 }),
    other: fc.integer({ min: 1, max: (MOST - 1) / 2 }),
    bid: huge,
  })
  .map(({ half, other, bid }) => {
    const pricing = { ...auctionPackage().pricing, floor_price_micros: 0, max_bid_micros: null, min_spend_micros: 0 };
    const fixed = { ...fixedPackage().pricing, fixed_price_micros: 1, min_spend_micros: 0 };
    return aBuy({
      end_at: "9999-12-05T12:00:00.000Z",
      packages: [
        fixedPackage({ pricing: fixed, budget_micros: half, available_impressions: MOST }),
        auctionPackage({ pricing, budget_micros: other, bid_micros: bid, available_impressions: MOST }),
      ],
    });
  });
const spend = fc.integer({ min: 0, max: 4e15 });

const hugeOperation = fc.oneof(
  anyOperation,
  fc.record({
    operation: fc.constant("adjust_bid" as const),
    device: fc.constantFrom("all" as const, "mobile" as const),
    percent: fc.constantFrom(900, 899.999, 11, -90, 0.001),
    package_ids: fc.constant<string[]>([AUCTION]),
  }),
  fc.record({ operation: fc.constant("set_daily_cap" as const), amount_micros: huge }),
  fc.record({
    operation: fc.constant("shift_budget" as const),
    from_package_id: fc.constant(AUCTION),
    to_package_id: fc.constant(FIXED),
    percent: fc.double({ min: 0.001, max: 100, noNaN: true }),
  }),
);

describe("whatever is done to a buy, and however large its numbers", () => {
  it("operations and budgets leave every amount exact, and so is the report", () => {
    fc.assert(
      fc.property(
        hugeBuy,
        fc.array(
          fc.oneof(hugeOperation, fc.record({ package_id: fc.constantFrom(FIXED, AUCTION), budget_micros: huge })),
          {
            maxLength: 6,
          },
        ),
        fc.tuple(spend, spend),
        (buy, steps, [fixed, auction]) => {
          const delivered = { spend_micros: auction, impressions: 1, clicks: 1 };
          const scenario = givenBuy(buy, { [FIXED]: { spend_micros: fixed }, [AUCTION]: delivered });
          for (const step of steps) {
            const { events } =
              "operation" in step
                ? scenario.when(updateMediaBuy, { media_buy_id: BUY, operations: [step] })
                : scenario.when(setBudget, { media_buy_id: BUY, packages: [step] });
            expect(events.flatMap(({ data }) => numbersIn(data)).filter((value) => !isExact(value))).toEqual([]);
            const after = MediaBuy.parse(scenario.get(mediaBuys, BUY));
            expect(Number.isSafeInteger(totalBudget(after))).toBe(true);
            const context = { now: "2026-11-20T12:00:00.000Z", zone: "UTC", thresholds: DEFAULT_THRESHOLDS };
            expect(() => MediaBuyReport.parse(mediaBuyReport(scenario.tx, after, context))).not.toThrow();
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("a new one has an exact total and an exact estimate, or is refused", () => {
    const [auction] = aProduct(1).pricing_options;
    const product = aProduct(1, { pricing_options: [{ ...auction!, floor_price_micros: 0 }] });
    fc.assert(
      fc.property(fc.array(huge, { minLength: 1, maxLength: 50 }), huge, (budgets, bid_micros) => {
        const available_impressions = MOST;
        const scenario = given()
          .having(campaigns, aCampaign)
          .having(inventoryProducts, { ...product, available_impressions, min_budget_micros: 0 });
        const packages = budgets.map((budget_micros) => ({
          inventory_product_id: product.id,
          pricing_option_id: "auction",
          budget_micros,
          bid_micros,
          geo_countries: ["US"],
        }));
        const outcome = scenario.when(createMediaBuy, {
          media_buy_id: testId("mb", 7),
          brand: { name: "NorthTrail", domain: "northtrail.example" },
          currency: "USD",
          start_at: "asap",
          end_at: "9999-12-05T12:00:00.000Z",
          packages,
        });
        if (budgets.reduce((sum, budget) => sum + BigInt(budget), 0n) > BigInt(MOST)) {
          expect(["VALIDATION_ERROR", "BUDGET_TOO_LOW"]).toContain(outcome.code);
        }
        expect(outcome.events.flatMap(({ data }) => numbersIn(data)).filter((value) => !isExact(value))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("fifty budgets of 9e15 are refused, for their total", () => {
    const packages = Array.from({ length: 50 }, (_, n) =>
      fixedPackage({ id: testId("pkg", n + 1), budget_micros: 1e10 }),
    );
    const scenario = givenBuy(aBuy({ packages }));
    const wanted = packages.map(({ id }) => ({ package_id: id, budget_micros: 9e15 }));
    expect(scenario.when(setBudget, { media_buy_id: BUY, packages: wanted }).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/packages", message: expect.stringContaining("2^53") }],
    });
  });
});
