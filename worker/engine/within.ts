import type { Clock } from "./ports.ts";

/** Waits for `work`, but no longer than `ms`. Resolves whether it was done by then; rejects as `work` does. */
export async function within(clock: Clock, ms: number, work: Promise<void>): Promise<boolean> {
  let cancel = (): void => {};
  const enough = new Promise<false>((resolve) => {
    cancel = clock.after(ms, () => resolve(false));
  });
  try {
    return await Promise.race([work.then(() => true), enough]);
  } finally {
    cancel();
  }
}
