import PartySocket from "partysocket/ws";
import { shouldReconnect } from "../../core/protocol/close-codes.ts";
import { SUBPROTOCOL } from "../../core/protocol/version.ts";
import type { OpenSocket, TokenProvider } from "./socket.ts";

const CONNECTION_TIMEOUT_MS = 15_000;
const MIN_DELAY_MS = 500;
const MAX_DELAY_MS = 10_000;

/**
 * Options with fresh jitter at each look: partysocket reads them before every attempt and has no jitter of its own,
 * so that after a restart all clients of a room would come back in the same instant.
 */
const jitteredDelays = {
  get minReconnectionDelay(): number {
    return MIN_DELAY_MS * (1 + 2 * Math.random());
  },
  get maxReconnectionDelay(): number {
    return MAX_DELAY_MS * (0.5 + 0.5 * Math.random());
  },
};

/** Opens a reconnecting WebSocket to a room. The token travels as a subprotocol: browsers cannot set headers and URLs end up in logs. */
export function partySocketTo(url: string, token: TokenProvider): OpenSocket {
  return (events) => {
    const protocols = async (): Promise<string[]> => [SUBPROTOCOL, `bearer.${(await token()).token}`];
    const socket = new PartySocket(url, protocols, {
      get minReconnectionDelay() {
        return jitteredDelays.minReconnectionDelay;
      },
      get maxReconnectionDelay() {
        return jitteredDelays.maxReconnectionDelay;
      },
      reconnectionDelayGrowFactor: 1.6,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      // The pending list is the only queue: it knows what was answered.
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: (event) => shouldReconnect(event.code),
    });
    socket.onopen = () => events.open();
    socket.onmessage = (event) => {
      if (typeof event.data === "string") events.message(event.data);
    };
    // As a property, not a listener: listeners get a copy of the event whose code partysocket 1.3.0 garbles in browsers.
    socket.onclose = (event) => events.close(event.code, event.reason);
    // A token provider that rejects ends an attempt with an error alone, without a close.
    socket.onerror = () => undefined;
    return {
      send: (text) => socket.send(text),
      reconnect: () => socket.reconnect(),
      close: () => {
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
      },
    };
  };
}
