import { describe, expect, it } from "vitest";
import { REFUSALS, invalid, refuse } from "../../../core/model/refusal.ts";
import type { RefusalCode } from "../../../core/model/refusal.ts";
import { notFound, problem } from "./problem.ts";

const codes = Object.keys(REFUSALS) as RefusalCode[];

describe("a refusal as a problem document", () => {
  it.each(codes)("%s has its status, a title, a sentence and a hint", async (code) => {
    const answer = problem(refuse(code, "Because."));
    expect(answer.status).toBe(REFUSALS[code].status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const body = await answer.json<Record<string, unknown>>();
    expect(body).toMatchObject({ code, status: answer.status, type: `urn:flightdeck:refusal:${code}` });
    for (const field of ["title", "detail", "message", "hint"]) expect(body[field]).toMatch(/^[A-Z]/);
  });

  it("names each wrong field", async () => {
    expect(await problem(invalid("/budget_micros", "Negative.")).json()).toMatchObject({
      issues: [{ pointer: "/budget_micros", message: "Negative.", keyword: "rule" }],
    });
  });

  it("says when to come back, in whole seconds", () => {
    const after = (details?: Record<string, unknown>) =>
      problem(refuse("RATE_LIMITED", "Slow down.", { ...(details && { details }) })).headers.get("retry-after");
    expect(after({ retry_after: 7 })).toBe("7");
    expect(after({ retry_after: 0.2 })).toBe("1");
    expect(after()).toBe("1");
    expect(problem(refuse("CONFLICT", "No.")).headers.get("retry-after")).toBeNull();
  });

  it("does not tell what was not found", async () => {
    const told = refuse("NOT_FOUND", "The workspace ws_1 of Halcyon is not yours.", { details: { owner: "Ada" } });
    expect(await problem(told).text()).toBe(await notFound().text());
  });
});
