import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { campaignRoom } from "../../../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../../../core/rooms/workspace-room.ts";
import type { Env } from "../../../env.ts";
import { importUploads } from "../../../import-uploads.ts";
import { bindReads } from "../../../read/queries.ts";
import { openApiDocument } from "./document.ts";

interface Operation {
  operationId: string;
  parameters?: { $ref?: string; name?: string; in?: string }[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, unknown>;
  "x-command"?: string;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; parameters: Record<string, { name: string; in: string }> };
}

const nothing = {} as Env; // Neither reads nor uploads are run here.
const document = openApiDocument({
  rooms: { workspace: workspaceRoom, campaign: campaignRoom },
  queries: bindReads(nothing.DB, new Map()),
  uploads: importUploads(nothing),
}) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(document) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe("3.1");
  });

  it("lists every command that is not the room's own", () => {
    const offered = [workspaceRoom, campaignRoom].flatMap((room) =>
      [...room.commands.values()]
        .filter((command) => command.needs(command.example) !== "system")
        .map(({ type }) => type),
    );
    const listed = operations.flatMap(({ operation }) => operation["x-command"] ?? []);
    expect(listed.toSorted()).toEqual(offered.toSorted());
    expect(offered.length).toBeGreaterThan(20);
  });

  it("has no reference that leads nowhere", () => {
    const targets = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? "");
    expect(targets.length).toBeGreaterThan(50);
    for (const target of new Set(targets)) {
      const found = target
        .slice(2)
        .split("/")
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(found, target).toBeDefined(); // oxlint-disable-line vitest/valid-expect
    }
  });

  it("names each operation once, and declares each part of its address", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const declared = (operation.parameters ?? [])
        .map((parameter) => document.components.parameters[parameter.$ref?.split("/").at(-1) ?? ""] ?? parameter)
        .filter((parameter) => parameter.in === "path")
        .map(({ name }) => name);
      expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  it("asks for an Idempotency-Key wherever something is changed", () => {
    for (const { path, method, operation } of operations) {
      const keyed = operation.parameters?.some(({ $ref }) => $ref?.endsWith("/idempotencyKey")) ?? false;
      expect([path, keyed]).toEqual([path, method === "post" && !path.endsWith("/preview")]);
    }
  });

  it("shows no internals", () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain("api_key_credential");
    expect(text).not.toContain("mirror:apply");
  });

  it("gives every command's answer and refusals", () => {
    for (const { operation } of operations.filter(({ operation: each }) => each["x-command"])) {
      const statuses = Object.keys(operation.responses);
      expect(statuses.some((status) => status.startsWith("2"))).toBe(true);
      for (const status of ["400", "401", "403", "404", "409", "413", "422", "429", "500"])
        expect(statuses).toContain(status);
    }
  });
});
