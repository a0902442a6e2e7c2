import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { campaignRoom } from "../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../core/rooms/workspace-room.ts";
import { ROOT } from "../scripts/local/paths.ts";
import { creatingCommand, indexCommands } from "../worker/adapters/http/command-index.ts";
import { openApiDocument } from "../worker/adapters/http/openapi/document.ts";
import type { Env } from "../worker/env.ts";
import { importUploads } from "../worker/import-uploads.ts";
import { bindReads } from "../worker/read/queries.ts";

const PAGES = readdirSync(join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md") && name !== "protocol.md")
  .map((name) => `docs/${name}`);
const WORKSPACE = "/v1/workspaces/{workspace}";
const CAMPAIGN = `${WORKSPACE}/campaigns/{campaign}`;
/** Routes that are no calls of the API, so that OpenAPI does not describe them. */
const BESIDES = ["/openapi.json", "/docs", "/v1/auth/demo", `${WORKSPACE}/live`, `${CAMPAIGN}/live`];

interface Operation {
  parameters?: { name?: string; in?: string }[];
}
const nothing = {} as Env; // Neither reads nor uploads are run here.
const rooms = { workspace: workspaceRoom, campaign: campaignRoom };
const { paths } = openApiDocument({
  rooms,
  queries: bindReads(nothing.DB, new Map()),
  uploads: importUploads(nothing),
}) as { paths: Record<string, Record<string, Operation>> };

interface Address {
  readonly text: string;
  readonly method: string | undefined;
  readonly path: string;
  readonly parameters: readonly string[];
}

/** Every address in code of a page: `GET …/spend?by=day`, or the URL of a curl command. */
function addressesIn(page: string): Address[] {
  const text = read(page);
  const spans = [...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`((?:(?:GET|POST) )?(?:…|\/)[^`]*)`/g)];
  const urls = [...text.matchAll(/https:\/\/flightdeck\.example(?:\.com)?(\/[^\s"`]*)/g)];
  return [...spans, ...urls].map(([, found = ""]) => {
    const [, method, address = ""] = /^(?:(GET|POST) )?(.*)$/.exec(found) ?? [];
    const [path = "", query = ""] = address.split("?");
    const parameters = query.split("&").flatMap((pair) => pair.split("=")[0] || []);
    return { text: found, method: method?.toLowerCase(), path, parameters };
  });
}

function isKnown({ method, path, parameters }: Address): boolean {
  const bases = path.startsWith("…") ? [WORKSPACE, CAMPAIGN].map((base) => base + path.slice(1)) : [path];
  if (bases.some((full) => BESIDES.some((known) => fits(full, known)))) return true;
  return Object.entries(paths).some(([known, methods]) =>
    Object.entries(methods).some(([each, operation]) => {
      const names = new Set(operation.parameters?.filter((one) => one.in === "query").map(({ name }) => name));
      const same = method === undefined || method === each;
      return same && bases.some((full) => fits(full, known)) && parameters.every((name) => names.has(name));
    }),
  );
}

/** Whether two addresses can be the same: `{…}` and `$…` stand for any one part. */
function fits(one: string, other: string): boolean {
  const [a, b] = [one.split("/"), other.split("/")];
  const any = (part: string | undefined): boolean => /^[{$]/.test(part ?? "");
  return a.length === b.length && a.every((part, at) => part === b[at] || any(part) || any(b[at]));
}

function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The curl commands of a page, each on one line. */
function curlsIn(page: string): string[] {
  return read(page)
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.startsWith("curl "));
}

