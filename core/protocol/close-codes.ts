/**
 * Why the room closes a socket. 4000–4499: come back and resume. 4500–4999: final, coming back gives the same.
 * Refusals close an accepted socket, because a failed upgrade reaches partysocket as a synthetic 1000 and it retries for ever.
 */
export const CLOSE_CODES = {
  RESTARTING: { code: 4000, reason: "The room restarts; resume" },
  SLOW_READER: { code: 4001, reason: "Too much unread; resume" },
  HELLO_TIMEOUT: { code: 4002, reason: "No hello came in time" },
  TOKEN_EXPIRED: { code: 4003, reason: "The token expired; come back with a new one" },
  UNAVAILABLE: { code: 4004, reason: "The room cannot answer now; come back" },
  TOO_MANY_FRAMES: { code: 4005, reason: "Too many frames; come back and resume" },
  TOO_LARGE: { code: 1009, reason: "A frame was larger than 64 KiB" },
  UNSUPPORTED_PROTOCOL: { code: 4500, reason: "This protocol version is not supported; reload" },
  UNAUTHENTICATED: { code: 4501, reason: "The token or key is missing or not valid" },
  NOT_FOUND: { code: 4504, reason: "Not found" },
  ACCESS_REVOKED: { code: 4505, reason: "Access was taken away" },
  SIGNED_OUT: { code: 4506, reason: "Signed out" },
} as const satisfies Record<string, { code: number; reason: string }>;

export type CloseReason = keyof typeof CLOSE_CODES;

/** Whether a client should connect again after a close with this code. The only reader of the ranges. */
export function shouldReconnect(code: number): boolean {
  return !(code === 1009 || (code >= 4500 && code <= 4999));
}
