/** Where the load goes. */
export type Target =
  | {
      readonly system: "flightdeck";
      readonly url: string;
      readonly path: string;
      readonly token: string;
      readonly campaign_id: string;
    }
  | { readonly system: "socket.io"; readonly url: string }
  | { readonly system: "partyserver"; readonly url: string; readonly room: string };

/** Told of each event that a viewer parsed, in the order in which it came: its place in the log and the change's own number. */
export type OnEvent = (seq: number, n: number) => void;

/** A reader. It counts what it gets and checks that nothing is missing, doubled or out of order. */
export interface Viewer {
  /** The `seq` of the last event it has. */
  readonly seq: number;
  /** Payload and headers of the WebSocket frames it got, in bytes. */
  readonly bytes: number;
  readonly frames: number;
  close(): void;
}

/** A sender of changes, one at a time. */
export interface Writer {
  /** Sends change `n`. Resolves when it is acknowledged as durable. */
  change(n: number): Promise<void>;
  close(): void;
}

/** How one system is spoken to. */
export interface Dialect {
  viewer(onEvent: OnEvent): Promise<Viewer>;
  writer(): Promise<Writer>;
  /** Where the log is now, in the words of the system. */
  position(): Promise<Place>;
  /** Connects as a reader that has everything up to a place; resolves with the milliseconds until it has everything up to `head`. */
  resume(from: Place, head: number): Promise<number>;
  /** Connects as a reader that has nothing; resolves with the milliseconds until it has at least `rows` rows parsed. */
  snapshot(rows: number): Promise<number>;
}

/** A place in a log; a system may need more than the `seq` to know it again. */
export interface Place {
  readonly seq: number;
}
