import { routePartykitRequest, Server } from "partyserver";
import type { Connection, ConnectionContext } from "partyserver";
import { CAMPAIGN, EVENT_TYPE, PEER_SCHEMA } from "../peer-schema.ts";
import type { PeerCommand, PeerEvent } from "../peer-schema.ts";

/** A room as PartyServer's own pages have it, hibernating, with the same durable write as Flightdeck's. */
export class BenchRoom extends Server {
  static override options = { hibernate: true };
  #campaign = { ...CAMPAIGN };
  #seq = 0;

  override onStart(): void {
    for (const statement of PEER_SCHEMA) this.ctx.storage.sql.exec(statement);
    this.#seq = Number(this.ctx.storage.sql.exec("SELECT coalesce(max(seq), 0) AS seq FROM log").one()["seq"]);
  }

  override getConnectionTags(_: Connection, { request }: ConnectionContext): string[] {
    return [new URL(request.url).searchParams.get("as") ?? "writer"];
  }

  override onConnect(connection: Connection): void {
    connection.send(JSON.stringify({ type: "ready", seq: this.#seq }));
  }

  override onMessage(connection: Connection, message: string): void {
    const command = JSON.parse(message) as PeerCommand;
    if (command.type === "since") this.#resend(connection, command.seq);
    else if (command.type === "snapshot") this.#sendState(connection);
    else if (command.type === "fill") this.#fill(connection, command.rows);
    else {
      const event = this.#commit(command);
      connection.send(JSON.stringify({ type: "ack", id: command.id, seq: event.seq }));
      const text = JSON.stringify(event);
      for (const viewer of this.getConnections("viewer")) viewer.send(text);
    }
  }

  #commit({ id, payload }: Extract<PeerCommand, { type: "update" }>): PeerEvent {
    const { sql } = this.ctx.storage;
    const at = new Date().toISOString();
    const campaign = {
      ...this.#campaign,
      state: { ...this.#campaign.state, ...payload.updates.state },
      updated_at: at,
    };
    const event = {
      seq: this.#seq + 1,
      type: EVENT_TYPE,
      actor: "member:mem_01J9DEM0000000000000000001",
      at,
      data: payload,
    };
    this.ctx.storage.transactionSync(() => {
      sql.exec(
        "INSERT INTO log (seq, command_id, at, event) VALUES (?, ?, ?, ?)",
        event.seq,
        id,
        at,
        JSON.stringify(event),
      );
      sql.exec(
        "INSERT OR REPLACE INTO entities (id, seq, json) VALUES (?, ?, ?)",
        campaign.id,
        event.seq,
        JSON.stringify(campaign),
      );
    });
    this.#campaign = campaign;
    this.#seq = event.seq;
    return event;
  }

  #resend(connection: Connection, seq: number): void {
    for (const row of this.ctx.storage.sql.exec("SELECT event FROM log WHERE seq > ? ORDER BY seq", seq)) {
      connection.send(String(row["event"]));
    }
  }

  #fill(connection: Connection, rows: readonly { readonly id: string }[]): void {
    const { sql } = this.ctx.storage;
    for (const row of rows) {
      sql.exec(
        "INSERT OR REPLACE INTO entities (id, seq, json) VALUES (?, ?, ?)",
        row.id,
        this.#seq,
        JSON.stringify(row),
      );
    }
    connection.send(JSON.stringify({ type: "ack", id: "fill", seq: this.#seq }));
  }

  #sendState(connection: Connection): void {
    const rows = this.ctx.storage.sql.exec("SELECT json FROM entities").toArray();
    connection.send(
      JSON.stringify({ type: "state", rows: rows.map((row) => JSON.parse(String(row["json"])) as unknown) }),
    );
  }
}

export default {
  async fetch(request, env): Promise<Response> {
    return (await routePartykitRequest(request, env)) ?? new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<Cloudflare.Env>;
