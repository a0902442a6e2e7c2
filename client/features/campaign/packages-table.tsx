import type { ReactNode } from "react";
import { ZERO, packageCounters } from "../../../core/domain/delivery/entities.ts";
import type { Package } from "../../../core/domain/media-buys/entities.ts";
import type { BuyDelivery, ReportContext } from "../../../core/domain/reporting/buy-delivery.ts";
import { packagePacing } from "../../../core/domain/reporting/pacing.ts";
import { ratios } from "../../../core/domain/reporting/ratios.ts";
import { useFlash } from "../../react/use-entities.ts";
import { NONE, count, money, percent } from "../../ui/format.ts";
import { Pill } from "../../ui/pill.tsx";
import { PacingCell } from "../buys/pacing-cell.tsx";

interface PackagesProps {
  readonly delivery: BuyDelivery;
  readonly context: ReportContext;
}

/** The packages of a buy with their counters. */
export function PackagesTable({ delivery, context }: PackagesProps): ReactNode {
  return (
    <div className="table-frame inner">
      <table className="cards">
        <thead>
          <tr>
            <th scope="col">Package</th>
            <th scope="col">Countries</th>
            <th scope="col" className="number">
              Price or bid
            </th>
            <th scope="col" className="number">
              Budget
            </th>
            <th scope="col" className="number">
              Spent
            </th>
            <th scope="col">Pacing</th>
            <th scope="col" className="number">
              Impressions
            </th>
            <th scope="col" className="number">
              CTR
            </th>
          </tr>
        </thead>
        <tbody>
          {delivery.buy.packages.map((pkg) => (
            <Row key={pkg.id} pkg={pkg} delivery={delivery} context={context} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ pkg, delivery, context }: PackagesProps & { pkg: Package }): ReactNode {
  const flash = useFlash(packageCounters, pkg.id);
  const counter = delivery.counters.get(pkg.id);
  const totals = counter?.totals ?? ZERO;
  const { currency } = delivery.buy;
  const id = (name: string): string => `package-${pkg.id}-${name}`;
  return (
    <tr data-testid={`package-row-${pkg.id}`} className={flash ? "flash" : undefined}>
      <th scope="row" className="title">
        {pkg.name}
        <span className="muted small">
          {pkg.channel} · {pkg.pacing_strategy.replace("_", " ")}
        </span>
        <span className="pills">
          {pkg.canceled && <Pill tone="plain">Canceled</Pill>}
          {pkg.paused && !pkg.canceled && <Pill tone="warning">Paused</Pill>}
          {counter?.overdelivery && <Pill tone="bad">Over budget</Pill>}
        </span>
      </th>
      <td data-label="Countries">{countries(pkg)}</td>
      <td className="number" data-label="Price or bid" data-testid={id("bid")} data-value={pkg.bid_micros ?? ""}>
        {price(pkg, currency)}
      </td>
      <td className="number" data-label="Budget" data-testid={id("budget")} data-value={pkg.budget_micros}>
        {money(pkg.budget_micros, currency)}
      </td>
      <td className="number" data-label="Spent" data-testid={id("spend")} data-value={totals.spend_micros}>
        {money(totals.spend_micros, currency)}
      </td>
      <td data-label="Pacing">
        {pkg.canceled ? (
          NONE
        ) : (
          <PacingCell pacing={packagePacing(delivery, pkg, context)} currency={currency} testId={id("pacing")} />
        )}
      </td>
      <td className="number" data-label="Impressions" data-testid={id("impressions")} data-value={totals.impressions}>
        {count(totals.impressions)}
      </td>
      <td className="number" data-label="CTR">
        {percent(ratios(totals).ctr)}
      </td>
    </tr>
  );
}

function countries({ geo_countries }: Package): string {
  return geo_countries.length <= 6
    ? geo_countries.join(" ")
    : `${geo_countries.slice(0, 5).join(" ")} +${geo_countries.length - 5}`;
}

/** What a thousand impressions cost at most, or what is bid for them. */
function price({ pricing, bid_micros }: Package, currency: string): string {
  if (bid_micros !== null) return `${money(bid_micros, currency, { cents: true })} bid`;
  return pricing.fixed_price_micros === null
    ? NONE
    : `${money(pricing.fixed_price_micros, currency, { cents: true })} fixed`;
}
