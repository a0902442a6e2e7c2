import { useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { MEDIA_BUY_STATUSES } from "../../../core/domain/media-buys/entities.ts";
import { campaignSummaries, mediaBuySummaries } from "../../../core/domain/summaries/entities.ts";
import { workspaces } from "../../../core/domain/workspaces/entities.ts";
import { useConnection } from "../../react/use-connection.ts";
import { useEntities } from "../../react/use-entities.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { SelectField, TextField } from "../../ui/fields.tsx";
import { words } from "../../ui/words.ts";
import { LiveModeSwitch } from "../demo/live-mode-switch.tsx";
import { totalsOf } from "../buys/totals.ts";
import { TotalsStrip } from "../buys/totals-strip.tsx";
import { visibleRows } from "./buy-rows.ts";
import type { BuyFilter } from "./buy-rows.ts";
import { NewCampaign } from "./new-campaign.tsx";
import { BuysTable } from "./buys-table.tsx";
import { CampaignsTable } from "./campaigns-table.tsx";

const STATUS_OPTIONS = [
  ["all", "All statuses"],
  ...MEDIA_BUY_STATUSES.map((status) => [status, words(status)] as const),
] as const;

/** Every buy and campaign of a workspace, live over its one socket. */
export function WorkspacePage(): ReactNode {
  const workspace = useEntities(workspaces)[0];
  const buys = useEntities(mediaBuySummaries);
  const campaigns = useEntities(campaignSummaries);
  const [filter, setFilter] = useState<BuyFilter>({ status: "all", text: "" });
  const rows = useMemo(() => visibleRows(buys, campaigns, filter), [buys, campaigns, filter]);
  const totals = useMemo(() => totalsOf(rows.map((row) => row.buy)), [rows]);
  const arrived = useConnection().phase !== "connecting";
  useEffect(() => {
    document.title = workspace ? `${workspace.name} · Flightdeck` : "Flightdeck";
  }, [workspace]);
  if (!workspace) return <p className="muted loading">{arrived ? "No workspace came." : "Loading…"}</p>;
  return (
    <>
      <section aria-labelledby="buys-heading">
        <div className="heading">
          <h1 id="buys-heading">Media buys</h1>
          <LiveModeSwitch />
          {buys.length > 0 && <Filters filter={filter} onChange={setFilter} />}
        </div>
        {buys.length === 0 ? (
          <EmptyState title="No media buys yet">
            <p>A buy appears here the moment it is created in one of the campaigns, by a person or by a program.</p>
          </EmptyState>
        ) : (
          <>
            <TotalsStrip totals={totals} />
            {rows.length === 0 ? (
              <EmptyState title="No buy matches">
                <button type="button" onClick={() => setFilter({ status: "all", text: "" })}>
                  Show all
                </button>
              </EmptyState>
            ) : (
              <BuysTable rows={rows} workspace={workspace} />
            )}
          </>
        )}
      </section>
      <section aria-labelledby="campaigns-heading">
        <div className="heading">
          <h1 id="campaigns-heading">Campaigns</h1>
          <NewCampaign />
        </div>
        {campaigns.length === 0 ? (
          <EmptyState title="No campaigns yet">
            <p>A campaign holds media buys, and what is said and to whom.</p>
          </EmptyState>
        ) : (
          <CampaignsTable campaigns={campaigns} workspace={workspace} />
        )}
      </section>
    </>
  );
}

function Filters({ filter, onChange }: { filter: BuyFilter; onChange: (filter: BuyFilter) => void }): ReactNode {
  return (
    <div className="filters" role="search">
      <TextField
        label="Search"
        type="search"
        value={filter.text}
        testId="buy-search"
        placeholder="Brand, campaign, channel"
        onChange={(text) => onChange({ ...filter, text })}
      />
      <SelectField
        label="Status"
        value={filter.status}
        options={STATUS_OPTIONS}
        testId="buy-status-filter"
        onChange={(value) => {
          const status = MEDIA_BUY_STATUSES.find((each) => each === value) ?? "all";
          onChange({ ...filter, status });
        }}
      />
    </div>
  );
}
