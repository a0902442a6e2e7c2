import { describe, expect, it } from "vitest";
import { ZERO } from "../delivery/entities.ts";
import { addCounters, addDeltas, counterDelta, sumCounters } from "./counters.ts";

const one = { ...ZERO, impressions: 10, clicks: 2 };
const two = { ...ZERO, impressions: 7, spend_micros: 5 };

describe("counters", () => {
  it("add up, and a difference leads from one to the other", () => {
    expect(sumCounters([one, two])).toEqual({ ...ZERO, impressions: 17, clicks: 2, spend_micros: 5 });
    expect(sumCounters([])).toEqual(ZERO);
    expect(addCounters(one, counterDelta(one, two))).toEqual(two);
  });

  it("leave out of a difference what does not change", () => {
    expect(counterDelta(one, two)).toEqual({ impressions: -3, clicks: -2, spend_micros: 5 });
    expect(counterDelta(one, one)).toEqual({});
    expect(addDeltas({ clicks: 2 }, { clicks: -2, views: 1 })).toEqual({ views: 1 });
  });

  it("never change what they were added to", () => {
    addCounters(one, two);
    expect(one.impressions).toBe(10);
    expect(Object.isFrozen(ZERO)).toBe(true);
  });
});
