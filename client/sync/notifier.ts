export type Listener = () => void;

/** Tells listeners that something changed: once per microtask however much did. One that throws stops no other. */
export class Notifier {
  readonly #listeners = new Set<Listener>();
  readonly #report: (error: unknown) => void;
  #scheduled = false;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  subscribe(listener: Listener): () => void {
    // A wrapper of its own, so that subscribing the same function twice needs two unsubscriptions.
    const entry: Listener = () => listener();
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) guarded(listener, this.#report);
    });
  }
}

/** Runs `work`; what it throws is reported instead. */
export function guarded(work: () => void, report: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    report(error);
  }
}
