import { audit } from "./audit.ts";
import { auditTrail } from "./audit-trail.ts";
import { listCampaigns, listCreatives, listFeedback, listImports, listMediaBuys } from "./campaign-lists.ts";
import type { ReadDefinition } from "./define-read.ts";
import { search } from "./search.ts";
import { spend } from "./spend.ts";
import { listApiKeys, listMembers, listProducts } from "./workspace-lists.ts";

/** Every read of the read model, from which routes and their reference are made. Each parses its own query. */
export const READS: readonly ReadDefinition[] = [
  listCampaigns,
  listMediaBuys,
  listCreatives,
  listFeedback,
  listImports,
  listMembers,
  listApiKeys,
  listProducts,
  search,
  spend,
  audit,
  auditTrail,
];
