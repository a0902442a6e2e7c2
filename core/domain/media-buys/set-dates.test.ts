import { describe, expect, it } from "vitest";
import { given, testId } from "../../model/given.ts";
import { AUCTION, BUY, FIXED, UNIT, aBuy, auctionPackage, fixedPackage, givenBuy } from "./buy.fixture.ts";
import { mediaBuys } from "./entities.ts";
import { mediaBuyDatesSet, setDates } from "./set-dates.ts";

const upcoming = aBuy({ status: "pending_start", start_at: "2026-11-25T00:00:00.000Z" });

describe("setting the dates of a media buy", () => {
  it("moves the end of a running buy and the start of an upcoming one", () => {
    const running = givenBuy();
    running.when(setDates, { media_buy_id: BUY, end_at: "2026-12-31T00:00:00Z" });
    expect(running.get(mediaBuys, BUY)).toMatchObject({ end_at: "2026-12-31T00:00:00.000Z" });
    const waiting = givenBuy(upcoming);
    waiting.when(setDates, { media_buy_id: BUY, start_at: "2026-11-28T00:00:00Z" });
    expect(mediaBuys.due?.(waiting.get(mediaBuys, BUY)!)?.at).toBe("2026-11-28T00:00:00.000Z");
  });

  it("gives a package a flight of its own and takes it away", () => {
    const scenario = givenBuy();
    const flight = { package_id: FIXED, end_at: "2026-12-01T00:00:00Z" };
    scenario.when(setDates, { media_buy_id: BUY, packages: [flight] });
    expect(scenario.get(mediaBuys, BUY)?.packages[0]).toMatchObject({
      start_at: null,
      end_at: "2026-12-01T00:00:00.000Z",
    });
    scenario.when(setDates, { media_buy_id: BUY, packages: [{ package_id: FIXED, end_at: null }] });
    expect(scenario.get(mediaBuys, BUY)?.packages[0]?.end_at).toBeNull();
  });

  it("can be undone", () => {
    const scenario = givenBuy();
    const flight = { package_id: AUCTION, end_at: "2026-12-01T00:00:00Z" };
    const { inverse } = scenario.when(setDates, {
      media_buy_id: BUY,
      end_at: "2026-12-31T00:00:00Z",
      packages: [flight],
    });
    expect(scenario.send(setDates, inverse?.payload).code).toBeNull();
    expect(scenario.get(mediaBuys, BUY)).toMatchObject({ end_at: aBuy().end_at, packages: aBuy().packages });
  });

  it("warns when the cap cannot spend the budget in what is left", () => {
    const outcome = givenBuy(aBuy({ daily_cap_micros: 4_000 * UNIT })).when(setDates, {
      media_buy_id: BUY,
      end_at: "2026-12-01T00:00:00Z",
    });
    const { warnings } = mediaBuyDatesSet.data.parse(outcome.events[0]?.data);
    expect(warnings).toMatchObject([{ code: "cannot_spend_in_full" }]);
  });

  it.each([
    { what: "an end before the start", buy: upcoming, dates: { end_at: "2026-11-24T00:00:00Z" }, pointer: "/end_at" },
    { what: "an end in the past", buy: aBuy(), dates: { end_at: "2026-11-19T00:00:00Z" }, pointer: "/end_at" },
    { what: "a start in the past", buy: upcoming, dates: { start_at: "2026-11-19T00:00:00Z" }, pointer: "/start_at" },
    {
      what: "a package's flight outside the buy's",
      buy: aBuy(),
      dates: { packages: [{ package_id: FIXED, end_at: "2026-12-06T00:00:00Z" }] },
      pointer: "/packages",
    },
    {
      what: "an end before a package's",
      buy: aBuy({ packages: [fixedPackage({ end_at: "2026-12-04T00:00:00.000Z" }), auctionPackage()] }),
      dates: { end_at: "2026-12-03T00:00:00Z" },
      pointer: "/packages",
    },
  ])("refuses $what", ({ buy, dates, pointer }) => {
    const { refusal } = givenBuy(buy).when(setDates, { media_buy_id: BUY, ...dates });
    expect(refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer }] });
  });

  const ownStart = aBuy({ packages: [fixedPackage({ start_at: "2026-11-25T00:00:00.000Z" }), auctionPackage()] });

  it.each([
    { what: "the end of a package in the past", buy: aBuy(), dates: { end_at: "2026-11-19T00:00:00Z" } },
    { what: "the start of a package in the past", buy: ownStart, dates: { start_at: "2026-11-19T00:00:00Z" } },
    { what: "a package's start that is the buy's, which has been", buy: ownStart, dates: { start_at: null } },
  ])("refuses $what, naming the package", ({ buy, dates }) => {
    const packages = [
      { package_id: AUCTION, end_at: "2026-12-01T00:00:00Z" },
      { package_id: FIXED, ...dates },
    ];
    const { refusal } = givenBuy(buy).when(setDates, { media_buy_id: BUY, packages });
    const field = "end_at" in dates ? "end_at" : "start_at";
    expect(refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: `/packages/1/${field}` }] });
  });

  it("refuses to move the start of a package that has begun, and moves one that has not", () => {
    const packages = [{ package_id: FIXED, start_at: "2026-11-28T00:00:00Z" }];
    expect(givenBuy().when(setDates, { media_buy_id: BUY, packages }).refusal).toMatchObject({
      code: "INVALID_STATE",
      issues: [{ pointer: "/packages/0/start_at" }],
    });
    expect(givenBuy(ownStart).when(setDates, { media_buy_id: BUY, packages }).code).toBeNull();
  });

  it("lets a package say again when it began", () => {
    const packages = [{ package_id: FIXED, start_at: aBuy().start_at, end_at: "2026-12-01T00:00:00Z" }];
    expect(givenBuy().when(setDates, { media_buy_id: BUY, packages }).code).toBeNull();
  });

  it("refuses a package named twice", () => {
    const packages = ["2026-12-01T00:00:00Z", null].map((end_at) => ({ package_id: FIXED, end_at }));
    expect(givenBuy().when(setDates, { media_buy_id: BUY, packages }).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/packages" }],
    });
  });

  it("refuses a package that is not there", () => {
    const packages = [{ package_id: testId("pkg", 404), end_at: null }];
    expect(givenBuy().when(setDates, { media_buy_id: BUY, packages }).refusal).toMatchObject({
      code: "PACKAGE_NOT_FOUND",
      issues: [{ pointer: "/packages/0/package_id" }],
    });
  });

  it("refuses to move a start that has been, a buy that has ended, and what is so already", () => {
    const set = (buy: typeof upcoming, dates: object) =>
      givenBuy(buy).send(setDates, { media_buy_id: BUY, ...dates }).code;
    expect(set(aBuy(), { start_at: "2026-11-25T00:00:00Z" })).toBe("INVALID_STATE");
    expect(set(aBuy({ status: "canceled" }), { end_at: "2026-12-31T00:00:00Z" })).toBe("INVALID_STATE");
    expect(set(aBuy(), { end_at: "2026-12-05T12:00:00Z" })).toBe("NO_CHANGE");
    expect(set(aBuy(), {})).toBe("NO_CHANGE");
  });

  it("is refused without a buy, to a viewer, and with dates that are none", () => {
    const input = { media_buy_id: BUY, end_at: "2026-12-31T00:00:00Z" };
    expect(given().when(setDates, input).code).toBe("MEDIA_BUY_NOT_FOUND");
    expect(givenBuy().when(setDates, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    expect(givenBuy().send(setDates, { ...input, end_at: "31/12/2026" }).code).toBe("VALIDATION_ERROR");
    expect(givenBuy().send(setDates, { ...input, end_at: "2026-12-31T00:00:00+02:00" }).code).toBe("VALIDATION_ERROR");
  });
});
