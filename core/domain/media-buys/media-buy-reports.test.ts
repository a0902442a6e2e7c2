import { expect, it } from "vitest";
import { NOON } from "../../model/given.ts";
import { BUY, aBuy, givenBuy } from "./buy.fixture.ts";
import { mediaBuyReports } from "./media-buy-reports.ts";

it("reports each buy, and one by id or external id", () => {
  const room = givenBuy(aBuy({ external_id: "spring-01" }));
  const all = mediaBuyReports.all(room.tx, NOON);
  expect(all.map(({ value }) => value.id)).toEqual([BUY]);
  expect(mediaBuyReports.schema.parse(all[0]?.value)).toEqual(all[0]?.value);
  expect(mediaBuyReports.one(room.tx, BUY, NOON)).toEqual(all[0]);
  expect(mediaBuyReports.one(room.tx, "spring-01", NOON)).toEqual(all[0]);
  expect(mediaBuyReports.one(room.tx, "unknown", NOON)).toBeUndefined();
});
