import { describe, expect, it } from "vitest";
import { addDays, daysBetween, daysLeft, reportDay } from "./report-day.ts";

describe("report days", () => {
  it("belong to the zone of the report, not to UTC", () => {
    expect(reportDay("2026-11-20T04:59:59.999Z", "America/New_York")).toBe("2026-11-19");
    expect(reportDay("2026-11-20T05:00:00.000Z", "America/New_York")).toBe("2026-11-20");
    expect(reportDay("2026-11-20T12:00:00.000Z", "Pacific/Kiritimati")).toBe("2026-11-21");
    expect(reportDay("2026-11-20T00:00:00.000Z", "UTC")).toBe("2026-11-20");
  });

  it("follow daylight saving time", () => {
    expect(reportDay("2026-07-01T03:59:00.000Z", "America/New_York")).toBe("2026-06-30");
    expect(reportDay("2026-07-01T04:00:00.000Z", "America/New_York")).toBe("2026-07-01");
    expect(reportDay("2026-03-29T00:30:00.000Z", "Europe/Berlin")).toBe("2026-03-29");
  });

  it("are counted by the calendar: across months, leap days and changes of the clock", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-03-30", -2)).toBe("2026-03-28");
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-11-20", "2026-11-07")).toBe(-13);
  });

  it("leave fractions until the end of a flight, and none after it", () => {
    expect(daysLeft("2026-11-20T12:00:00Z", "2026-11-22T00:00:00Z")).toBe(1.5);
    expect(daysLeft("2026-11-22T00:00:01Z", "2026-11-22T00:00:00Z")).toBe(0);
  });

  it("do not exist in places that do not", () => {
    expect(() => reportDay("2026-11-20T00:00:00Z", "Mars/Olympus")).toThrow(RangeError);
  });
});
