import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineCommand } from "../../core/model/command.ts";
import { defineEntity } from "../../core/model/entity.ts";
import { defineEvent } from "../../core/model/event.ts";
import { defineRoom } from "../../core/model/room.ts";
import { boardRoom } from "./testing/board-room.ts";
import { World } from "./testing/world.ts";

const Page = z.strictObject({
  id: z.string(),
  slug: z.string(),
  external_id: z.string().nullable(),
  created_at: z.string(),
});
type Page = z.infer<typeof Page>;
const pages = defineEntity("page", { about: "A page with names.", schema: Page });
const pagePut = defineEvent("page:put:v1:success", { data: Page, apply: (tx, page) => tx.put(pages, page) });
const putPage = defineCommand("page:put:v1", {
  about: "Write a page.",
  input: Page,
  example: { id: "a", slug: "a", external_id: null, created_at: "1" },
  needs: "campaign.edit",
  refuses: [],
  emits: [pagePut],
  decide: (_tx, page) => [pagePut.of(page)],
});
const room = defineRoom({
  kind: "workspace",
  modules: [
    ...boardRoom.modules,
    { name: "pages", entities: [pages], events: [pagePut], commands: [putPage], signals: [] },
  ],
  admit: (tx, identity) => boardRoom.admit(tx, identity),
});

/** The ids that a name stands for, the one meant first. */
function named(ref: string, ...written: Page[]): string[] {
  const world = World.created({ room });
  for (const page of written) world.must("ann", "page:put:v1", page);
  const read = world.engine.read({ kind: "user", subject: "ann", session_id: null }, "page", ref);
  return read.ok ? read.rows.map(([, id]) => id) : [];
}

describe("a name in an address", () => {
  const aPage = (id: string, fields: Partial<Page> = {}): Page => ({
    id,
    slug: `slug-${id}`,
    external_id: null,
    created_at: "2026-11-01T09:00:00.000Z",
    ...fields,
  });

  it("is the slug's before any external id's, in whatever order they were written", () => {
    const [own, other] = [aPage("b", { slug: "summer-launch" }), aPage("a", { external_id: "summer-launch" })];
    expect(named("summer-launch", other, own)).toEqual(["b"]);
    expect(named("summer-launch", own, other)).toEqual(["b"]);
  });

  it("is the id's before any other", () => {
    expect(named("a", aPage("b", { slug: "a" }), aPage("c", { external_id: "a" }), aPage("a"))).toEqual(["a"]);
  });

  it("is the oldest's, if two have the same external id", () => {
    const late = aPage("a", { external_id: "CRM-1", created_at: "2026-11-02T09:00:00.000Z" });
    expect(named("CRM-1", late, aPage("b", { external_id: "CRM-1" }))[0]).toBe("b");
  });

  it("is nobody's if nobody has it", () => {
    expect(named("nothing", aPage("a"))).toEqual([]);
  });
});
