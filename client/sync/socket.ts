/** What a socket tells its owner. */
export interface SocketEvents {
  /** A connection is open; nothing was sent on it yet. Called again after each reconnection. */
  open(): void;
  message(text: string): void;
  /** A connection ended, or could not be made. Whether another follows is decided by the close code alone. */
  close(code: number, reason: string): void;
}

/** A connection that comes back by itself. Its owner keeps what was not answered: nothing is queued here. */
export interface Socket {
  /** Sends if a connection is open; otherwise the text is dropped and the answer is false. */
  send(text: string): boolean;
  /** Gives up the present connection and makes another at once. */
  reconnect(): void;
  /** Ends it for good. */
  close(): void;
}

export type OpenSocket = (events: SocketEvents) => Socket;

/** A bearer token and when it ends (ISO-8601), null if never. */
export interface Token {
  readonly token: string;
  readonly expires_at: string | null;
}

/** Gives a token that is valid now, a new one if the last is near its end and another can be had. Rejects if there is none. */
export type TokenProvider = () => Promise<Token>;
