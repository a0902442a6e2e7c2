import { CAMPAIGNS } from "./buys.ts";
import type { DemoBuy } from "./buys.ts";
import { creativeId, deliveryOf } from "./delivery.ts";
import { dollars } from "./ids.ts";
import type { DemoActor, DemoNow, DemoStep } from "./story.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Reports of a day arrive this long after it ended. */
const REPORT_DELAY_MS = 4 * HOUR_MS;
/** New York is four or five hours behind UTC; its report days end about here. */
const DAY_END_UTC_MS = 29 * HOUR_MS;

/** Everything that happened to one buy: creation, creatives, start, changes, feedback and the daily reports. */
export function buySteps(buy: DemoBuy, when: DemoNow): DemoStep[] {
  const start = when.now - buy.running_days * DAY_MS;
  const created = Math.min(start, when.now) - 3 * DAY_MS;
  return [
    { at: created, as: "operator", type: "media_buy:create:v1", payload: newBuy(buy, start) },
    ...creativeSteps(buy, created),
    ...(buy.delivered
      ? [{ at: start, as: "room" as const, type: "media_buy:advance:v1", payload: { media_buy_id: buy.id } }]
      : []),
    ...changes(buy, when),
    ...reports(buy, when),
  ];
}

function newBuy(buy: DemoBuy, start: number): object {
  return {
    media_buy_id: buy.id,
    brand: buy.brand,
    currency: "USD",
    start_at: new Date(start).toISOString(),
    end_at: new Date(start + buy.flight_days * DAY_MS).toISOString(),
    packages: buy.packages.map(({ id, product_id, ...pkg }) => ({
      ...pkg,
      package_id: id,
      inventory_product_id: product_id,
      geo_countries: Object.keys(buy.countries),
    })),
  };
}

function creativeSteps(buy: DemoBuy, created: number): DemoStep[] {
  return buy.creatives.flatMap((name, at): DemoStep[] => {
    const creative_id = creativeId(buy, at);
    const rejected = buy.campaign_id === CAMPAIGNS.launch && at === 1;
    const verdict = rejected ? { status: "rejected", reason: "The claim needs a source." } : { status: "approved" };
    const waits = buy.campaign_id === CAMPAIGNS.launch && at === 0;
    const added = { media_buy_id: buy.id, creative_id, name, format: buy.format, weight: at === 0 ? 60 : 40 };
    return [
      { at: created + (at + 1) * HOUR_MS, as: "operator", type: "creative:add:v1", payload: added },
      ...(waits
        ? []
        : [
            {
              at: created + DAY_MS + at * HOUR_MS,
              as: "operator2" as const,
              type: "creative:set_status:v1",
              payload: { creative_id, ...verdict },
            },
          ]),
    ];
  });
}

/** A day's rows arrive the morning after; today's so far arrive now. */
function reports(buy: DemoBuy, when: DemoNow): DemoStep[] {
  const steps: DemoStep[] = [];
  for (const [day, facts] of deliveryOf(buy, when.today, when.today_part)) {
    const at = Math.min(when.now, Date.parse(`${day}T00:00:00Z`) + DAY_END_UTC_MS + REPORT_DELAY_MS);
    steps.push({ at, as: "n8n", type: "delivery:report:v1", payload: { facts } });
  }
  return steps;
}

function changes(buy: DemoBuy, { now, today }: DemoNow): DemoStep[] {
  const ago = (days: number): number => now - days * DAY_MS;
  const update = (at: number, as: DemoActor, ...operations: object[]): DemoStep => ({
    ...{ at, as, type: "media_buy:update:v1" },
    payload: { media_buy_id: buy.id, operations },
  });
  const feedback = (at: number, as: DemoActor, measured: { type: string; data: object }): DemoStep => {
    const period = { start: day(at - 10 * DAY_MS), end: day(at - DAY_MS) };
    return { at, as, type: "feedback:submit:v1", payload: { media_buy_id: buy.id, period, ...measured } };
  };
  const cap = (amount: number | null): object => ({
    operation: "set_daily_cap",
    amount_micros: amount === null ? null : dollars(amount),
  });
  const geo = (operation: "add_geo" | "remove_geo", country: string): object => ({ operation, countries: [country] });
  const bid = (percent: number, device = "all"): object => ({ operation: "adjust_bid", device, percent });

  switch (buy.brand.name) {
    case "NorthTrail":
      return [
        update(ago(11), "operator", cap(2_400)),
        update(ago(6), "n8n", cap(2_600)),
        feedback(ago(1.2), "operator2", {
          type: "brand_lift",
          data: {
            awareness: 0.08,
            consideration: 0.06,
            purchase_intent: 0.043,
            sample_size: 2_400,
          },
        }),
      ];
    case "BrightBean":
      return [
        update(ago(9), "operator2", bid(25)),
        update(ago(8), "operator", geo("add_geo", "FR")),
        update(ago(7), "operator", geo("remove_geo", "FR")),
        feedback(ago(1.5), "n8n", {
          type: "conversion_data",
          data: {
            conversions: 129,
            value_micros: dollars(12_301.2),
            window_days: 7,
            attribution: "click",
          },
        }),
      ];
    case "FlowDesk":
      return [
        feedback(ago(1.1), "operator", {
          type: "lead_quality",
          data: {
            submitted: 148,
            qualified: 62,
            pipeline_micros: dollars(310_000),
          },
        }),
      ];
    case "CityBank":
      return [
        update(ago(6.2), "n8n", bid(-20)),
        update(ago(4), "operator2", cap(900)),
        update(ago(3), "operator2", cap(null)),
      ];
    case "VeloRide":
      return [
        update(pausedYesterday(today), "operator", {
          operation: "set_status",
          status: "paused",
          reason: "landing page down",
        }),
      ];
    default:
      return [];
  }
}

/** Yesterday at 17:40 in New York (its winter time: the demo does not mind an hour in summer). */
function pausedYesterday(today: string): number {
  return Date.parse(`${today}T22:40:00Z`) - DAY_MS;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
