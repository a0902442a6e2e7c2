import { runLiveDemo } from "./run-live-demo.ts";

/** Whether live mode runs in this tab, and why it ended if it did not end by itself. */
export interface LiveModeState {
  readonly on: boolean;
  readonly failure: string | null;
}

const OFF: LiveModeState = { on: false, failure: null };

/** Live mode of this tab: it goes on while one moves between pages, and ends with the tab. */
export class LiveMode {
  readonly #listeners = new Set<() => void>();
  #state = OFF;
  #abort: AbortController | null = null;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): LiveModeState => this.#state;

  start(token: string, workspace_id: string): void {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    this.#set({ on: true, failure: null });
    runLiveDemo({ url: "", token, workspace_id, signal: abort.signal }).then(
      () => this.#ended(abort, null),
      (error: unknown) => this.#ended(abort, error instanceof Error ? error.message : String(error)),
    );
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#set(OFF);
  }

  #ended(abort: AbortController, failure: string | null): void {
    if (this.#abort !== abort) return;
    this.#abort = null;
    this.#set({ on: false, failure });
  }

  #set(state: LiveModeState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

export const liveMode = new LiveMode();
