import { expect, it } from "vitest";
import { CsvReader, UnreadableCsv, readSample } from "./csv-records.ts";
import type { CsvRecord } from "./csv-records.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(text: string, chunkSize = 3): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  const reader = new CsvReader(",", (record) => records.push(record));
  const all = bytes(text);
  for (let at = 0; at < all.length; at += chunkSize) await reader.write(all.subarray(at, at + chunkSize));
  await reader.end();
  return records;
}

it("gives each record with the line it begins on, over empty lines and cells with line breaks", async () => {
  const records = await read('a,b\n\n"x\ny",2\n\n\nlast,3');
  expect(records).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 3, cells: ["x\ny", "2"] },
    { line: 7, cells: ["last", "3"] },
  ]);
});

it("reads the same whatever the line endings and the chunks", async () => {
  const expected = await read("a,b\n1,ü\n", 1_000);
  expect(await read("a,b\r\n1,ü\r\n", 1)).toEqual(expected);
  expect(await read("a,b\r1,ü\r", 2)).toEqual(expected);
});

it("keeps quotes inside a cell and rows of another length", async () => {
  const records = await read('a,b\n12" screen,1,2\n"said ""hi"""\n');
  expect(records.map(({ cells }) => cells)).toEqual([["a", "b"], ['12" screen', "1", "2"], ['said "hi"']]);
});

it("says on which line a quote is opened that nobody closes, after delivering what came before", async () => {
  const records: CsvRecord[] = [];
  const reader = new CsvReader(",", (record) => records.push(record));
  await reader.write(bytes('a,b\n1,2\n"open,3\n4,5\n'));
  await expect(reader.end()).rejects.toMatchObject({ line: 3, message: expect.stringContaining("never closed") });
  expect(records).toHaveLength(2);
});

it("gives up on a record that never ends instead of filling the memory", async () => {
  const reader = new CsvReader(",", () => undefined);
  await reader.write(bytes("a,b\n"));
  const flood = async (): Promise<void> => {
    for (let chunk = 0; chunk < 100; chunk++) await reader.write(bytes(`"${"x".repeat(4_096)}\n`.slice(chunk ? 1 : 0)));
  };
  await expect(flood()).rejects.toBeInstanceOf(UnreadableCsv);
});

it("reads a sample up to the cell in which it was cut", () => {
  const records = readSample(bytes('a,b\n1,2\n"cut here'), ",");
  expect(records.map(({ cells }) => cells)).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
  expect(readSample(bytes("a\tb\n1\t2\n3\t4\n"), "\t", 2)).toHaveLength(2);
});
