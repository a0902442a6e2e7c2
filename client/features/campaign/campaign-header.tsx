import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import { CAMPAIGN_STATUSES, campaigns } from "../../../core/domain/campaigns/entities.ts";
import type { Campaign } from "../../../core/domain/campaigns/entities.ts";
import { mayFollow } from "../../../core/domain/campaigns/status.ts";
import { updateCampaign } from "../../../core/domain/campaigns/update-campaign.ts";
import { useCommand } from "../../react/use-command.ts";
import { useMe } from "../../react/use-connection.ts";
import { useFlash, usePending } from "../../react/use-entities.ts";
import { SelectField, TextField } from "../../ui/fields.tsx";
import { moment } from "../../ui/format.ts";
import { Pill } from "../../ui/pill.tsx";
import { words } from "../../ui/words.ts";
import { RefusalNotice } from "../buys/refusal-notice.tsx";

/** The campaign's title and status, and a form to change them. */
export function CampaignHeader({ campaign, zone }: { campaign: Campaign; zone: string }): ReactNode {
  const flash = useFlash(campaigns, campaign.id);
  const pending = usePending(campaigns, campaign.id);
  const mayEdit = useMe()?.permissions.includes("campaign.edit") ?? false;
  return (
    <header className={flash ? "campaign flash" : "campaign"} data-testid="campaign-header">
      <div className="heading">
        <h1 data-testid="campaign-title">{campaign.title}</h1>
        <Pill tone={campaign.status === "active" ? "accent" : "plain"} testId="campaign-status">
          {words(campaign.status)}
        </Pill>
        {pending && <Pill tone="plain">Saving…</Pill>}
        <span className="muted small">Changed {moment(campaign.updated_at, zone)}</span>
      </div>
      {campaign.description !== "" && <p className="muted">{campaign.description}</p>}
      {mayEdit && campaign.status !== "archived" && <EditCampaign key={campaign.id} campaign={campaign} />}
    </header>
  );
}

function EditCampaign({ campaign }: { campaign: Campaign }): ReactNode {
  const { run, refusal } = useCommand(updateCampaign);
  const [title, setTitle] = useState(campaign.title);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void run({ campaign_id: campaign.id, updates: { title } });
  };
  const options = CAMPAIGN_STATUSES.filter(
    (status) => status === campaign.status || mayFollow(campaign.status, status),
  );
  return (
    <details className="edit" onToggle={(event) => event.currentTarget.open && setTitle(campaign.title)}>
      <summary data-testid="campaign-edit">Change the campaign</summary>
      <div className="forms">
        <form className="row" onSubmit={submit}>
          <TextField label="Title" value={title} onChange={setTitle} required testId="campaign-title-input" />
          <button type="submit" data-testid="campaign-title-save">
            Rename
          </button>
        </form>
        <SelectField
          label="Status"
          value={campaign.status}
          testId="campaign-status-select"
          options={options.map((status) => [status, words(status)])}
          onChange={(value) => {
            const status = CAMPAIGN_STATUSES.find((each) => each === value);
            if (status) void run({ campaign_id: campaign.id, updates: { status } });
          }}
        />
        <RefusalNotice refusal={refusal} testId="campaign-refusal" />
      </div>
    </details>
  );
}
