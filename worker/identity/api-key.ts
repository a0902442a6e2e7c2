import { createHash } from "node:crypto";
import type { Credentials } from "./credentials.ts";

/** What every API key starts with. The rest is of the same alphabet, so that a key can travel as a WebSocket subprotocol. */
const API_KEY_PREFIX = "fd_live_";
const API_KEY = /^fd_live_[A-Za-z0-9_]{16,128}$/;

/** The identity a key's text stands for, or null if the text is not a key's. */
export function verifyApiKey(text: string): Credentials | null {
  if (!text.startsWith(API_KEY_PREFIX) || !API_KEY.test(text)) return null;
  return {
    identity: { kind: "api_key", subject: createHash("sha256").update(text).digest("hex"), session_id: null },
    expires_at: null,
    workspace_id: null,
  };
}
