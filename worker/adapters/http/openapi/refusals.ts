import type { CommandDefinition } from "../../../../core/model/command.ts";
import { REFUSALS } from "../../../../core/model/refusal.ts";
import type { RefusalCode } from "../../../../core/model/refusal.ts";
import { titleOf } from "../problem.ts";

/** What any request below a workspace can be refused with. */
export const READ_REFUSALS: readonly RefusalCode[] = [
  "UNAUTHENTICATED",
  "FORBIDDEN_ORIGIN",
  "NOT_FOUND",
  "INTERNAL",
  "UNAVAILABLE",
];

/** What any command can be refused with, besides what it declares itself. */
export const COMMAND_REFUSALS: readonly RefusalCode[] = [
  ...READ_REFUSALS,
  "INVALID_REQUEST",
  "IDEMPOTENCY_KEY_REQUIRED",
  "IDEMPOTENCY_CONFLICT",
  "VALIDATION_ERROR",
  "PERMISSION_DENIED",
  "CONFLICT",
  "PAYLOAD_TOO_LARGE",
  "RATE_LIMITED",
];

/** Every code a command can be refused with over HTTP. */
export function refusalsOf(command: CommandDefinition): RefusalCode[] {
  return [...new Set([...command.refuses, ...COMMAND_REFUSALS])];
}

const RESPONSES = "#/components/responses/";

/** Responses by status, each a reference to one that tells its codes and what to do about them. */
export function refusalResponses(codes: readonly RefusalCode[]): Record<string, { $ref: string }> {
  const byStatus = Map.groupBy(codes, (code) => REFUSALS[code].status);
  const groups = [...byStatus].toSorted(([a], [b]) => a - b);
  return Object.fromEntries(
    groups.map(([status, group]) => [status, { $ref: RESPONSES + group.toSorted().join(".") }]),
  );
}

/** The responses that a document refers to, each defined once: they are named by their codes. */
export function referredResponses(paths: object): Record<string, object> {
  const names = [...JSON.stringify(paths).matchAll(/"#\/components\/responses\/([A-Z_.]+)"/g)].map(
    ([, name]) => name ?? "",
  );
  const known = new Set<string>(Object.keys(REFUSALS));
  const isCode = (text: string): text is RefusalCode => known.has(text);
  return Object.fromEntries(
    [...new Set(names)].toSorted().map((name) => [name, refusalResponse(name.split(".").filter(isCode))]),
  );
}

function refusalResponse(codes: readonly RefusalCode[]): object {
  const description = codes.map((code) => `\`${code}\`: ${REFUSALS[code].hint}`).join("\n\n");
  const [first = "INTERNAL"] = codes;
  const headers = {
    "X-Correlation-Id": { $ref: "#/components/headers/X-Correlation-Id" },
    ...(codes.some((code) => code === "RATE_LIMITED" || code === "UNAVAILABLE") && {
      "Retry-After": { $ref: "#/components/headers/Retry-After" },
    }),
  };
  const example = {
    type: `urn:flightdeck:refusal:${first}`,
    title: titleOf(first),
    status: REFUSALS[first].status,
    detail: "What was wrong, in a sentence.",
    code: first,
    message: "What was wrong, in a sentence.",
    hint: REFUSALS[first].hint,
  };
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" }, example } };
  return { description, headers, content };
}
