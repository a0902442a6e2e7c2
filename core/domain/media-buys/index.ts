import type { DomainModule } from "../../model/room.ts";
import { advanceMediaBuy, mediaBuyAdvanced } from "./advance-media-buy.ts";
import { cancelMediaBuy, mediaBuyCanceled } from "./cancel-media-buy.ts";
import { createMediaBuy, mediaBuyCreated } from "./create-media-buy.ts";
import { mediaBuys } from "./entities.ts";
import { mediaBuyReports } from "./media-buy-reports.ts";
import { mediaBuyBudgetSet, setBudget } from "./set-budget.ts";
import { mediaBuyDatesSet, setDates } from "./set-dates.ts";
import { mediaBuyUpdated, updateMediaBuy } from "./update-media-buy.ts";

export const mediaBuysModule: DomainModule = {
  name: "media-buys",
  entities: [mediaBuys],
  events: [mediaBuyCreated, mediaBuyUpdated, mediaBuyDatesSet, mediaBuyBudgetSet, mediaBuyCanceled, mediaBuyAdvanced],
  commands: [createMediaBuy, updateMediaBuy, setDates, setBudget, cancelMediaBuy, advanceMediaBuy],
  signals: [],
  views: [mediaBuyReports],
};
