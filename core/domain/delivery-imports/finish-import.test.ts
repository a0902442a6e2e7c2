import { describe, expect, it } from "vitest";
import { testId } from "../../model/given.ts";
import { deliveryImports } from "./entities.ts";
import { expireImport } from "./expire-import.ts";
import { finishImport } from "./finish-import.ts";
import { countsOf, DIGEST, givenRun, RUN } from "./import.fixture.ts";

const ended = { import_id: RUN, digest: DIGEST, counts: countsOf(3), errors: [] };
const failure = { code: "PAYLOAD_TOO_LARGE", message: "Too large" };
const system = { as: { kind: "system" } as const, actor: { kind: "system", id: "room" } as const };

describe("finishing an import", () => {
  it("completes it with its counts, digest and errors", () => {
    const room = givenRun();
    const errors = [{ line: 7, column: "Impressions", reason: '"x" is no number' }];
    const outcome = room.when(finishImport, { ...ended, errors });
    expect(outcome.events[0]?.type).toBe("delivery:import:v1:completed");
    expect(room.get(deliveryImports, RUN)).toMatchObject({
      status: "completed",
      digest: DIGEST,
      errors,
      counts: { rows: 3 },
    });
  });

  it("or fails it with the reason", () => {
    const room = givenRun();
    const outcome = room.when(finishImport, { ...ended, digest: null, failure });
    expect(outcome.events[0]?.type).toBe("delivery:import:v1:failed");
    expect(room.get(deliveryImports, RUN)).toMatchObject({ status: "failed", failure, digest: null });
  });

  it("happens once", () => {
    const room = givenRun();
    room.when(finishImport, ended);
    expect(room.when(finishImport, { ...ended, failure }).code).toBe("STALE_RUN");
    expect(room.get(deliveryImports, RUN)?.status).toBe("completed");
  });

  it("is refused for a run nobody began, and for a viewer", () => {
    expect(givenRun().when(finishImport, { ...ended, import_id: testId("imp", 9) }).code).toBe("IMPORT_NOT_FOUND");
    expect(givenRun().when(finishImport, ended, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });

  it("keeps an entity small however long the errors are", () => {
    const room = givenRun();
    const errors = Array.from({ length: 100 }, (_, line) => ({
      line: line + 1,
      column: "c".repeat(100),
      reason: "r".repeat(300),
    }));
    room.when(finishImport, { ...ended, errors });
    expect(JSON.stringify(room.get(deliveryImports, RUN)).length).toBeLessThan(60_000);
    expect(room.send(finishImport, { ...ended, errors: [...errors, ...errors] }).code).toBe("VALIDATION_ERROR");
  });
});

describe("the deadline of an import", () => {
  it("is a timer while it runs, and none afterwards", () => {
    const room = givenRun();
    const due = (): unknown => deliveryImports.due?.(room.get(deliveryImports, RUN)!);
    expect(due()).toEqual({
      at: "2026-11-20T12:30:00.000Z",
      command: { type: "delivery:import_expire:v1", payload: { import_id: RUN } },
    });
    room.when(finishImport, ended);
    expect(due()).toBeNull();
  });

  it("fails a run whose reader is gone", () => {
    const room = givenRun();
    room.when(expireImport, { import_id: RUN }, { ...system, now: "2026-11-20T12:30:00.000Z" });
    expect(room.get(deliveryImports, RUN)).toMatchObject({ status: "failed", failure: { code: "TIMEOUT" } });
  });

  it("does nothing too early, too late, or for people", () => {
    const room = givenRun();
    expect(room.when(expireImport, { import_id: RUN }, system).code).toBe("INVALID_STATE");
    expect(room.when(expireImport, { import_id: testId("imp", 9) }, system).code).toBe("IMPORT_NOT_FOUND");
    expect(room.when(expireImport, { import_id: RUN }).code).toBe("PERMISSION_DENIED");
    room.when(finishImport, ended);
    const late = { ...system, now: "2026-11-20T13:00:00.000Z" };
    expect(room.when(expireImport, { import_id: RUN }, late).code).toBe("STALE_RUN");
  });
});
