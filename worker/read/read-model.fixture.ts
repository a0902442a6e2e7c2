import { env } from "cloudflare:workers";
import { apiKeys } from "../../core/domain/api-keys/entities.ts";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { creatives } from "../../core/domain/creatives/entities.ts";
import { deliveryFacts } from "../../core/domain/delivery/entities.ts";
import { performanceFeedback } from "../../core/domain/feedback/entities.ts";
import { inventoryProducts } from "../../core/domain/inventory/entities.ts";
import { aProduct } from "../../core/domain/inventory/product.fixture.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { members } from "../../core/domain/members/entities.ts";
import { workspaces } from "../../core/domain/workspaces/entities.ts";
import { NOON, testId } from "../../core/model/given.ts";
import { isRefusal } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import {
  aBuy,
  aCampaign,
  aCreative,
  aFact,
  aFeedback,
  aMember,
  anImport,
  aPackage,
  aWorkspace,
} from "../platform/entities.fixture.ts";
import { ProjectedRoom } from "../platform/projected-room.fixture.ts";
import { deliveryImports } from "../../core/domain/delivery-imports/entities.ts";
import type { Page, ReadDefinition } from "./define-read.ts";
import type { Reader } from "./reader.ts";

export const WS = testId("ws", 1);
export const OTHER_WS = testId("ws", 2);
export const SPRING = testId("cmp", 1);
export const AUTUMN = testId("cmp", 2);

/** Somebody of a workspace who sees everything, unless limited. */
export function aReader(fields: Partial<Reader> = {}): Reader {
  return { workspace_id: WS, campaign_ids: null, sees: () => true, ...fields };
}

/** Asks with parameters as they come in an address. Throws if they do not fit, or if the answer is a refusal. */
export async function ask<Q, T>(
  read: ReadDefinition<Q, T>,
  query: Record<string, unknown> = {},
  reader: Reader = aReader(),
): Promise<Page<T>> {
  const answer = await read.read(env.DB, reader, read.query.parse(query));
  if (isRefusal(answer)) throw new Error(answer.message);
  read.answer.parse(answer);
  return answer;
}

/** Asks for what should be refused. */
export async function refusalOf<Q, T>(read: ReadDefinition<Q, T>, query: Record<string, unknown>): Promise<Refusal> {
  const answer = await read.read(env.DB, aReader(), read.query.parse(query));
  if (!isRefusal(answer)) throw new Error("It was answered");
  return answer;
}

/** Two workspaces alike in everything, with the same ids but for their own: what reads must keep apart. */
export async function twoWorkspaces(): Promise<Record<"workspace" | "spring" | "autumn", ProjectedRoom>> {
  await projectWorkspace(OTHER_WS, "Other");
  return await projectWorkspace(WS, "Halcyon");
}

async function projectWorkspace(
  id: string,
  name: string,
): Promise<Record<"workspace" | "spring" | "autumn", ProjectedRoom>> {
  const workspace = new ProjectedRoom(id);
  workspace.commit((tx) => {
    tx.create(workspaces, aWorkspace(id, { name: `${name} Agency` }));
    tx.create(members, aMember(1, { role: "owner", name: `Olive of ${name}` }));
  });
  workspace.commit((tx) => tx.create(members, aMember(2)));
  workspace.commit((tx) => tx.create(inventoryProducts, aProduct(1)));
  workspace.commit((tx) =>
    tx.create(apiKeys, {
      id: testId("key", 1),
      name: "n8n",
      scopes: ["campaign.read"],
      last4: "wxyz",
      created_at: NOON,
      created_by: "member:mem_1",
      revoked_at: null,
    }),
  );
  await workspace.project();
  return {
    workspace,
    spring: await projectCampaign(id, SPRING, { title: `Spring launch of ${name}`, first: 1 }),
    autumn: await projectCampaign(id, AUTUMN, { title: `Autumn sale of ${name}`, first: 3 }),
  };
}

/** A campaign with two buys, three packages, facts, a creative, feedback and an import; the second buy is in euros. */
async function projectCampaign(
  workspaceId: string,
  id: string,
  { title, first }: { title: string; first: number },
): Promise<ProjectedRoom> {
  const room = new ProjectedRoom(workspaceId, id);
  const second = first + 1;
  room.commit((tx) => tx.create(campaigns, aCampaign(id, { title, slug: `campaign-${first}` })));
  room.commit((tx) =>
    tx.create(mediaBuys, aBuy(first, id, { packages: [aPackage(first), aPackage(first + 10, { channel: "ctv" })] })),
  );
  room.commit((tx) =>
    tx.create(
      mediaBuys,
      aBuy(second, id, {
        status: "paused",
        currency: "EUR",
        brand: { name: "VeloRide", domain: "veloride.example" },
        notes: "Landing page down, café menu",
      }),
    ),
  );
  room.commit((tx) => tx.create(creatives, aCreative(first, testId("mb", first))));
  room.commit((tx) =>
    tx.create(creatives, aCreative(second, testId("mb", second), { status: "rejected", rejection_reason: "Too loud" })),
  );
  room.commit(
    (tx) => {
      for (const [n, fact] of [
        aFact(first),
        aFact(first, { country: "CA", spend_micros: 1_000_001, device: "desktop" }),
        aFact(first, { date: "2026-11-11", creative_id: testId("cre", first) }),
        aFact(first, { package_id: testId("pkg", first + 10), device: "ctv", completed_views: 900, impressions: 1000 }),
        aFact(second, { spend_micros: 7, leads: 3, viewable: 1, measurable: 2 }),
      ].entries()) {
        tx.put(deliveryFacts, { ...fact, clicks: n });
      }
    },
    { type: "delivery:report:v1", actor: "api_key:key_1" },
  );
  room.commit((tx) => tx.create(performanceFeedback, aFeedback(first, testId("mb", first))));
  room.commit((tx) => tx.create(deliveryImports, anImport(first)));
  room.commit((tx) => tx.update(mediaBuys, testId("mb", first), { status: "paused" }), {
    type: "media_buy:update:v1",
    actor: "member:mem_2",
    correlation: { id: "correlation-pause", device: "phone", session: "session-1" },
    events: [{ type: "media_buy:update:v1:success", data: { media_buy_id: testId("mb", first), status: "paused" } }],
  });
  await room.project();
  return room;
}
