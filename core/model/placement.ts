/** Where a workspace's data can be made to stay. */
export const JURISDICTIONS = ["eu", "us", "fedramp"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** Where a room's object is first placed, a best effort: the hints Durable Objects know. */
export const LOCATION_HINTS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
export type LocationHint = (typeof LOCATION_HINTS)[number];

/** The jurisdiction in a workspace's id: `ws_eu_…` stays in the EU, `ws_…` nowhere in particular. */
export function jurisdictionOf(workspaceId: string): Jurisdiction | null {
  return JURISDICTIONS.find((jurisdiction) => workspaceId.startsWith(`ws_${jurisdiction}_`)) ?? null;
}
