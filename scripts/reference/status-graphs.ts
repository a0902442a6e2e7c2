import { STATUS_GRAPH as CAMPAIGN_GRAPH } from "../../core/domain/campaigns/status.ts";
import { CREATIVE_STATUSES } from "../../core/domain/creatives/entities.ts";
import { IMPORT_STATUSES } from "../../core/domain/delivery-imports/entities.ts";
import { STATUS_GRAPH as MEDIA_BUY_GRAPH } from "../../core/domain/media-buys/status-graph.ts";

/** What may follow what, and where a thing begins. */
export interface StatusGraph {
  readonly title: string;
  readonly about: string;
  readonly initial: readonly string[];
  readonly next: ReadonlyMap<string, readonly string[]>;
}

/** The status graphs of the domain. Creatives and imports have no table of their own: a test holds these to what their commands do. */
export const STATUS_GRAPHS: readonly StatusGraph[] = [
  {
    title: "Campaign",
    about: "Moved by `campaign:update:v1`. It is archived only when its media buys have ended, and is read-only then.",
    initial: ["draft"],
    next: CAMPAIGN_GRAPH,
  },
  {
    title: "Media buy",
    about:
      "Moved by the operation `set_status` of `media_buy:update:v1`, by `media_buy:cancel:v1`, by the last approval of its creatives, " +
      "and by the room's timer at the start and the end of its flight. One made by an import begins as `active` or `completed`.",
    initial: ["pending_creatives", "active", "completed"],
    next: MEDIA_BUY_GRAPH,
  },
  {
    title: "Creative",
    about:
      "Moved by `creative:set_status:v1` in any direction, as long as its media buy has not ended. A creative made by an import is `approved`.",
    initial: ["pending", "approved"],
    next: new Map(CREATIVE_STATUSES.map((from) => [from, CREATIVE_STATUSES.filter((to) => to !== from)])),
  },
  {
    title: "Delivery import",
    about: "Ended by whoever reads the file, or by the room's timer when its deadline has passed.",
    initial: ["running"],
    next: new Map(
      IMPORT_STATUSES.map((from) => [from, IMPORT_STATUSES.filter((to) => from === "running" && to !== from)]),
    ),
  },
];

/** The graphs as Mermaid diagrams. */
export function statusSection(): string {
  return ["## Statuses", ...STATUS_GRAPHS.map(describe)].join("\n\n");
}

function describe({ title, about, initial, next }: StatusGraph): string {
  const begins = initial.map((status) => `    [*] --> ${status}`);
  const moves = [...next].flatMap(([from, followers]) => followers.map((to) => `    ${from} --> ${to}`));
  const ends = [...next].filter(([, followers]) => followers.length === 0).map(([status]) => `    ${status} --> [*]`);
  const diagram = ["stateDiagram-v2", ...begins, ...moves, ...ends].join("\n");
  return `### Status of a ${title.toLowerCase()}\n\n${about}\n\n\`\`\`mermaid\n${diagram}\n\`\`\``;
}
