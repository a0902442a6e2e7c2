import { dirname, join } from "node:path";

/** The repository. */
export const ROOT = dirname(dirname(import.meta.dirname));
/** What `npm start` keeps between runs: the rooms' and D1's data, and notes of what is already done. */
export const LOCAL_DIR = join(ROOT, ".flightdeck");
export const STATE_DIR = join(LOCAL_DIR, "state");
export const CLIENT_DIST = join(ROOT, "dist", "client");
/** Commands of installed packages. */
export const BIN = join(ROOT, "node_modules", ".bin");
