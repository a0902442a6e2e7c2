import type { z } from "zod";
import { refuse } from "./refusal.ts";
import type { Issue, Refusal } from "./refusal.ts";

/** As many as anybody reads; a body of 500 wrong rows need not answer with 500. */
const MAX_ISSUES = 50;
/** A name longer than any of ours is told by its beginning. */
const MAX_KEY_CHARS = 64;

/** A schema's complaints as RFC 6901 pointers; unknown keys are named one by one. */
export function toIssues(error: z.ZodError): Issue[] {
  const issues: Issue[] = [];
  for (const issue of error.issues.slice(0, MAX_ISSUES)) {
    const pointer = issue.path.map(pointerPart).join("");
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys.slice(0, MAX_ISSUES - issues.length)) {
        const message = `Unknown field "${shortened(key)}"`;
        issues.push({ pointer: `${pointer}${pointerPart(key)}`, message, keyword: "unknown" });
      }
    } else issues.push({ pointer, message: issue.message, keyword: issue.code });
    if (issues.length >= MAX_ISSUES) break;
  }
  return issues;
}

function pointerPart(part: PropertyKey): string {
  return `/${shortened(String(part)).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function shortened(name: string): string {
  return name.length > MAX_KEY_CHARS ? `${name.slice(0, MAX_KEY_CHARS)}…` : name;
}

/** VALIDATION_ERROR for a payload that a command's schema refuses, naming every field. */
export function badInput(error: z.ZodError): Refusal {
  const issues = toIssues(error);
  const first = issues[0];
  const message = first ? `${first.pointer || "The payload"}: ${first.message}` : "The payload is not valid";
  return refuse("VALIDATION_ERROR", message, { issues });
}

/** VALIDATION_ERROR for an `expected_revision` that has nothing to be compared with. */
export function noTarget(type: string): Refusal {
  const message = `${type} has no target whose revision could be expected`;
  return refuse("VALIDATION_ERROR", message, {
    issues: [{ pointer: "/metadata/expected_revision", message, keyword: "rule" }],
  });
}
