import type { Clock } from "./clock.ts";
import type { RoomClient } from "./room-client.ts";

/** Which room: a workspace, or one of its campaigns by id, slug or external id. */
export interface RoomAddress {
  readonly workspace_id: string;
  readonly campaign_id?: string | undefined;
}

/** How long a room nobody looks at stays connected: long enough to go to another page and back. */
export const LINGER_MS = 10_000;

interface Entry {
  readonly client: RoomClient;
  users: number;
  cancelClose: (() => void) | null;
}

interface RegistryOptions {
  readonly clock: Clock;
  /** Makes a client that is not started. */
  open(address: RoomAddress): RoomClient;
}

/** One client per room, however many look at it: they share its socket. */
export class RoomRegistry {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** The room's client, the same for everybody. It connects when somebody retains it. */
  client(address: RoomAddress): RoomClient {
    return this.#entry(address).client;
  }

  /** Connects the room until the returned function is called, and a little longer. */
  retain(address: RoomAddress): () => void {
    const entry = this.#entry(address);
    entry.users += 1;
    entry.cancelClose?.();
    entry.cancelClose = null;
    entry.client.start();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      entry.users -= 1;
      if (entry.users === 0) this.#closeSoon(roomName(address), entry);
    };
  }

  /** Tells every room that the browser went on- or offline. */
  networkChanged(online: boolean): void {
    for (const { client } of this.#entries.values()) client.networkChanged(online);
  }

  /** Makes sure that the connections still live, after the page was out of sight. */
  probe(): void {
    for (const { client } of this.#entries.values()) client.probe();
  }

  /** Leaves every room at once: signing out. */
  close(): void {
    for (const entry of this.#entries.values()) {
      entry.cancelClose?.();
      entry.client.stop();
    }
    this.#entries.clear();
  }

  #entry(address: RoomAddress): Entry {
    const name = roomName(address);
    let entry = this.#entries.get(name);
    if (!entry) {
      entry = { client: this.#options.open(address), users: 0, cancelClose: null };
      this.#entries.set(name, entry);
    }
    return entry;
  }

  /** A room with commands under way is kept until they are answered. */
  #closeSoon(name: string, entry: Entry): void {
    entry.cancelClose = this.#options.clock.after(LINGER_MS, () => {
      if (entry.client.unanswered > 0) return this.#closeSoon(name, entry);
      entry.client.stop();
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
  }
}

function roomName({ workspace_id, campaign_id }: RoomAddress): string {
  return campaign_id === undefined ? workspace_id : `${workspace_id}/${campaign_id}`;
}
