import { useCallback, useMemo } from "react";
import type { z } from "zod";
import { configureCampaign } from "../../core/domain/campaigns/configure-campaign.ts";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import type { Campaign, CampaignConfig } from "../../core/domain/campaigns/entities.ts";
import { setFeatures } from "../../core/domain/campaigns/set-features.ts";
import { updateCampaign } from "../../core/domain/campaigns/update-campaign.ts";
import type { CommandDefinition } from "../../core/model/command.ts";
import { useRoom } from "../react/rooms.tsx";
import { useEntities } from "../react/use-entities.ts";
import type { CommandOutcome } from "../sync/pending.ts";

/*
 * The hooks of the earlier campaign system, under their old names and import path, so that its components
 * keep working inside a campaign's RoomProvider.
 */

export type CampaignUpdates = z.output<typeof updateCampaign.input>["updates"];
export type CampaignResponse = (response: CommandOutcome) => void;

/** The campaign of the room; `state` is undefined until it has arrived. */
export function useCampaignState(): { readonly state: Campaign | undefined } {
  const state = useEntities(campaigns, first);
  return useMemo(() => ({ state }), [state]);
}

interface CampaignUpdatesApi {
  /** Changes the named fields. */
  updateCampaign(updates: CampaignUpdates, onResponse?: CampaignResponse): void;
  updateCampaignFeatures(
    features: readonly string[],
    action?: "add" | "remove" | "set",
    onResponse?: CampaignResponse,
  ): void;
  /** Replaces one section of the configuration. */
  updateCampaignConfig<K extends keyof CampaignConfig>(
    section: K,
    config: CampaignConfig[K],
    onResponse?: CampaignResponse,
  ): void;
}

/** Changes to the campaign of the room. Each shows at once; the callback gets the room's answer, a refusal included. */
export function useCampaignUpdates(): CampaignUpdatesApi {
  const room = useRoom();
  const send = useCallback(
    <I>(command: CommandDefinition<I>, make: (campaignId: string) => NoInfer<I>, onResponse?: CampaignResponse) => {
      const campaign = first(room.list(campaigns));
      if (!campaign) return onResponse?.(notThereYet(command.type));
      void room.run(command, make(campaign.id)).then(onResponse);
    },
    [room],
  );
  return useMemo(
    () => ({
      updateCampaign: (updates, onResponse) =>
        send(updateCampaign, (campaign_id) => ({ campaign_id, updates }), onResponse),
      updateCampaignFeatures: (features, action = "set", onResponse) =>
        send(setFeatures, (campaign_id) => ({ campaign_id, action, features: [...features] }), onResponse),
      updateCampaignConfig: (section, config, onResponse) =>
        send(configureCampaign, (campaign_id) => ({ campaign_id, config: { [section]: config } }), onResponse),
    }),
    [send],
  );
}

function first(all: readonly Campaign[]): Campaign | undefined {
  return all[0];
}

function notThereYet(type: string): CommandOutcome {
  const error = { code: "UNAVAILABLE", message: "The campaign has not arrived yet", hint: "Try again in a moment." };
  return { ok: false, type: `${type}:failed`, id: "", error };
}
