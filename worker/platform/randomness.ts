import { createHash } from "node:crypto";
import type { Randomness } from "../engine/ports.ts";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SECRET_LENGTH = 32;

/** The text every API key begins with. */
export const API_KEY_PREFIX = "fd_live_";

/** SHA-256 as hex. Synchronous (7 µs in workerd), because command handlers never await. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The runtime's hashes and random numbers. */
export const platformRandomness: Randomness = {
  digest: sha256,
  ulidFrom(seed) {
    const bytes = createHash("sha256").update(seed).digest();
    let text = CROCKFORD.charAt(bytes.readUInt8(0) & 7);
    for (let at = 1; at < 26; at++) text += CROCKFORD.charAt(bytes.readUInt8(at) & 31);
    return text;
  },
  secret() {
    const text = API_KEY_PREFIX + randomAlphanumeric(SECRET_LENGTH);
    return { text, hash: sha256(text) };
  },
};

/** Unbiased: bytes beyond the last whole multiple of 62 are drawn again. */
function randomAlphanumeric(length: number): string {
  const limit = 256 - (256 % ALPHANUMERIC.length);
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < limit && text.length < length) text += ALPHANUMERIC.charAt(byte % ALPHANUMERIC.length);
    }
  }
  return text;
}
