import type { RoomObject } from "../../../worker/objects/room-object.ts";
import { CampaignRoom as BuiltCampaignRoom } from "../../../worker/objects/campaign-room.ts";
import { parseRoomName, roomStub } from "../../../worker/objects/room-address.ts";
import { WorkspaceRoom as BuiltWorkspaceRoom } from "../../../worker/objects/workspace-room.ts";
import type { Env } from "../../../worker/env.ts";
import app from "../../../worker/index.ts";
import { growRoom } from "./grow-room.worker.ts";

const WINDOW = "/v1/bench/";

/** What the window shows of a room, since the object woke. */
interface Inside {
  readonly room: RoomObject["storage"]["rows"];
  readonly d1: { readonly written: number };
  readonly engine: RoomObject["engine"];
  readonly ctx: DurableObjectState;
}

/** The rooms as they are deployed, with a window for the benchmark: rows written, a long history made at once, a restart. */
export class CampaignRoom extends BuiltCampaignRoom {
  readonly #d1: { written: number };

  constructor(ctx: DurableObjectState, env: Env) {
    const d1 = { written: 0 };
    super(ctx, { ...env, DB: counted(env.DB, d1) });
    this.#d1 = d1;
  }

  override async fetch(request: Request): Promise<Response> {
    const inside = { room: this.storage.rows, d1: this.#d1, engine: this.engine, ctx: this.ctx };
    return look(new URL(request.url), inside) ?? (await super.fetch(request));
  }
}

export class WorkspaceRoom extends BuiltWorkspaceRoom {
  readonly #d1: { written: number };

  constructor(ctx: DurableObjectState, env: Env) {
    const d1 = { written: 0 };
    super(ctx, { ...env, DB: counted(env.DB, d1) });
    this.#d1 = d1;
  }

  override async fetch(request: Request): Promise<Response> {
    const inside = { room: this.storage.rows, d1: this.#d1, engine: this.engine, ctx: this.ctx };
    return look(new URL(request.url), inside) ?? (await super.fetch(request));
  }
}

/** Answers what is asked through the window; null for everything else. */
function look({ pathname, searchParams }: URL, { room, d1, engine, ctx }: Inside): Response | null {
  if (pathname === `${WINDOW}rows`) {
    return Response.json({ room: room.written, d1: d1.written, lag: engine.exists ? engine.figures().lag : 0 });
  }
  if (pathname === `${WINDOW}grow`) {
    const [commits, entities] = [Number(searchParams.get("commits") ?? 0), Number(searchParams.get("entities") ?? 0)];
    growRoom(ctx.storage.sql, { commits, entities });
    return Response.json({});
  }
  if (pathname === `${WINDOW}restart`) ctx.abort("benchmark");
  return null;
}

/** The same database; what its statements say they wrote is added up. */
function counted(db: D1Database, count: { written: number }): D1Database {
  return new Proxy(db, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name !== "batch") return member.bind(target) as unknown;
      return async (statements: D1PreparedStatement[]) => {
        const results = await target.batch(statements);
        for (const { meta } of results) count.written += meta.rows_written;
        return results;
      };
    },
  });
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith(WINDOW)) return await app.fetch(request, env, ctx);
    const address = parseRoomName(searchParams.get("room") ?? "");
    return address ? await roomStub(address, env).fetch(request) : new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<Env>;
