import type { App, Services } from "../services.ts";
import { captionRoutes } from "./captions.ts";
import { modelRoutes } from "./models.ts";
import { trainingRoutes } from "./trainings.ts";

/** The routes of every task. */
export const routes: readonly ((app: App, services: Services) => void)[] = [
  captionRoutes,
  modelRoutes,
  trainingRoutes,
];
