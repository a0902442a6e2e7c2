import type { DomainModule } from "../../model/room.ts";
import { sessionRevocations } from "./entities.ts";
import { forgetSession, sessionForgotten } from "./forget-session.ts";
import { revokeSession, sessionRevoked } from "./revoke-session.ts";

export const sessionsModule: DomainModule = {
  name: "sessions",
  entities: [sessionRevocations],
  events: [sessionRevoked, sessionForgotten],
  commands: [revokeSession, forgetSession],
  signals: [],
};
