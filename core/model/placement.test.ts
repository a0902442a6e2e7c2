import { describe, expect, it } from "vitest";
import { jurisdictionOf } from "./placement.ts";

describe("the jurisdiction of a workspace", () => {
  it.each([
    ["ws_eu_01JD0000000000000000000000", "eu"],
    ["ws_fedramp_01JD0000000000000000000000", "fedramp"],
    ["ws_01JD0000000000000000000000", null],
  ])("%s is %s", (id, jurisdiction) => {
    expect(jurisdictionOf(id)).toBe(jurisdiction);
  });
});
