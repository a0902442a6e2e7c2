import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import { createCampaign } from "../../../core/domain/campaigns/create-campaign.ts";
import { useCommand } from "../../react/use-command.ts";
import { useMe } from "../../react/use-connection.ts";
import { newId } from "../../sync/ids.ts";
import { TextField } from "../../ui/fields.tsx";
import { RefusalNotice } from "../buys/refusal-notice.tsx";

/** Creates a campaign as a draft. Its id is made here, so the row that shows at once is the one that stays. */
export function NewCampaign(): ReactNode {
  const { run, refusal } = useCommand(createCampaign);
  const [title, setTitle] = useState("");
  const mayCreate = useMe()?.permissions.includes("campaign.create") ?? false;
  if (!mayCreate) return null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTitle("");
    void run({ campaign_id: newId("cmp"), title, description: "", brief: {} }).then((outcome) => {
      // What was typed is not lost with the change.
      if (!outcome.ok) setTitle((typed) => typed || title);
    });
  };
  return (
    <>
      <form className="filters" aria-label="New campaign" onSubmit={submit}>
        <TextField
          label="Title of a new campaign"
          placeholder="New campaign"
          value={title}
          onChange={setTitle}
          required
          testId="campaign-new-title"
        />
        <button type="submit" data-testid="campaign-new-save">
          Create
        </button>
      </form>
      <RefusalNotice refusal={refusal} testId="campaign-new-refusal" />
    </>
  );
}
