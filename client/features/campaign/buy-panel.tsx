import type { ReactNode } from "react";
import { mediaBuys, totalBudget } from "../../../core/domain/media-buys/entities.ts";
import type { MediaBuy } from "../../../core/domain/media-buys/entities.ts";
import { buyTotals } from "../../../core/domain/reporting/buy-delivery.ts";
import type { BuyDelivery, ReportContext } from "../../../core/domain/reporting/buy-delivery.ts";
import { buyHealth } from "../../../core/domain/reporting/health.ts";
import { buyPacing } from "../../../core/domain/reporting/pacing.ts";
import { projection } from "../../../core/domain/reporting/projection.ts";
import { ratios } from "../../../core/domain/reporting/ratios.ts";
import { useFlash, usePending } from "../../react/use-entities.ts";
import { Figure } from "../../ui/figure.tsx";
import { NONE, count, exactMoney, flight, money, moment, percent } from "../../ui/format.ts";
import { Pill } from "../../ui/pill.tsx";
import { BuyStatus } from "../buys/buy-status.tsx";
import { HealthMark } from "../buys/health-mark.tsx";
import { PacingCell } from "../buys/pacing-cell.tsx";
import { BuyActions } from "./buy-actions.tsx";
import { PackagesTable } from "./packages-table.tsx";

interface BuyPanelProps {
  readonly delivery: BuyDelivery;
  readonly context: ReportContext;
  readonly mayEdit: boolean;
}

/** One media buy: how it does, its packages, and what can be changed about it. */
export function BuyPanel({ delivery, context, mayEdit }: BuyPanelProps): ReactNode {
  const { buy } = delivery;
  const flash = useFlash(mediaBuys, buy.id);
  const pending = usePending(mediaBuys, buy.id);
  const health = buyHealth(delivery, context);
  return (
    <section
      className={flash ? "panel buy flash" : "panel buy"}
      data-testid={`buy-panel-${buy.id}`}
      data-flash={flash ? "" : undefined}
      aria-labelledby={`${buy.id}-heading`}
    >
      <div className="heading">
        <h2 id={`${buy.id}-heading`}>{buy.brand.name}</h2>
        <BuyStatus status={buy.status} testId={`buy-${buy.id}-status`} />
        {buy.status === "active" && <HealthMark health={health} />}
        {pending && (
          <Pill tone="plain" testId={`buy-${buy.id}-saving`}>
            Saving…
          </Pill>
        )}
        <span className="muted small">{flight(buy.start_at, buy.end_at, context.zone)}</span>
      </div>
      <Reasons
        buy={buy}
        context={context}
        reasons={buy.status === "active" ? health.reasons.map((each) => each.message) : []}
      />
      <Figures delivery={delivery} context={context} />
      <PackagesTable delivery={delivery} context={context} />
      {mayEdit && <BuyActions delivery={delivery} />}
    </section>
  );
}

function Reasons({
  buy,
  context,
  reasons,
}: {
  buy: MediaBuy;
  context: ReportContext;
  reasons: readonly string[];
}): ReactNode {
  const since = `since ${moment(buy.updated_at, context.zone)}`;
  const status = buy.status_reason === null ? [] : [`${buy.status_reason} (${since})`];
  const all = [...status, ...reasons];
  return all.length === 0 ? null : <p className="muted reasons">{all.join(" · ")}</p>;
}

function Figures({ delivery, context }: { delivery: BuyDelivery; context: ReportContext }): ReactNode {
  const { buy } = delivery;
  const { currency } = buy;
  const totals = buyTotals(delivery);
  const { ctr, cpm_micros, roas, vcr, viewability } = ratios(totals);
  const projected = projection(delivery, context);
  const budget = totalBudget(buy);
  const id = (name: string): string => `buy-${buy.id}-${name}`;
  return (
    <dl className="strip">
      <Figure label={`Budget, ${currency}`} raw={budget} testId={id("budget")}>
        {money(budget, currency)}
      </Figure>
      <Figure label={`Spent, ${currency}`} raw={totals.spend_micros} testId={id("spend")}>
        {money(totals.spend_micros, currency)}
      </Figure>
      <div className="figure wide">
        <dt>Pacing</dt>
        <dd>
          <PacingCell pacing={buyPacing(delivery, context)} currency={currency} testId={id("pacing")} />
        </dd>
      </div>
      <Figure label="Projected" raw={projected.spend_micros} testId={id("projected")}>
        {money(projected.spend_micros, currency)}
      </Figure>
      <Figure label="Daily cap" title={`Per day in ${buy.cap_timezone}`} raw={buy.daily_cap_micros} testId={id("cap")}>
        {buy.daily_cap_micros === null ? "None" : exactMoney(buy.daily_cap_micros, currency)}
      </Figure>
      <Figure label="Impressions" raw={totals.impressions} testId={id("impressions")}>
        {count(totals.impressions)}
      </Figure>
      <Figure label="Clicks" raw={totals.clicks} testId={id("clicks")}>
        {count(totals.clicks)}
      </Figure>
      <Figure label="CTR" raw={ctr} testId={id("ctr")}>
        {percent(ctr)}
      </Figure>
      <Figure label="CPM" raw={cpm_micros} testId={id("cpm")}>
        {money(cpm_micros, currency, { cents: true })}
      </Figure>
      <Figure label="Conversions" raw={totals.conversions} testId={id("conversions")}>
        {count(totals.conversions)}
      </Figure>
      <Figure label="ROAS" raw={roas} testId={id("roas")}>
        {roas === null ? NONE : roas.toFixed(2)}
      </Figure>
      {vcr !== null && (
        <Figure label="Completed" raw={vcr} testId={id("vcr")}>
          {percent(vcr, 0)}
        </Figure>
      )}
      {viewability !== null && (
        <Figure label="Viewable" raw={viewability} testId={id("viewability")}>
          {percent(viewability, 0)}
        </Figure>
      )}
    </dl>
  );
}
