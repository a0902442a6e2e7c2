import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { isRefusal, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { PackageId, PositiveMicros } from "../../model/units.ts";
import { deliveryOf, packageSpend, reportContext } from "../reporting/buy-delivery.ts";
import { applyChanges, changesBetween, mediaBuyChanged } from "./changes.ts";
import { MediaBuyRef, findMediaBuy, targetBuy, writableBuy } from "./entities.ts";
import type { MediaBuy } from "./entities.ts";
import { Notice } from "./notice.ts";
import { namedPackage, withPackages } from "./operation.ts";
import { brokenRule } from "./rules.ts";
import type { RuleField } from "./rules.ts";
import { capNotices } from "./spend-notices.ts";

const Budgets = z
  .array(z.strictObject({ package_id: PackageId, budget_micros: PositiveMicros }))
  .min(1)
  .max(50)
  .refine((items) => new Set(items.map((item) => item.package_id)).size === items.length, "A package is named twice");
type Budgets = z.infer<typeof Budgets>;

export const mediaBuyBudgetSet = defineEvent("media_buy:set_budget:v1:success", {
  data: z.strictObject({ ...mediaBuyChanged, warnings: z.array(Notice) }),
  apply: applyChanges,
});

export const setBudget = defineCommand("media_buy:set_budget:v1", {
  about: "Set the budget of packages. A package keeps at least what it has spent and its product's minimum.",
  input: z.strictObject({ media_buy_id: MediaBuyRef, packages: Budgets }),
  example: {
    media_buy_id: "mb_01J00000000000000000000001",
    packages: [{ package_id: "pkg_01J00000000000000000000001", budget_micros: 36_000_000_000 }],
  },
  needs: "media_buy.edit",
  refuses: [
    "MEDIA_BUY_NOT_FOUND",
    "PACKAGE_NOT_FOUND",
    "INVALID_STATE",
    "VALIDATION_ERROR",
    "BUDGET_TOO_LOW",
    "BUDGET_EXCEEDED",
    "NO_CHANGE",
  ],
  emits: [mediaBuyBudgetSet],
  target: ({ media_buy_id }, tx) => targetBuy(media_buy_id, tx),
  inverse({ media_buy_id, packages }, before) {
    const buy = findMediaBuy(before, media_buy_id);
    return buy ? { type: "media_buy:set_budget:v1", payload: previousBudgets(buy, packages) } : null;
  },
  decide(tx, { media_buy_id, packages }, { now }) {
    const buy = writableBuy(tx, media_buy_id);
    if (isRefusal(buy)) return buy;
    const after = rebudgeted(buy, packages);
    if (isRefusal(after)) return after;
    const changes = changesBetween(buy, after);
    if (!changes) return refuse("NO_CHANGE", "The budgets are already as asked.");
    const delivery = deliveryOf(tx, buy);
    const broken = brokenRule(after, {
      before: buy,
      spent: (packageId) => packageSpend(delivery, packageId),
      pointer: (field, packageId) => budgetPointer(packages, field, packageId),
    });
    const warnings = capNotices({ ...delivery, buy: after }, reportContext(tx, now));
    return broken ?? [mediaBuyBudgetSet.of({ media_buy_id: buy.id, changes, warnings })];
  },
});

function rebudgeted(buy: MediaBuy, budgets: Budgets): MediaBuy | Refusal {
  let after = buy;
  for (const [at, { package_id, budget_micros }] of budgets.entries()) {
    const pkg = namedPackage(after, package_id, `/packages/${at}/package_id`);
    if ("refused" in pkg) return pkg;
    after = withPackages(after, [{ ...pkg, budget_micros }]);
  }
  return after;
}

function budgetPointer(budgets: Budgets, field: RuleField, packageId: string | undefined): string {
  const at = budgets.findIndex((item) => item.package_id === packageId);
  return at < 0 || field !== "budget" ? "/packages" : `/packages/${at}/budget_micros`;
}

function previousBudgets(buy: MediaBuy, budgets: Budgets): { media_buy_id: string; packages: Budgets } {
  const packages = budgets.flatMap(({ package_id }) => {
    const pkg = buy.packages.find((each) => each.id === package_id);
    return pkg ? [{ package_id, budget_micros: pkg.budget_micros }] : [];
  });
  return { media_buy_id: buy.id, packages };
}
