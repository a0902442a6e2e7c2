import { campaignRoom } from "../../../core/rooms/campaign-room.ts";
import { aRoomForImports } from "../../../core/domain/delivery-imports/import.fixture.ts";
import { dayCounters, deliveryFacts, packageCounters } from "../../../core/domain/delivery/entities.ts";
import type { Counters, DeliveryFact } from "../../../core/domain/delivery/entities.ts";
import { mediaBuys } from "../../../core/domain/media-buys/entities.ts";
import { sumCounters } from "../../../core/domain/reporting/counters.ts";
import type { Scenario } from "../../../core/model/given.ts";
import { canonicalJson } from "../../../core/model/json.ts";
import { refuse } from "../../../core/model/refusal.ts";
import { bodyOf } from "./body.fixture.ts";
import type { Executed } from "./execute.ts";
import { runImport } from "./run-import.ts";
import type { ImportAnswer, ImportRequest } from "./run-import.ts";

/** One command that reached the room. */
export interface Arrived {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly outcome: Executed;
}

/** Executes commands on a scenario as a room does: an id seen before gives the recorded answer, refusals are decided afresh. */
export class ImportRoom {
  readonly scenario: Scenario;
  readonly arrived: Arrived[] = [];
  readonly signals: unknown[] = [];
  /** When commands arrive, ISO-8601 UTC. */
  now = "2026-11-20T12:00:00.000Z";
  /** What happens instead of the commands it answers for. */
  intercept: ((type: string, payload: unknown) => Executed | Error | undefined) | undefined;
  readonly #seen = new Map<string, Arrived>();

  constructor(scenario: Scenario = aRoomForImports()) {
    this.scenario = scenario;
  }

  /** How many commands were committed. */
  get commits(): number {
    return this.#seen.size;
  }

  readonly execute = ({ type, payload }: { type: string; payload: unknown }, id: string): Promise<Executed> => {
    const intercepted = this.intercept?.(type, payload);
    if (intercepted instanceof Error) return Promise.reject(intercepted);
    const outcome = intercepted ?? this.#outcome(type, payload, id);
    const arrival = { id, type, payload, outcome };
    this.arrived.push(arrival);
    if ("ok" in outcome && !intercepted) this.#seen.set(id, arrival);
    return Promise.resolve(outcome);
  };

  /** Uploads a file under an id. */
  upload(file: string | Uint8Array, more: Partial<ImportRequest> = {}): ReturnType<typeof runImport> {
    return runImport({
      body: bodyOf(file),
      options: { file_name: "report.csv" },
      command_id: "import-of-a-report-1",
      execute: this.execute,
      signal: (name, data) => void this.signals.push([name, data]),
      wait: () => Promise.resolve(),
      ...more,
    });
  }

  /** The same, for uploads that are carried out. */
  async uploaded(file: string | Uint8Array, more: Partial<ImportRequest> = {}): Promise<ImportAnswer> {
    const answer = await this.upload(file, more);
    if ("refused" in answer) throw new Error(`${answer.code}: ${answer.message}`);
    return answer;
  }

  /** The sums of all packages, by package and by day: which are always the same. */
  totals(): Counters {
    const { tx } = this.scenario;
    const whole = sumCounters(tx.list(packageCounters).map(({ totals }) => totals));
    const days = sumCounters(tx.list(dayCounters));
    if (canonicalJson(whole) !== canonicalJson(days)) throw new Error("Packages and days add up to different sums");
    return whole;
  }

  /** The sums of one campaign of the report. */
  totalsOf(externalId: string): Counters {
    const { tx } = this.scenario;
    const buy = tx.list(mediaBuys).find(({ external_id }) => external_id === externalId);
    return sumCounters((buy?.packages ?? []).map(({ id }) => tx.get(packageCounters, id)!.totals));
  }

  /** All facts that were written and the revision of each. */
  facts(): { fact: DeliveryFact; revision: number }[] {
    const { tx } = this.scenario;
    const ids = this.arrived.flatMap(({ outcome }) => ("data" in outcome ? factIds(outcome.data) : []));
    return [...new Set(ids)].map((id) => ({
      fact: tx.get(deliveryFacts, id)!,
      revision: tx.revision(deliveryFacts, id),
    }));
  }

  #outcome(type: string, payload: unknown, id: string): Executed {
    const seen = this.#seen.get(id);
    if (seen) {
      const same = canonicalJson([seen.type, seen.payload]) === canonicalJson([type, payload]);
      return same ? seen.outcome : refuse("IDEMPOTENCY_CONFLICT", "This id was used for another command");
    }
    const command = campaignRoom.commands.get(type);
    if (!command) return refuse("UNKNOWN_TYPE", type);
    // Over the wire a payload is JSON.
    const outcome = this.scenario.send(command, JSON.parse(JSON.stringify(payload)), { as: "operator", now: this.now });
    return outcome.refusal ?? { ok: true, data: outcome.events[0]?.data };
  }
}

function factIds(data: unknown): string[] {
  return typeof data === "object" && data !== null && "facts" in data
    ? (data.facts as DeliveryFact[]).map(({ id }) => id)
    : [];
}
