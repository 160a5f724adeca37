import type { ErrorBody } from "@attend/serve/schemas";
import { ApiError, type Ask, ask } from "./client.ts";

/** An event by its name, with its JSON; `Events` maps names to what comes with them. */
export type EventOf<Events> = {
  [Name in keyof Events]: { readonly event: Name; readonly data: Events[Name] };
}[keyof Events];

/** What a stream ends with when something goes wrong after it has begun. */
interface Failure {
  readonly error: ErrorBody["error"];
}

/**
 * Reads server-sent events as they come (WHATWG HTML, 9.2), also of a POST, which EventSource cannot.
 *
 * @throws ApiError also when the stream breaks off
 */
export async function* streamOf<Events>(
  path: string,
  options: Ask,
): AsyncGenerator<EventOf<Events>> {
  const { body } = await ask(path, { ...options, accept: "text/event-stream" });
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        if (options.signal?.aborted) throw options.signal.reason;
        throw new ApiError(String(cause), 0);
      });
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      yield* blocks.flatMap((block) => parseEvent<Events>(block));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** None for a comment, which keeps the connection open. */
function parseEvent<Events>(block: string): EventOf<Events>[] {
  const lines = block.split(/\r?\n/);
  const values = (field: string) =>
    lines
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).replace(/^ /, ""));
  const name = values("event").at(-1) ?? "message";
  const data = values("data").join("\n");
  if (data === "") return [];
  if (name === "error") {
    const { error }: Failure = JSON.parse(data);
    // The stream had begun, with the status of a success.
    throw new ApiError(error.message, 200, error.code);
  }
  const event: EventOf<Events> = JSON.parse(`{"event":${JSON.stringify(name)},"data":${data}}`);
  return [event];
}
