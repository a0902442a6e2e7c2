import { expect, it } from "vitest";
import { Utf8Recoder, detectEncoding } from "./text.ts";

const text = "Dátum;Költés\n2026-01-02;1,5\n";

function decode(bytes: Uint8Array, chunkSize: number): string {
  const recoder = new Utf8Recoder(detectEncoding(bytes));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) chunks.push(recoder.recode(bytes.subarray(at, at + chunkSize)));
  return Buffer.concat(chunks).toString("utf8");
}

function utf16(content: string, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.from(content, "utf16le");
  return littleEndian ? bytes : bytes.swap16();
}

it("reads UTF-8 and UTF-16 with and without a byte order mark, however it is cut", () => {
  for (const bom of ["", "\uFEFF"]) {
    for (const size of [1, 2, 3, 1_000]) {
      expect(decode(new TextEncoder().encode(bom + text), size)).toBe(text);
      expect(decode(utf16(bom + text, true), size)).toBe(text);
      expect(decode(utf16(bom + text, false), size)).toBe(text);
    }
  }
});

it("reads what is no UTF-8 as the Windows code page", () => {
  expect(detectEncoding(Buffer.from("Café;1\n", "latin1")).encoding).toBe("windows-1252");
  expect(decode(Buffer.from("Café;1\n", "latin1"), 3)).toBe("Café;1\n");
});

it("does not mistake a sample cut inside a character for another encoding", () => {
  const bytes = new TextEncoder().encode("é");
  expect(detectEncoding(bytes.subarray(0, 1)).encoding).toBe("utf-8");
});
