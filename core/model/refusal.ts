/** Every code a refusal can have, with its HTTP status and what to do next. One table for the socket, HTTP and the reference. */
export const REFUSALS = {
  INVALID_REQUEST: { status: 400, hint: "Check the request against /docs." },
  UNKNOWN_TYPE: { status: 404, hint: "See /docs for every command this room knows." },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    hint: "Send an Idempotency-Key header of 16 to 255 of A-Z a-z 0-9 _ . : - that stays the same when you retry.",
  },
  UNAUTHENTICATED: { status: 401, hint: "Send Authorization: Bearer <token or API key>." },
  PERMISSION_DENIED: {
    status: 403,
    hint: "Ask an admin of the workspace for a role or scope that has this permission.",
  },
  FORBIDDEN_ORIGIN: { status: 403, hint: "Add the origin to ALLOWED_ORIGINS." },
  NOT_FOUND: { status: 404, hint: "Check the address and that your token belongs to this workspace." },
  WORKSPACE_NOT_FOUND: { status: 404, hint: "Check the workspace id." },
  CAMPAIGN_NOT_FOUND: { status: 404, hint: "Check the campaign id, slug or external id." },
  MEDIA_BUY_NOT_FOUND: { status: 404, hint: "Check the media buy id or external id." },
  PACKAGE_NOT_FOUND: { status: 404, hint: "List the packages of the media buy." },
  PRODUCT_NOT_FOUND: { status: 404, hint: "List the inventory products of the workspace." },
  CREATIVE_NOT_FOUND: { status: 404, hint: "List the creatives of the media buy." },
  MEMBER_NOT_FOUND: { status: 404, hint: "List the members of the workspace." },
  API_KEY_NOT_FOUND: { status: 404, hint: "List the API keys of the workspace." },
  IMPORT_NOT_FOUND: { status: 404, hint: "Start the import again." },
  CONFLICT: { status: 409, hint: "Read the current revision and send the change again if you still want it." },
  INVALID_STATE: {
    status: 409,
    hint: "Its status does not allow this. Read it again; details.allowed, where given, names the statuses that may follow.",
  },
  NOT_CANCELLABLE: { status: 409, hint: "It has ended already." },
  NO_CHANGE: { status: 409, hint: "Nothing to do: the state is already as you ask." },
  ID_IN_USE: { status: 409, hint: "Choose another id, or leave it out." },
  SLUG_IN_USE: { status: 409, hint: "Choose another slug." },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    hint: "This Idempotency-Key was used with another payload: use a new key for a new request.",
  },
  STALE_RUN: { status: 409, hint: "A newer run replaced this one; its result is dropped." },
  LAST_OWNER: { status: 409, hint: "Make somebody else an owner first." },
  VALIDATION_ERROR: { status: 422, hint: "Correct the fields named in issues." },
  BUDGET_TOO_LOW: { status: 422, hint: "Raise the budget to at least the minimum." },
  BUDGET_EXCEEDED: { status: 422, hint: "Lower the amount: the source has less budget left." },
  UNSUPPORTED_FEATURE: { status: 422, hint: "This product does not offer that." },
  PAYLOAD_TOO_LARGE: { status: 413, hint: "Send less at once." },
  RATE_LIMITED: { status: 429, hint: "Wait for Retry-After seconds, then send the same request with the same key." },
  INTERNAL: {
    status: 500,
    hint: "It is our mistake and was logged; retry with the same key, and quote the correlation id.",
  },
  UNAVAILABLE: { status: 503, hint: "Retry in a moment with the same key." },
} as const satisfies Record<string, { status: number; hint: string }>;

export type RefusalCode = keyof typeof REFUSALS;

/** One thing wrong with the input. `pointer` is an RFC 6901 JSON pointer into the payload. */
export interface Issue {
  readonly pointer: string;
  readonly message: string;
  readonly keyword: string;
}

/** Why a command was not carried out. A value, never thrown. */
export interface Refusal {
  readonly refused: true;
  readonly code: RefusalCode;
  readonly message: string;
  readonly issues?: readonly Issue[] | undefined;
  readonly hint?: string | undefined;
  /** Facts the caller can act on, e.g. `{current_revision, changed_by}` of a CONFLICT. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export interface RefusalOptions {
  issues?: readonly Issue[];
  hint?: string;
  details?: Readonly<Record<string, unknown>>;
}

/** Makes a refusal. */
export function refuse(code: RefusalCode, message: string, options: RefusalOptions = {}): Refusal {
  return { refused: true, code, message, ...options };
}

/** A VALIDATION_ERROR about one field. */
export function invalid(pointer: string, message: string, keyword = "rule"): Refusal {
  return refuse("VALIDATION_ERROR", message, { issues: [{ pointer, message, keyword }] });
}

/** A refusal of one code about one field: `…_NOT_FOUND` for an id that leads nowhere here, say. */
export function refuseField(code: RefusalCode, pointer: string, message: string): Refusal {
  return refuse(code, message, { issues: [{ pointer, message, keyword: "reference" }] });
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "refused" in value && value.refused === true;
}
