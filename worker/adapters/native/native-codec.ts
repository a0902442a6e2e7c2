import type { Codec } from "../../engine/ports.ts";

/** The native protocol: one JSON text frame each. */
export const nativeCodec: Codec = {
  name: "native",
  encode: (frame) => JSON.stringify(frame),
};
