import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a report must add up to, exactly. */
export interface ExpectedReport {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly totals: {
    impressions: number;
    clicks: number;
    spend_micros: number;
    leads: number;
    conversions: number;
  };
  readonly campaigns: readonly { external_id: string; rows: number; spend_micros: number }[];
}

const root = join(fileURLToPath(import.meta.url), "../../../..");
const published = join(root, "../shared/data/facebook-ads.csv");
const own = join(root, "tests/fixtures/facebook-ads.csv");

/** The published report if it lies beside the repository, else the project's own small one of the same shape. */
export function facebookReport(): ExpectedReport {
  if (existsSync(published)) {
    return {
      name: "the published report of 518 rows",
      bytes: readFileSync(published),
      rows: 518,
      totals: { impressions: 8_611_112, clicks: 2_097, spend_micros: 3_043_080_000, leads: 595, conversions: 207 },
      campaigns: [
        { external_id: "916", rows: 54, spend_micros: 149_710_000 },
        { external_id: "936", rows: 464, spend_micros: 2_893_370_000 },
      ],
    };
  }
  return ownReport();
}

/** The project's own small report, of the same shape as the published one. */
export function ownReport(): ExpectedReport {
  return {
    name: "the project's own report of 8 rows (the published one is not beside this repository)",
    bytes: readFileSync(own),
    rows: 8,
    totals: { impressions: 422_543, clicks: 107, spend_micros: 161_370_000, leads: 24, conversions: 7 },
    campaigns: [
      { external_id: "701", rows: 4, spend_micros: 7_470_000 },
      { external_id: "702", rows: 4, spend_micros: 153_900_000 },
    ],
  };
}
