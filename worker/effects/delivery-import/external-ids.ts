import { createHash } from "node:crypto";
import { ExternalId } from "../../../core/model/units.ts";

/**
 * The external id for a name that is the only thing a report says of a campaign or ad.
 * Names that an external id cannot hold are rewritten and told apart by a digest.
 */
export function externalIdOfName(name: string): string {
  if (ExternalId.safeParse(name).success) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name
    .replaceAll(/[\s/]+/gu, "_")
    .slice(0, 100)
    .toWellFormed()}~${digest}`;
}

/** Checks ids of a file once each: reports repeat them in every row. */
export class ExternalIdCheck {
  readonly #known = new Map<string, boolean>();

  isValid(id: string): boolean {
    let valid = this.#known.get(id);
    if (valid === undefined) {
      valid = ExternalId.safeParse(id).success;
      this.#known.set(id, valid);
    }
    return valid;
  }
}
