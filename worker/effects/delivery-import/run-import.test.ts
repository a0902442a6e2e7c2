import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { creatives } from "../../../core/domain/creatives/entities.ts";
import { deliveryImports } from "../../../core/domain/delivery-imports/entities.ts";
import { findMediaBuy, mediaBuys } from "../../../core/domain/media-buys/entities.ts";
import { isRefusal, refuse } from "../../../core/model/refusal.ts";
import { bodyOf } from "./body.fixture.ts";
import { facebookReport, ownReport } from "./report.fixture.ts";
import { ImportRoom } from "./room.fixture.ts";

const HEADER = "date,campaign_id,campaign,ad_id,impressions,clicks,spend\n";
const SMALL = `${HEADER}2026-03-01,1,Spring,a,100,2,1.50\n2026-03-02,1,Spring,b,200,4,2.50\n2026-03-01,2,Autumn,,50,1,0.25\n`;

describe.each([facebookReport(), ownReport()])("$name", (report) => {
  it("is imported to its exact totals, in all and by campaign", async () => {
    const room = new ImportRoom();
    const answer = await room.uploaded(report.bytes);
    expect(room.totals()).toMatchObject(report.totals);
    expect(answer.total).toMatchObject(report.totals);
    expect(answer.counts).toMatchObject({ rows: report.rows, imported: report.rows, failed: 0, unchanged: 0 });
    expect(answer.counts.buys_created).toBe(report.campaigns.length);
    for (const { external_id, spend_micros } of report.campaigns) {
      expect(room.totalsOf(external_id).spend_micros).toBe(spend_micros);
    }
    expect(room.scenario.get(deliveryImports, answer.import_id)).toMatchObject({
      status: "completed",
      counts: answer.counts,
      mapping: answer.mapping,
    });
  });

  it("changes nothing when it is imported again", async () => {
    const room = new ImportRoom();
    await room.uploaded(report.bytes);
    const before = { facts: room.facts(), totals: room.totals(), buys: revisions(room) };
    room.arrived.length = 0;
    room.now = "2026-11-21T08:00:00.000Z";

    const again = await room.uploaded(report.bytes, { command_id: "import-of-a-report-2" });
    expect(again.counts).toMatchObject({ unchanged: again.counts.facts, buys_created: 0, creatives_created: 0 });
    const committed = room.arrived.filter(({ outcome }) => "ok" in outcome).map(({ type }) => type);
    expect(committed).toEqual(["delivery:import:v1", "delivery:import_finish:v1"]);
    expect({ totals: room.totals(), buys: revisions(room) }).toEqual({ totals: before.totals, buys: before.buys });
    expect(before.facts.every(({ fact, revision }) => fact.source === "meta_ads" && revision === 1)).toBe(true);
  });
});

describe("an import", () => {
  it("keeps for each fact where in which file it stands", async () => {
    const room = new ImportRoom();
    await room.uploaded(SMALL);
    const references = room.facts().map(({ fact }) => fact.source_ref);
    const digest = createHash("sha256").update(SMALL).digest("hex");
    expect(references).toEqual([2, 3, 4].map((line) => ({ digest, line })));
  });

  it("replaces facts by those of a newer export and leaves a file that was overtaken without effect", async () => {
    const room = new ImportRoom();
    await room.uploaded(SMALL);
    room.now = "2026-11-21T08:00:00.000Z";
    const corrected = SMALL.replace("100,2,1.50", "110,3,1.75");
    await room.uploaded(corrected, { command_id: "import-of-a-report-2" });
    expect(room.totals()).toMatchObject({ impressions: 360, clicks: 8, spend_micros: 4_500_000 });
    room.now = "2026-11-22T08:00:00.000Z";
    const old = await room.uploaded(SMALL, { command_id: "import-of-a-report-3" });
    expect(old.counts.unchanged).toBe(3);
    expect(room.totals().impressions).toBe(360);
  });

  it("adds facts to the buys and creatives that exist", async () => {
    const room = new ImportRoom();
    await room.uploaded(SMALL);
    const more = `${HEADER}2026-03-03,1,Spring,a,10,0,0.10\n`;
    const answer = await room.uploaded(more, { command_id: "import-of-a-report-2" });
    expect(answer.counts).toMatchObject({ facts: 1, unchanged: 0, buys_created: 0, creatives_created: 0 });
    expect(room.scenario.tx.list(mediaBuys)).toHaveLength(2);
    expect(room.scenario.tx.list(creatives)).toHaveLength(2);
  });

  it("reports more facts than one command may hold in several", async () => {
    const days = Array.from({ length: 31 }, (_, day) => `2026-03-${String(day + 1).padStart(2, "0")}`);
    const ads = Array.from({ length: 40 }, (_, ad) => `ad-${ad}`);
    const rows = days.flatMap((day) => ads.map((ad) => `${day},1,Spring,${ad},10,1,0.10\n`));
    const room = new ImportRoom();
    const answer = await room.uploaded(HEADER + rows.join(""));
    expect(answer.counts).toMatchObject({ facts: 1_240, buys_created: 1, creatives_created: 40 });
    expect(room.totals()).toMatchObject({ impressions: 12_400, spend_micros: 124_000_000 });
    const reports = room.arrived.filter(({ type }) => type === "delivery:report:v1");
    expect(reports.map(({ payload }) => (payload as { facts: unknown[] }).facts.length)).toEqual([500, 500, 240]);
  });

  it("makes a batch of no more campaigns than its log row can hold", async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `2026-03-01,c-${n},C,,10,1,0.10\n`);
    const room = new ImportRoom();
    const answer = await room.uploaded(HEADER + rows.join(""));
    expect(answer.counts.buys_created).toBe(120);
    expect(room.arrived.filter(({ type }) => type === "delivery:import_batch:v1")).toHaveLength(3);
  });

  it("leaves bad rows out, and keeps the first hundred errors with the run", async () => {
    const bad = "2026-03-04,1,Spring,a,many,0,0.10\n".repeat(150);
    const room = new ImportRoom();
    const answer = await room.uploaded(SMALL + bad);
    expect(answer.counts).toMatchObject({ rows: 153, imported: 3, failed: 150 });
    expect(answer.errors).toHaveLength(150);
    expect(answer.errors[0]).toEqual({ line: 5, column: "impressions", reason: expect.stringContaining("no number") });
    expect(room.scenario.get(deliveryImports, answer.import_id)?.errors).toHaveLength(100);
  });

  it("takes the currency of the file, and does not mistake it for another", async () => {
    const room = new ImportRoom();
    const dollars = SMALL.replace("spend", "spend (USD)");
    expect((await room.uploaded(dollars)).currency).toBe("USD");
    const refusal = await room.upload(dollars, { options: { currency: "EUR" }, command_id: "import-of-a-report-2" });
    expect(refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/currency" }] });
  });

  it("tells its progress", async () => {
    const room = new ImportRoom();
    const { import_id } = await room.uploaded(SMALL, { total_bytes: SMALL.length });
    const progress = { import_id, rows: 3, bytes: SMALL.length, total_bytes: SMALL.length };
    expect(room.signals.at(-1)).toEqual(["delivery:import_progress", progress]);
  });
});

