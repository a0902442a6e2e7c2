import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MappingInput } from "../../../core/domain/delivery-imports/mapping.ts";
import { isRefusal } from "../../../core/model/refusal.ts";
import { DeliverySums } from "./delivery-sums.ts";
import { detect } from "./detect.ts";
import { facebookReport, ownReport } from "./report.fixture.ts";
import { ReportReading } from "./report-reading.ts";
import { totalsOf } from "./totals.ts";

const TODAY = "2026-11-20";

interface Reading {
  mapping?: MappingInput;
  currency?: string;
  chunk?: number;
  sums?: DeliverySums;
  /** How many bytes the sample holds; default all. */
  sample?: number;
}

async function read(file: string | Uint8Array, options: Reading = {}): Promise<ReportReading> {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  const detection = detect(bytes.subarray(0, options.sample ?? bytes.length), options.mapping ?? {});
  if (isRefusal(detection)) throw new Error(detection.message);
  const { sums } = options;
  const reading = new ReportReading({
    detection,
    currency: options.currency ?? null,
    latest_day: TODAY,
    ...(sums && { sums }),
  });
  const chunk = options.chunk ?? 4_096;
  for (let at = 0; at < bytes.length; at += chunk) await reading.write(bytes.subarray(at, at + chunk));
  await reading.end();
  return reading;
}

const HEADER = "date,campaign_id,campaign,ad_id,ad,impressions,clicks,spend,conversions,country,device\n";
const row = (over: Partial<Record<string, string>> = {}): string => {
  const cells = {
    date: "2026-03-01",
    id: "1",
    name: "A",
    ad: "9",
    adName: "Ad",
    imp: "100",
    clicks: "2",
    spend: "1.50",
  };
  const all = { ...cells, conversions: "0", country: "US", device: "mobile", ...over };
  return `${Object.values(all).join(",")}\n`;
};

for (const report of [facebookReport(), ownReport()]) {
  it(`adds up exactly to ${report.name}`, async () => {
    const reading = await read(report.bytes, { chunk: 1_000 });
    expect(reading.refusal).toBeNull();
    expect(reading.errors).toEqual([]);
    expect([reading.rows, reading.imported, reading.failed]).toEqual([report.rows, report.rows, 0]);
    const campaigns = reading.campaigns();
    expect(totalsOf(campaigns)).toMatchObject(report.totals);
    const parts = campaigns.map(({ external_id, spend_micros, facts }) => ({
      external_id,
      spend_micros,
      rows: facts.length,
    }));
    expect(parts).toEqual(report.campaigns);
  });
}

