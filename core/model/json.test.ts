import { describe, expect, it } from "vitest";
import { JsonLimitError, MAX_JSON_DEPTH, canonicalJson, jsonBytes, parseJson } from "./json.ts";

/** The message and pointer with which a text is refused. */
function refusalOf(text: string): { message: string; pointer: string } | null {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    if (!(error instanceof JsonLimitError)) throw error;
    return { message: error.message, pointer: error.pointer };
  }
}

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

describe("JSON from outside", () => {
  it("is what JSON.parse makes of it", () => {
    const text = '{"a":[1,-2.5,"x\\u00e9",null,true,{"b~/c":"[[[{"}],"\\ud83d\\ude00":0}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it(`may be nested ${MAX_JSON_DEPTH} levels and no deeper, however deep`, () => {
    expect(refusalOf(nested(MAX_JSON_DEPTH))).toBeNull();
    for (const levels of [MAX_JSON_DEPTH + 1, 100, 100_000])
      expect(refusalOf(nested(levels))).toEqual({ message: "JSON is nested deeper than 32 levels", pointer: "" });
  });

  it.each([
    ['{"__proto__":{"admin":true}}', "/__proto__"],
    ['{"a":{"constructor":1}}', "/a/constructor"],
    ['[{"prototype":1}]', "/0/prototype"],
  ])("may not reach a prototype: %s", (text, pointer) => {
    expect(refusalOf(text)?.pointer).toBe(pointer);
  });

  it.each([
    ['{"a":["ok","\\ud800"]}', "A string has a lone surrogate", "/a/1"],
    ['{"a/b":{"\\udc00":1}}', "A key has a lone surrogate", "/a~1b"],
    ['{"a":1e999}', "A number is too large", "/a"],
    ["-1e999", "A number is too large", ""],
  ])("is text and numbers only: %s", (text, message, pointer) => {
    expect(refusalOf(text)).toEqual({ message, pointer });
  });

  it.each(["", "{", "NaN", '{"a":NaN}', "{'a':1}", "[1,]", "undefined"])("is no JSON: %s", (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe("canonical JSON", () => {
  it("is the same for the same value, whatever the order of its keys", () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[1,{"d":1}]}');
    expect(canonicalJson({ a: null, b: [1, { d: 1 }] })).toBe('{"a":null,"b":[1,{"d":1}]}');
  });

  it("tells apart what is not the same", () => {
    expect(canonicalJson(["1"])).not.toBe(canonicalJson([1]));
    expect(canonicalJson({ a: null })).not.toBe(canonicalJson({}));
  });
});

it("counts a value's bytes as UTF-8 JSON", () => {
  expect(jsonBytes({ text: "aé€😀", n: [1.5, null] })).toBe(36);
});
