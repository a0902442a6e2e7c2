const STEP_MS = 0.05;
const BINS = 200_000;

/** Latencies of up to 10 s in steps of 0.05 ms: constant memory, however many. */
export class Histogram {
  readonly #bins = new Uint32Array(BINS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(ms / STEP_MS)));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#count++;
  }

  /** The upper edge of the step that holds the given share (0..1) of latencies; 0 if there are none. */
  quantile(share: number): number {
    const wanted = Math.ceil(this.#count * share);
    let seen = 0;
    for (let bin = 0; bin < BINS; bin++) {
      seen += this.#bins[bin] ?? 0;
      if (seen >= wanted && seen > 0) return Number(((bin + 1) * STEP_MS).toFixed(2));
    }
    return 0;
  }
}
