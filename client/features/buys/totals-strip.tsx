import type { ReactNode } from "react";
import { ratios } from "../../../core/domain/reporting/ratios.ts";
import { Figure } from "../../ui/figure.tsx";
import { count, money, percent } from "../../ui/format.ts";
import type { Totals } from "./totals.ts";

/** What the rows below add up to: computed from those very rows, so that it can never disagree with them. */
export function TotalsStrip({ totals }: { totals: readonly Totals[] }): ReactNode {
  return totals.map((each) => (
    <OneCurrency key={each.currency} totals={each} suffix={totals.length > 1 ? `-${each.currency}` : ""} />
  ));
}

function OneCurrency({ totals, suffix }: { totals: Totals; suffix: string }): ReactNode {
  const { currency, budget_micros, counters } = totals;
  const { ctr, cpm_micros } = ratios(counters);
  const id = (name: string): string => `totals-${name}${suffix}`;
  return (
    <dl className="strip" aria-label={`Totals of the buys shown, in ${currency}`}>
      <Figure label="Buys" raw={totals.buys} testId={id("buys")}>
        {count(totals.buys)}
      </Figure>
      <Figure label={`Budget, ${currency}`} raw={budget_micros} testId={id("budget")}>
        {money(budget_micros, currency)}
      </Figure>
      <Figure label={`Spent, ${currency}`} raw={counters.spend_micros} testId={id("spend")}>
        {money(counters.spend_micros, currency)}
      </Figure>
      <Figure label="Impressions" raw={counters.impressions} testId={id("impressions")}>
        {count(counters.impressions)}
      </Figure>
      <Figure label="Clicks" raw={counters.clicks} testId={id("clicks")}>
        {count(counters.clicks)}
      </Figure>
      <Figure label="CTR" raw={ctr} testId={id("ctr")}>
        {percent(ctr, 3)}
      </Figure>
      <Figure label={`CPM, ${currency}`} raw={cpm_micros} testId={id("cpm")}>
        {money(cpm_micros, currency, { cents: true })}
      </Figure>
    </dl>
  );
}
