import { reportDay } from "../../core/domain/reporting/report-day.ts";
import type { Identity } from "../../core/model/room.ts";
import type { Outcome } from "../engine/outcome.ts";
import { DEMO_PEOPLE, DEMO_WORKSPACE, OTHER_DEMO_VIEWER, OTHER_DEMO_WORKSPACE } from "../identity/demo-people.ts";
import type { RehearsalStep } from "../objects/room-rpc.ts";
import { sha256 } from "../platform/randomness.ts";
import { CAMPAIGNS } from "./buys.ts";
import { campaignSteps, workspaceSteps } from "./story.ts";
import type { DemoActor, DemoNow, DemoStep } from "./story.ts";

const ZONE = "America/New_York";
const REPORT_DELAY_HOURS = 4;
/** So that the partial day never vanishes just after midnight. */
const LEAST_OF_TODAY = 0.04;

/** Where the demo's rooms are. */
export interface DemoRooms {
  rehearse(room: { workspace_id: string; campaign_id?: string }, steps: readonly RehearsalStep[]): Promise<Outcome[]>;
}

export interface SeededDemo {
  readonly workspace_id: string;
  /** Commands carried out now; 0 if the demo was there already. */
  readonly events: number;
  /** The workflow's API key: shown when it is made, never again. */
  readonly api_key: string | null;
}

/** Gives the two demo workspaces their people, campaigns and past. Doing it twice changes nothing. */
export async function seedDemo(rooms: DemoRooms, now: number): Promise<SeededDemo> {
  const when: DemoNow = { now, today: reportDay(new Date(now).toISOString(), ZONE), today_part: reportedToday(now) };
  const { id } = DEMO_WORKSPACE;
  let apiKey: string | null = null;
  let events = 0;
  const run = async (campaign_id: string | undefined, steps: readonly DemoStep[]): Promise<Outcome[]> => {
    const rehearsal = steps.map((step, at) => toRehearsal(step, `demo:${campaign_id ?? id}:${at}`, apiKey));
    const outcomes = await rooms.rehearse({ workspace_id: id, ...(campaign_id && { campaign_id }) }, rehearsal);
    events += outcomes.filter((outcome) => outcome.ok && !outcome.replayed).length;
    return outcomes;
  };

  const founding = await run(undefined, workspaceSteps(when));
  if (founding[0]?.ok && founding[0].replayed) return { workspace_id: id, events: 0, api_key: null };
  mustAllBeDone(founding);
  apiKey = secretIn(founding);
  for (const campaignId of Object.values(CAMPAIGNS))
    mustAllBeDone(await run(campaignId, campaignSteps(campaignId, when)));
  await seedOther(rooms, now);
  return { workspace_id: id, events, api_key: apiKey };
}

async function seedOther(rooms: DemoRooms, now: number): Promise<void> {
  const at = now - 20 * 86_400_000;
  const { outsider } = DEMO_PEOPLE;
  const { user_id, name, email, role } = OTHER_DEMO_VIEWER;
  const steps: DemoStep[] = [
    {
      ...{ at, as: "outsider", type: "workspace:create:v1" },
      payload: {
        workspace_id: OTHER_DEMO_WORKSPACE.id,
        name: OTHER_DEMO_WORKSPACE.name,
        timezone: "Europe/London",
        currency: "GBP",
        owner_name: outsider.name,
        owner_email: outsider.email,
      },
    },
    { at: at + 60_000, as: "outsider", type: "member:add:v1", payload: { user_id, name, email, role } },
    { at: at + 120_000, as: "outsider", type: "campaign:create:v1", payload: { title: "Harbour Lights" } },
  ];
  const outcomes = await rooms.rehearse(
    { workspace_id: OTHER_DEMO_WORKSPACE.id },
    steps.map((step, n) => toRehearsal(step, `demo:${OTHER_DEMO_WORKSPACE.id}:${n}`, null)),
  );
  mustAllBeDone(outcomes);
}

function toRehearsal(step: DemoStep, id: string, apiKey: string | null): RehearsalStep {
  const envelope = { type: `${step.type}:requested`, id, payload: step.payload };
  return { at: new Date(step.at).toISOString(), identity: identityOf(step.as, apiKey), envelope };
}

function identityOf(actor: DemoActor, apiKey: string | null): Identity {
  if (actor === "room") return { kind: "system", subject: "room", session_id: null };
  if (actor !== "n8n") return { kind: "user", subject: DEMO_PEOPLE[actor].user_id, session_id: null };
  if (!apiKey) throw new Error("The demo's API key is not there yet");
  return { kind: "api_key", subject: sha256(apiKey), session_id: null };
}

function mustAllBeDone(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if (!outcome.ok)
      throw new Error(`The demo's ${outcome.type ?? "command"} was refused: ${JSON.stringify(outcome.refusal)}`);
  }
}

function secretIn(outcomes: readonly Outcome[]): string {
  for (const outcome of outcomes) {
    if (!outcome.ok || outcome.type !== "api_key:create:v1") continue;
    const { data } = outcome;
    if (typeof data === "object" && data !== null && "secret" in data && typeof data.secret === "string")
      return data.secret;
  }
  throw new Error("The demo's API key was not made");
}

/** The share of today that is reported, with its delay, in the demo's zone. */
function reportedToday(now: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: ZONE,
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value ?? 0);
  return Math.max(LEAST_OF_TODAY, (part("hour") + part("minute") / 60 - REPORT_DELAY_HOURS) / 24);
}
