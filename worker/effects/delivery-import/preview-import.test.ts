import { expect, it } from "vitest";
import { isRefusal } from "../../../core/model/refusal.ts";
import { bodyOf } from "./body.fixture.ts";
import { previewImport } from "./preview-import.ts";
import type { ImportPreview } from "./preview-import.ts";
import { ownReport } from "./report.fixture.ts";
import { ImportRoom } from "./room.fixture.ts";

const now = (): number => Date.parse("2026-11-20T12:00:00Z");
const HEADER = "date,campaign,impressions,spend\n";

async function preview(file: string | Uint8Array, options: unknown = {}): Promise<ImportPreview> {
  const found = await previewImport(bodyOf(file), options, now);
  if (isRefusal(found)) throw new Error(found.message);
  return found;
}

it("shows how a file would be read, its first rows and what they add up to", async () => {
  const report = ownReport();
  const found = await preview(report.bytes);
  expect(found).toMatchObject({ complete: true, imported: 8, failed: 0, errors: [], currency: null, assumed: [] });
  expect(found.mapping).toMatchObject({ layout: "facebook_conversions", date_order: "day_first" });
  expect(found.header[1]).toBe("ad_id");
  expect(found.rows[0]).toMatchObject({ line: 2, cells: expect.arrayContaining(["14-03-2026", "810001"]) });
  expect(found.total).toMatchObject(report.totals);
});

it("gives a mapping that an import takes back as it is", async () => {
  const report = ownReport();
  const { mapping } = await preview(report.bytes);
  const answer = await new ImportRoom().uploaded(report.bytes, { options: { mapping } });
  expect(answer.mapping).toEqual(mapping);
});

it("names the lines that would fail and what nothing in the file decides", async () => {
  const found = await preview(`${HEADER}03.04.2026,A,"1,234","2,345"\nsoon,A,1,1\n`);
  expect(found.errors).toEqual([{ line: 3, column: "date", reason: '"soon" is no date with the day first' }]);
  expect(found.assumed).toEqual(["date_order"]);
});

it("looks at the beginning of a long file only, and does not take the line it is cut in for an error", async () => {
  const found = await preview(HEADER + "2026-03-01,A long name of a campaign,10,0.10\n".repeat(60_000));
  expect(found).toMatchObject({ complete: false, failed: 0 });
  expect(found.imported).toBeGreaterThan(20_000);
  expect(found.rows).toHaveLength(20);
});

it("is refused like the import itself", async () => {
  const pointer = async (file: string, options: unknown = {}): Promise<string | undefined> => {
    const found = await previewImport(bodyOf(file), options, now);
    return isRefusal(found) ? found.issues?.[0]?.pointer : undefined;
  };
  expect(await pointer("")).toBe("/file");
  expect(await pointer(`${HEADER}03/04/2026,A,1,1\n`)).toBe("/mapping/date_order");
  expect(await pointer(HEADER, { mapping: { date_order: "sideways" } })).toBe("/mapping/date_order");
  expect(await pointer(`${HEADER}2026-11-19,A,1,1\n`)).toBeUndefined();
});
