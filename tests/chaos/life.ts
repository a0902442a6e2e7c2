import { createHash } from "node:crypto";
import { apiKeys } from "../../core/domain/api-keys/entities.ts";
import { creatives } from "../../core/domain/creatives/entities.ts";
import { deliveryImports } from "../../core/domain/delivery-imports/entities.ts";
import { inventoryProducts } from "../../core/domain/inventory/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { members } from "../../core/domain/members/entities.ts";
import { findCampaignSummary } from "../../core/domain/summaries/entities.ts";
import type { Identity, RoomDefinition } from "../../core/model/room.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { workspaceToCampaigns } from "../../core/rooms/mirrors.ts";
import { admitFounder, workspaceRoom } from "../../core/rooms/workspace-room.ts";
import type { Outcome } from "../../worker/engine/outcome.ts";
import { RoomEngine } from "../../worker/engine/room-engine.ts";
import { FakeAlarm } from "../../worker/engine/testing/fake-clock.ts";
import type { FakeClock } from "../../worker/engine/testing/fake-clock.ts";
import { MemoryStorage } from "../../worker/engine/testing/memory-storage.ts";
import { birthCommands, birthOf } from "../../worker/objects/campaign-birth.ts";
import { rowTexts } from "./fold.ts";

const WORKSPACE = "ws_01JD0000000000000000000000";
const DAY_MS = 86_400_000;
const OWNER: Identity = { kind: "user", subject: "auth0|owner", session_id: "sess_owner-0001" };
const NO_LIMIT = { perSecond: 1_000_000, burst: 1_000_000 };

/** One command in a room's life; `payload` is made from the state before it. */
export interface Step {
  readonly type: string;
  readonly as?: "room";
  /** Days that pass before it. */
  readonly after?: number;
  payload(tx: ReadTx): unknown;
}

/** A room of the product on memory, with nobody in it but its owner. */
export class LifeRoom {
  readonly storage = new MemoryStorage();
  readonly clock: FakeClock;
  readonly engine: RoomEngine;
  readonly room: RoomDefinition;
  #commands = 0;

  constructor(room: RoomDefinition, { clock, campaignId }: { clock: FakeClock; campaignId?: string }) {
    this.clock = clock;
    this.room = room;
    const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
    // Crockford's alphabet has no I, L, O and U; hexadecimal needs none of them.
    const ulidFrom = (seed: string): string => `01J${digest(seed).slice(0, 23).toUpperCase()}`;
    this.engine = new RoomEngine({
      room,
      name: campaignId ? `${WORKSPACE}/${campaignId}` : WORKSPACE,
      workspace_id: WORKSPACE,
      campaign_id: campaignId,
      storage: this.storage,
      clock,
      alarm: new FakeAlarm(),
      random: { digest, ulidFrom, secret: () => ({ text: `fd_live_${"k".repeat(32)}`, hash: "ab".repeat(32) }) },
      logger: { log: () => undefined },
      rates: { person: NO_LIMIT, api_key: NO_LIMIT },
      epoch: 1,
      history_ms: 100 * 365 * DAY_MS,
      access_kinds: workspaceToCampaigns.urgent,
      founder: campaignId ? () => null : admitFounder,
      consumers: () => [],
    });
  }

  newId(): string {
    return `life-${String(++this.#commands).padStart(12, "0")}`;
  }

  run(step: Step, payload: unknown, id: string): Outcome {
    if (step.as === "room") return this.engine.executeAsRoom({ type: step.type, payload }, id);
    return this.engine.execute(OWNER, { type: `${step.type}:requested`, id, payload }, { id });
  }

  /** Everything there is, in storage and in the engine's own memory, as one text. */
  everything(): string {
    if (!this.engine.exists) return `no room, schema ${this.storage.exists()}`;
    const { storage, engine, room } = this;
    const kinds = [...room.entities.values()];
    const resident = kinds.filter((kind) => kind.resident).flatMap((kind) => engine.tx().list(kind));
    return JSON.stringify([
      engine.position,
      resident.map((entity) => JSON.stringify(entity)).toSorted(),
      storage.memory(),
      storage.head(),
      storage.readLog(0, Number.MAX_SAFE_INTEGER),
      rowTexts(kinds.flatMap(({ kind }) => [...storage.scan(kind)])),
      storage.dueTimers("9999", Number.MAX_SAFE_INTEGER),
      storage.parked(),
    ]);
  }
}

function only<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error("There is none");
  return item;
}

const memberId = (tx: ReadTx): string => only(tx.list(members).filter(({ user_id }) => user_id !== OWNER.subject)).id;
const example = (room: RoomDefinition, type: string, changes: object = {}): unknown => {
  const command = room.commands.get(type);
  if (!command) throw new Error(`No command ${type}`);
  return { ...(command.example as object), ...changes };
};
const inWorkspace = (type: string, changes?: (tx: ReadTx) => object): Step => ({
  type,
  payload: (tx) => example(workspaceRoom, type, changes?.(tx)),
});
const inCampaign = (type: string, changes?: (tx: ReadTx) => object): Step => ({
  type,
  payload: (tx) => example(campaignRoom, type, changes?.(tx)),
});

