import type { DomainModule } from "../../model/room.ts";
import { performanceFeedback } from "./entities.ts";
import { feedbackSubmitted, submitFeedback } from "./submit-feedback.ts";

export const feedbackModule: DomainModule = {
  name: "feedback",
  entities: [performanceFeedback],
  events: [feedbackSubmitted],
  commands: [submitFeedback],
  signals: [],
};
