import type { ReadTx } from "../../model/transaction.ts";
import { creatives } from "../creatives/entities.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import { addDays, reportDay } from "../reporting/report-day.ts";

/** A day can be this long before the flight: platforms warm up, and flights are entered late. */
export const DAYS_BEFORE_FLIGHT = 400;
/** The same of a buy that was recorded after its flight began, an imported one say: its history arrives in any order. */
export const DAYS_BEFORE_HISTORY = 3_650;

/** What the rows of one report refer to, looked up once however many rows do. */
export class ReportReferences {
  readonly #tx: ReadTx;
  readonly #zone: string;
  readonly #firstDays = new Map<string, string | null>();
  #creatives: ReadonlyMap<string, string> | null = null;

  /** `zone` is that of report days. */
  constructor(tx: ReadTx, zone: string) {
    this.#tx = tx;
    this.#zone = zone;
  }

  /** The id of the buy's creative with that id or external id, or null. */
  creativeId(ref: string, buyId: string): string | null {
    const byId = this.#tx.get(creatives, ref);
    if (byId) return byId.media_buy_id === buyId ? byId.id : null;
    this.#creatives ??= byExternalId(this.#tx);
    return this.#creatives.get(key(buyId, ref)) ?? null;
  }

  /** The first day that a fact of the buy can be about; null without the buy. */
  firstDay(buyId: string): string | null {
    const known = this.#firstDays.get(buyId);
    if (known !== undefined) return known;
    const buy = this.#tx.get(mediaBuys, buyId);
    const first = buy ? firstDayOf(buy, this.#zone) : null;
    this.#firstDays.set(buyId, first);
    return first;
  }
}

function firstDayOf({ start_at, created_at }: { start_at: string; created_at: string }, zone: string): string {
  const isHistory = Date.parse(start_at) < Date.parse(created_at);
  return addDays(reportDay(start_at, zone), isHistory ? -DAYS_BEFORE_HISTORY : -DAYS_BEFORE_FLIGHT);
}

function byExternalId(tx: ReadTx): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { id, media_buy_id, external_id } of tx.list(creatives)) {
    if (external_id !== null) ids.set(key(media_buy_id, external_id), id);
  }
  return ids;
}

/** No id holds a space. */
function key(buyId: string, externalId: string): string {
  return `${buyId} ${externalId}`;
}
