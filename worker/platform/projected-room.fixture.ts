import { env } from "cloudflare:workers";
import type { StoredEntity } from "../../core/model/entity.ts";
import { MapStore } from "../../core/model/map-store.ts";
import { Overlay } from "../../core/model/overlay.ts";
import type { WriteTx } from "../../core/model/transaction.ts";
import type { LogRow, OutboxConsumer } from "../engine/ports.ts";
import { createD1Projector } from "./d1-projector.ts";
import { PROJECTIONS } from "./d1-projector-tables.ts";

const NOON = Date.parse("2026-11-20T12:00:00.000Z");
const WORKSPACE_KINDS = ["workspace", "member", "api_key", "inventory_product"];
const CAMPAIGN_KINDS = [...PROJECTIONS.keys()].filter((kind) => !WORKSPACE_KINDS.includes(kind));

type CommitOptions = Partial<Pick<LogRow, "actor" | "type" | "at" | "events" | "correlation">>;

/** A room's log and entities in memory, as a projector sees them. */
export class ProjectedRoom {
  readonly workspaceId: string;
  readonly campaignId: string | undefined;
  readonly rows: LogRow[] = [];
  epoch = 1;
  readonly #store = new MapStore();
  readonly #changes: ((tx: WriteTx) => void)[] = [];

  constructor(workspaceId: string, campaignId?: string) {
    this.workspaceId = workspaceId;
    this.campaignId = campaignId;
  }

  /** One commit, a second after the one before. */
  commit(change: (tx: WriteTx) => void, options: CommitOptions = {}): LogRow {
    const seq = this.rows.length + 1;
    this.#changes.push(change);
    const overlay = new Overlay(this.#store);
    change(overlay);
    const touched = overlay.touched().map((stored) => ({ ...stored, seq }));
    for (const stored of touched) this.#store.write(stored);
    const row: LogRow = {
      seq,
      actor: "member:mem_1",
      command_id: `command-${String(seq).padStart(8, "0")}`,
      digest: "0".repeat(64),
      type: "campaign:update:v1",
      at: new Date(NOON + seq * 1000).toISOString(),
      correlation: { id: `correlation-${seq}` },
      touched: touched.map((stored) => [stored.kind, stored.id, stored.revision] as const),
      events: [{ type: "campaign:update:v1:success", data: { n: seq } }],
      ...options,
    };
    this.rows.push(row);
    return row;
  }

  read(kind: string, id: string): StoredEntity | undefined {
    return this.#store.read(kind, id);
  }

  *all(): Iterable<StoredEntity> {
    yield* this.#store.all();
  }

  /** The room as it was after so many commits. */
  upTo(commits: number): ProjectedRoom {
    const past = new ProjectedRoom(this.workspaceId, this.campaignId);
    for (const row of this.rows.slice(0, commits)) {
      const change = this.#changes[row.seq - 1];
      if (change) past.commit(change, row);
    }
    return past;
  }

  projector(db: D1Database = env.DB): OutboxConsumer {
    return createD1Projector({
      db,
      workspace_id: this.workspaceId,
      campaign_id: this.campaignId,
      entityKindsOwned: new Set(this.campaignId ? CAMPAIGN_KINDS : WORKSPACE_KINDS),
      read: (kind, id) => this.read(kind, id),
    });
  }

  /** Delivers everything. */
  async project(db: D1Database = env.DB): Promise<void> {
    await this.projector(db).deliver(this.rows, this.epoch);
  }
}
