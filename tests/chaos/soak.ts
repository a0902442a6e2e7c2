import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../client/sync/clock.ts";
import { partySocketTo } from "../../client/sync/party-socket.ts";
import { RoomClient } from "../../client/sync/room-client.ts";
import { updateCampaign } from "../../core/domain/campaigns/update-campaign.ts";
import { updateMediaBuy } from "../../core/domain/media-buys/update-media-buy.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { seedDemo } from "../../scripts/seed-demo.ts";
import { Seeded } from "../../worker/engine/testing/seeded.ts";
import { Api, makeCampaign, mustWork } from "../e2e/support/api.ts";
import { startFlightdeck } from "../e2e/support/flightdeck.ts";
import type { Flightdeck } from "../e2e/support/flightdeck.ts";
import { headOf, openDatabase, readModelFile, readProjection, roomFileOf } from "./room-files.ts";
import { SoakLedger } from "./soak-ledger.ts";
import type { Verdict } from "./soak-ledger.ts";
import { Viewer } from "./viewer.ts";

const WRITERS = 3;
const IN_FLIGHT = 32;
/** A fault comes about every so many mutations. */
const FAULT_EVERY = 1_500;
const IDLE_MS = 13_000;
const SAVE_EVERY_MS = 2_000;
const SETTLE_MS = 300_000;
const SCOPES = ["campaign.read", "campaign.edit", "media_buy.edit"];

/** What to soak, and how long. */
export interface SoakOptions {
  readonly directory: string;
  readonly report: string;
  /** Acknowledged mutations altogether, those of earlier sittings included. */
  readonly mutations: number;
  readonly seed: number;
}

interface Place {
  readonly workspaceId: string;
  readonly campaignId: string;
  readonly mediaBuyId: string;
  readonly key: string;
}

/** One sitting of a soak: writes until so many mutations are acknowledged, with faults all the while, and compares. True if every promise held. */
export async function soak(options: SoakOptions): Promise<boolean> {
  mkdirSync(options.directory, { recursive: true });
  const ledger = new SoakLedger(join(options.directory, "ledger.sqlite"));
  const server = await startFlightdeck({ directory: options.directory, vars: { RATE_API_KEY: "100000/100000" } });
  try {
    await seedDemo(server.url);
    const place = await placeOf(server, ledger);
    const sitting = new Sitting({ server, ledger, place, seed: options.seed + ledger.acknowledged });
    await sitting.writeUntil(options.mutations);
    await sitting.settle();
    const [room, readModel] = [roomFileOf(server.stateDir, place.campaignId), readModelFile(server.stateDir)];
    await server.kill();
    const verdict = ledger.judge(room, readModel, place.campaignId);
    const page = reportOf(verdict, ledger, options);
    writeFileSync(options.report, page);
    console.log(page);
    return holds(verdict);
  } finally {
    await server.stop();
    ledger.close();
  }
}

function holds(verdict: Verdict): boolean {
  const { lost, doubled, gaps, unprojected, seenWrong, unseen } = verdict;
  return lost + doubled + gaps + unprojected + seenWrong + unseen === 0;
}

/** The campaign that is soaked: made in the first sitting. */
async function placeOf(server: Flightdeck, ledger: SoakLedger): Promise<Place> {
  const known = ledger.fact("place");
  // Written here alone.
  if (known) return JSON.parse(known) as Place;
  const owner = await Api.as(server.url, "owner");
  const { workspaceId, campaignId, mediaBuyId } = await makeCampaign(owner, "Soak");
  const asked = { name: "soak", scopes: SCOPES };
  const made = mustWork(await owner.post(`/v1/workspaces/${workspaceId}/api_key/create`, asked));
  const place = { workspaceId, campaignId, mediaBuyId, key: String(made.data?.["secret"]) };
  ledger.remember("place", JSON.stringify(place));
  return place;
}

class Sitting {
  readonly #server: Flightdeck;
  readonly #ledger: SoakLedger;
  readonly #place: Place;
  readonly #random: Seeded;
  readonly #clients: RoomClient[] = [];
  readonly #viewer: Viewer;
  readonly #started = Date.now();
  #inFlight = 0;
  #n: number;

  constructor({ server, ledger, place, seed }: { server: Flightdeck; ledger: SoakLedger; place: Place; seed: number }) {
    this.#server = server;
    this.#ledger = ledger;
    this.#place = place;
    this.#random = new Seeded(seed);
    this.#n = ledger.acknowledged;
    const { workspaceId, campaignId, key } = place;
    const live = `${server.url.replace(/^http/, "ws")}/v1/workspaces/${workspaceId}/campaigns/${campaignId}/live`;
    for (let n = 0; n < WRITERS; n++) {
      const client = new RoomClient({
        room: campaignRoom,
        connect: (token) => partySocketTo(live, token),
        token: async () => ({ token: key, expires_at: null }),
        clock: systemClock,
        report: () => undefined,
      });
      client.start();
      this.#clients.push(client);
    }
    this.#viewer = new Viewer({ name: "viewer", address: live, token: key, room: campaignRoom });
    this.#viewer.start();
  }

