import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { visibleEvents } from "./fold.ts";
import type { LoggedCommit, Seen } from "./history.ts";

/** What went wrong, and how often it was made to. */
export interface Verdict {
  readonly acknowledged: number;
  readonly logged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly gaps: number;
  /** Rows of the audit in D1 that are missing, too many or different. */
  readonly unprojected: number;
  readonly seen: number;
  /** Commits that the viewer saw and the log has not, or has differently. */
  readonly seenWrong: number;
  /** Commits of the log that the viewer was never sent. */
  readonly unseen: number;
}

/** What was acknowledged and seen outside the room, on disk, so that a soak can go on another day. */
export class SoakLedger {
  readonly #database: DatabaseSync;
  #acknowledged: [string, number][] = [];

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec("PRAGMA journal_mode = WAL");
    this.#database.exec("CREATE TABLE IF NOT EXISTS acknowledged (id TEXT PRIMARY KEY, seq INTEGER) WITHOUT ROWID");
    this.#database.exec(
      "CREATE TABLE IF NOT EXISTS seen (seq INTEGER, digest TEXT, PRIMARY KEY (seq, digest)) WITHOUT ROWID",
    );
    this.#database.exec("CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID");
  }

  get acknowledged(): number {
    return this.#count("SELECT count(*) AS n FROM acknowledged") + this.#acknowledged.length;
  }

  fact(name: string): string | null {
    const row = this.#database.prepare("SELECT value FROM facts WHERE name = ?").get(name);
    return row ? String(row["value"]) : null;
  }

  remember(name: string, value: string): void {
    this.#database.prepare("INSERT OR REPLACE INTO facts VALUES (?, ?)").run(name, value);
  }

  /** How often something happened, one more from now. */
  count(name: string, more = 1): void {
    this.remember(name, String(Number(this.fact(name) ?? 0) + more));
  }

  acknowledge(id: string, seq: number): void {
    this.#acknowledged.push([id, seq]);
  }

  /** Writes what came since the last time, in one transaction. */
  save(seen: readonly Seen[]): void {
    this.#database.exec("BEGIN");
    const acknowledge = this.#database.prepare("INSERT OR REPLACE INTO acknowledged VALUES (?, ?)");
    for (const [id, seq] of this.#acknowledged.splice(0)) acknowledge.run(id, seq);
    const see = this.#database.prepare("INSERT OR IGNORE INTO seen VALUES (?, ?)");
    for (const { seq, actor, events } of seen) see.run(seq, digestOf(actor, events));
    this.#database.exec("COMMIT");
  }

  /** Compares everything with the room's own log and with the read model. Neither may be in use. */
  judge(roomFile: string, readModel: string, campaignId: string): Verdict {
    this.#database.exec(`ATTACH '${roomFile}' AS room`);
    this.#database.exec(`ATTACH '${readModel}' AS d1`);
    const logged = this.#count("SELECT count(*) AS n FROM room.log");
    const [seenWrong, unseen] = this.#compareSeen();
    const audit = `SELECT seq, actor, command_id, type, at FROM d1.audit WHERE campaign_id = '${campaignId}'`;
    const log = "SELECT seq, actor, command_id, type, at FROM room.log";
    return {
      acknowledged: this.#count("SELECT count(*) AS n FROM acknowledged"),
      logged,
      lost: this.#count(
        "SELECT count(*) AS n FROM acknowledged a LEFT JOIN room.log l ON l.seq = a.seq AND l.command_id = a.id WHERE l.seq IS NULL",
      ),
      doubled: this.#count(
        "SELECT count(*) AS n FROM (SELECT 1 FROM room.log WHERE actor <> 'system:room' GROUP BY actor, command_id HAVING count(*) > 1)",
      ),
      gaps: this.#count("SELECT max(seq) AS n FROM room.log") - logged,
      unprojected:
        this.#count(`SELECT count(*) AS n FROM (${log} EXCEPT ${audit})`) +
        this.#count(`SELECT count(*) AS n FROM (${audit} EXCEPT ${log})`),
      seen: this.#count("SELECT count(*) AS n FROM seen"),
      seenWrong,
      unseen,
    };
  }

  close(): void {
    this.#database.close();
  }

  #compareSeen(): [wrong: number, unseen: number] {
    const sees = visibleEvents(campaignRoom, { kind: "role", role: "owner" });
    const first = Number(this.fact("watched_from") ?? 0);
    const seen = this.#database.prepare("SELECT digest FROM seen WHERE seq = ?");
    let [wrong, unseen] = [0, 0];
    for (const row of this.#database.prepare("SELECT seq, actor, events FROM room.log").iterate()) {
      const { seq, actor } = row as unknown as LoggedCommit;
      // Written by the room's storage alone.
      const events = sees({ events: JSON.parse(String(row["events"])) as LoggedCommit["events"] } as LoggedCommit);
      const digests = seen.all(seq).map(({ digest }) => String(digest));
      const digest = digestOf(actor, events);
      wrong += digests.filter((other) => other !== digest).length;
      if (seq > first && events.length > 0 && !digests.includes(digest)) unseen++;
    }
    return [wrong + this.#count("SELECT count(*) AS n FROM seen WHERE seq NOT IN (SELECT seq FROM room.log)"), unseen];
  }

  #count(query: string): number {
    return Number(this.#database.prepare(query).get()?.["n"] ?? 0);
  }
}

function digestOf(actor: string, events: readonly string[]): string {
  return createHash("sha256")
    .update([actor, ...events].join("\n"))
    .digest("hex")
    .slice(0, 24);
}
