import type { ProcessGroup } from "./process-group.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Makes Ctrl-C during start-up a regular exit, so that what was started so far ends too. */
export function exitOnSignals(): void {
  for (const signal of STOP_SIGNALS) process.on(signal, () => process.exit(130));
}

/** Waits for Ctrl-C (SIGTERM, the terminal's end) or the group's own end, and leaves nothing running. */
export async function untilStopped(group: ProcessGroup): Promise<void> {
  const asked = new Promise<"asked">((resolve) => {
    for (const signal of STOP_SIGNALS) process.removeAllListeners(signal).on(signal, () => resolve("asked"));
  });
  const how = await Promise.race([asked, group.ended]);
  await group.stop();
  if (how === "asked") return;
  console.error(`wrangler dev ended by itself with code ${how}.`);
  process.exitCode = 1;
}
