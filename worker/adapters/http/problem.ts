import { REFUSALS } from "../../../core/model/refusal.ts";
import type { Refusal, RefusalCode } from "../../../core/model/refusal.ts";
import { refuse } from "../../../core/model/refusal.ts";

/** The same for what does not exist and for what is somebody else's: nobody can tell the two apart. */
const NOT_FOUND = refuse("NOT_FOUND", "There is nothing here, or it is not yours.");

/** An RFC 9457 problem document. The correlation id is a header, so that equal refusals have equal bytes. */
export function problem(given: Refusal, status?: number): Response {
  const refusal = given.code === "NOT_FOUND" ? NOT_FOUND : given;
  const { code, message, issues, details } = refusal;
  const body = {
    type: `urn:flightdeck:refusal:${code}`,
    title: titleOf(code),
    status: status ?? REFUSALS[code].status,
    detail: message,
    code,
    message,
    ...(issues && { issues }),
    hint: refusal.hint ?? REFUSALS[code].hint,
    ...(details && { details }),
  };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (code === "RATE_LIMITED" || code === "UNAVAILABLE") headers.set("retry-after", String(retryAfter(refusal)));
  if (code === "UNAUTHENTICATED") headers.set("www-authenticate", 'Bearer realm="flightdeck"');
  return new Response(JSON.stringify(body), { status: body.status, headers });
}

/** The answer to every address that leads nowhere, or nowhere for this caller. */
export function notFound(): Response {
  return problem(NOT_FOUND);
}

/** `MEDIA_BUY_NOT_FOUND` → `Media buy not found`. */
export function titleOf(code: RefusalCode): string {
  const words = code.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whole seconds, at least one. */
function retryAfter({ details }: Refusal): number {
  const seconds = details?.["retry_after"];
  return typeof seconds === "number" && seconds > 0 ? Math.ceil(seconds) : 1;
}
