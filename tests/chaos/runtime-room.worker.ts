import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Grants } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { SUBPROTOCOL } from "../../core/protocol/version.ts";
import { foundTeam, jsonOf, post, send, testEnv } from "../../worker/app.fixture.ts";
import type { Team } from "../../worker/app.fixture.ts";
import type { RoomEngine } from "../../worker/engine/room-engine.ts";
import type { Env } from "../../worker/env.ts";
import { roomStub } from "../../worker/objects/room-address.ts";
import { fold, rowTexts, visibleEvents, visibleRows, wireText } from "./fold.ts";
import { historyOf } from "./history.ts";
import type { Acknowledgement, History, LoggedCommit, Projection, State } from "./history.ts";
import type { SqliteStorage } from "../../worker/platform/sqlite-storage.ts";
import { Viewer } from "./viewer.ts";
import type { Dial } from "./viewer.ts";

const OWNER: Grants = { kind: "role", role: "owner" };
const SCOPES = ["campaign.read", "campaign.edit"];
const SETTLE_MS = 30_000;
const POLL_MS = 10;

/** What a test may look at inside a room's object. */
export interface Inside {
  readonly engine: RoomEngine;
  readonly storage: SqliteStorage;
  readonly env: Env;
}

/** Connects through the Worker, as a browser does. */
export const dialWorker: Dial = async ({ address, token }, opened) => {
  const headers = { upgrade: "websocket", "sec-websocket-protocol": `${SUBPROTOCOL}, bearer.${token}` };
  const { webSocket } = await send(address, { headers });
  if (!webSocket) throw new Error("No upgrade");
  // In a later turn, when whoever asked listens.
  setTimeout(() => {
    webSocket.accept();
    opened();
  });
  // The runtime's sockets are used as the browser's: to send, to close and to listen.
  return webSocket;
};

/** A campaign's room in the Workers test runtime, with people who watch it. */
export class RuntimeRoom {
  readonly team: Team;
  readonly path: string;
  readonly acknowledged: Acknowledgement[] = [];
  readonly #viewers: { viewer: Viewer; grants: Grants }[] = [];

  private constructor(team: Team) {
    this.team = team;
    this.path = `/v1/workspaces/${team.ws}/campaigns/${team.campaign.id}`;
  }

  /** A new stub each time: one that saw the object die stays broken. */
  get stub(): DurableObjectStub {
    return roomStub({ workspace_id: this.team.ws, campaign_id: this.team.campaign.id }, testEnv);
  }

  /** A room that has been born. */
  static async open(): Promise<RuntimeRoom> {
    const room = new RuntimeRoom(await foundTeam());
    await room.write(0);
    return room;
  }

  /** Somebody who watches, as the workspace's owner. */
  async viewer(name: string): Promise<Viewer> {
    return await this.#watch(name, this.team.owner, OWNER);
  }

  /** A program that watches, with a key of its own. */
  async program(name: string): Promise<Viewer> {
    const asked = { name, scopes: SCOPES };
    const made = await post(`/v1/workspaces/${this.team.ws}/api_key/create`, this.team.owner, asked);
    const { secret } = (await jsonOf<{ data: { secret: string } }>(made)).data;
    return await this.#watch(name, secret, { kind: "scopes", scopes: SCOPES });
  }

  /** A payload that always changes something. */
  change(n: number): object {
    return { campaign_id: this.team.campaign.id, updates: { state: { n } } };
  }

  /** Changes the campaign over HTTP, and notes the acknowledgement. */
  async write(n: number): Promise<number> {
    const answer = await jsonOf<{ id: string; seq: number }>(
      await post(`${this.path}/campaign/update`, this.team.owner, this.change(n)),
    );
    if (typeof answer.seq !== "number") throw new Error(JSON.stringify(answer));
    this.acknowledge(answer.id, answer.seq);
    return answer.seq;
  }

  acknowledge(command_id: string, seq: number): void {
    this.acknowledged.push({ command_id, actor: null, seq });
  }

  inside<T>(look: (room: Inside, state: DurableObjectState) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.stub, (instance: unknown, state) => look(instance as Inside, state));
  }

  async log(): Promise<LoggedCommit[]> {
    return await this.inside(({ storage }) => storage.readLog(0, Number.MAX_SAFE_INTEGER));
  }

  /** Waits until everybody has everything and D1 too, and puts the history together. */
  async settledHistory(): Promise<History> {
    const head = (await this.log()).length;
    for (const { viewer } of this.#viewers) await viewer.until(head);
    await this.projected(head);
    const log = await this.log();
    const store = fold(campaignRoom, log);
    const entities = await this.inside(({ storage }) =>
      [...campaignRoom.entities.keys()].flatMap((kind): StoredEntity[] => [...storage.scan(kind)]),
    );
    const held: State[] = this.#viewers.map(({ viewer, grants }) => ({
      holder: viewer.name,
      seq: viewer.seq,
      rows: rowTexts(viewer.reader.store.all()),
      folded: visibleRows(campaignRoom, store, grants),
    }));
    return historyOf(log, {
      acknowledged: this.acknowledged,
      seen: this.#viewers.flatMap(({ viewer }) => viewer.seen),
      streams: this.#viewers.map(({ viewer, grants }) => viewer.stream(visibleEvents(campaignRoom, grants))),
      states: [{ holder: "storage", seq: head, rows: rowTexts(entities), folded: rowTexts(store.all()) }, ...held],
      projections: [await this.projection()],
      wire: wireText(campaignRoom),
    });
  }

  /** Resolves when the read model has everything up to `seq`. */
  async projected(seq: number): Promise<void> {
    const deadline = Date.now() + SETTLE_MS;
    while ((await this.projection()).seq !== seq) {
      if (Date.now() > deadline) throw new Error(`D1 did not reach ${seq}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** What the read model says of the room. */
  async projection(): Promise<Projection> {
    const all = async (sql: string): Promise<Record<string, unknown>[]> => {
      const where = "WHERE workspace_id = ?1 AND campaign_id = ?2";
      const bound = env.DB.prepare(sql.replace("WHERE", where)).bind(this.team.ws, this.team.campaign.id);
      return (await bound.all<Record<string, unknown>>()).results;
    };
    const [position] = await all("SELECT seq FROM projection_positions WHERE");
    const audit = await all("SELECT seq, actor, command_id, type, at FROM audit WHERE ORDER BY seq");
    const tables = [
      ["campaigns", "campaign"],
      ["media_buys", "media_buy"],
    ] as const;
    const entities = [];
    for (const [table, kind] of tables) {
      const rows = await all(`SELECT id, revision, seq FROM ${table} WHERE`);
      entities.push(...rows.map((row) => ({ kind, ...row })));
    }
    // The columns are those of migrations/.
    return { seq: Number(position?.["seq"] ?? 0), audit, entities } as unknown as Projection;
  }

  close(): void {
    for (const { viewer } of this.#viewers) viewer.stop();
  }

  async #watch(name: string, token: string, grants: Grants): Promise<Viewer> {
    const viewer = new Viewer({ name, address: `${this.path}/live`, token, room: campaignRoom }, dialWorker);
    this.#viewers.push({ viewer, grants });
    viewer.start();
    await viewer.until(0);
    return viewer;
  }
}
