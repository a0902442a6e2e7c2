import { createHash } from "node:crypto";
import { ExternalId } from "../../../core/model/units.ts";

/**
 * The external id for a name that is the only thing a report says of a campaign or ad.
 * Names that an external id cannot hold are rewritten and told apart by a digest.
 */
export function externalIdOfName(name: string): string {
  if (isExternalId(name)) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name
    .replaceAll(/[\s/]+/gu, "_")
    .slice(0, 100)
    .toWellFormed()}~${digest}`;
}

/** Whether a text of a file can be an external id as it is. */
export function isExternalId(id: string): boolean {
  return ExternalId.safeParse(id).success;
}
