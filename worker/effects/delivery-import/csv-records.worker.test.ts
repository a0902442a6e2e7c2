import { expect, it } from "vitest";
import { CsvReader, UnreadableCsv } from "./csv-records.ts";
import type { CsvRecord } from "./csv-records.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it("parses in the Workers runtime, chunk by chunk, more records than any queue holds", async () => {
  const records: CsvRecord[] = [];
  const reader = new CsvReader(",", (record) => records.push(record));
  const line = 'a,"b ""quoted"", and\na second line",c\r\n';
  for (let chunk = 0; chunk < 50; chunk++) await reader.write(bytes(line.repeat(100)));
  await reader.end();

  expect(records).toHaveLength(5_000);
  expect(records[4_999]).toEqual({ line: 9_999, cells: ["a", 'b "quoted", and\na second line', "c"] });
});

it("names the line of a quote that is never closed in the Workers runtime", async () => {
  const reader = new CsvReader(",", () => undefined);
  const failure = reader.write(bytes('a,b\n"never closed,\n')).then(() => reader.end());
  await expect(failure).rejects.toMatchObject({ line: 2 });
  await expect(failure).rejects.toBeInstanceOf(UnreadableCsv);
});

it("gives up on a record that never ends in the Workers runtime", async () => {
  const reader = new CsvReader(",", () => undefined);
  await reader.write(bytes('a,b\n"'));
  const flood = async (): Promise<void> => {
    for (let chunk = 0; chunk < 100; chunk++) await reader.write(bytes("x".repeat(4_096)));
    await reader.end();
  };
  await expect(flood()).rejects.toMatchObject({ line: 2, message: expect.stringContaining("never closed") });
});
