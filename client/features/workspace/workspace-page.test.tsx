/*
 * data-testid of the pages, for tests in a real browser:
 *   sign-in-{person}, sign-in-token · workspace-name, me, theme-toggle, sign-out
 *   connection-pill (data-phase: connecting|live|catching_up|reconnecting|offline|refused), data-age, waiting-changes
 *   totals-{buys|budget|spend|impressions|clicks|ctr|cpm} (data-value: the exact number; money in micros);
 *     with several currencies -{CUR} is appended
 *   buys-table, buy-row-{id} (data-flash while just changed), buy-{id}-{status|budget|spend|pacing|impressions|ctr|cpm|cap},
 *     buy-search, buy-status-filter · campaigns-table, campaign-row-{id},
 *     campaign-new-{title|save|refusal}
 *   campaign-header, campaign-title, campaign-status, campaign-edit, campaign-title-input, campaign-title-save,
 *     campaign-status-select, campaign-refusal
 *   buy-panel-{id}, buy-{id}-{saving|pause|resume|edit|refusal}, buy-{id}-cap-{input|save},
 *     buy-{id}-shift-{from|to|percent|save}, buy-{id}-bid-{device|percent|save}
 *   package-row-{id}, package-{id}-{bid|budget|spend|pacing|impressions} · empty-state, notice
 */
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { campaignSummaries, mediaBuySummaries } from "../../../core/domain/summaries/entities.ts";
import type { MediaBuySummary } from "../../../core/domain/summaries/entities.ts";
import { workspaces } from "../../../core/domain/workspaces/entities.ts";
import { workspaceRoom } from "../../../core/rooms/workspace-room.ts";
import { renderInRoom } from "../../react/testing/in-room.tsx";
import { ANNA, Stage } from "../../sync/testing/stage.ts";
import { Page } from "../testing/page.tsx";
import { aBuySummary, aCampaignSummary, aWorkspace, put } from "../testing/rows.ts";
import { WorkspacePage } from "./workspace-page.tsx";

const brightBean = aBuySummary(1, { spend_micros: 9_180_000_000, impressions: 1_434_375, clicks: 2_582 });
const flowDesk = aBuySummary(
  2,
  { spend_micros: 20_667_000_000, impressions: 939_394, clicks: 4_227 },
  { status: "paused" },
);

async function aPage(...buys: MediaBuySummary[]) {
  const stage = new Stage(1, workspaceRoom);
  put(stage.room, workspaces, aWorkspace());
  for (const buy of buys) put(stage.room, mediaBuySummaries, buy);
  if (buys.length > 0) put(stage.room, campaignSummaries, aCampaignSummary());
  const rendered = await renderInRoom(
    stage,
    <Page>
      <WorkspacePage />
    </Page>,
  );
  await screen.findByText("Campaigns");
  return { stage, ...rendered };
}

const value = (id: string): number => Number(screen.getByTestId(id).dataset["value"]);
const text = (id: string): string => screen.getByTestId(id).textContent;

/** What the room commits when a campaign's mirror brings a new state of a buy. */
function mirror(stage: Stage, row: MediaBuySummary): void {
  stage.room.commit({
    actor: "system:room",
    command_id: `mirror-${stage.room.head}-${row.id}`,
    events: [{ type: "mirror:row:v1:success", data: { kind: "media_buy_summary", id: row.id, value: row } }],
    data: null,
  });
}

afterEach(cleanup);

