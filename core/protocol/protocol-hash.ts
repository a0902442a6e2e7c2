/** SHA-256 of the protocol's shape, and the version it has. Written by `npm run generate -- --accept-protocol`. */
export const PROTOCOL_HASH = {
  version: 1,
  sha256: "c120ec174a476b6976c46356c72565be134332f115636c1a37b3261212a04d88",
};