describe("rows of a file", () => {
  it("with the same key are summed, and the first line is kept", async () => {
    const reading = await read(HEADER + row({ spend: "0.10" }) + row({ imp: "50", clicks: "1", spend: "0.20" }));
    const [campaign] = reading.campaigns();
    expect(campaign?.facts).toHaveLength(1);
    expect(campaign?.facts[0]).toMatchObject({
      line: 2,
      measures: { impressions: 150, clicks: 3, spend_micros: 300_000 },
    });
    expect(reading.rows).toBe(2);
  });

  it("give the same facts in any order and in chunks of any size", async () => {
    const rows = [row(), row({ date: "2026-02-28" }), row({ ad: "8" }), row({ id: "0" }), row({ device: "desktop" })];
    const expected = (await read(HEADER + rows.join(""))).campaigns().map(withoutLines);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        fc.integer({ min: 1, max: 64 }),
        async (shuffled, chunk) => {
          const reading = await read(HEADER + shuffled.join(""), { chunk });
          expect(reading.campaigns().map(withoutLines)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("that are bad name line, column and reason, and the good ones are kept", async () => {
    const bad: [Partial<Record<string, string>>, string, string][] = [
      [{ date: "2026-02-30" }, "date", '"2026-02-30" is no date with the year first'],
      [{ date: "" }, "date", "The row has no date"],
      [{ date: "2026-11-21" }, "date", "2026-11-21 is in the future"],
      [{ id: "", name: "" }, "campaign_id", "The row names no campaign"],
      [{ id: "has space" }, "campaign_id", '"has space" is no id: up to 128 characters, no spaces or slashes'],
      [{ imp: "many" }, "impressions", '"many" is no number written like 1,234.56'],
      [{ imp: "1.5" }, "impressions", '"1.5" is not a whole number'],
      [{ imp: "-100" }, "impressions", '"-100" is negative'],
      [{ clicks: "2%" }, "clicks", '"2%" is a percentage, not a number'],
      [{ clicks: "101" }, "clicks", "101 clicks are more than 100 impressions"],
      [{ spend: "1e16" }, "spend", '"1e16" is too large'],
      [{ spend: "NaN" }, "spend", '"NaN" is no number written like 1,234.56'],
      [{ country: "Atlantis" }, "country", '"Atlantis" is no country'],
      [
        { device: "mobile,extra" },
        "",
        "The row has 12 columns, the header 11; a value that holds the separator must be in quotes",
      ],
    ];
    const reading = await read(HEADER + row() + bad.map(([over]) => row(over)).join("") + "short,row\n" + row());
    const expected = bad.map(([, column, reason], n) => ({ line: n + 3, column, reason }));
    const short = { line: bad.length + 3, column: "", reason: "The row has 2 columns, the header 11" };
    expect(reading.errors).toEqual([...expected, short]);
    expect([reading.imported, reading.failed]).toEqual([2, bad.length + 1]);
  });

  it("after a quote that nobody closed are lost, and the quote's line says so", async () => {
    const reading = await read(`${HEADER}${row()}"${row()}${row()}`);
    expect(reading.imported).toBe(1);
    expect(reading.errors).toEqual([{ line: 3, column: "", reason: expect.stringContaining("never closed") }]);
  });

  it("in another currency than the import's are errors", async () => {
    const report = "date,campaign,impressions,spend,currency\n2026-03-01,A,1,1.5,USD\n2026-03-02,A,1,1.5,EUR\n";
    const reading = await read(report, { currency: "USD" });
    expect(reading.errors).toEqual([
      { line: 3, column: "currency", reason: '"EUR" is not the import\'s currency USD' },
    ]);
  });

  it("hold formulas and markup as the text they are", async () => {
    const formula = '"=cmd(""|\' /C calc\'!A0"")"';
    const reading = await read(HEADER + row({ name: formula, ad: "", adName: "<script>alert(1)</script>" }));
    const [campaign] = reading.campaigns();
    expect(campaign?.name).toBe("=cmd(\"|' /C calc'!A0\")");
    expect(campaign?.facts[0]?.ad?.name).toBe("<script>alert(1)</script>");
    expect(campaign?.facts[0]?.ad?.external_id).toMatch(/^<script>alert\(1\)<_script>~[0-9a-f]{8}$/);
  });
});

describe("a platform's own sums", () => {
  it("are no delivery: Google's totals below its rows", async () => {
    const reading = await read(
      [
        "Campaign report",
        '"1 March 2026 - 2 March 2026"',
        "Campaign,Day,Campaign ID,Device,Country/Territory (User location),Currency code,Impr.,Clicks,Cost,Avg. CPC,CTR,Conversions,Conv. value,Viewable impr.,Measurable impr.",
        'Brand,2026-03-01,77,Mobile phones,United States,USD,"1,234",12,"1,005.50",0.55,0.97%,1.33,20.00,600,1000',
        "Brand,2026-03-02,77,Computers,Germany,USD, --,0,0.00, --,0.00%,0.00,0.00, --, --",
        "Brand,2026-03-02,77,Computers,Germany,USD,10,0,0.00, --,0.00%,0.34,0.00, --, --",
        'Total: Campaigns, --, --, --, --,USD,"1,244",12,"1,005.50",0.55,0.96%,1.67,20.00,600,1000',
        'Total: Account, --, --, --, --,USD,"1,244",12,"1,005.50",0.55,0.96%,1.67,20.00,600,1000',
      ].join("\r\n"),
      { currency: "USD" },
    );
    expect(reading.errors).toEqual([]);
    expect(reading.rows).toBe(3);
    const [campaign] = reading.campaigns();
    expect(campaign).toMatchObject({
      external_id: "77",
      name: "Brand",
      first_day: "2026-03-01",
      spend_micros: 1_005_500_000,
      impressions: 1_244,
    });
    expect(campaign?.facts.map(({ device, country, ad }) => [device, country, ad])).toEqual([
      ["mobile", "US", null],
      ["desktop", "DE", null],
    ]);
    expect(campaign?.facts.map(({ measures }) => [measures.viewable, measures.measurable])).toEqual([
      [600, 1_000],
      [null, null],
    ]);
    expect(totalsOf(reading.campaigns())).toMatchObject({ impressions: 1_244, clicks: 12 });
  });

  it("are no delivery: the row without a campaign of Meta's export", async () => {
    const header =
      "Reporting starts,Reporting ends,Campaign name,Ad name,Impressions,Link clicks,Amount spent (USD),Results";
    const reading = await read(
      `${header}\n2026-03-01,2026-03-02,,,300,3,3.00,\n2026-03-01,2026-03-01,Spring,One,100,1,1.00,\n2026-03-02,2026-03-02,Spring,One,200,2,2.00,1\n2026-03-01,2026-03-02,Spring,Two,200,2,2.00,1\n`,
      { currency: "USD" },
    );
    expect(reading.imported).toBe(2);
    expect(reading.errors).toEqual([
      {
        line: 5,
        column: "Reporting ends",
        reason: "The row covers several days: export the report with a daily breakdown",
      },
    ]);
    expect(totalsOf(reading.campaigns())).toMatchObject({ impressions: 300, spend_micros: 3_000_000, conversions: 1 });
  });

  it("are told from a campaign whose name begins like one", async () => {
    const reading = await read("campaign,date,impressions,spend\nTotal Wireless,2026-03-01,5,1.00\nTotal,,5,1.00\n");
    expect(reading.rows).toBe(1);
    expect(reading.campaigns()[0]?.name).toBe("Total Wireless");
  });
});

describe("numbers and dates of another country", () => {
  it("are read with decimal commas and the day first", async () => {
    const reading = await read(
      "Datum;Kampagne;Impressionen;Klicks;Kosten\n01.03.2026;A;1.234;12;1.005,50\n02.03.2026;A;1.000;1;0,005\n",
      {
        mapping: {
          columns: {
            date: "Datum",
            campaign_name: "Kampagne",
            impressions: "Impressionen",
            clicks: "Klicks",
            spend: "Kosten",
          },
        },
      },
    );
    expect(totalsOf(reading.campaigns())).toMatchObject({
      impressions: 2_234,
      clicks: 13,
      spend_micros: 1_005_505_000,
    });
    expect(reading.campaigns()[0]).toMatchObject({ first_day: "2026-03-01", last_day: "2026-03-02" });
  });

  it("refuse the file when a later row disproves the order that its beginning left open", async () => {
    const early = "date,campaign,impressions,spend\n01-02-2026,A,1,1.5\n";
    const report = `${early}${"01-03-2026,A,1,1.5\n".repeat(20)}01-13-2026,A,1,1.5\n`;
    const reading = await read(report, { sample: early.length });
    expect(reading.refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/mapping/date_order" }] });
    const decided = await read(report, { sample: early.length, mapping: { date_order: "month_first" } });
    expect(decided).toMatchObject({ refusal: null, imported: 22 });
  });
});

describe("a file that is too large to keep in memory", () => {
  it("is refused with what to do, for facts, campaigns and ads", async () => {
    const limits = { facts: 3, campaigns: 2, ads: 2 };
    const days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"].map((date) => row({ date })).join("");
    const campaigns = ["1", "2", "3"].map((id) => row({ id })).join("");
    const ads = ["1", "2", "3"].map((ad) => row({ ad })).join("");
    for (const [rows, what] of [
      [days, "more than 3 different days"],
      [campaigns, "2 campaigns"],
      [ads, "2 ads"],
    ] as const) {
      const reading = await read(HEADER + rows, { sums: new DeliverySums(limits) });
      expect(reading.refusal?.code).toBe("PAYLOAD_TOO_LARGE");
      expect(reading.refusal?.message).toContain(what);
    }
  });

  it("is refused when its numbers cannot be added up exactly", async () => {
    const huge = row({ imp: "900000000000000", clicks: "0" });
    const reading = await read(HEADER + huge.repeat(11));
    expect(reading.refusal?.message).toContain("too large to add up");
  });

  it("keeps the first thousand errors and counts the rest", async () => {
    const reading = await read(HEADER + row() + row({ imp: "x" }).repeat(1_200));
    expect(reading.errors).toHaveLength(1_000);
    expect(reading.failed).toBe(1_200);
  });
});

it("refuses a header without rows", async () => {
  expect((await read(`${HEADER}\n`)).refusal).toMatchObject({ issues: [{ pointer: "/file" }] });
});

function withoutLines(campaign: ReturnType<ReportReading["campaigns"]>[number]): unknown {
  return { ...campaign, facts: campaign.facts.map((fact) => ({ ...fact, line: 0 })) };
}
