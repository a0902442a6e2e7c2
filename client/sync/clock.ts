/** Time in milliseconds since 1970, and timers. A fake one makes every test of the sync layer deterministic. */
export interface Clock {
  now(): number;
  /** Runs `work` once after `ms` unless the returned function is called first. */
  after(ms: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