describe("an import that is tried again", () => {
  it("after it succeeded gets the same answer and writes nothing", async () => {
    const room = new ImportRoom();
    const first = await room.uploaded(SMALL);
    const { commits } = room;
    room.now = "2026-11-21T08:00:00.000Z";
    expect(await room.uploaded(SMALL)).toEqual(first);
    expect(room.commits).toBe(commits);
  });

  it("after the connection to the room broke finishes what was begun", async () => {
    const room = new ImportRoom();
    let reports = 0;
    room.intercept = (type) => (type === "delivery:report:v1" && ++reports === 1 ? new Error("gone") : undefined);
    await expect(room.upload(SMALL)).rejects.toThrow("gone");
    const answer = await room.uploaded(SMALL);
    expect(answer.counts).toMatchObject({ facts: 3, unchanged: 0, buys_created: 2 });
    expect(room.totals().impressions).toBe(350);
    expect(room.scenario.tx.list(deliveryImports)).toHaveLength(1);
  });

  it("with another file under the same id is refused", async () => {
    const room = new ImportRoom();
    await room.uploaded(SMALL);
    const refusal = await room.upload(SMALL.replace("1.50", "1.60"));
    expect(refusal).toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
    expect(room.totals().spend_micros).toBe(4_250_000);
  });
});

describe("an upload that cannot be imported", () => {
  it("writes nothing at all if it cannot be read", async () => {
    const room = new ImportRoom();
    for (const file of ["", "a,b\n1,2\n", SMALL.replace("impressions", "views of it")]) {
      expect(await room.upload(file)).toMatchObject({ refused: true, code: "VALIDATION_ERROR" });
    }
    expect(await room.upload(SMALL, { options: { colour: "red" } })).toMatchObject({ code: "VALIDATION_ERROR" });
    expect(room.arrived).toEqual([]);
  });

  it("fails its run, without a fact, if a later part cannot be read", async () => {
    const room = new ImportRoom();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(SMALL + `2026-03-02,1,Spring,b,200,4,2.50\n`.repeat(40_000)));
      },
      pull(controller) {
        controller.error(new Error("The sender is gone"));
      },
    });
    const refusal = await room.upload("", { body });
    expect(refusal).toMatchObject({ code: "INVALID_REQUEST", message: expect.stringContaining("cut off") });
    const [run] = room.scenario.tx.list(deliveryImports);
    expect(run).toMatchObject({ status: "failed", failure: { code: "INVALID_REQUEST" } });
    expect(room.scenario.tx.list(mediaBuys)).toEqual([]);
  });

  it("is refused with PAYLOAD_TOO_LARGE beyond its limit, and read to its end", async () => {
    const room = new ImportRoom();
    const body = bodyOf(SMALL + "2026-03-02,1,Spring,b,200,4,2.50\n".repeat(100), 64);
    const refusal = await room.upload("", { body, limit_bytes: 2_048 });
    expect(refusal).toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    expect(await body.getReader().read()).toEqual({ done: true, value: undefined });
  });

  it("fails its run with the room's own reason", async () => {
    const room = new ImportRoom();
    room.intercept = (type) => (type === "delivery:report:v1" ? refuse("INVALID_STATE", "No more facts") : undefined);
    const refusal = await room.upload(SMALL);
    const [run] = room.scenario.tx.list(deliveryImports);
    expect(refusal).toMatchObject({ code: "INVALID_STATE", details: { import_id: run?.id } });
    expect(run).toMatchObject({ status: "failed", failure: { code: "INVALID_STATE", message: "No more facts" } });
  });

  it("is refused as any command is: without a product to buy from, and for a campaign that is archived", async () => {
    const room = new ImportRoom();
    const refusal = await room.upload(SMALL, { options: { inventory_product_id: "none" } });
    expect(isRefusal(refusal) && refusal.code).toBe("PRODUCT_NOT_FOUND");
    expect(findMediaBuy(room.scenario.tx, "1")).toBeUndefined();
  });
});

function revisions(room: ImportRoom): unknown {
  const { tx } = room.scenario;
  const buys = tx.list(mediaBuys).map(({ id }) => [id, tx.revision(mediaBuys, id)]);
  return [...buys, ...tx.list(creatives).map(({ id }) => [id, tx.revision(creatives, id)])];
}
