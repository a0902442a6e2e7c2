/** SHA-256 of the protocol's shape, and the version it has. Written by `npm run generate -- --accept-protocol`. */
export const PROTOCOL_HASH = {
  version: 1,
  sha256: "3ebfc1ebe19525449c46248f65c57973bf790d17a7751ed9184543b6f729b709",
};
