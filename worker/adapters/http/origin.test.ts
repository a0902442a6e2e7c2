import { describe, expect, it } from "vitest";
import { mayCall, parseOrigins } from "./origin.ts";

const request = { url: "https://flightdeck.example/v1/me" };

describe("an origin", () => {
  it("is ours, listed or absent, or it may not call", () => {
    const listed = ["https://desk.example"];
    expect(mayCall(null, request, listed)).toBe(true);
    expect(mayCall("https://flightdeck.example", request, listed)).toBe(true);
    expect(mayCall("https://desk.example", request, listed)).toBe(true);
    for (const origin of [
      "null",
      "",
      "https://desk.example.evil.example",
      "https://DESK.example",
      "http://desk.example",
    ]) {
      expect([origin, mayCall(origin, request, listed)]).toEqual([origin, false]);
    }
  });

  it("is listed by commas or spaces; what is no origin is left out", () => {
    expect(parseOrigins("")).toEqual([]);
    expect(parseOrigins(" https://a.example,https://b.example:8443\n http://localhost:5173 ")).toEqual([
      "https://a.example",
      "https://b.example:8443",
      "http://localhost:5173",
    ]);
    expect(parseOrigins("* null https://a.example/ https://a.example/x a.example file:///x")).toEqual([]);
  });
});
