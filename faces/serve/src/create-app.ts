import { serveStatic } from "@hono/node-server/serve-static";
import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { type Access, allowedOrigins, keyRequired, ownPagesOnly } from "./access.ts";
import { docsRoutes } from "./docs-page.ts";
import type { Env } from "./env.ts";
import { badRequest, respondWithError } from "./errors.ts";
import { HttpError } from "./http-error.ts";
import type { Metrics } from "./metrics.ts";
import { healthRoutes } from "./routes/health.ts";
import { routes } from "./routes/index.ts";
import type { App, Services } from "./services.ts";

/** How an app is reached, and what it shows. */
export interface AppOptions {
  readonly access: Access;
  readonly metrics: Metrics;
  /** A folder of static files that are shown at `/`. */
  readonly page: string | undefined;
}

/** All routes, and what every request passes before and after them. */
export function createApp(services: Services, { access, metrics, page }: AppOptions): App {
  const app: App = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw badRequest(result.error);
    },
  });
  const hide = (text: string) => services.uploads.hidePaths(text);
  app.onError((error, c) => respondWithError(c, error, hide));
  app.use(metrics.observe, secured, ownPagesOnly(access), allowedOrigins(access));
  healthRoutes(app, services);
  app.use("/v1/*", keyRequired(access));
  app.use("/metrics", keyRequired(access));
  app.use("/v1/*", smallJson);
  for (const register of routes) register(app, services);
  app.get("/metrics", async (c) => {
    const { type, body } = await metrics.text();
    return c.body(body, 200, { "Content-Type": type });
  });
  docsRoutes(app, services.version);
  refuseOtherMethods(app);
  if (page !== undefined) app.get("*", serveStatic({ root: page }));
  app.notFound((c) => {
    const message = `there is no ${c.req.method} ${c.req.path}; see /docs`;
    return respondWithError(c, new HttpError(404, "NOT_FOUND", message), hide);
  });
  return app;
}

/** Of a path that is described, other methods are answered with those that it has. */
function refuseOtherMethods(app: App): void {
  const paths = new Map<string, string[]>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const path = definition.route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    paths.set(path, [...(paths.get(path) ?? []), definition.route.method.toUpperCase()]);
  }
  for (const [path, methods] of paths) {
    app.all(path, (c) => {
      const allowed = methods.join(", ");
      c.header("Allow", allowed);
      const message = `${c.req.path} has no ${c.req.method}; use ${allowed}`;
      throw new HttpError(405, "METHOD_NOT_ALLOWED", message);
    });
  }
}

const limited = bodyLimit({ maxSize: 4 * 2 ** 20 });

/** What is parsed in memory must be small; uploads are not, and have their own limit. */
const smallJson: typeof limited = (c, next) =>
  c.req.header("content-type")?.startsWith("application/json") ? limited(c, next) : next();

/** A page gets everything from here: no script or style within it, and nothing from elsewhere. */
const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", "blob:", "data:"],
    mediaSrc: ["'self'", "blob:", "data:"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  crossOriginResourcePolicy: false,
  strictTransportSecurity: false,
});