/** A workspace's life, each of its commands once. The campaign it lists is `summer-launch`. */
export const WORKSPACE_LIFE: readonly Step[] = [
  inWorkspace("workspace:create:v1", () => ({ workspace_id: WORKSPACE })),
  inWorkspace("workspace:update:v1"),
  inWorkspace("member:add:v1"),
  inWorkspace("member:set_role:v1", (tx) => ({ member_id: memberId(tx) })),
  inWorkspace("inventory_product:create:v1"),
  inWorkspace("inventory_product:update:v1", (tx) => ({ product_id: only(tx.list(inventoryProducts)).id })),
  inWorkspace("campaign:create:v1"),
  inWorkspace("member:limit:v1", (tx) => ({ member_id: memberId(tx) })),
  inWorkspace("api_key:create:v1"),
  inWorkspace("api_key:revoke:v1", (tx) => ({ api_key_id: only(tx.list(apiKeys)).id })),
  inWorkspace("member:remove:v1", (tx) => ({ member_id: memberId(tx) })),
  { type: "session:revoke:v1", payload: () => ({ session_id: "sess_another-0001" }) },
  { type: "session:forget:v1", as: "room", after: 60, payload: () => ({ session_id: "sess_another-0001" }) },
  {
    type: "mirror:apply:v1",
    as: "room",
    payload: (tx) => ({
      source: `${WORKSPACE}/${findCampaignSummary(tx, "summer-launch")?.id}`,
      epoch: 1,
      seq: 1,
      rows: [],
    }),
  },
];

/** A campaign's life, from a workspace that lists it. */
export function campaignLife(workspace: LifeRoom, campaignId: string): readonly Step[] {
  const { seq } = workspace.engine.position;
  const at = { epoch: 1, seq, now: new Date(workspace.clock.now()).toISOString() };
  const birth = birthOf(workspace.engine.tx(), campaignId, at);
  if (!birth) throw new Error("The workspace does not list it");
  const source = WORKSPACE;
  const born = birthCommands(birth, source, null).map(({ type, payload }): Step => ({
    type,
    as: "room",
    payload: () => payload,
  }));
  const buy = (tx: ReadTx) => only(tx.list(mediaBuys));
  const ofBuy = (tx: ReadTx): object => ({ media_buy_id: buy(tx).id });
  const packageId = (tx: ReadTx): string => only(buy(tx).packages).id;
  const inDays = (days: number): string => new Date(workspace.clock.now() + days * DAY_MS).toISOString();
  const today = (): string => inDays(0).slice(0, 10);
  const anImport = (tx: ReadTx): object => ({
    import_id: only(tx.list(deliveryImports).filter(({ status }) => status === "running")).id,
  });
  const newBuy = (tx: ReadTx): object => ({
    start_at: inDays(1),
    end_at: inDays(60),
    packages: [
      {
        inventory_product_id: only(tx.list(inventoryProducts)).id,
        pricing_option_id: "auction",
        budget_micros: 36_000_000_000,
        bid_micros: 6_000_000,
        geo_countries: ["US", "DE"],
      },
    ],
  });
  return [
    ...born,
    inCampaign("campaign:update:v1"),
    inCampaign("campaign:feature:v1"),
    inCampaign("campaign:config:v1"),
    inCampaign("media_buy:create:v1", newBuy),
    inCampaign("creative:add:v1", ofBuy),
    {
      type: "creative:set_status:v1",
      payload: (tx) => ({ creative_id: only(tx.list(creatives)).id, status: "approved" }),
    },
    { ...inCampaign("media_buy:advance:v1", ofBuy), as: "room", after: 2 },
    inCampaign("media_buy:update:v1", ofBuy),
    inCampaign("media_buy:set_dates:v1", (tx) => ({
      ...ofBuy(tx),
      end_at: inDays(90),
    })),
    inCampaign("media_buy:set_budget:v1", (tx) => ({
      ...ofBuy(tx),
      packages: [{ package_id: packageId(tx), budget_micros: 72_000_000_000 }],
    })),
    {
      ...inCampaign("delivery:report:v1", (tx) => ({
        facts: [
          { package_id: packageId(tx), date: today(), source: "api", impressions: 65_333, spend_micros: 1_960_000_000 },
        ],
      })),
      after: 1,
    },
    inCampaign("feedback:submit:v1", (tx) => ({ ...ofBuy(tx), period: { start: today(), end: today() } })),
    {
      type: "mirror:apply:v1",
      as: "room",
      payload: () => ({ source, epoch: 1, seq: seq + 1, rows: [], complete: false }),
    },
    inCampaign("media_buy:cancel:v1", ofBuy),
    inCampaign("delivery:import:v1"),
    inCampaign("delivery:import_batch:v1", anImport),
    inCampaign("delivery:import_finish:v1", anImport),
    inCampaign("delivery:import:v1", () => ({ file_name: "nobody-reads-it.csv" })),
    { ...inCampaign("delivery:import_expire:v1", anImport), as: "room", after: 30 },
  ];
}
