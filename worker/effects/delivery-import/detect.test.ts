import { describe, expect, it } from "vitest";
import type { MappingInput } from "../../../core/domain/delivery-imports/mapping.ts";
import { isRefusal } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { detect } from "./detect.ts";
import type { Detection } from "./detect.ts";
import { ownReport } from "./report.fixture.ts";

function found(text: string | Uint8Array, input: MappingInput = {}): Detection {
  const detection = detect(typeof text === "string" ? new TextEncoder().encode(text) : text, input);
  if (isRefusal(detection)) throw new Error(detection.message);
  return detection;
}

function refused(text: string, input: MappingInput = {}): Refusal {
  const detection = detect(new TextEncoder().encode(text), input);
  if (!isRefusal(detection)) throw new Error(`read as ${JSON.stringify(detection.mapping)}`);
  return detection;
}

const pointer = (refusal: Refusal): string | undefined => refusal.issues?.[0]?.pointer;

describe("the layout", () => {
  it("of a Facebook conversion report keeps enquiries as leads and approved ones as conversions", () => {
    expect(found(ownReport().bytes).mapping).toEqual({
      layout: "facebook_conversions",
      source: "meta_ads",
      delimiter: ",",
      header_line: 1,
      columns: {
        date: "Date",
        campaign_id: "xyz_campaign_id",
        ad_id: "ad_id",
        impressions: "Impressions",
        clicks: "Clicks",
        spend: "Spent",
        leads: "Total_Conversion",
        conversions: "Approved_Conversion",
      },
      date_order: "day_first",
      decimal_mark: "point",
    });
  });

  it("of Meta Ads Manager takes link clicks, the day rather than the period, and the currency of the header", () => {
    const header =
      'Day,"Campaign name","Campaign ID","Ad ID","Ad name","Reporting starts","Reporting ends",Impressions,"Link clicks","Clicks (all)","Amount spent (EUR)",Purchases,"Purchases conversion value","Video plays at 100%",Country,"Impression device"';
    const detection = found(`${header}\n2026-03-01,A,1,2,x,2026-03-01,2026-03-31,10,1,2,1.50,0,0,0,DE,ipad\n`);
    expect(detection.mapping).toMatchObject({ layout: "meta_ads", source: "meta_ads", date_order: "year_first" });
    expect(detection.mapping.columns).toMatchObject({
      date: "Day",
      clicks: "Link clicks",
      spend: "Amount spent (EUR)",
      conversions: "Purchases",
      completed_views: "Video plays at 100%",
      device: "Impression device",
    });
    expect(detection.currency).toBe("EUR");
  });

  it("of Google Ads is found below its title and period", () => {
    const detection = found(
      'Ad performance report\n"March 1, 2026 - March 31, 2026"\nDay,Campaign,Campaign ID,Currency code,Impr.,Clicks,Cost,CTR,Conversions,Conv. value\n2026-03-01,Brand,77,USD,"1,234",12,"1,005.50",0.97%,1.00,20.00\n',
    );
    expect(detection.mapping).toMatchObject({ layout: "google_ads", header_line: 3, decimal_mark: "point" });
    expect(detection.mapping.columns).toMatchObject({ campaign_name: "Campaign", impressions: "Impr.", spend: "Cost" });
    expect(detection.currency).toBe("USD");
  });

  it("of any other table is read from headers that name what they hold", () => {
    const detection = found(
      "report_date;line_item;creative_id;imps;clicks;spend_micros;country\n2026-01-02;A;7;10;1;2500000;US\n",
    );
    expect(detection.mapping).toMatchObject({ layout: "generic", source: "csv", delimiter: ";" });
    expect(detection.mapping.columns).toMatchObject({
      date: "report_date",
      campaign_name: "line_item",
      spend_micros: "spend_micros",
    });
  });

  it("is recognised with tabs, in UTF-16, as a spreadsheet saves Unicode text", () => {
    const text = "\uFEFFDate\tCampaign\tImpressions\tSpend\n2026-01-02\tA\t10\t1.50\n";
    expect(found(Buffer.from(text, "utf16le")).mapping).toMatchObject({ delimiter: "\t", layout: "generic" });
  });
});

describe("a caller's mapping", () => {
  const report = 'when,who,views served,taps,paid,Impressions\n03/04/2026,A,10,1,"1,234",99\n';
  const columns = { date: "when", campaign_name: "who", impressions: "views served", spend: "paid" };

  it("corrects what was detected and leaves the rest", () => {
    const detection = found(report, {
      columns: { ...columns, clicks: "taps" },
      date_order: "month_first",
      source: "tiktok",
    });
    expect(detection.mapping).toMatchObject({ source: "tiktok", date_order: "month_first" });
    expect(detection.mapping.columns).toEqual({ ...columns, clicks: "taps" });
    expect(detection.assumed).toEqual(["decimal_mark"]);
  });

  it("can leave a column unread", () => {
    const { bytes } = ownReport();
    expect(found(bytes, { columns: { leads: null } }).mapping.columns.leads).toBeUndefined();
  });

  it("reads the same file the same way when it is sent back", () => {
    const { mapping } = found(ownReport().bytes);
    expect(found(ownReport().bytes, mapping).mapping).toEqual(mapping);
  });

  it("is refused where it names a column that is not there", () => {
    const refusal = refused(report, { columns: { ...columns, clicks: "knocks" }, date_order: "day_first" });
    expect(refusal.code).toBe("VALIDATION_ERROR");
    expect(pointer(refusal)).toBe("/mapping/columns/clicks");
  });
});

describe("a file is refused", () => {
  it("when it is empty or has no header", () => {
    expect(pointer(refused(""))).toBe("/file");
    expect(pointer(refused("\uFEFF \n\n"))).toBe("/file");
    expect(pointer(refused("1,2,3\n4,5,6\n"))).toBe("/mapping/columns");
    expect(pointer(refused('{"not": "a table"}'))).toBe("/mapping/columns");
  });

  it("when a column is missing that every fact needs", () => {
    expect(pointer(refused("campaign,impressions,clicks,spend\nA,1,1,1\n"))).toBe("/mapping/columns/date");
    expect(pointer(refused("date,impressions,clicks,spend\n2026-01-01,1,1,1\n"))).toBe("/mapping/columns/campaign_id");
    expect(pointer(refused("date,campaign,clicks,spend\n2026-01-01,A,1,1\n"))).toBe("/mapping/columns/impressions");
    const free = "date,campaign,impressions,clicks\n2026-01-01,A,1,1\n";
    expect(pointer(refused(free))).toBe("/mapping/columns/spend");
    expect(found(free, { columns: { spend: null } }).mapping.columns.spend).toBeUndefined();
  });

  it("when its dates can be read two ways, until the caller says which", () => {
    const report = "date,campaign,impressions,spend\n03/04/2026,A,1,1.5\n";
    const refusal = refused(report);
    expect(pointer(refusal)).toBe("/mapping/date_order");
    expect(refusal.message).toContain('"03/04/2026" can be read with the day or the month first');
    expect(found(report, { date_order: "day_first" }).mapping.date_order).toBe("day_first");
    expect(found("date;campaign;impressions;spend\n03/04/2026;A;1;1,5\n").assumed).toEqual(["date_order"]);
  });
});
