import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { buyHealth } from "../../../core/domain/reporting/health.ts";
import { buyPacing } from "../../../core/domain/reporting/pacing.ts";
import { ratios } from "../../../core/domain/reporting/ratios.ts";
import { mediaBuySummaries } from "../../../core/domain/summaries/entities.ts";
import type { Workspace } from "../../../core/domain/workspaces/entities.ts";
import { useFlash } from "../../react/use-entities.ts";
import { NONE, count, exactMoney, flight, money, percent } from "../../ui/format.ts";
import { useNow } from "../../ui/use-now.ts";
import { BuyStatus } from "../buys/buy-status.tsx";
import { HealthMark } from "../buys/health-mark.tsx";
import { PacingCell } from "../buys/pacing-cell.tsx";
import { channelsOf, countriesOf, judged } from "./buy-rows.ts";
import type { BuyRow } from "./buy-rows.ts";

/** Pacing moves with time even when nothing is delivered. */
const PACING_TICK_MS = 60_000;

/** All buys, one line each. On a phone each becomes a card. */
export function BuysTable({ rows, workspace }: { rows: readonly BuyRow[]; workspace: Workspace }): ReactNode {
  const now = new Date(useNow(PACING_TICK_MS)).toISOString();
  return (
    <div className="table-frame">
      <table className="cards" data-testid="buys-table">
        <thead>
          <tr>
            <th scope="col">Buy</th>
            <th scope="col">Status</th>
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
            <th scope="col" className="number">
              CPM
            </th>
            <th scope="col" className="number">
              Daily cap
            </th>
            <th scope="col">Flight</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.buy.id} row={row} workspace={workspace} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, workspace, now }: { row: BuyRow; workspace: Workspace; now: string }): ReactNode {
  const { buy, campaign } = row;
  const flash = useFlash(mediaBuySummaries, buy.id);
  const context = { now, zone: workspace.timezone, thresholds: workspace.thresholds };
  const delivery = judged(buy);
  const { ctr, cpm_micros } = ratios(buy.totals);
  const id = (name: string): string => `buy-${buy.id}-${name}`;
  return (
    <tr data-testid={`buy-row-${buy.id}`} className={flash ? "flash" : undefined} data-flash={flash ? "" : undefined}>
      <th scope="row" className="title">
        <Link
          to="/workspaces/$workspaceId/campaigns/$campaignId"
          params={{ workspaceId: workspace.id, campaignId: buy.campaign_id }}
        >
          {buy.brand.name}
        </Link>
        <span className="muted small">
          {[campaign?.title, channelsOf(buy), countriesOf(buy)].filter(Boolean).join(" · ")}
        </span>
      </th>
      <td data-label="Status">
        <span className="pills">
          <BuyStatus status={buy.status} testId={id("status")} />
          {buy.status === "active" && <HealthMark health={buyHealth(delivery, context)} />}
        </span>
      </td>
      <td className="number" data-label="Budget" data-testid={id("budget")} data-value={buy.budget_micros}>
        {money(buy.budget_micros, buy.currency)}
      </td>
      <td className="number" data-label="Spent" data-testid={id("spend")} data-value={buy.totals.spend_micros}>
        {money(buy.totals.spend_micros, buy.currency)}
      </td>
      <td data-label="Pacing">
        <PacingCell pacing={buyPacing(delivery, context)} currency={buy.currency} testId={id("pacing")} />
      </td>
      <td
        className="number"
        data-label="Impressions"
        data-testid={id("impressions")}
        data-value={buy.totals.impressions}
      >
        {count(buy.totals.impressions)}
      </td>
      <td className="number" data-label="CTR" data-testid={id("ctr")}>
        {percent(ctr)}
      </td>
      <td className="number" data-label="CPM" data-testid={id("cpm")}>
        {money(cpm_micros, buy.currency, { cents: true })}
      </td>
      <td className="number" data-label="Daily cap" data-testid={id("cap")} data-value={buy.daily_cap_micros ?? ""}>
        {buy.daily_cap_micros === null ? NONE : exactMoney(buy.daily_cap_micros, buy.currency)}
      </td>
      <td data-label="Flight" className="nowrap">
        {flight(buy.start_at, buy.end_at, workspace.timezone)}
      </td>
    </tr>
  );
}
