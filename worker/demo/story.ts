import type { DemoPersonName } from "../identity/demo-people.ts";
import { DEMO_PEOPLE, DEMO_WORKSPACE } from "../identity/demo-people.ts";
import { CAMPAIGNS, DEMO_BUYS } from "./buys.ts";
import { buySteps } from "./buy-story.ts";
import { dollars } from "./ids.ts";
import { inventoryPayloads } from "./inventory.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Who takes a step: a demo person, the workflow's key, or the room itself. */
export type DemoActor = DemoPersonName | "n8n" | "room";

/** One command of the demo's past. */
export interface DemoStep {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly as: DemoActor;
  readonly type: string;
  readonly payload: object;
}

/** When the demo is seeded, in its workspace's zone. */
export interface DemoNow {
  readonly now: number;
  /** Today's report day. */
  readonly today: string;
  /** Share of today that is reported, 0..1. */
  readonly today_part: number;
}

/** The workspace's own past: people, key, inventory, campaigns. */
export function workspaceSteps({ now }: DemoNow): DemoStep[] {
  const start = now - 30 * DAY_MS;
  const steps: DemoStep[] = [];
  const step = (as: DemoActor, type: string, payload: object): void => {
    steps.push({ at: start + steps.length * 7 * MINUTE_MS, as, type, payload });
  };
  const { owner, ...others } = DEMO_PEOPLE;
  step("owner", "workspace:create:v1", {
    workspace_id: DEMO_WORKSPACE.id,
    name: DEMO_WORKSPACE.name,
    timezone: "America/New_York",
    currency: "USD",
    owner_name: owner.name,
    owner_email: owner.email,
  });
  for (const person of Object.values(others)) {
    if (person.workspace_id !== DEMO_WORKSPACE.id) continue;
    const { user_id, name, email, role } = person;
    step("owner", "member:add:v1", { user_id, name, email, role });
  }
  step("admin", "api_key:create:v1", {
    name: "n8n",
    scopes: [
      "workspace.read",
      "campaign.read",
      "campaign.edit",
      "media_buy.edit",
      "creative.edit",
      "delivery.report",
      "feedback.submit",
    ],
  });
  for (const payload of inventoryPayloads()) step("admin", "inventory_product:create:v1", payload);
  for (const campaign of CAMPAIGN_BRIEFS) step("operator", "campaign:create:v1", campaign);
  return steps;
}

/** One campaign's past, in order of time. */
export function campaignSteps(campaignId: string, when: DemoNow): DemoStep[] {
  const buys = DEMO_BUYS.filter((buy) => buy.campaign_id === campaignId);
  const steps = [...campaignLife(campaignId, when), ...buys.flatMap((buy) => buySteps(buy, when))];
  return steps.filter((step) => step.at <= when.now).toSorted((a, b) => a.at - b.at);
}

const CAMPAIGN_BRIEFS = [
  {
    campaign_id: CAMPAIGNS.outdoors,
    title: "Autumn Outdoors",
    description: "Shells and city bikes for the wet months.",
    brief: {
      objective: "Own the first cold weekend",
      target_audience: "Hikers and commuters, 25 to 44",
      tone: ["bold", "plain"],
    },
  },
  {
    campaign_id: CAMPAIGNS.growth,
    title: "Always-on Growth",
    description: "Coffee subscriptions and software leads, all year.",
    brief: {
      objective: "Leads below $150 and orders above their cost",
      target_audience: "Small offices",
      tone: ["warm"],
    },
  },
  {
    campaign_id: CAMPAIGNS.trust,
    title: "A Bank You Know",
    description: "CityBank beside the morning news.",
    brief: {
      objective: "Be seen where people read slowly",
      target_audience: "Account holders, 35 and older",
      tone: ["calm"],
    },
  },
  {
    campaign_id: CAMPAIGNS.launch,
    title: "GlowLab Launch",
    description: "A serum, by ear and by story.",
    brief: {
      objective: "A quarter of a million first listens",
      target_audience: "Skincare readers, 20 to 35",
      tone: ["bright"],
    },
  },
  {
    campaign_id: CAMPAIGNS.summer,
    title: "Summer Clearance",
    description: "Last season's stock, sold through.",
    brief: { objective: "Empty the warehouse by September", target_audience: "Past customers", tone: ["loud"] },
  },
];

/** What happened to the campaign itself: activation, notes in its state, features, configuration. */
function campaignLife(campaign_id: string, { now }: DemoNow): DemoStep[] {
  const day = (ago: number, minutes = 0): number => now - ago * DAY_MS + minutes * MINUTE_MS;
  const update = (at: number, as: DemoActor, updates: object): DemoStep => ({
    at,
    as,
    type: "campaign:update:v1",
    payload: { campaign_id, updates },
  });
  const addFeatures = (at: number, as: DemoActor, features: string[]): DemoStep => ({
    ...{ at, as, type: "campaign:feature:v1" },
    payload: { campaign_id, action: "add", features },
  });
  const steps = [
    addFeatures(day(26), "operator", ["waitlist"]),
    update(day(25), "operator2", { state: { stage: "planning", reviewed: false } }),
    {
      at: day(24),
      as: "admin" as const,
      type: "campaign:config:v1",
      payload: { campaign_id, config: { communication: { channel: "#campaigns" } } },
    },
  ];
  if (campaign_id === CAMPAIGNS.launch) return steps;
  steps.push(
    update(day(22), "operator", { status: "active" }),
    update(day(21), "operator", { state: { stage: "live", reviewed: true } }),
    addFeatures(day(18), "operator2", ["referral"]),
  );
  if (campaign_id !== CAMPAIGNS.summer) {
    for (let ago = 20; ago >= 1; ago--)
      steps.push(update(day(ago, 30), "n8n", { state: { spend_checked: dayName(now, ago) } }));
  }
  if (campaign_id === CAMPAIGNS.growth)
    steps.push(update(day(3), "operator", { state: { lead_goal_micros: dollars(150) } }));
  if (campaign_id === CAMPAIGNS.summer) steps.push(update(day(12), "admin", { status: "completed" }));
  return steps;
}

/** The day that many days ago, as the workflow notes it. */
function dayName(now: number, ago: number): string {
  return new Date(now - ago * DAY_MS).toISOString().slice(0, 10);
}
