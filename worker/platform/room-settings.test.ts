import { expect, test } from "vitest";
import { roomSettings } from "./room-settings.ts";

test("a deployment that sets nothing has the documented limits", () => {
  expect(roomSettings({})).toEqual({
    rates: { person: { perSecond: 20, burst: 100 }, api_key: { perSecond: 200, burst: 400 } },
    epoch: 1,
    history_ms: 90 * 86_400_000,
  });
});

test("each limit can be set", () => {
  const set = roomSettings({ RATE_PERSON: "5/10", RATE_API_KEY: "50/100", EPOCH: "3", HISTORY_DAYS: "30" });
  expect(set).toEqual({
    rates: { person: { perSecond: 5, burst: 10 }, api_key: { perSecond: 50, burst: 100 } },
    epoch: 3,
    history_ms: 30 * 86_400_000,
  });
});

test.each([{ RATE_PERSON: "20" }, { RATE_API_KEY: "a/b" }, { EPOCH: "0" }, { EPOCH: "1.5" }, { HISTORY_DAYS: "-7" }])(
  "a setting that makes no sense is refused: %j",
  (settings) => {
    expect(() => roomSettings(settings)).toThrow(/rate is|whole number/);
  },
);
