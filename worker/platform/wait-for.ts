/** Runs `work` after `ms`; returns how to call it off. A pending timer keeps the object in memory, so waits are short. */
export function waitFor(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
