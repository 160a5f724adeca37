import type { HttpBindings } from "@hono/node-server";

/** What a handler knows of its request. */
export interface Env {
  readonly Bindings: HttpBindings;
}
