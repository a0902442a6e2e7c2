import { REFUSALS } from "../../../../core/model/refusal.ts";

const parameter = (name: string, description: string, more: object): object => ({
  name,
  in: "header",
  description,
  ...more,
});
const inPath = (name: string, description: string, schema: object): object => ({
  name,
  in: "path",
  required: true,
  description,
  schema,
});

/** Parameters that many operations share, by name. */
export const PARAMETERS = {
  workspace: inPath("workspace", "The workspace's id.", { type: "string", pattern: "^ws_" }),
  campaign: inPath("campaign", "The campaign's id, slug or external id.", { type: "string", maxLength: 128 }),
  id: inPath("id", "The entity's id, external id or slug.", { type: "string", maxLength: 128 }),
  idempotencyKey: parameter("Idempotency-Key", "Names this request: send the same one when you retry it.", {
    required: true,
    schema: { type: "string", pattern: "^[A-Za-z0-9_.:-]{16,255}$" },
    example: "n8n:workflow-7:execution-1204:0",
  }),
  ifMatch: parameter("If-Match", "Carry it out only if the entity is still at this revision.", {
    schema: { type: "string" },
    example: '"7"',
  }),
  dryRun: parameter("Dry-Run", "Check it and answer what would happen, without doing it.", {
    schema: { type: "string", enum: ["true", "false"] },
  }),
  traceparent: parameter("traceparent", "W3C trace context, kept in the audit.", { schema: { type: "string" } }),
};

export const PARAMETER_REFS = Object.fromEntries(
  Object.keys(PARAMETERS).map((name) => [name, { $ref: `#/components/parameters/${name}` }]),
) as Record<keyof typeof PARAMETERS, { $ref: string }>; // fromEntries forgets the keys it was given

/** Headers of answers. */
export const HEADERS = {
  "X-Correlation-Id": { description: "Quote it when you report a problem.", schema: { type: "string" } },
  ETag: { description: "The revision, to be sent back as If-Match.", schema: { type: "string" } },
  "Retry-After": { description: "Seconds to wait before the same request.", schema: { type: "integer", minimum: 1 } },
};

/** Schemas that belong to no entity, event or command. */
export const SCHEMAS = {
  Problem: {
    type: "object",
    description: "RFC 9457 problem details.",
    required: ["type", "title", "status", "detail", "code", "message", "hint"],
    properties: {
      type: { type: "string", format: "uri" },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
      code: { type: "string", enum: Object.keys(REFUSALS) },
      message: { type: "string" },
      issues: {
        type: "array",
        items: {
          type: "object",
          required: ["pointer", "message", "keyword"],
          properties: {
            pointer: { type: "string", description: "RFC 6901 pointer into the body." },
            message: { type: "string" },
            keyword: { type: "string" },
          },
        },
      },
      hint: { type: "string", description: "What to do next." },
      details: { type: "object", description: "Facts to act on, such as current_revision." },
    },
  },
  AsOf: {
    type: "object",
    description: "The point in the room's history that the answer shows.",
    required: ["epoch", "seq", "at"],
    properties: {
      epoch: { type: "integer" },
      seq: { type: "integer" },
      at: { type: "string", format: "date-time" },
    },
  },
};
