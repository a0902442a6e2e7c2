import type { DomainModule } from "../../model/room.ts";
import { dayCounters, deliveryFacts, packageCounters } from "./entities.ts";
import { deliveryReported, reportDelivery } from "./report-delivery.ts";

export const deliveryModule: DomainModule = {
  name: "delivery",
  entities: [deliveryFacts, packageCounters, dayCounters],
  events: [deliveryReported],
  commands: [reportDelivery],
  signals: [],
};
