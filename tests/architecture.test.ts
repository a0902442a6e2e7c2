import { describe, expect, it } from "vitest";
import { layerOf, mayImport } from "./architecture/layers.ts";
import { readSources } from "./architecture/source-tree.ts";

const MAX_FILE_LINES = 400;
const MAX_MEDIAN_LINES = 90;
const MAX_FUNCTION_LINES = 80;
const MAX_OBJECT_LINES = 150;

/** Global names of the Workers platform: they need no import, so the import rule alone would not see them. */
const PLATFORM_NAMES = /^(DurableObject\w*|SqlStorage\w*|WebSocketPair|D1\w+|ExecutionContext|Fetcher)$/;

const product = readSources(["core", "worker", "client"]);
const everything = [...product, ...readSources(["scripts"])];

describe("[P10] layers", () => {
  it("finds the product code", () => {
    expect(product.length).toBeGreaterThan(20);
  });

  it("puts every file into a layer", () => {
    expect(product.filter(({ path }) => !layerOf(path)).map(({ path }) => path)).toEqual([]);
  });

  it("lets imports go only down", () => {
    const violations = product.flatMap(({ path, imports }) =>
      imports.filter((target) => !mayImport(path, target)).map((target) => `${path} imports ${target}`),
    );
    expect(violations).toEqual([]);
  });

  it("keeps the platform out of the engine and of core, also as global names", () => {
    const pure = product.filter(({ path }) => path.startsWith("worker/engine/") || path.startsWith("core/"));
    const violations = pure.flatMap(({ path, names }) =>
      [...names].filter((name) => PLATFORM_NAMES.test(name)).map((name) => `${path} names ${name}`),
    );
    expect(violations).toEqual([]);
  });

  it.each([
    ["core/model/entity.ts", "core/domain/campaigns/entities.ts"],
    ["core/model/entity.ts", "hono"],
    ["core/domain/campaigns/rename-campaign.ts", "core/domain/media-buys/media-buy-rules.ts"],
    ["core/domain/campaigns/rename-campaign.ts", "core/rooms/campaign-room.ts"],
    ["worker/engine/room-engine.ts", "cloudflare:workers"],
    ["worker/engine/room-engine.ts", "worker/platform/sqlite-storage.ts"],
    ["worker/adapters/http/routes.ts", "worker/adapters/native/codec.ts"],
    ["worker/adapters/http/routes.ts", "core/domain/campaigns/entities.ts"],
    ["worker/objects/campaign-room.ts", "worker/app.ts"],
    ["client/sync/room-client.ts", "react"],
    ["client/sync/room-client.ts", "client/react/use-room.ts"],
    ["client/features/campaigns/page.tsx", "worker/app.ts"],
  ])("would refuse %s importing %s", (path, target) => {
    expect(mayImport(path, target)).toBe(false);
  });

  it.each([
    ["core/domain/campaigns/rename-campaign.ts", "core/domain/campaigns/rules.ts"],
    ["core/domain/campaigns/rename-campaign.ts", "core/domain/media-buys/entities.ts"],
    ["worker/adapters/http/routes.ts", "worker/adapters/http/problem.ts"],
    ["worker/objects/campaign-room.ts", "cloudflare:workers"],
    ["client/react/use-room.ts", "client/sync/room-client.ts"],
  ])("allows %s importing %s", (path, target) => {
    expect(mayImport(path, target)).toBe(true);
  });
});

describe("names", () => {
  it("has no utils file", () => {
    expect(everything.map(({ path }) => path).filter((path) => /(^|\/)(utils?|helpers?)\./.test(path))).toEqual([]);
  });

  it("has no barrel but the index.ts of a domain module", () => {
    const barrels = everything.filter(({ path, isBarrel }) => isBarrel || /(^|\/)index\.tsx?$/.test(path));
    const allowed = /^(core\/domain\/[^/]+\/index\.ts|worker\/index\.ts)$/;
    expect(barrels.map(({ path }) => path).filter((path) => !allowed.test(path))).toEqual([]);
  });
});

describe("[P10] sizes", () => {
  it(`has no file over ${MAX_FILE_LINES} lines`, () => {
    const long = everything.filter(({ lines }) => lines > MAX_FILE_LINES);
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it(`has a median file under ${MAX_MEDIAN_LINES} lines`, () => {
    const sorted = product.map(({ lines }) => lines).toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(MAX_MEDIAN_LINES);
  });

  it(`has no function over ${MAX_FUNCTION_LINES} lines`, () => {
    const long = everything.flatMap(({ path, functions }) =>
      functions
        .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
        .map(({ name, line, lines }) => `${path}:${line} ${name}: ${lines}`),
    );
    expect(long).toEqual([]);
  });

  it(`keeps each Durable Object class under ${MAX_OBJECT_LINES} lines`, () => {
    const long = product.filter(({ path, lines }) => path.startsWith("worker/objects/") && lines >= MAX_OBJECT_LINES);
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});
