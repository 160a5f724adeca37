import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { HttpError } from "./http-error.ts";

/** Who may use the server. */
export interface Access {
  /** Required as `Authorization: Bearer`, if given. */
  readonly apiKey?: string | undefined;
  /** Origins of pages that may use it besides its own. */
  readonly cors?: readonly string[] | undefined;
  /** Whether it only listens on this machine. */
  readonly isLoopback: boolean;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/**
 * Keeps out other sites' pages: their requests name another origin, or, with a name that leads to this machine, another
 * host.
 */
export function ownPagesOnly({ cors = [], isLoopback }: Access): MiddlewareHandler {
  return async (c, next) => {
    const [host = "", origin] = [c.req.header("host"), c.req.header("origin")];
    if (isLoopback && !loopback.test(host)) {
      const message = `the host is "${host}", but this server is for localhost; start it with --host to serve others`;
      throw new HttpError(403, "FORBIDDEN", message);
    }
    const isOwn = origin === undefined || origin.replace(/^https?:\/\//, "") === host;
    if (isOwn || cors.includes(origin)) return next();
    const message = `pages of ${origin} may not use this server; start it with --cors ${origin} to allow it`;
    throw new HttpError(403, "FORBIDDEN", message);
  };
}

/** Answers the origins that may use the server. */
export function allowedOrigins({ cors: origins = [] }: Access): MiddlewareHandler {
  return cors({ origin: [...origins], exposeHeaders: ["Retry-After"] });
}

/** Requires the key, if there is one. */
export function keyRequired({ apiKey }: Access): MiddlewareHandler {
  return async (c, next) => {
    const given = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1];
    if (apiKey === undefined || (given !== undefined && isSame(given, apiKey))) return next();
    c.header("WWW-Authenticate", "Bearer");
    const message = "the key is missing or wrong; send it as Authorization: Bearer KEY";
    throw new HttpError(401, "UNAUTHORIZED", message);
  };
}

/** Takes as long for any wrong key. */
function isSame(given: string, key: string): boolean {
  const [a, b] = [given, key].map((each) => createHash("sha256").update(each).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
