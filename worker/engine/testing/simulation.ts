import type { Outcome } from "../outcome.ts";
import type { LogRow, RoomStorage } from "../ports.ts";
import { people } from "./board-room.ts";
import { MemoryStorage } from "./memory-storage.ts";
import type { Reader } from "./reader.ts";
import { rowsOf } from "./reader.ts";
import { Seeded } from "./seeded.ts";
import { RecordingConsumer, World } from "./world.ts";

const PEOPLE = ["ann", "ben", "cid", "dan", "eve"] as const;
const KINDS = ["note", "secret", "reminder", "person", "session_revocation"];
const MAX_READERS = 12;

interface Sent {
  readonly who: string;
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly outcome: Outcome;
}

/** People who come, go, write, are promoted and thrown out, on connections that fail, in a room that is evicted and dies: all from one seed. */
export class Simulation {
  readonly world: World<RoomStorage>;
  readonly consumers = [new RecordingConsumer("one", 20), new RecordingConsumer("two", 7)];
  /** What was sent to somebody who was not to have it. */
  readonly violations: string[] = [];
  /** The commands that were carried out. */
  readonly acknowledged: Sent[] = [];
  /** What was live at some seqs. */
  readonly was = new Map<number, string[]>();
  /** What happened how often, to see that a seed is worth its time. */
  readonly counts = new Map<string, number>();
  readonly #random: Seeded;
  /** Readers who may have lost a frame with the object's memory. */
  readonly #mayMiss = new WeakSet<Reader>();

  constructor(seed: number, storage: RoomStorage = new MemoryStorage()) {
    this.#random = new Seeded(seed);
    const flaky = (): void => {
      if (this.#random.chance(0.2)) throw new Error("away");
    };
    for (const consumer of this.consumers) consumer.onDeliver = flaky;
    this.world = World.createdOn(storage, { consumers: () => this.consumers });
  }

  async step(): Promise<void> {
    const random = this.#random;
    const dice = random.fraction();
    if (dice < 0.4) this.#write();
    else if (dice < 0.46) this.#repeat();
    else if (dice < 0.52) this.#changeRights();
    else if (dice < 0.7) this.#take();
    else if (dice < 0.78) this.#connect();
    else if (dice < 0.84) this.#cut();
    else if (dice < 0.94) await this.world.advance(random.below(random.chance(0.1) ? 20_000 : 80));
    else if (dice < 0.98) this.#hibernate();
    else this.#crash();
    if (random.chance(0.1)) this.was.set(this.world.engine.position.seq, this.live());
  }

  /** Lets everything recover: consumers work, whoever may comes back, time passes. */
  async heal(): Promise<void> {
    for (const consumer of this.consumers) consumer.onDeliver = () => {};
    await this.world.advance(180_000);
    for (const reader of this.world.readers) {
      if (reader.sink.closed) this.#resume(reader);
      this.#takeFrom(reader, Number.POSITIVE_INFINITY);
    }
  }

  /** Live resident entities as storage has them. */
  live(): string[] {
    return rowsOf(KINDS.flatMap((kind) => [...this.world.storage.scan(kind)]));
  }

  log(): LogRow[] {
    return this.world.storage.readLog(0, 1_000_000);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  #write(): void {
    const random = this.#random;
    const note = `n${random.below(8)}`;
    const text = `${random.below(1e6)}`.padEnd(random.chance(0.05) ? 60_000 : 1);
    const at = new Date(this.world.clock.now() + random.below(5000)).toISOString();
    const [type, payload] = random.pick<[string, unknown]>([
      ["note:write:v1", { id: note, text }],
      ["note:write:v1", { id: note, text }],
      ["note:remove:v1", { id: note }],
      ["entry:add:v1", { note_id: note, amount: random.below(9) }],
      ["secret:write:v1", { id: `s${random.below(4)}`, text }],
      ["reminder:set:v1", { id: random.pick(["r1", "refused1", "stuck1"]), at: random.chance(0.3) ? null : at }],
      ["fail:apply:v1", {}],
    ]) ?? ["", null];
    this.#send(random.pick(PEOPLE) ?? "ann", type, payload);
  }

  #send(who: string, type: string, payload: unknown): void {
    const id = this.world.nextId();
    const outcome = this.world.run({ who, id }, type, payload);
    this.#count(outcome.ok ? "committed" : "refused");
    if (outcome.ok) this.acknowledged.push({ who, id, type, payload, outcome });
  }

