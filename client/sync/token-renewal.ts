import type { Clock } from "./clock.ts";
import type { Token, TokenProvider } from "./socket.ts";

/** Renew when this share of a token's life is over. */
const RENEW_AT = 0.8;
/** The longest a timer can wait; a longer life is looked at again then. */
const MAX_WAIT_MS = 0x7fffffff;

/** Sends a new token over the open connection before the old one ends, so that the session need not be cut. */
export class TokenRenewal {
  readonly #clock: Clock;
  readonly #token: TokenProvider;
  readonly #send: (token: string) => void;
  #cancel: () => void = () => undefined;
  #current: string | null = null;
  /** Counts starts and stops, so that a provider that answers late finds its question void. */
  #turn = 0;

  constructor(options: { clock: Clock; token: TokenProvider; send: (token: string) => void }) {
    this.#clock = options.clock;
    this.#token = options.token;
    this.#send = options.send;
  }

  /** A provider that keeps every token it gives: what the socket used is what is renewed. */
  readonly provide: TokenProvider = async () => {
    const token = await this.#token();
    this.#current = token.token;
    this.#schedule(token);
    return token;
  };

  stop(): void {
    this.#turn += 1;
    this.#cancel();
  }

  #schedule({ expires_at }: Token): void {
    this.stop();
    if (expires_at === null) return;
    const wait = (Date.parse(expires_at) - this.#clock.now()) * RENEW_AT;
    if (wait <= 0) return;
    if (wait > MAX_WAIT_MS)
      this.#cancel = this.#clock.after(MAX_WAIT_MS, () => this.#schedule({ token: "", expires_at }));
    else this.#cancel = this.#clock.after(wait, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const turn = this.#turn;
    try {
      const token = await this.#token();
      // The same token again: there is no other to be had, and the room will say when it is over.
      if (turn !== this.#turn || token.token === this.#current) return;
      this.#current = token.token;
      this.#send(token.token);
      this.#schedule(token);
    } catch {
      // Without a new token the old one runs out; the room closes the session and the reconnection asks again.
    }
  }
}
