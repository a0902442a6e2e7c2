/** The WebSocket subprotocol that both sides name; a breaking change of the frames makes it v2. */
export const SUBPROTOCOL = "flightdeck.v1";

/** Sent in `hello`. Bump it when frames or domain schemas change so that an old browser tab must reload. */
export const PROTOCOL_VERSION = 1;

/** A text frame or HTTP command larger than this is refused (bytes of UTF-8). */
export const MAX_FRAME_BYTES = 64 * 1024;
export const MAX_BODY_BYTES = 256 * 1024;
/** One snapshot frame holds at most this much, and at most this many may be unacknowledged. */
export const SNAPSHOT_CHUNK_BYTES = 256 * 1024;
export const SNAPSHOT_WINDOW = 4;
/** A reader with more than this sent and not reported as applied is cut off; it resumes. */
export const MAX_UNREPORTED_BYTES = 1024 * 1024;

/** The exact texts of the keep-alive pair: matched byte by byte by the platform, without waking the room. */
export const PING_TEXT = '{"type":"ping"}';
export const PONG_TEXT = '{"type":"pong"}';
export const PING_INTERVAL_MS = 25_000;
export const PONG_TIMEOUT_MS = 5_000;