  /** The sender heard nothing and sends it again. */
  #repeat(): void {
    const sent = this.#random.pick(this.acknowledged);
    if (!sent) return;
    const again = this.world.run(sent, sent.type, sent.payload);
    const known = this.world.engine.tx().get(people, sent.who) !== undefined;
    const same = JSON.stringify(again) === JSON.stringify(withReplayed(sent.outcome));
    if (known && !same) this.violations.push(`${sent.id} was answered otherwise`);
    this.#count("repeated");
  }

  #changeRights(): void {
    const random = this.#random;
    const who = random.pick(PEOPLE.slice(1)) ?? "ben";
    const role = random.pick(["viewer", "operator", "admin", null]) ?? null;
    if (role && random.chance(0.3))
      this.#send("ann", "secret:share:v1", { id: `s${random.below(4)}`, text: "shared", person: who, role });
    else this.#send("ann", "person:set:v1", { id: who, role });
    this.#count("rights changed");
  }

  #take(): void {
    const reader = this.#random.pick(this.world.readers);
    if (reader) this.#takeFrom(reader, this.#random.chance(0.5) ? Number.POSITIVE_INFINITY : 1 + this.#random.below(4));
  }

  /** Takes frames; whoever notices a gap after the object lost its memory says hello again. Any other gap is the room's fault. */
  #takeFrom(reader: Reader, count: number): void {
    try {
      reader.take(count);
    } catch (error) {
      if (!this.#mayMiss.has(reader) || !String(error).includes("Commits from")) throw error;
      this.#mayMiss.delete(reader);
      this.#count("gap repaired");
      this.world.hello(reader);
      reader.take(count);
    }
  }

  #connect(): void {
    const gone = this.world.readers.filter(({ sink }) => sink.closed);
    const reader = gone.length > 0 && this.#random.chance(0.8) ? this.#random.pick(gone) : undefined;
    if (reader) this.#resume(reader);
    else if (this.world.readers.length < MAX_READERS) {
      const options = this.#random.chance(0.2) ? { expires_in: 1 + this.#random.below(3000) } : {};
      const fresh = this.world.connect(this.#random.pick(PEOPLE) ?? "ann", options);
      this.#watch(fresh, options.expires_in);
      this.world.hello(fresh, null);
      this.#count("joined");
    }
  }

  #resume(reader: Reader): void {
    const options = this.#random.chance(0.1) ? { expires_in: 1 + this.#random.below(3000) } : {};
    this.world.reconnect(reader, options);
    this.#watch(reader, options.expires_in);
    this.world.hello(reader);
    this.#count("resumed");
  }

  #cut(): void {
    const open = this.world.readers.filter(({ sink }) => !sink.closed);
    const reader = this.#random.pick(open);
    if (!reader) return;
    if (this.#random.chance(0.3)) reader.sink.stalled = true;
    else this.world.cut(reader);
    this.#count("cut");
  }

  #hibernate(): void {
    for (const reader of this.world.readers) this.#mayMiss.add(reader);
    this.world.hibernate();
    this.#count("hibernated");
  }

  #crash(): void {
    this.world.crash();
    this.#count("crashed");
  }

  /** Notes everything that is sent past the end of a token or to somebody with no access. */
  #watch(reader: Reader, expiresIn: number | undefined): void {
    const { sink, who } = reader;
    const expiry = expiresIn === undefined ? Number.POSITIVE_INFINITY : this.world.clock.now() + expiresIn;
    const send = sink.send.bind(sink);
    sink.send = (text) => {
      if (this.world.clock.now() >= expiry) this.violations.push(`${who} was sent something after the end`);
      if (!this.world.engine.tx().get(people, who)) this.violations.push(`${who} was sent something without access`);
      send(text);
    };
  }
}

function withReplayed(outcome: Outcome): unknown {
  if (!outcome.ok) return outcome;
  const { data, ...rest } = outcome;
  // What is told once is not told again.
  const told = typeof data === "object" && data !== null && "key" in data ? withoutKey(data) : data;
  return { ...rest, data: told, replayed: true };
}

function withoutKey(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== "key"));
}
