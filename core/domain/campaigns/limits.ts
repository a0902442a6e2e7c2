import { jsonBytes } from "../../model/json.ts";
import { refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { MAX_CAMPAIGN_BYTES, MAX_CONFIG_BYTES, MAX_STATE_BYTES } from "./entities.ts";
import type { Campaign } from "./entities.ts";

/** PAYLOAD_TOO_LARGE if the state, the configuration or the campaign as a whole would outgrow its limit. */
export function refuseOversize(campaign: Campaign): Refusal | null {
  return (
    over("The state", jsonBytes(campaign.state), MAX_STATE_BYTES) ??
    over("The configuration", jsonBytes(campaign.config), MAX_CONFIG_BYTES) ??
    over("The campaign", jsonBytes(campaign), MAX_CAMPAIGN_BYTES)
  );
}

function over(what: string, bytes: number, limit: number): Refusal | null {
  if (bytes <= limit) return null;
  return refuse("PAYLOAD_TOO_LARGE", `${what} would be ${bytes} bytes of JSON; at most ${limit} fit.`, {
    details: { bytes, limit },
  });
}
