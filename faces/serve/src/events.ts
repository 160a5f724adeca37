import { PassThrough } from "node:stream";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { z } from "zod";
import { httpErrorOf } from "./errors.ts";
import type { Pool, RunOptions } from "./pool/pool.ts";
import type { Request } from "./pool/request.ts";

/** A server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly data: object;
}

/**
 * Answers with events as they come. What fails before the first is an error with its status; later, it is the event
 * `error`, with the same body.
 *
 * @param hide leaves out of a message what the client need not know
 */
export async function respondWithEvents(
  c: Context,
  events: AsyncGenerator<ServerEvent>,
  hide: (text: string) => string,
): Promise<Response> {
  const first = await events.next();
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => void events.return(undefined));
    try {
      for (let next = first; !next.done; next = await events.next()) {
        const { event, data } = next.value;
        await stream.writeSSE({ event, data: JSON.stringify(data) });
      }
    } catch (thrown) {
      const { code, message } = httpErrorOf(thrown);
      const data = JSON.stringify({ error: { code, message: hide(message) } });
      await stream.writeSSE({ event: "error", data });
    }
  });
}

/** Options of {@link runStream}. */
interface StreamOptions<Schema extends z.ZodType> extends Omit<RunOptions, "onEvent"> {
  /** Of what is told. */
  readonly schema: Schema;
}

/**
 * Runs a task that tells what happens on the way.
 *
 * @returns the output, after what was told is yielded
 * @throws what `Pool.run` throws
 */
export async function* runStream<Schema extends z.ZodType>(
  pool: Pool,
  request: Request,
  { schema, signal, timeoutSeconds }: StreamOptions<Schema>,
): AsyncGenerator<z.output<Schema>, unknown, void> {
  const stopped = new AbortController();
  const events = new PassThrough({ objectMode: true });
  const output = pool.run(request, {
    timeoutSeconds,
    signal: AbortSignal.any([signal, stopped.signal]),
    onEvent: (event) => events.write(event),
  });
  output.then(
    () => events.end(),
    (error) => events.destroy(error),
  );
  try {
    for await (const event of events) yield schema.parse(event);
    return await output;
  } finally {
    stopped.abort();
  }
}
