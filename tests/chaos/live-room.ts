import { systemClock } from "../../client/sync/clock.ts";
import { partySocketTo } from "../../client/sync/party-socket.ts";
import { RoomClient } from "../../client/sync/room-client.ts";

import type { Grants, Role } from "../../core/model/access.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { Api, makeCampaign, mustWork } from "../e2e/support/api.ts";
import type { TestCampaign } from "../e2e/support/api.ts";
import type { Flightdeck } from "../e2e/support/flightdeck.ts";
import { RoomSocket } from "../e2e/support/room-socket.ts";
import { fold, rowText, rowTexts, visibleEvents, visibleRows, wireText } from "./fold.ts";
import { historyOf } from "./history.ts";
import type { Acknowledgement, History, State } from "./history.ts";
import { headOf, readModelFile, readProjection, readRoom, roomFileOf } from "./room-files.ts";
import type { RoomFile } from "./room-files.ts";
import { Viewer } from "./viewer.ts";

const SCOPES = ["campaign.read", "campaign.edit", "media_buy.edit", "creative.edit", "delivery.report"] as const;
const WRITER_GRANTS: Grants = { kind: "scopes", scopes: SCOPES };
const POLL_MS = 100;

/** A campaign's room on a real server, with people who watch it and programs that write to it. */
export class LiveRoom {
  readonly server: Flightdeck;
  readonly owner: Api & { workspaceId: string };
  readonly campaign: TestCampaign;
  /** A key whose allowance of commands is as large as the server was told. */
  readonly key: string;
  readonly acknowledged: Acknowledgement[] = [];
  readonly #viewers: { viewer: Viewer; role: Role }[] = [];
  readonly #clients: { client: RoomClient; name: string; grants: Grants }[] = [];
  readonly #problems: string[] = [];

  private constructor(parts: Pick<LiveRoom, "server" | "owner" | "campaign" | "key">) {
    ({ server: this.server, owner: this.owner, campaign: this.campaign, key: this.key } = parts);
  }

  static async open(server: Flightdeck): Promise<LiveRoom> {
    const owner = await Api.as(server.url, "owner");
    const campaign = await makeCampaign(owner);
    const made = await owner.post(`/v1/workspaces/${owner.workspaceId}/api_key/create`, {
      name: "chaos",
      scopes: SCOPES,
    });
    return new LiveRoom({ server, owner, campaign, key: String(mustWork(made).data?.["secret"]) });
  }

  /** All tokens that were used here, to be looked for where they must not be. */
  get tokens(): string[] {
    return [this.owner.token, this.key];
  }

  get livePath(): string {
    return `${this.campaign.path}/live`;
  }

  get liveAddress(): string {
    return this.server.url.replace(/^http/, "ws") + this.livePath;
  }

  /** The program's HTTP interface. */
  get program(): Api {
    return new Api(this.server.url, this.key);
  }

  /** Somebody who watches from now on. */
  async viewer(name: string, person: Role = "owner"): Promise<Viewer> {
    const { token } = await Api.as(this.server.url, person);
    const viewer = new Viewer({ name, address: this.liveAddress, token, room: campaignRoom });
    this.watched(viewer, person);
    viewer.start();
    await viewer.until(0);
    return viewer;
  }

  /** Counts somebody among those who watch. */
  watched(viewer: Viewer, role: Role): void {
    this.#viewers.push({ viewer, role });
  }

  /** The browser's own client, with the program's key. */
  client(name: string): RoomClient {
    const client = new RoomClient({
      room: campaignRoom,
      connect: (token) => partySocketTo(this.liveAddress, token),
      token: async () => ({ token: this.key, expires_at: null }),
      clock: systemClock,
      report: (problem) => this.#problems.push(`${name}: ${String(problem)}`),
    });
    client.start();
    this.#clients.push({ client, name, grants: WRITER_GRANTS });
    return client;
  }

  /** A bare socket with the program's key, at the head. */
  async socket(token = this.key): Promise<RoomSocket> {
    const socket = await RoomSocket.open(this.server.url, this.livePath, token);
    await socket.hello();
    return socket;
  }

  acknowledge(command_id: string, seq: number): void {
    this.acknowledged.push({ command_id, actor: null, seq });
  }

  /** A change that is always one. */
  change(n: number): { campaign_id: string; updates: { state: { n: number } } } {
    return { campaign_id: this.campaign.campaignId, updates: { state: { n } } };
  }

  readLog(): RoomFile {
    return readRoom(roomFileOf(this.server.stateDir, this.campaign.campaignId));
  }

  /** Waits until everybody has everything and D1 too, and puts the history together. */
  async settledHistory(timeoutMs = 60_000): Promise<History> {
    const { campaignId, workspaceId } = this.campaign;
    const file = roomFileOf(this.server.stateDir, campaignId);
    const readModel = readModelFile(this.server.stateDir);
    const head = (): number => headOf(file);
    await poll("everybody at the head", timeoutMs, () => {
      const seq = head();
      const behind = [
        ...this.#viewers.map(({ viewer }) => viewer.seq),
        ...this.#clients.map(({ client }) => client.seq),
      ];
      return behind.every((at) => at === seq) && this.#clients.every(({ client }) => client.unanswered === 0);
    });
    await poll("D1 at the head", timeoutMs, () => readProjection(readModel, workspaceId, campaignId).seq === head());
    const room = readRoom(file);
    const projection = readProjection(readModel, workspaceId, campaignId);
    return historyOf(room.log, {
      start: room.start,
      acknowledged: this.acknowledged,
      seen: this.#viewers.flatMap(({ viewer }) => viewer.seen),
      streams: this.#viewers.map(({ viewer, role }) =>
        viewer.stream(visibleEvents(campaignRoom, { kind: "role", role })),
      ),
      states: this.#states(room),
      projections: [projection],
      wire: wireText(campaignRoom),
    });
  }

  /** Ends every connection. */
  close(): void {
    for (const { viewer } of this.#viewers) viewer.stop();
    for (const { client } of this.#clients) client.stop();
  }

  #states({ log, entities }: RoomFile): State[] {
    const seq = log.at(-1)?.seq ?? 0;
    const store = fold(campaignRoom, log);
    return [
      { holder: "the room's storage", seq, rows: rowTexts(entities), folded: rowTexts(store.all()) },
      ...this.#viewers.map(({ viewer, role }) => ({
        holder: viewer.name,
        seq: viewer.seq,
        rows: rowTexts(viewer.reader.store.all()),
        folded: visibleRows(campaignRoom, store, { kind: "role", role }),
      })),
      ...this.#clients.map(({ client, name, grants }) => ({
        holder: name,
        seq: client.seq ?? -1,
        rows: rowsHeldBy(client),
        folded: visibleRows(campaignRoom, store, grants),
      })),
    ];
  }
}

/** What a browser's client holds, as texts. */
function rowsHeldBy(client: RoomClient): string[] {
  const kinds = [...campaignRoom.entities.values()].filter((kind) => kind.resident);
  return kinds
    .flatMap((kind) =>
      client
        .list(kind)
        .map((value) => rowText({ kind: kind.kind, id: value.id, revision: client.revision(kind, value.id), value })),
    )
    .toSorted();
}

/** Waits until `done`. Throws after the timeout. */
export async function poll(what: string, timeoutMs: number, done: () => boolean): Promise<number> {
  const started = Date.now();
  while (!done()) {
    if (Date.now() - started > timeoutMs) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return Date.now() - started;
}
