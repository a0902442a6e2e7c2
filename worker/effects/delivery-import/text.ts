/** The encodings that spreadsheets and ad platforms write. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** How many bytes of a byte order mark the sample begins with, and what its text is encoded in. */
export interface EncodingFound {
  readonly encoding: Encoding;
  readonly bomBytes: number;
}

/**
 * Recognises an encoding by its byte order mark, else by the zero bytes that UTF-16 leaves in Latin letters,
 * else as UTF-8 if it is valid, else as the Windows code page that old spreadsheets write.
 */
export function detectEncoding(sample: Uint8Array): EncodingFound {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return { encoding: "utf-8", bomBytes: 3 };
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: "utf-16le", bomBytes: 2 };
  if (sample[0] === 0xfe && sample[1] === 0xff) return { encoding: "utf-16be", bomBytes: 2 };
  const zeros = zeroBytes(sample.subarray(0, 512));
  if (zeros.odd > zeros.half * 0.7 && zeros.even === 0) return { encoding: "utf-16le", bomBytes: 0 };
  if (zeros.even > zeros.half * 0.7 && zeros.odd === 0) return { encoding: "utf-16be", bomBytes: 0 };
  return { encoding: isUtf8(sample) ? "utf-8" : "windows-1252", bomBytes: 0 };
}

function zeroBytes(bytes: Uint8Array): { even: number; odd: number; half: number } {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0) continue;
    if (at % 2 === 0) even++;
    else odd++;
  }
  return { even, odd, half: bytes.length / 2 };
}

/** Whether the bytes are UTF-8; a character cut off at the end of the sample is none the less. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Turns a file's bytes, chunk by chunk, into UTF-8 without a byte order mark. UTF-8 passes through untouched. */
export class Utf8Recoder {
  readonly #decoder: TextDecoder | null;
  readonly #encoder = new TextEncoder();
  #toSkip: number;

  constructor({ encoding, bomBytes }: EncodingFound) {
    this.#decoder = encoding === "utf-8" ? null : new TextDecoder(encoding, { fatal: false, ignoreBOM: true });
    this.#toSkip = bomBytes;
  }

  recode(chunk: Uint8Array): Uint8Array {
    const skip = Math.min(this.#toSkip, chunk.length);
    this.#toSkip -= skip;
    const rest = skip > 0 ? chunk.subarray(skip) : chunk;
    return this.#decoder ? this.#encoder.encode(this.#decoder.decode(rest, { stream: true })) : rest;
  }
}
