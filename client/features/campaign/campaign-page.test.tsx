import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { aCampaign } from "../../../core/domain/campaigns/campaign.fixture.ts";
import { campaigns } from "../../../core/domain/campaigns/entities.ts";
import { packageCounters } from "../../../core/domain/delivery/entities.ts";
import { mediaBuys } from "../../../core/domain/media-buys/entities.ts";
import { updateMediaBuy } from "../../../core/domain/media-buys/update-media-buy.ts";
import { aBuy, aPackage } from "../../../core/domain/summaries/buy.fixture.ts";
import { workspaces } from "../../../core/domain/workspaces/entities.ts";
import { WORKSPACE } from "../../../core/model/given.ts";
import type { Role } from "../../../core/model/access.ts";
import { campaignRoom } from "../../../core/rooms/campaign-room.ts";
import { renderInRoom } from "../../react/testing/in-room.tsx";
import { ANNA, BEN, Stage } from "../../sync/testing/stage.ts";
import { Page } from "../testing/page.tsx";
import { aWorkspace, countersOf, put } from "../testing/rows.ts";
import { CampaignPage } from "./campaign-page.tsx";

const buy = aBuy(1, [aPackage(1), aPackage(2)]);
const [first, second] = buy.packages;

async function aPage(role: Role = "owner") {
  const stage = new Stage(1, campaignRoom);
  put(stage.room, workspaces, aWorkspace());
  put(stage.room, campaigns, aCampaign({ status: "active" }));
  put(stage.room, mediaBuys, buy);
  for (const counter of countersOf(buy, { spend_micros: 5_000_000_000, impressions: 400_000, clicks: 900 })) {
    put(stage.room, packageCounters, counter);
  }
  const rendered = await renderInRoom(
    stage,
    <Page>
      <CampaignPage workspaceId={WORKSPACE} />
    </Page>,
    { ...ANNA, role },
  );
  await screen.findByTestId("campaign-title");
  return { stage, ...rendered };
}

const id = (name: string): string => `buy-${buy.id}-${name}`;
const text = (testId: string): string => screen.getByTestId(testId).textContent;
const value = (testId: string): number => Number(screen.getByTestId(testId).dataset["value"]);
const click = (testId: string): void => void act(() => fireEvent.click(screen.getByTestId(testId)));
const type = (testId: string, value: string): void =>
  void act(() => fireEvent.change(screen.getByTestId(testId), { target: { value } }));

afterEach(cleanup);

describe("the campaign page", () => {
  it("shows the campaign, its buys and packages, and totals that are their sum", async () => {
    await aPage();
    expect(text("campaign-title")).toBe("Summer Launch");
    expect(value(id("spend"))).toBe(10_000_000_000);
    expect(value("totals-spend")).toBe(10_000_000_000);
    expect(text(`package-${first!.id}-spend`)).toBe("$5,000");
    expect(text(`package-${first!.id}-bid`)).toBe("$6.40 bid");
  });

  it("shows a new daily cap at once as being saved, and as saved when the room has it", async () => {
    const { stage, seat, pass } = await aPage();
    seat.line.faults.delayMs = 50;
    type(id("cap-input"), "1,250.50");
    click(id("cap-save"));
    await pass(0);
    expect(text(id("cap"))).toBe("$1,250.50");
    expect(screen.queryByTestId(id("saving"))).not.toBeNull();
    await pass(500);
    expect(screen.queryByTestId(id("saving"))).toBeNull();
    expect(text(id("cap"))).toBe("$1,250.50");
    expect(stage.room.store.read("media_buy", buy.id)?.value).toMatchObject({ daily_cap_micros: 1_250_500_000 });
  });

  it("takes a change back that the room refuses, and says why with amounts as money", async () => {
    const { stage, seat, pass } = await aPage();
    stage.room.refuseNext = [{ refused: true, code: "CONFLICT", message: "Ben set it to 700000000 micros." }];
    seat.line.faults.delayMs = 50;
    type(id("cap-input"), "900");
    click(id("cap-save"));
    await pass(0);
    expect(text(id("cap"))).toBe("$900");
    await pass(500);
    expect(text(id("cap"))).toBe("None");
    expect(text(id("refusal"))).toBe("Not changed. Ben set it to $700.");
    expect(screen.getByRole("alert").textContent).toContain("Ben set it");
  });

  it("does not send what is no amount", async () => {
    await aPage();
    type(id("cap-input"), "a lot");
    expect(screen.getByTestId<HTMLButtonElement>(id("cap-save")).disabled).toBe(true);
  });

  it("pauses and resumes", async () => {
    const { pass } = await aPage();
    click(id("pause"));
    await pass(100);
    expect(text(id("status"))).toBe("Paused");
    click(id("resume"));
    await pass(100);
    expect(text(id("status"))).toBe("Active");
  });

  it("shifts budget and keeps the total", async () => {
    const { pass } = await aPage();
    type(id("shift-percent"), "25");
    click(id("shift-save"));
    await pass(100);
    expect(value(`package-${first!.id}-budget`)).toBe(27_000_000_000);
    expect(value(`package-${second!.id}-budget`)).toBe(45_000_000_000);
    expect(value(id("budget"))).toBe(72_000_000_000);
  });

  it("adjusts bids", async () => {
    const { pass } = await aPage();
    type(id("bid-percent"), "10");
    click(id("bid-save"));
    await pass(100);
    expect(text(`package-${first!.id}-bid`)).toBe("$7.04 bid");
  });

  it("flashes a buy that somebody else changes", async () => {
    const { stage, pass } = await aPage();
    const ben = await stage.join(BEN);
    const operations = [{ operation: "set_daily_cap" as const, amount_micros: 800_000_000 }];
    void ben.client.run(updateMediaBuy, { media_buy_id: buy.id, operations });
    await pass(10);
    const panel = screen.getByTestId(`buy-panel-${buy.id}`);
    expect(text(id("cap"))).toBe("$800");
    expect(panel.dataset["flash"]).toBe("");
    await pass(400);
    expect(panel.dataset["flash"]).toBeUndefined();
  });

  it("offers no change to a viewer", async () => {
    await aPage("viewer");
    expect(screen.queryByTestId(id("edit"))).toBeNull();
    expect(screen.queryByTestId("campaign-edit")).toBeNull();
  });
});
