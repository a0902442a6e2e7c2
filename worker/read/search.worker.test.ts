import { beforeAll, describe, expect, it } from "vitest";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { testId } from "../../core/model/given.ts";
import { listCampaigns } from "./campaign-lists.ts";
import { aReader, ask, AUTUMN, OTHER_WS, SPRING, twoWorkspaces, WS } from "./read-model.fixture.ts";
import { search } from "./search.ts";

let rooms: Awaited<ReturnType<typeof twoWorkspaces>>;
beforeAll(async () => {
  rooms = await twoWorkspaces();
});

async function found(query: Record<string, string>, reader = aReader()): Promise<string[]> {
  return (await ask(search, query, reader)).items.map(({ id }) => id);
}

describe("a search", () => {
  it("finds titles, brands and notes by the beginning of words, whatever case and accents", async () => {
    expect(await found({ q: "autumn" })).toEqual([AUTUMN]);
    expect((await found({ q: "velo" })).toSorted()).toEqual([testId("mb", 2), testId("mb", 4)]);
    expect(await found({ q: "CAFE landing", campaign_id: SPRING })).toEqual([testId("mb", 2)]);
    expect(await found({ q: "northtrail.example", kind: "media_buy", campaign_id: SPRING })).toEqual([testId("mb", 1)]);
    expect(await found({ q: "muddy", kind: "media_buy" })).toEqual([]);
    expect(await found({ q: "autumn spring" })).toEqual([]);
  });

  it("says what it found", async () => {
    expect((await ask(search, { q: "autumn" })).items).toEqual([
      {
        kind: "campaign",
        id: AUTUMN,
        campaign_id: AUTUMN,
        title: "Autumn sale of Halcyon",
        brand: "",
        notes: "Boots for the muddy months",
      },
    ]);
  });

  it("puts a title before a note", async () => {
    rooms.spring.commit((tx) => tx.update(campaigns, SPRING, { description: "Like autumn, but green" }));
    await rooms.spring.project();
    expect(await found({ q: "autumn" })).toEqual([AUTUMN, SPRING]);
    expect(await found({ q: "muddy" })).toEqual([AUTUMN]);
    rooms.spring.commit((tx) => tx.update(campaigns, SPRING, { description: "" }));
    await rooms.spring.project();
    expect(await found({ q: "autumn" })).toEqual([AUTUMN]);
  });

  it("comes in pages that together are the whole, once each", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ask<unknown, { id: string }>>> = await ask(search, {
        q: "halcyon",
        limit: "1",
        ...(cursor && { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual([SPRING, AUTUMN].toSorted());
  });

  it("stays in its workspace and in the campaigns the reader may see", async () => {
    expect(await found({ q: "other" })).toEqual([]);
    expect(await found({ q: "other" }, aReader({ workspace_id: OTHER_WS }))).toHaveLength(2);
    expect(await found({ q: "velo" }, aReader({ campaign_ids: [SPRING] }))).toEqual([testId("mb", 2)]);
    expect(await found({ q: "velo" }, aReader({ campaign_ids: [] }))).toEqual([]);
  });
});

describe("what a person types is never syntax", () => {
  it.each([
    'autumn"',
    '"autumn',
    "autumn*",
    "autumn AND",
    "NOT autumn",
    "autumn OR spring",
    "NEAR(autumn spring)",
    "title:autumn",
    "scope : autumn",
    `scope:"${OTHER_WS.replaceAll("_", "")}"`,
    `x" OR scope : "${OTHER_WS.replaceAll("_", "")}`,
    "{scope} : autumn",
    "- autumn",
    "^autumn",
    "autumn) OR (spring",
    "autumn'; DROP TABLE audit; --",
    "autumn\0spring",
    "(((((((((((",
    "a".repeat(200),
    "é".repeat(200),
    `${"a ".repeat(99)}a`,
  ])("%j", async (q) => {
    for (const read of [() => found({ q }), async () => (await ask(listCampaigns, { text: q })).items]) {
      if (!search.query.safeParse({ q }).success) continue;
      const items = await read();
      expect(JSON.stringify(items)).not.toContain("Other");
      expect(items.length).toBeLessThanOrEqual(1);
    }
  });

  it("finds nothing of the word that separates workspaces", async () => {
    expect(await found({ q: WS.replaceAll("_", "") })).toEqual([]);
  });
});
