import { expect, it } from "vitest";
import { startOfDay } from "./start-of-day.ts";

it("is midnight there, in UTC", () => {
  expect(startOfDay("2026-11-20", "UTC")).toBe("2026-11-20T00:00:00.000Z");
  expect(startOfDay("2026-11-20", "America/New_York")).toBe("2026-11-20T05:00:00.000Z");
  expect(startOfDay("2026-07-01", "America/New_York")).toBe("2026-07-01T04:00:00.000Z");
  expect(startOfDay("2026-11-20", "Asia/Kathmandu")).toBe("2026-11-19T18:15:00.000Z");
  expect(startOfDay("2026-11-20", "Pacific/Kiritimati")).toBe("2026-11-19T10:00:00.000Z");
});

it("holds on days on which the clocks change", () => {
  expect(startOfDay("2026-03-08", "America/New_York")).toBe("2026-03-08T05:00:00.000Z");
  expect(startOfDay("2026-03-09", "America/New_York")).toBe("2026-03-09T04:00:00.000Z");
  expect(startOfDay("2026-04-05", "Australia/Sydney")).toBe("2026-04-04T13:00:00.000Z");
  expect(startOfDay("2026-04-06", "Australia/Sydney")).toBe("2026-04-05T14:00:00.000Z");
});

it("is the first moment of a day whose midnight is skipped", () => {
  expect(startOfDay("2024-09-08", "America/Santiago")).toBe("2024-09-08T04:00:00.000Z");
});
