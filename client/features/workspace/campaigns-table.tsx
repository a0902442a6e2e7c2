import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { campaignSummaries } from "../../../core/domain/summaries/entities.ts";
import type { CampaignSummary } from "../../../core/domain/summaries/entities.ts";
import type { Workspace } from "../../../core/domain/workspaces/entities.ts";
import { useFlash } from "../../react/use-entities.ts";
import { count, day } from "../../ui/format.ts";
import { Pill } from "../../ui/pill.tsx";
import { words } from "../../ui/words.ts";

/** The campaigns of a workspace, the newest first. */
export function CampaignsTable({
  campaigns,
  workspace,
}: {
  campaigns: readonly CampaignSummary[];
  workspace: Workspace;
}): ReactNode {
  const newestFirst = campaigns.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1));
  return (
    <div className="table-frame">
      <table className="cards" data-testid="campaigns-table">
        <thead>
          <tr>
            <th scope="col">Campaign</th>
            <th scope="col">Status</th>
            <th scope="col" className="number">
              Buys
            </th>
            <th scope="col">Artifacts</th>
            <th scope="col">Created</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((campaign) => (
            <Row key={campaign.id} campaign={campaign} workspace={workspace} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ campaign, workspace }: { campaign: CampaignSummary; workspace: Workspace }): ReactNode {
  const flash = useFlash(campaignSummaries, campaign.id);
  return (
    <tr
      data-testid={`campaign-row-${campaign.id}`}
      className={flash ? "flash" : undefined}
      data-flash={flash ? "" : undefined}
    >
      <th scope="row" className="title">
        <Link
          to="/workspaces/$workspaceId/campaigns/$campaignId"
          params={{ workspaceId: workspace.id, campaignId: campaign.id }}
        >
          {campaign.title}
        </Link>
        <span className="muted small">{campaign.description || campaign.slug}</span>
      </th>
      <td data-label="Status">
        <Pill tone={campaign.status === "active" ? "accent" : "plain"}>{words(campaign.status)}</Pill>
      </td>
      <td className="number" data-label="Buys">
        {count(campaign.media_buy_count)}
      </td>
      <td data-label="Artifacts">{words(campaign.generation_status)}</td>
      <td data-label="Created" className="nowrap">
        {day(campaign.created_at, workspace.timezone)}
      </td>
    </tr>
  );
}
