import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import { JURISDICTIONS, LOCATION_HINTS } from "../../model/placement.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CurrencyCode, TimeZone, UtcTime, WorkspaceId } from "../../model/units.ts";

const Ratio = z.number().min(0).max(10);

/** When delivery counts as behind, over, poor and so on. Shares and indexes are fractions: 1 is exactly on plan. */
export const Thresholds = z.strictObject({
  /** Below this pacing index a package is behind, and its health at most a warning. */
  pacing_behind: Ratio,
  /** Above it a package overspends, and its health is at most a warning. */
  pacing_over: Ratio,
  pacing_poor_low: Ratio,
  pacing_poor_high: Ratio,
  /** Share of a package's target CTR below which health is a warning. */
  ctr_warning: Ratio,
  ctr_poor: Ratio,
  /** Share of the budget spent above which health is a warning, if more than `spend_flight_left` of the flight is left. */
  spend_warning: Ratio,
  spend_flight_left: Ratio,
  /** A country whose CTR is below this share of the buy's, and whose share of spend is above `country_spend`, is recommended for removal. */
  country_ctr: Ratio,
  country_spend: Ratio,
  viewability_low: Ratio,
});
export type Thresholds = z.infer<typeof Thresholds>;

export const DEFAULT_THRESHOLDS: Readonly<Thresholds> = Object.freeze({
  pacing_behind: 0.9,
  pacing_over: 1.1,
  pacing_poor_low: 0.8,
  pacing_poor_high: 1.2,
  ctr_warning: 0.8,
  ctr_poor: 0.5,
  spend_warning: 0.95,
  spend_flight_left: 0.1,
  country_ctr: 0.5,
  country_spend: 0.1,
  viewability_low: 0.6,
});

export const WorkspaceName = z.string().trim().min(1).max(120);

export const Workspace = z.strictObject({
  id: WorkspaceId,
  name: WorkspaceName,
  /** The zone of report days. */
  timezone: TimeZone,
  currency: CurrencyCode,
  /** Where its data must stay; part of its id, so it never changes. */
  jurisdiction: z.enum(JURISDICTIONS).nullable(),
  location_hint: z.enum(LOCATION_HINTS).nullable(),
  thresholds: Thresholds,
  created_at: UtcTime,
  created_by: z.string(),
  updated_at: UtcTime,
});
export type Workspace = z.infer<typeof Workspace>;

export const workspaces = defineEntity("workspace", {
  about: "A team's own tenant: its name, report zone, currency and thresholds. One per room.",
  schema: Workspace,
});

/** The room's workspace; a campaign room holds a mirror of it. */
export function workspaceOf(tx: ReadTx): Workspace | undefined {
  return tx.list(workspaces)[0];
}
