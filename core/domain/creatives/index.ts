import type { DomainModule } from "../../model/room.ts";
import { addCreative, creativeAdded } from "./add-creative.ts";
import { creatives } from "./entities.ts";
import { creativeStatusSet, setCreativeStatus } from "./set-creative-status.ts";

export const creativesModule: DomainModule = {
  name: "creatives",
  entities: [creatives],
  events: [creativeAdded, creativeStatusSet],
  commands: [addCreative, setCreativeStatus],
  signals: [],
};
