import { describe, expect, it } from "vitest";
import { ACTING_MEMBER, NOON, given } from "../../model/given.ts";
import { campaigns } from "../campaigns/entities.ts";
import { packageCounters } from "../delivery/entities.ts";
import { BUY, FIXED, aBuy, aCampaign, givenBuy } from "./buy.fixture.ts";
import { cancelMediaBuy } from "./cancel-media-buy.ts";
import { MEDIA_BUY_STATUSES, isTerminal, mediaBuys } from "./entities.ts";

const input = { media_buy_id: BUY, reason: "The product was withdrawn." };

describe("canceling a media buy", () => {
  it("keeps the reason, who and when, and what was delivered", () => {
    const scenario = givenBuy(aBuy(), { [FIXED]: { impressions: 9 } });
    scenario.when(cancelMediaBuy, input, { as: "operator" });
    expect(scenario.get(mediaBuys, BUY)).toMatchObject({
      status: "canceled",
      cancellation: { reason: input.reason, at: NOON, by: `member:${ACTING_MEMBER}` },
    });
    expect(scenario.get(packageCounters, FIXED)?.totals.impressions).toBe(9);
  });

  it("is possible from every status that is not final", () => {
    for (const status of MEDIA_BUY_STATUSES.filter((each) => !isTerminal(each))) {
      expect(givenBuy(aBuy({ status })).when(cancelMediaBuy, input).code).toBeNull();
    }
  });

  it("is refused a second time, and on a buy that ended otherwise", () => {
    const scenario = givenBuy();
    scenario.when(cancelMediaBuy, input);
    expect(scenario.when(cancelMediaBuy, input).code).toBe("NOT_CANCELLABLE");
    expect(givenBuy(aBuy({ status: "completed" })).when(cancelMediaBuy, input).code).toBe("INVALID_STATE");
    expect(givenBuy(aBuy({ status: "rejected" })).when(cancelMediaBuy, input).code).toBe("INVALID_STATE");
  });

  it("is refused without a reason, a buy or the permission, and in an archived campaign", () => {
    expect(givenBuy().send(cancelMediaBuy, { media_buy_id: BUY, reason: " " }).code).toBe("VALIDATION_ERROR");
    expect(given().when(cancelMediaBuy, input).code).toBe("MEDIA_BUY_NOT_FOUND");
    expect(givenBuy().when(cancelMediaBuy, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    const archived = givenBuy().having(campaigns, { ...aCampaign, status: "archived" });
    expect(archived.when(cancelMediaBuy, input).code).toBe("INVALID_STATE");
  });

  it("cannot be undone", () => {
    expect(givenBuy().when(cancelMediaBuy, input).inverse).toBeNull();
  });
});
