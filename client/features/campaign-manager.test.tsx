import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aCampaign } from "../../core/domain/campaigns/campaign.fixture.ts";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import type { Campaign } from "../../core/domain/campaigns/entities.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { renderInRoom } from "../react/testing/in-room.tsx";
import { Stage } from "../sync/testing/stage.ts";
import { CampaignManager } from "./campaign-manager.fixture.tsx";
import { useCampaignState, useCampaignUpdates } from "../store/global.ts";

function aStage(fields: Partial<Campaign> = {}): Stage {
  const stage = new Stage(1, campaignRoom);
  const value = aCampaign(fields);
  stage.room.store.write({ kind: campaigns.kind, id: value.id, revision: 1, seq: 0, deleted: false, value });
  return stage;
}

const heading = (): string => screen.getByRole("heading").textContent;

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe("the CampaignManager of the earlier system", () => {
  it("shows the campaign's title, changes it at once and logs the response", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const stage = aStage();
    const { seat, pass } = await renderInRoom(stage, <CampaignManager />);
    expect(heading()).toBe("Summer Launch");
    seat.line.faults.delayMs = 50;
    fireEvent.click(screen.getByText("Update Campaign"));
    await pass(0);
    expect(heading()).toBe("New Title");
    expect(log).not.toHaveBeenCalled();
    await pass(500);
    expect(heading()).toBe("New Title");
    const response: unknown = expect.objectContaining({ ok: true, type: "campaign:update:v1:success", seq: 1 });
    expect(log.mock.calls).toEqual([["Campaign updated:", response]]);
    expect(seat.client.list(campaigns)[0]).toMatchObject({ title: "New Title", status: "active" });
  });

  it("goes back to the title that was, and logs why, when the room refuses", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const stage = aStage({ status: "completed" });
    const { pass } = await renderInRoom(stage, <CampaignManager />);
    fireEvent.click(screen.getByText("Update Campaign"));
    await pass(500);
    expect(heading()).toBe("Summer Launch");
    const error: unknown = expect.objectContaining({ code: "INVALID_STATE" });
    expect(log.mock.calls[0]?.[1]).toMatchObject({ ok: false, type: "campaign:update:v1:failed", error });
  });
});

describe("the other updates", () => {
  it("set features and one section of the configuration", async () => {
    const stage = aStage();
    function Other() {
      const { updateCampaignFeatures, updateCampaignConfig } = useCampaignUpdates();
      const { state } = useCampaignState();
      return (
        <>
          <h1>{`${state?.features.join(" ")} ${JSON.stringify(state?.config.ui_content)}`}</h1>
          <button onClick={() => updateCampaignFeatures(["waitlist", "referral"], "add")}>features</button>
          <button onClick={() => updateCampaignConfig("ui_content", { banner: "Open" })}>config</button>
        </>
      );
    }
    const { pass } = await renderInRoom(stage, <Other />);
    fireEvent.click(screen.getByText("features"));
    fireEvent.click(screen.getByText("config"));
    await pass(500);
    expect(heading()).toBe('waitlist referral {"banner":"Open"}');
    expect(stage.room.head).toBe(2);
  });
});
