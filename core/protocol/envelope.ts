import { z } from "zod";

/** Names one command of one actor; the same on every try of it. */
export const CommandId = z.string().regex(/^[A-Za-z0-9_.:-]{16,255}$/, "An id is 16 to 255 of A-Z a-z 0-9 _ . : -");

const Label = z.string().min(1).max(128);

/** What may come along with a command. Device and session reach the audit; an identity that contradicts the token is refused. */
export const Metadata = z.strictObject({
  expected_revision: z.int().nonnegative().optional(),
  dry_run: z.boolean().optional(),
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, "Not a W3C traceparent")
    .optional(),
  correlation_id: Label.optional(),
  /** An id, slug or number of the sender's own; one of Flightdeck's ids must be the campaign that is addressed. */
  campaign: z.strictObject({ campaignId: z.union([Label, z.int()]) }).optional(),
  user: z.strictObject({ userId: Label }).optional(),
  device: z.strictObject({ deviceId: Label }).optional(),
  session: z.strictObject({ sessionId: Label }).optional(),
});
export type Metadata = z.infer<typeof Metadata>;

/** A command on its way to a room: `type` ends in `:requested`, `payload` is checked by the command's own schema. */
export const Envelope = z.strictObject({
  type: z
    .string()
    .max(128)
    .regex(/^[a-z_]+:[a-z_]+:v\d+:requested$/, "A command's type is {service}:{action}:v{n}:requested"),
  id: CommandId,
  payload: z.unknown(),
  metadata: Metadata.optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** `campaign:update:v1:requested` → `campaign:update:v1`. */
export function baseType(type: string): string {
  return type.slice(0, type.lastIndexOf(":"));
}
