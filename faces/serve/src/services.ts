import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ChatList } from "./chat-list.ts";
import type { Env } from "./env.ts";
import type { ModelList } from "./model-list.ts";
import type { Pool } from "./pool/pool.ts";
import type { Trainings } from "./trainings/trainings.ts";
import type { Uploads } from "./uploads.ts";

/** The server's routes. */
export type App = OpenAPIHono<Env>;

/** What handlers work with. */
export interface Services {
  readonly version: string;
  readonly pool: Pool;
  readonly uploads: Uploads;
  readonly models: ModelList;
  readonly trainings: Trainings;
  /** For the data of trainings, which are larger. */
  readonly dataUploads: Uploads;
  readonly chats: ChatList;
}
