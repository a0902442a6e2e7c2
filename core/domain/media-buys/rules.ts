import { jsonBytes } from "../../model/json.ts";
import { invalid, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { flightOf } from "../reporting/pacing.ts";
import { totalBudget } from "./entities.ts";
import type { MediaBuy, Package } from "./entities.ts";

/** Keeps a buy under the 64 KB of an entity, with room for the fields that grow later. */
const MAX_BUY_BYTES = 60_000;

export type RuleField = "geo" | "bid" | "budget" | "cap" | "start" | "end" | "size";

/** What a buy is checked against. */
export interface RuleContext {
  /** The buy before the command; null if it is new. Budgets and caps that stay as they were are not judged again: facts may have overtaken them. */
  readonly before: MediaBuy | null;
  /** Micros a package has spent to date. */
  spent(packageId: string): number;
  /** The JSON pointer to what the caller said about a field, of a package or of the buy. */
  pointer(field: RuleField, packageId?: string): string;
}

/** The first invariant of domain rules that a buy breaks, or null. */
export function brokenRule(buy: MediaBuy, context: RuleContext): Refusal | null {
  const live = buy.packages.filter((pkg) => !pkg.canceled);
  for (const pkg of live) {
    const broken = brokenGeo(pkg, context) ?? brokenBid(pkg, context) ?? brokenBudget(pkg, context);
    if (broken) return broken;
  }
  return brokenFlight(buy, context) ?? brokenTotals(buy, context) ?? brokenSize(buy, context);
}

function brokenGeo(pkg: Package, { pointer }: RuleContext): Refusal | null {
  if (pkg.geo_countries.length === 0) {
    const message = `${pkg.name} would have no country left and run everywhere: use pause to stop it.`;
    return invalid(pointer("geo", pkg.id), message, "minItems");
  }
  const both = pkg.geo_countries.find((country) => pkg.geo_exclude.includes(country));
  if (both === undefined) return null;
  return invalid(pointer("geo", pkg.id), `${both} is excluded from ${pkg.name}.`, "excluded");
}

function brokenBid({ id, name, bid_micros: bid, pricing, ...pkg }: Package, { pointer }: RuleContext): Refusal | null {
  const wrong = (message: string, keyword: string): Refusal =>
    invalid(pointer("bid", id), `${name}: ${message}`, keyword);
  if (pricing.floor_price_micros === null) {
    const bids = bid !== null || Object.keys(pkg.device_bid_modifiers).length > 0;
    return bids ? wrong("a fixed price takes no bid.", "fixedPrice") : null;
  }
  if (bid === null) return wrong("an auction needs a bid.", "required");
  const floor = pricing.floor_price_micros;
  if (bid < floor) return wrong(`the bid of ${bid} micros is below the floor of ${floor} micros.`, "minimum");
  if (pricing.max_bid_micros !== null && bid > pricing.max_bid_micros) {
    return wrong(`the bid of ${bid} micros is above the highest allowed, ${pricing.max_bid_micros} micros.`, "maximum");
  }
  for (const [device, modifier] of Object.entries(pkg.device_bid_modifiers)) {
    const there = Math.round(bid * (1 + modifier));
    if (there < floor)
      return wrong(`on ${device} the bid of ${there} micros is below the floor of ${floor} micros.`, "minimum");
    if (!Number.isSafeInteger(there)) return wrong(`on ${device} the bid exceeds 2^53 − 1 micros.`, "maximum");
  }
  return null;
}

function brokenBudget(pkg: Package, { before, spent, pointer }: RuleContext): Refusal | null {
  if (before?.packages.find((old) => old.id === pkg.id)?.budget_micros === pkg.budget_micros) return null;
  const { budget_micros: budget, pricing } = pkg;
  const refused = (code: "BUDGET_EXCEEDED" | "BUDGET_TOO_LOW", message: string, least: number): Refusal => {
    const issues = [{ pointer: pointer("budget", pkg.id), message, keyword: "minimum" }];
    return refuse(code, message, { issues, details: { package_id: pkg.id, least_micros: least } });
  };
  const spend = spent(pkg.id);
  if (budget < spend) {
    return refused(
      "BUDGET_EXCEEDED",
      `${pkg.name} has spent ${spend} micros already, more than ${budget} micros.`,
      spend,
    );
  }
  const least = Math.max(1, pricing.min_spend_micros);
  return budget < least
    ? refused("BUDGET_TOO_LOW", `${pkg.name} needs a budget of at least ${least} micros, not ${budget} micros.`, least)
    : null;
}

function brokenFlight(buy: MediaBuy, { pointer }: RuleContext): Refusal | null {
  const at = Date.parse;
  if (at(buy.end_at) <= at(buy.start_at)) return invalid(pointer("end"), "The flight ends before it begins.", "order");
  for (const pkg of buy.packages) {
    const flight = flightOf(buy, pkg);
    if (at(flight.end_at) <= at(flight.start_at)) {
      return invalid(pointer("end", pkg.id), `The flight of ${pkg.name} ends before it begins.`, "order");
    }
    const early = at(flight.start_at) < at(buy.start_at);
    if (!early && at(flight.end_at) <= at(buy.end_at)) continue;
    const message = `The flight of ${pkg.name} must lie inside the media buy's.`;
    return invalid(pointer(early ? "start" : "end", pkg.id), message, "range");
  }
  return null;
}

function brokenTotals(buy: MediaBuy, { before, pointer }: RuleContext): Refusal | null {
  const total = totalBudget(buy);
  if (!Number.isSafeInteger(total))
    return invalid(pointer("budget"), "The total budget exceeds 2^53 − 1 micros.", "maximum");
  const cap = buy.daily_cap_micros;
  const settled = before?.daily_cap_micros === cap && totalBudget(before) === total;
  if (cap === null || settled || cap <= total) return null;
  return invalid(
    pointer("cap"),
    `The daily cap of ${cap} micros exceeds the total budget of ${total} micros.`,
    "maximum",
  );
}

function brokenSize(buy: MediaBuy, { pointer }: RuleContext): Refusal | null {
  const bytes = jsonBytes(buy);
  if (bytes <= MAX_BUY_BYTES) return null;
  const message = `The media buy takes ${bytes} bytes of at most ${MAX_BUY_BYTES}: use fewer packages or shorter lists.`;
  return invalid(pointer("size"), message, "maxLength");
}