describe.each(PAGES)("%s", (page) => {
  it("names only addresses and query parameters that exist", () => {
    const unknown = addressesIn(page).filter((address) => !isKnown(address));
    expect(unknown.map(({ text }) => text)).toEqual([]);
  });

  it("sends only payloads and keys that would be taken", () => {
    for (const curl of curlsIn(page)) {
      const key = /Idempotency-Key: ([^"$]+)"/.exec(curl)?.[1];
      if (key) expect(key).toMatch(/^[A-Za-z0-9_.:-]{16,255}$/);
      const body = / -d '(.+)'/.exec(curl)?.[1];
      if (body) expect(inputOf(curl)?.safeParse(payloadOf(curl, body))).toMatchObject({ success: true });
    }
  });
});

it("the reading of addresses finds some, and tells wrong ones", () => {
  expect(addressesIn("docs/http.md").length).toBeGreaterThan(20);
  const wrong = (path: string, parameters: string[] = []): boolean =>
    !isKnown({ text: path, method: undefined, path, parameters });
  expect(wrong("…/search", ["q"])).toBe(false);
  expect(wrong("…/search", ["text"])).toBe(true);
  expect(wrong("…/searches")).toBe(true);
});

function isCreation(curl: string): boolean {
  return /\/v1\/workspaces["\s]/.test(curl);
}

function inputOf(curl: string): z.ZodType | undefined {
  if (isCreation(curl)) return creatingCommand(workspaceRoom)?.input;
  const path = /https:\S+?([^/\s"]+\/[^/\s"]+)["\s]/.exec(curl)?.[1] ?? "";
  const room = curl.includes("/campaigns/") ? campaignRoom : workspaceRoom;
  return indexCommands(room).get(path)?.command.input;
}

/** What the address adds to a body. */
function payloadOf(curl: string, body: string): unknown {
  const id = isCreation(curl) ? { workspace_id: "ws_01J00000000000000000000000" } : {};
  return { ...id, ...(JSON.parse(body) as object) };
}

it("pages link only to files, and to sections of them, that exist", () => {
  const folders = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
  const pages = folders.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  const anchor = (title: string): string =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-");
  const broken = [...pages, "README.md", "AGENTS.md", "CHANGELOG.md"].flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)/g)].flatMap(
      ([link, target = "", section]) => {
        const path = target === "" ? page : join(page, "..", target);
        if (!existsSync(join(ROOT, path))) return [`${page}: ${link}`];
        const titles = section ? [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchor(title)) : [];
        return section && !titles.includes(section) ? [`${page}: ${link}`] : [];
      },
    ),
  );
  expect(broken).toEqual([]);
});

describe("docs/operations.md", () => {
  const page = read("docs/operations.md");

  it("explains every message that is logged", () => {
    const files = readdirSync(join(ROOT, "worker"), { recursive: true, encoding: "utf8" });
    const sources = files
      .filter((name) => /(?<!\.test|\.fixture)\.ts$/.test(name))
      .map((name) => read(`worker/${name}`));
    const calls = /(?:\.log\(.*?|#mistake\(|#attempt\()(?<=[ (])"(?!(?:info|warn|error)")([^"]+)"/g;
    const messages = new Set(sources.flatMap((text) => [...text.matchAll(calls)].map(([, message]) => message ?? "")));
    expect(messages.size).toBeGreaterThan(10);
    expect([...messages].filter((message) => !page.includes(`\`${message}\``))).toEqual([]);
  });

  it("names every setting, and none that is gone", () => {
    const settings = [...read("worker/env.ts").matchAll(/^ {2}readonly ([A-Z_]+)\??: string/gm)].map(
      ([, name]) => name,
    );
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(settings.toSorted());
  });
});

describe("AGENTS.md", () => {
  const named = [...read("AGENTS.md").matchAll(/^\| ((?:`[a-z/<>*.]+`(?:, )?)+) +\|/gm)]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, folder = ""]) => folder))
    .map((folder) => folder.replace(/\/[<*].*$/, ""));

  it("names only folders that a clone has", () => {
    const files = (folder: string): string[] =>
      existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }) : [];
    expect(named.filter((folder) => files(folder).length === 0)).toEqual([]);
  });

  it("names every layer", () => {
    const layers = ["core", "worker", "client"].flatMap((layer) =>
      readdirSync(join(ROOT, layer), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${layer}/${entry.name}`),
    );
    expect(layers.filter((layer) => !named.includes(layer))).toEqual([]);
  });
});
