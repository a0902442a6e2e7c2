/** What one layer may import. `files` are path prefixes from the root; `packages` names, exact or with `/…` below. */
export interface Layer {
  readonly folder: string;
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/** Entities and arithmetic that any domain module may use; its verbs and events are its own. */
const SHARED_DOMAIN = ["core/domain/reporting/"];
const CORE = ["core/model/", "core/domain/", "core/rooms/", "core/protocol/"];

/** From the bottom up; the longest matching folder decides. Imports go only down. */
export const LAYERS: readonly Layer[] = [
  { folder: "core/model/", files: ["core/model/"], packages: ["zod"] },
  { folder: "core/domain/", files: ["core/model/", ...SHARED_DOMAIN], packages: ["zod"] },
  { folder: "core/rooms/", files: ["core/model/", "core/domain/", "core/rooms/"], packages: ["zod"] },
  { folder: "core/protocol/", files: ["core/model/", "core/rooms/", "core/protocol/"], packages: ["zod"] },

  {
    folder: "worker/engine/",
    files: ["core/model/", "core/rooms/", "core/protocol/", "worker/engine/"],
    packages: ["zod", "node:crypto"],
  },
  { folder: "worker/platform/", files: [...CORE, "worker/engine/", "worker/platform/"], packages: ["*"] },
  {
    folder: "worker/adapters/",
    files: ["core/model/", "core/protocol/", "core/rooms/", "worker/engine/"],
    packages: ["*"],
  },
  { folder: "worker/effects/", files: [...CORE, "worker/engine/", "worker/effects/"], packages: ["*"] },
  { folder: "worker/read/", files: [...CORE, "worker/engine/", "worker/platform/", "worker/read/"], packages: ["*"] },
  {
    folder: "worker/objects/",
    files: [
      ...CORE,
      "worker/engine/",
      "worker/platform/",
      "worker/adapters/",
      "worker/effects/",
      "worker/read/",
      "worker/objects/",
    ],
    packages: ["*"],
  },
  { folder: "worker/", files: ["core/", "worker/"], packages: ["*"] },

  { folder: "client/sync/", files: [...CORE, "client/sync/"], packages: ["zod", "partysocket"] },
  { folder: "client/react/", files: [...CORE, "client/sync/", "client/react/"], packages: ["react", "zod"] },
  { folder: "client/ui/", files: ["core/model/", "client/ui/"], packages: ["*"] },
  { folder: "client/", files: ["core/", "client/"], packages: ["*"] },
];

/** The layer a file belongs to. */
export function layerOf(path: string): Layer | undefined {
  return LAYERS.filter(({ folder }) => path.startsWith(folder)).toSorted(
    (a, b) => b.folder.length - a.folder.length,
  )[0];
}

/** Whether a file may import a target, as {@link readSources} names it. */
export function mayImport(path: string, target: string): boolean {
  const layer = layerOf(path);
  if (!layer) return false;
  const isOwnFile = /^(core|worker|client|scripts|tests)\//.test(target);
  if (!isOwnFile)
    return layer.packages.some((name) => name === "*" || target === name || target.startsWith(`${name}/`));
  return layer.files.some((prefix) => target.startsWith(prefix)) || isBesideOrShared(path, target);
}

/** Adapters know only themselves; a domain module knows itself and the entities of others. */
function isBesideOrShared(path: string, target: string): boolean {
  const own = /^(?:worker\/adapters|core\/domain)\/[^/]+\//.exec(path)?.[0];
  if (own === undefined) return false;
  return (
    target.startsWith(own) || (path.startsWith("core/domain/") && /^core\/domain\/[^/]+\/entities\.ts$/.test(target))
  );
}