  async writeUntil(mutations: number): Promise<void> {
    await this.#viewer.until(0);
    if (this.#ledger.fact("watched_from") === null)
      this.#ledger.remember("watched_from", String(this.#viewer.reader.from));
    const before = this.#ledger.acknowledged;
    let savedAt = 0;
    let nextFault = before + this.#random.below(FAULT_EVERY);
    while (this.#n < mutations) {
      if (this.#n >= nextFault) {
        await this.#fault();
        nextFault = this.#n + FAULT_EVERY / 2 + this.#random.below(FAULT_EVERY);
      }
      if (this.#inFlight >= IN_FLIGHT) await new Promise((resolve) => setTimeout(resolve, 1));
      else this.#write();
      if (Date.now() - savedAt < SAVE_EVERY_MS) continue;
      savedAt = Date.now();
      this.#save();
      const { acknowledged } = this.#ledger;
      const rate = Math.round(((acknowledged - before) * 1000) / (Date.now() - this.#started));
      console.log(`${acknowledged} of ${mutations} acknowledged, ${rate}/s`);
    }
  }

  /** Waits until everything sent is answered, seen and projected. */
  async settle(): Promise<void> {
    const { campaignId, workspaceId } = this.#place;
    const file = roomFileOf(this.#server.stateDir, campaignId);
    const readModel = readModelFile(this.#server.stateDir);
    const deadline = Date.now() + SETTLE_MS;
    const settled = (): boolean => {
      const head = headOf(file);
      const level = this.#clients.every((client) => client.unanswered === 0 && client.seq === head);
      return level && this.#viewer.seq === head && readProjection(readModel, workspaceId, campaignId).seq === head;
    };
    while (!settled()) {
      if (Date.now() > deadline) throw new Error("It did not settle");
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    this.#save();
    this.#ledger.count("sittings");
    this.#ledger.count("seconds", Math.round((Date.now() - this.#started) / 1000));
    for (const client of this.#clients) client.stop();
    this.#viewer.stop();
  }

  #write(): void {
    const client = this.#random.pick(this.#clients);
    if (!client) return;
    const n = ++this.#n;
    this.#inFlight++;
    const { campaignId, mediaBuyId } = this.#place;
    const cap = { operation: "set_daily_cap", amount_micros: 1_000_000_000 + n } as const;
    const answer = this.#random.chance(0.5)
      ? client.run(updateCampaign, { campaign_id: campaignId, updates: { state: { n } } })
      : client.run(updateMediaBuy, { media_buy_id: mediaBuyId, operations: [cap] });
    void answer.then((outcome) => {
      this.#inFlight--;
      if (!outcome.ok) return this.#ledger.count(`refused ${outcome.error.code}`);
      if (outcome.replayed) this.#ledger.count("answered again");
      this.#ledger.acknowledge(outcome.id, outcome.seq);
    });
  }

  async #fault(): Promise<void> {
    const roll = this.#random.fraction();
    if (roll < 0.4) {
      this.#ledger.count("kills");
      await this.#server.kill();
      await this.#server.restart();
    } else if (roll < 0.75) {
      this.#ledger.count("cut sockets");
      if (this.#random.chance(0.5)) this.#viewer.cut();
      this.#random.pick(this.#clients)?.networkChanged(true);
    } else if (roll < 0.9) {
      this.#ledger.count("D1 locks");
      const lock = openDatabase(readModelFile(this.#server.stateDir), false);
      lock.exec("BEGIN IMMEDIATE");
      setTimeout(() => lock.close(), 2_000 + this.#random.below(8_000));
    } else {
      this.#ledger.count("hibernations");
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    }
  }

  #save(): void {
    this.#ledger.save(this.#viewer.seen.splice(0));
    this.#viewer.reader.stream.clear();
  }
}

function reportOf(verdict: Verdict, ledger: SoakLedger, { mutations, seed }: SoakOptions): string {
  const of = (name: string): string => ledger.fact(name) ?? "0";
  const { acknowledged, logged, lost, doubled, gaps, unprojected, seen, seenWrong, unseen } = verdict;
  const rows: [string, string | number][] = [
    ["Acknowledged mutations", acknowledged],
    ["Lost", lost],
    ["Doubled", doubled],
    ["Commits in the room's log", logged],
    ["Gaps in it", gaps],
    ["Commits a viewer saw", seen],
    ["of which not in the log, or different there", seenWrong],
    ["Commits it was never sent", unseen],
    ["Rows by which the audit in D1 differs from the log", unprojected],
    ["Kills of the whole process group", of("kills")],
    ["Cut sockets", of("cut sockets")],
    ["Locks of D1, 2 to 10 s", of("D1 locks")],
    ["Pauses long enough to hibernate", of("hibernations")],
    ["Answers given again after a crash", of("answered again")],
    ["Sittings", of("sittings")],
    ["Seconds of writing", of("seconds")],
  ];
  return `# The last soak

Written by \`npm run test:soak -- --mutations ${mutations} --seed ${seed}\` on ${new Date().toISOString().slice(0, 10)}: ${holds(verdict) ? "every promise held" : "**a promise was broken**"}.

${table(rows)}`;
}

/** A table of two columns, each as wide as its widest cell, as the formatter leaves it. */
function table(rows: readonly (readonly [string, string | number])[]): string {
  const cells = rows.map(([name, value]) => [name, String(value)] as const);
  const widths = [0, 1].map((at) => Math.max(3, ...cells.map((cell) => cell[at === 0 ? 0 : 1].length)));
  const line = (left: string, right: string): string => `| ${left} | ${right} |\n`;
  const padded = cells.map(([left, right]) => line(left.padEnd(widths[0] ?? 0), right.padEnd(widths[1] ?? 0)));
  const [head, rule] = [" ", "-"].map((sign) => line(sign.repeat(widths[0] ?? 0), sign.repeat(widths[1] ?? 0)));
  return [head, rule, ...padded].join("");
}
