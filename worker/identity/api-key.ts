import { API_KEY_PREFIX, sha256 } from "../platform/randomness.ts";
import type { Credentials } from "./credentials.ts";

/** The rest of a key is of the prefix's alphabet, so that a key can travel as a WebSocket subprotocol. */
const API_KEY_REST = /^[A-Za-z0-9_]{16,128}$/;

/** The identity a key's text stands for, or null if the text is not a key's. */
export function verifyApiKey(text: string): Credentials | null {
  if (!text.startsWith(API_KEY_PREFIX) || !API_KEY_REST.test(text.slice(API_KEY_PREFIX.length))) return null;
  return {
    identity: { kind: "api_key", subject: sha256(text), session_id: null },
    expires_at: null,
    workspace_id: null,
  };
}