describe("the workspace page", () => {
  it("shows every buy with its figures, and totals that are the sum of the rows", async () => {
    await aPage(brightBean, flowDesk);
    expect(text(`buy-${brightBean.id}-spend`)).toBe("$9,180");
    expect(text(`buy-${brightBean.id}-ctr`)).toBe("0.18%");
    expect(text(`buy-${brightBean.id}-cpm`)).toBe("$6.40");
    expect(text(`buy-${flowDesk.id}-status`)).toBe("Paused");
    expect(value("totals-spend")).toBe(29_847_000_000);
    expect(value("totals-budget")).toBe(36_000_000_000);
    expect(value("totals-impressions")).toBe(1_434_375 + 939_394);
    expect(text("totals-cpm")).toBe("$12.57");
  });

  it("keeps the totals equal to the rows that a filter leaves", async () => {
    await aPage(brightBean, flowDesk);
    fireEvent.change(screen.getByTestId("buy-status-filter"), { target: { value: "paused" } });
    expect(screen.queryByTestId(`buy-row-${brightBean.id}`)).toBeNull();
    expect(value("totals-spend")).toBe(20_667_000_000);
    fireEvent.change(screen.getByTestId("buy-status-filter"), { target: { value: "all" } });
    fireEvent.change(screen.getByTestId("buy-search"), { target: { value: "brand 1" } });
    expect(value("totals-spend")).toBe(9_180_000_000);
    fireEvent.change(screen.getByTestId("buy-search"), { target: { value: "nobody" } });
    expect(text("empty-state")).toContain("No buy matches");
  });

  it("adds up each currency by itself", async () => {
    await aPage(brightBean, { ...flowDesk, currency: "EUR" });
    expect(value("totals-spend-USD")).toBe(9_180_000_000);
    expect(text("totals-spend-EUR")).toBe("€20,667");
  });

  it("says what will come where there is nothing yet", async () => {
    await aPage();
    expect(screen.getAllByTestId("empty-state").map((each) => each.querySelector("h2")?.textContent)).toEqual([
      "No media buys yet",
      "No campaigns yet",
    ]);
  });

  it("follows a buy that changes, in its row, in the totals and with a flash of 400 ms", async () => {
    const { stage, pass } = await aPage(brightBean, flowDesk);
    const row = screen.getByTestId(`buy-row-${brightBean.id}`);
    const totals = { ...brightBean.totals, spend_micros: 10_000_000_000 };
    act(() => mirror(stage, { ...brightBean, totals }));
    await pass(0);
    expect(text(`buy-${brightBean.id}-spend`)).toBe("$10,000");
    expect(value("totals-spend")).toBe(30_667_000_000);
    expect(row.dataset["flash"]).toBe("");
    expect(screen.getByTestId(`buy-row-${flowDesk.id}`).dataset["flash"]).toBeUndefined();
    await pass(400);
    expect(row.dataset["flash"]).toBeUndefined();
  });

  it("creates a campaign that shows at once and keeps its row when the room has it", async () => {
    const { stage, seat, pass } = await aPage(brightBean);
    seat.line.faults.delayMs = 50;
    fireEvent.change(screen.getByTestId("campaign-new-title"), { target: { value: "Winter Launch" } });
    fireEvent.click(screen.getByTestId("campaign-new-save"));
    await pass(0);
    const row = screen.getByText("Winter Launch").closest("tr");
    await pass(500);
    expect(screen.getByText("Winter Launch").closest("tr")).toBe(row);
    const created = stage.room.rows({ ...ANNA }).find(([, , , entity]) => entity["title"] === "Winter Launch");
    expect(row?.dataset["testid"]).toBe(`campaign-row-${created?.[1] ?? ""}`);
  });

  it("gives back what was typed when a campaign is refused, with the reason", async () => {
    const { stage, pass } = await aPage(brightBean);
    stage.room.refuseNext = [{ refused: true, code: "SLUG_IN_USE", message: "Another campaign has this slug." }];
    fireEvent.change(screen.getByTestId("campaign-new-title"), { target: { value: "Winter Launch" } });
    fireEvent.click(screen.getByTestId("campaign-new-save"));
    await pass(100);
    expect(screen.queryByText("Winter Launch")).toBeNull();
    expect(text("campaign-new-refusal")).toContain("Another campaign has this slug.");
    expect(screen.getByTestId<HTMLInputElement>("campaign-new-title").value).toBe("Winter Launch");
  });
});
