import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ReactNode } from "react";
import { campaigns } from "../../../core/domain/campaigns/entities.ts";
import { mediaBuys, totalBudget } from "../../../core/domain/media-buys/entities.ts";
import { buyTotals, deliveryOf, reportContext } from "../../../core/domain/reporting/buy-delivery.ts";
import { useConnection, useMe } from "../../react/use-connection.ts";
import { useEntities, useTx } from "../../react/use-entities.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useNow } from "../../ui/use-now.ts";
import { totalsOf } from "../buys/totals.ts";
import { TotalsStrip } from "../buys/totals-strip.tsx";
import { BuyPanel } from "./buy-panel.tsx";
import { CampaignHeader } from "./campaign-header.tsx";

const PACING_TICK_MS = 60_000;

/** One campaign with its buys, live over the campaign's socket. */
export function CampaignPage({ workspaceId }: { workspaceId: string }): ReactNode {
  const campaign = useEntities(campaigns)[0];
  const buys = useEntities(mediaBuys);
  const tx = useTx();
  const now = new Date(useNow(PACING_TICK_MS)).toISOString();
  const mayEdit = useMe()?.permissions.includes("media_buy.edit") ?? false;
  const arrived = useConnection().phase !== "connecting";
  useEffect(() => {
    document.title = campaign ? `${campaign.title} · Flightdeck` : "Flightdeck";
  }, [campaign]);
  if (!campaign) return <p className="muted loading">{arrived ? "No campaign came." : "Loading…"}</p>;
  const context = reportContext(tx, now);
  const deliveries = buys
    .toSorted((a, b) => a.brand.name.localeCompare(b.brand.name))
    .map((buy) => deliveryOf(tx, buy));
  const totals = totalsOf(
    deliveries.map((delivery) => ({
      currency: delivery.buy.currency,
      budget_micros: totalBudget(delivery.buy),
      totals: buyTotals(delivery),
    })),
  );
  return (
    <>
      <nav aria-label="Where you are" className="crumbs">
        <Link to="/workspaces/$workspaceId" params={{ workspaceId }}>
          All media buys
        </Link>
      </nav>
      <CampaignHeader campaign={campaign} zone={context.zone} />
      {deliveries.length === 0 ? (
        <EmptyState title="No media buys in this campaign yet">
          <p>A buy appears here the moment it is created, by a person or by a program.</p>
        </EmptyState>
      ) : (
        <>
          <TotalsStrip totals={totals} />
          {deliveries.map((delivery) => (
            <BuyPanel key={delivery.buy.id} delivery={delivery} context={context} mayEdit={mayEdit} />
          ))}
        </>
      )}
    </>
  );
}
