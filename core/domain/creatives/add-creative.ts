import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CreativeId, ExternalId, PackageId } from "../../model/units.ts";
import { MAX_ASSIGNMENTS, MediaBuyRef, mediaBuys, writableBuy } from "../media-buys/entities.ts";
import type { MediaBuy } from "../media-buys/entities.ts";
import {
  Creative,
  CreativeFormat,
  CreativeName,
  MAX_BUY_CREATIVES,
  creatives,
  findCreative,
  fullBuy,
} from "./entities.ts";

const Weight = z.int().min(0).max(100);

export const creativeAdded = defineEvent("creative:add:v1:success", {
  data: z.strictObject({
    creative: Creative,
    /** The packages whose rotation it joins, and its weight there. */
    package_ids: z.array(PackageId).max(50),
    weight: Weight,
  }),
  apply(tx, { creative, package_ids, weight }, { at, actor }) {
    tx.create(creatives, creative);
    const buy = tx.get(mediaBuys, creative.media_buy_id);
    if (!buy || package_ids.length === 0) return;
    const packages = buy.packages.map((pkg) =>
      package_ids.includes(pkg.id)
        ? { ...pkg, creative_assignments: [...pkg.creative_assignments, { creative_id: creative.id, weight }] }
        : pkg,
    );
    tx.update(mediaBuys, buy.id, { packages, updated_at: at, updated_by: actor });
  },
});

export const addCreative = defineCommand("creative:add:v1", {
  about: "Add a creative to a media buy, and to the rotation of its packages if you name some. It waits for approval.",
  input: z.strictObject({
    creative_id: CreativeId.optional(),
    media_buy_id: MediaBuyRef,
    name: CreativeName,
    format: CreativeFormat,
    external_id: ExternalId.optional(),
    package_ids: z.array(PackageId).min(1).max(50).optional(),
    /** Its share of the rotation, 0..100. Default: 100. */
    weight: Weight.optional(),
  }),
  example: { media_buy_id: "mb_01J00000000000000000000001", name: "Ridge at dawn, 15 s", format: "video_15s" },
  needs: "creative.edit",
  refuses: ["MEDIA_BUY_NOT_FOUND", "PACKAGE_NOT_FOUND", "INVALID_STATE", "ID_IN_USE", "VALIDATION_ERROR"],
  emits: [creativeAdded],
  answers: "created",
  decide(tx, input, context) {
    const buy = writableBuy(tx, input.media_buy_id);
    if (isRefusal(buy)) return buy;
    const id = input.creative_id ?? context.id("cre");
    const refused =
      takenId(tx, { id, buyId: buy.id, externalId: input.external_id }) ??
      noRoom(buy, input.package_ids ?? []) ??
      tooManyCreatives(tx, buy.id);
    if (refused) return refused;
    const creative: Creative = {
      id,
      media_buy_id: buy.id,
      name: input.name,
      format: input.format,
      status: "pending",
      rejection_reason: null,
      external_id: input.external_id ?? null,
      created_at: context.now,
    };
    const package_ids = [...new Set(input.package_ids)];
    return [creativeAdded.of({ creative, package_ids, weight: input.weight ?? 100 })];
  },
});

function takenId(tx: ReadTx, wanted: { id: string; buyId: string; externalId: string | undefined }): Refusal | null {
  if (tx.used(creatives, wanted.id)) return refuse("ID_IN_USE", `The creative id ${wanted.id} was used before.`);
  if (wanted.externalId === undefined || !findCreative(tx, wanted.externalId, wanted.buyId)) return null;
  return refuse("ID_IN_USE", `Another creative of the media buy has the external id ${wanted.externalId}.`);
}

function tooManyCreatives(tx: ReadTx, buyId: string): Refusal | null {
  if (fullBuy(tx, new Map([[buyId, 1]])) === undefined) return null;
  return invalid("/media_buy_id", `The media buy has ${MAX_BUY_CREATIVES} creatives already.`, "maxItems");
}

function noRoom(buy: MediaBuy, packageIds: readonly string[]): Refusal | null {
  for (const [at, id] of packageIds.entries()) {
    const pkg = buy.packages.find((each) => each.id === id);
    const pointer = `/package_ids/${at}`;
    if (!pkg) {
      const message = `The media buy has no package ${id}.`;
      return refuse("PACKAGE_NOT_FOUND", message, { issues: [{ pointer, message, keyword: "reference" }] });
    }
    if (pkg.canceled) return refuse("INVALID_STATE", `${pkg.name} is canceled.`);
    if (pkg.creative_assignments.length < MAX_ASSIGNMENTS) continue;
    return invalid(pointer, `${pkg.name} rotates ${MAX_ASSIGNMENTS} creatives already.`, "maxItems");
  }
  return null;
}
