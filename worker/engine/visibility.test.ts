import { describe, expect, it } from "vitest";
import { PERMISSIONS } from "../../core/model/access.ts";
import type { Grants } from "../../core/model/access.ts";
import { describeMe } from "./visibility.ts";

const told = (grants: Grants) => describeMe({ actor: { kind: "member", id: "mem_1" }, grants }).permissions;
const CAMPAIGNS = ["campaign.edit", "media_buy.edit", "creative.edit", "delivery.report", "feedback.submit"];
const READING = ["workspace.read", "campaign.read", "member.read"];

describe("what somebody is told they may do", () => {
  it("[RE76] is all of their role if they are limited to no campaigns", () => {
    expect(told({ kind: "role", role: "owner" })).toEqual(PERMISSIONS);
  });

  it.each(["operator", "admin", "owner"] as const)("[RE76] is of campaigns alone for an %s limited to some", (role) => {
    expect(told({ kind: "role", role, campaign_ids: ["cmp_1"] }).toSorted()).toEqual(
      [...READING, ...CAMPAIGNS].toSorted(),
    );
  });

  it("[RE76] is no more than the scopes of a limited key", () => {
    const scopes = ["media_buy.edit", "api_key.manage", "inventory.edit"];
    expect(told({ kind: "scopes", scopes, campaign_ids: ["cmp_1"] })).toEqual(["media_buy.edit"]);
  });

  it("[RE76] is only to read for whoever is limited to no campaign at all", () => {
    expect(told({ kind: "role", role: "admin", campaign_ids: [] })).toEqual(READING);
  });
});
