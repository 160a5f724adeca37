import { AttendError, type ErrorCode } from "@attend/runtime/errors";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";
import type { Env } from "./env.ts";
import { HttpError } from "./http-error.ts";

/** How the errors of the libraries are answered: whose fault it is. */
const statuses: Readonly<Record<ErrorCode, HttpError["status"]>> = {
  BAD_ARGUMENT: 400,
  BAD_IMAGE: 422,
  BAD_AUDIO: 422,
  BAD_DATA: 422,
  BAD_SHAPE: 422,
  DATA_MISSING: 503,
  ENGINE_MISSING: 503,
  ENGINE_FAILED: 503,
  INTERRUPTED: 503,
  FILE_NOT_FOUND: 500,
  BAD_WEIGHTS: 500,
  BAD_CONFIG: 500,
  NOT_FINITE: 500,
  READ_FAILED: 500,
  WRITE_FAILED: 500,
};

/** Any error as one with a status; one that is our fault is told on stderr, not to the client. */
export function httpErrorOf(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown;
  if (AttendError.isInstance(thrown)) {
    return new HttpError(statuses[thrown.code], thrown.code, thrown.message);
  }
  if (thrown instanceof HTTPException) {
    const { status, message } = thrown;
    if (status === 413) return new HttpError(413, "TOO_LARGE", "the body is too large; send less");
    if (status === 415) {
      const remedy = "send it as application/json";
      return new HttpError(415, "UNSUPPORTED_TYPE", `the content type is not accepted; ${remedy}`);
    }
    return new HttpError(400, "BAD_REQUEST", `${message}; correct the request`);
  }
  console.error(thrown);
  return new HttpError(500, "INTERNAL", "something went wrong on the server; its log tells what");
}

/** Why a request does not fit its schema. */
export function badRequest(error: z.core.$ZodError): HttpError {
  const [issue] = error.issues;
  const key = issue?.path.join(".");
  const what = key === undefined || key === "" ? "the request" : `"${key}"`;
  const message = `${what} is not valid (${issue?.message ?? "unknown"}); see /docs`;
  return new HttpError(400, "BAD_REQUEST", message);
}

/** What happens when a client leaves is nobody's fault. */
const nobodyListens = new HttpError(400, "CANCELED", "the client has left");

/** Answers with an error. @param hide leaves out of a message what the client need not know */
export function respondWithError(c: Context<Env>, thrown: unknown, hide: (text: string) => string) {
  const { signal } = c.req.raw;
  const { status, code, message, retryAfter } = signal.aborted
    ? nobodyListens
    : httpErrorOf(thrown);
  // What is left of the body is not read, so that the connection has no use anymore.
  if (!c.env.incoming.complete) c.header("Connection", "close");
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return c.json({ error: { code, message: hide(message) } }, status);
}
