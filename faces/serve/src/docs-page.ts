import { createRequire } from "node:module";
import { dirname } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { App } from "./services.ts";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Attend: try the API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs" });\n`;

/** `/openapi.json`, and `/docs`, a page to try what it describes. */
export function docsRoutes(app: App, version: string): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
  });
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Attend",
      version,
      description: "Captions, questions about photos, translation, chat, speech and training.",
    },
    security: [{}, { key: [] }],
  });
  app.get("/docs", (c) => c.html(page));
  app.get("/docs/start.js", (c) => c.body(start, 200, { "Content-Type": "text/javascript" }));
  const root = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const rewriteRequestPath = (path: string) => path.replace(/^\/docs/, "");
  app.get("/docs/*", serveStatic({ root, rewriteRequestPath }));
}
