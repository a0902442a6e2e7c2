import { invalid, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { campaignSummaries } from "../summaries/entities.ts";

const MAX_SLUG = 64;
/** Leaves room for a number that tells two titles apart. */
const MAX_STEM = MAX_SLUG - 6;

/** A title as a slug: lower case letters and digits joined by hyphens; `campaign` if it has none. */
export function slugify(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_STEM)
    .replace(/^-+|-+$/g, "");
  return words === "" ? "campaign" : words;
}

/** The slug for a new campaign: the one asked for if it is free, else the title's, numbered until it is. */
export function chooseSlug(tx: ReadTx, asked: string | undefined, title: string): string | Refusal {
  const taken = takenNames(tx);
  if (asked !== undefined)
    return taken.has(asked) ? refuse("SLUG_IN_USE", `"${asked}" names another campaign.`) : asked;
  const stem = slugify(title);
  for (let n = 2, slug = stem; ; slug = `${stem}-${n++}`) if (!taken.has(slug)) return slug;
}

/** VALIDATION_ERROR if another campaign has the external id as its own or as its slug: either stands for the campaign. */
export function refuseTakenExternalId(tx: ReadTx, externalId: string | null): Refusal | null {
  if (externalId === null || !takenNames(tx).has(externalId)) return null;
  return invalid("/external_id", "Another campaign has this external id or slug already.", "unique");
}

function takenNames(tx: ReadTx): ReadonlySet<string> {
  return new Set(tx.list(campaignSummaries).flatMap((summary) => [summary.slug, summary.external_id ?? summary.slug]));
}
