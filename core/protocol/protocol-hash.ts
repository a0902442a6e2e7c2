/** SHA-256 of the protocol's shape, and the version it has. Written by `npm run generate -- --accept-protocol`. */
export const PROTOCOL_HASH = {
  version: 1,
  sha256: "695d27b0dce7f0a0719a5c8722cb26a7c7d3c8d9c37e662164910c573e3375ea",
};
