import { z } from "zod";
import type { Proof } from "../adapters/native/native-socket.ts";

const ProofSchema = z.strictObject({
  identity: z.strictObject({
    kind: z.enum(["user", "api_key", "system"]),
    subject: z.string(),
    session_id: z.string().nullable(),
  }),
  expires_at: z.number().nullable(),
});

/** Reads the Worker's statement of who is connecting; null if there is none. */
export function parseProof(header: string | null): Proof | null {
  return header === null ? null : ProofSchema.parse(JSON.parse(decodeURIComponent(header)));
}
