import { defineView } from "../../model/view.ts";
import { reportContext } from "../reporting/buy-delivery.ts";
import { MediaBuyReport, mediaBuyReport } from "../reporting/media-buy-report.ts";
import { findMediaBuy, mediaBuys } from "./entities.ts";

export const mediaBuyReports = defineView("media_buy_report", {
  about:
    "How a media buy does: totals, ratios, pacing, projection, health with its reason, recommendations with the command that carries each out, and breakdowns whose parts add up.",
  schema: MediaBuyReport,
  one(tx, ref, now) {
    const buy = findMediaBuy(tx, ref);
    return buy && { revision: tx.revision(mediaBuys, buy.id), value: mediaBuyReport(tx, buy, reportContext(tx, now)) };
  },
  all(tx, now) {
    const context = reportContext(tx, now);
    return tx
      .list(mediaBuys)
      .map((buy) => ({ revision: tx.revision(mediaBuys, buy.id), value: mediaBuyReport(tx, buy, context) }));
  },
});
