/** What one layer may import. `files` are path prefixes from the root; `packages` names, exact or with `/…` below. */
export interface Layer {
  readonly folder: string;
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

const ANY_PACKAGE = ["*"];
/** Arithmetic that any domain module may use; its verbs and events are its own. */
const SHARED_DOMAIN = "core/domain/reporting/";
const ROOM_CORE = ["core/model/", "core/rooms/", "core/protocol/"];
const CORE = [...ROOM_CORE, "core/domain/"];
/** The types of bindings, and who a token speaks for. */
const WORKER_BASE = ["worker/env.ts", "worker/identity/"];
const ENGINE = [...WORKER_BASE, "worker/engine/"];

/** From the bottom up; the longest matching folder decides. Imports go only down, or stay in the folder. */
export const LAYERS: readonly Layer[] = [
  { folder: "core/model/", files: [], packages: ["zod"] },
  { folder: "core/domain/", files: ["core/model/", SHARED_DOMAIN], packages: ["zod"] },
  { folder: "core/rooms/", files: ["core/model/", "core/domain/"], packages: ["zod"] },
  { folder: "core/demo/", files: ["core/model/", "core/domain/"], packages: [] },
  { folder: "core/protocol/", files: ["core/model/", "core/rooms/"], packages: ["zod"] },

  { folder: "worker/engine/", files: ROOM_CORE, packages: ["zod", "node:crypto"] },
  { folder: "worker/platform/", files: [...CORE, "worker/env.ts", "worker/engine/"], packages: ANY_PACKAGE },
  {
    folder: "worker/identity/",
    files: [...CORE, "worker/env.ts", "worker/platform/"],
    packages: ["jose", "zod", "node:crypto"],
  },
  { folder: "worker/adapters/", files: [...ROOM_CORE, ...ENGINE], packages: ANY_PACKAGE },
  { folder: "worker/effects/", files: [...CORE, ...ENGINE], packages: ANY_PACKAGE },
  { folder: "worker/read/", files: [...CORE, ...ENGINE, "worker/platform/"], packages: ANY_PACKAGE },
  {
    folder: "worker/objects/",
    files: [...CORE, ...ENGINE, "worker/platform/", "worker/adapters/", "worker/effects/", "worker/read/"],
    packages: ANY_PACKAGE,
  },
  { folder: "worker/", files: ["core/"], packages: ANY_PACKAGE },

  { folder: "client/sync/", files: CORE, packages: ["zod", "partysocket"] },
  { folder: "client/react/", files: [...CORE, "client/sync/"], packages: ["react", "zod"] },
  { folder: "client/ui/", files: ["core/model/"], packages: ANY_PACKAGE },
  { folder: "client/", files: ["core/"], packages: ANY_PACKAGE },
];

/** Folders whose subfolders know nothing of each other: adapters, and domain modules except for their entities. */
const STRANGERS = ["worker/adapters/", "core/domain/"];

/** The layer a file belongs to. */
export function layerOf(path: string): Layer | undefined {
  return LAYERS.filter(({ folder }) => path.startsWith(folder)).toSorted(
    (a, b) => b.folder.length - a.folder.length,
  )[0];
}

/** Whether a file may import a target, as `readSources` names it. */
export function mayImport(path: string, target: string): boolean {
  const layer = layerOf(path);
  if (!layer) return false;
  if (!/^(core|worker|client|scripts|tests)\//.test(target)) {
    return layer.packages.some((name) => name === "*" || target === name || target.startsWith(`${name}/`));
  }
  if (layer.files.some((prefix) => target.startsWith(prefix))) return true;
  if (!STRANGERS.includes(layer.folder)) return target.startsWith(layer.folder);
  const [module = ""] = path.slice(layer.folder.length).split("/");
  if (target.startsWith(`${layer.folder}${module}/`)) return true;
  return layer.folder === "core/domain/" && /^core\/domain\/[^/]+\/entities\.ts$/.test(target);
}
