import type { App, Services } from "../services.ts";
import { answerRoutes } from "./answers.ts";
import { captionRoutes } from "./captions.ts";
import { chatRoutes } from "./chats.ts";
import { figureRoutes } from "./figures.ts";
import { interpretationRoutes } from "./interpretations.ts";
import { messageRoutes } from "./messages.ts";
import { modelRoutes } from "./models.ts";
import { recognitionRoutes } from "./recognitions.ts";
import { repairRoutes } from "./repairs.ts";
import { speechRoutes } from "./speech.ts";
import { trainingRoutes } from "./trainings.ts";
import { translationRoutes } from "./translations.ts";

/** The routes of every task. */
export const routes: readonly ((app: App, services: Services) => void)[] = [
  answerRoutes,
  captionRoutes,
  chatRoutes,
  messageRoutes,
  figureRoutes,
  interpretationRoutes,
  recognitionRoutes,
  repairRoutes,
  speechRoutes,
  modelRoutes,
  trainingRoutes,
  translationRoutes,
];
