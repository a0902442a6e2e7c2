import type { Logger } from "../engine/ports.ts";

/** One JSON line each. Callers never pass tokens or payloads. */
export const jsonLogger: Logger = {
  log(level, message, facts) {
    const line = JSON.stringify({ level, message, ...facts });
    if (level === "error") console.error(line);
    else if (level === "warn") console.warn(line);
    else console.log(line);
  },
};
