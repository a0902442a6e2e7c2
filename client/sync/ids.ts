/** Crockford's base 32, as ULIDs are written. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;

/** Fills a buffer with randomness; replaced in simulations. */
export type Entropy = (bytes: number) => Uint8Array;

export const systemEntropy: Entropy = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

/** A ULID: 48 bits of time, 80 bits of randomness, 26 characters that sort by time. */
export function ulid(now: number = Date.now(), entropy: Entropy = systemEntropy): string {
  let text = "";
  let rest = now;
  for (let i = 0; i < TIME_CHARACTERS; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  for (const byte of entropy(RANDOM_CHARACTERS)) text += ALPHABET.charAt(byte & 31);
  return text;
}

/** An id for something this browser creates: `newId("mb")`. */
export function newId(prefix: string): string {
  return `${prefix}_${ulid()}`;
}
