import { expect, it } from "vitest";
import { setCreativeStatus } from "../../core/domain/creatives/set-creative-status.ts";
import { CREATIVE_STATUSES, creatives } from "../../core/domain/creatives/entities.ts";
import { deliveryImports, IMPORT_STATUSES, ZERO_COUNTS } from "../../core/domain/delivery-imports/entities.ts";
import { finishImport } from "../../core/domain/delivery-imports/finish-import.ts";
import { DIGEST, givenRun, RUN } from "../../core/domain/delivery-imports/import.fixture.ts";
import { BUY, givenBuy } from "../../core/domain/media-buys/buy.fixture.ts";
import { NOON, testId } from "../../core/model/given.ts";
import { STATUS_GRAPHS, statusSection } from "./status-graphs.ts";

const graph = (title: string): Record<string, readonly string[]> =>
  Object.fromEntries(STATUS_GRAPHS.find((each) => each.title === title)?.next ?? []);

it("draws creatives as their command moves them", () => {
  const moved = (from: (typeof CREATIVE_STATUSES)[number]): string[] =>
    CREATIVE_STATUSES.filter((to) => {
      const id = testId("cre", 1);
      const rejection_reason = from === "rejected" ? "Illegible." : null;
      const shape = { id, media_buy_id: BUY, name: "Ridge", format: "native", external_id: null, created_at: NOON };
      const room = givenBuy().having(creatives, { ...shape, status: from, rejection_reason });
      const reason = to === "rejected" && from !== "rejected" ? { reason: "Illegible." } : {};
      return room.when(setCreativeStatus, { creative_id: id, status: to, ...reason }).code === null;
    });
  expect(graph("Creative")).toEqual(Object.fromEntries(CREATIVE_STATUSES.map((from) => [from, moved(from)])));
});

it("draws imports as their commands move them", () => {
  const ends = [{}, { failure: { code: "CUT", message: "The upload ended early." } }].map((failure) => {
    const room = givenRun();
    const end = { import_id: RUN, digest: DIGEST, counts: ZERO_COUNTS, errors: [], ...failure };
    expect(room.when(finishImport, end).code).toBeNull();
    expect(room.when(finishImport, end).code).toBe("STALE_RUN");
    return room.get(deliveryImports, RUN)?.status;
  });
  const final = IMPORT_STATUSES.filter((status) => status !== "running");
  expect(graph("Delivery import")).toEqual({ running: ends, ...Object.fromEntries(final.map((each) => [each, []])) });
});

it("draws beginnings, moves and ends", () => {
  const text = statusSection();
  for (const line of ["[*] --> draft", "draft --> active", "archived --> [*]", "paused --> active", "rejected --> [*]"])
    expect(text).toContain(`    ${line}\n`);
});
