import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import { isRefusal, refuse } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { Count } from "../../model/units.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import { reportContext } from "../reporting/buy-delivery.ts";
import { PackageDelta, applyDelta, packageDeltas } from "./deltas.ts";
import type { FactChange } from "./deltas.ts";
import { DeliveryFact, deliveryFacts, packageCounters } from "./entities.ts";
import { FactInput, readFacts } from "./fact-input.ts";
import { overflow, tooManyDays } from "./report-limits.ts";

/** As many as fit an HTTP body of 256 KB. */
export const MAX_REPORT_FACTS = 500;

const summary = {
  deltas: z.array(PackageDelta).max(MAX_REPORT_FACTS),
  /** Facts that are new or replaced an older report. */
  accepted: Count,
  /** Facts older than what is known, or repeated within the report. */
  ignored: Count,
  /** Facts known exactly so. */
  unchanged: Count,
};

export const deliveryReported = defineEvent("delivery:report:v1:success", {
  data: z.strictObject({ facts: z.array(DeliveryFact).max(MAX_REPORT_FACTS), ...summary }),
  wire: {
    data: z.strictObject(summary),
    // Browsers hold counters, not facts: they get the sums alone.
    from: ({ facts: _facts, ...sums }) => sums,
  },
  apply(tx, data) {
    if ("facts" in data) for (const fact of data.facts) tx.put(deliveryFacts, fact);
    for (const delta of data.deltas) applyDelta(tx, delta);
  },
});

export const reportDelivery = defineCommand("delivery:report:v1", {
  about:
    "Report what packages delivered, by day, creative, device and country. A newer report of the same fact replaces it; nothing is refused for exceeding a budget.",
  input: z.strictObject({ facts: z.array(FactInput).min(1).max(MAX_REPORT_FACTS) }),
  example: {
    facts: [
      {
        package_id: "pkg_01J00000000000000000000001",
        date: "2026-11-19",
        device: "ctv",
        country: "US",
        source: "google_ads",
        impressions: 65_333,
        clicks: 26,
        spend_micros: 1_960_000_000,
        reported_at: "2026-11-20T04:00:00.000Z",
      },
    ],
  },
  needs: "delivery.report",
  refuses: ["PACKAGE_NOT_FOUND", "CREATIVE_NOT_FOUND", "VALIDATION_ERROR", "NO_CHANGE"],
  emits: [deliveryReported],
  // A browser holds no facts, so it cannot know what a report changes.
  optimistic: false,
  // Facts are taken whatever has become of the buy, also in an archived campaign, which refuses everything else: platforms
  // correct what they reported for weeks, and what was delivered has to be paid for however it is filed here.
  decide(tx, { facts: rows }, { now }) {
    const facts = readFacts(tx, rows, { now, zone: reportContext(tx, now).zone });
    if (isRefusal(facts)) return facts;
    const { changes, ignored, unchanged } = compared(tx, facts);
    if (changes.length === 0) return refuse("NO_CHANGE", "All of it is known already, or older than what is known.");
    const deltas = packageDeltas(tx, changes, budgets(tx));
    const tooMuch = overflow(tx, changes, deltas) ?? tooManyDays(tx, deltas, rows);
    if (tooMuch) return tooMuch;
    const counts = { accepted: changes.length, ignored, unchanged };
    return [deliveryReported.of({ facts: changes.map((change) => change.after), deltas, ...counts })];
  },
});

/** Which facts stand against what is known. Within one report the newest stands, of equally new ones the last. */
function compared(
  tx: ReadTx,
  facts: readonly DeliveryFact[],
): { changes: FactChange[]; ignored: number; unchanged: number } {
  const newest = new Map<string, DeliveryFact>();
  for (const fact of facts) {
    const other = newest.get(fact.id);
    if (!other || fact.reported_at >= other.reported_at) newest.set(fact.id, fact);
  }
  const changes: FactChange[] = [];
  let unchanged = 0;
  let ignored = facts.length - newest.size;
  for (const after of newest.values()) {
    const before = tx.get(deliveryFacts, after.id);
    if (before && before.reported_at > after.reported_at) ignored++;
    else if (before && isKnown(before, after)) unchanged++;
    // Also when both are equally new: the same file, read again with a corrected mapping, is as new as it was and says otherwise.
    else changes.push({ before, after });
  }
  return { changes, ignored, unchanged };
}

/**
 * Whether a report says nothing new. Where in which file a fact stands is no news, so exports that overlap rewrite nothing
 * where they agree; files are read in the order in which they are reported. Without a file a newer time is news, because
 * a report that was made between the two may still arrive, and must not stand against the newer one.
 */
function isKnown(before: DeliveryFact, after: DeliveryFact): boolean {
  const values = ({ source_ref: _place, reported_at: _time, ...fact }: DeliveryFact): string => canonicalJson(fact);
  if (before.reported_at !== after.reported_at && after.source_ref === null) return false;
  return values(before) === values(after);
}

function budgets(tx: ReadTx): (packageId: string) => number {
  return (packageId) => {
    const buyId = tx.get(packageCounters, packageId)?.media_buy_id;
    const buy = buyId === undefined ? undefined : tx.get(mediaBuys, buyId);
    return buy?.packages.find((pkg) => pkg.id === packageId)?.budget_micros ?? 0;
  };
}
