import { useState } from "react";
import type { ReactNode } from "react";
import { z } from "zod";
import type { Operation } from "../../../core/domain/media-buys/apply-operations.ts";
import { isTerminal } from "../../../core/domain/media-buys/entities.ts";
import { canMove } from "../../../core/domain/media-buys/status-graph.ts";
import { updateMediaBuy } from "../../../core/domain/media-buys/update-media-buy.ts";
import { livePackages } from "../../../core/domain/reporting/buy-delivery.ts";
import type { BuyDelivery } from "../../../core/domain/reporting/buy-delivery.ts";
import { useCommand } from "../../react/use-command.ts";
import { withMoney } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { AdjustBidForm } from "./adjust-bid-form.tsx";
import { DailyCapForm } from "./daily-cap-form.tsx";
import { RefusalNotice } from "../buys/refusal-notice.tsx";
import { ShiftBudgetForm } from "./shift-budget-form.tsx";

const Warnings = z.looseObject({ warnings: z.array(z.looseObject({ message: z.string() })) });

/** Changes to a running buy. Each shows at once; if the room refuses, it is taken back and the reason is shown here. */
export function BuyActions({ delivery }: { delivery: BuyDelivery }): ReactNode {
  const { buy } = delivery;
  const { run, refusal } = useCommand(updateMediaBuy);
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  if (isTerminal(buy.status)) return null;
  const change = async (operation: Operation): Promise<void> => {
    setWarnings([]);
    const outcome = await run({ media_buy_id: buy.id, operations: [operation] });
    if (outcome.ok) setWarnings(Warnings.safeParse(outcome.data).data?.warnings.map((each) => each.message) ?? []);
  };
  const packages = livePackages(buy);
  const next = buy.status === "active" ? "paused" : "active";
  return (
    <div className="actions">
      <div className="row">
        {canMove(buy.status, next) && buy.status !== "pending_creatives" && buy.status !== "pending_start" && (
          <button
            type="button"
            data-testid={`buy-${buy.id}-${next === "paused" ? "pause" : "resume"}`}
            onClick={() => void change({ operation: "set_status", status: next })}
          >
            {next === "paused" ? "Pause" : "Resume"}
          </button>
        )}
        <details className="edit">
          <summary data-testid={`buy-${buy.id}-edit`}>Change cap, budget or bids</summary>
          <div className="forms">
            <DailyCapForm buy={buy} onChange={(operation) => void change(operation)} />
            {packages.length > 1 && (
              <ShiftBudgetForm buy={buy} packages={packages} onChange={(operation) => void change(operation)} />
            )}
            {packages.some((pkg) => pkg.bid_micros !== null) && (
              <AdjustBidForm buy={buy} packages={packages} onChange={(operation) => void change(operation)} />
            )}
          </div>
        </details>
      </div>
      <RefusalNotice refusal={refusal} currency={buy.currency} testId={`buy-${buy.id}-refusal`} />
      {warnings.map((warning) => (
        <Notice key={warning} tone="plain">
          {withMoney(warning, buy.currency)}
        </Notice>
      ))}
    </div>
  );
}
