import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createServer, type Server, type ServerOptions } from "../../src/index.ts";

/** A server for the tests of a file, with a folder of trainings of its own. */
export function useServer(
  options: ServerOptions = {},
): (path: string, init?: RequestInit) => Promise<Response> {
  const folder = mkdtempSync(join(tmpdir(), "attend-serve-test-"));
  let server: Server;
  beforeAll(async () => {
    server = await createServer({ port: 0, processes: 1, runs: join(folder, "runs"), ...options });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  return (path, init) => fetch(server.url + path, init);
}

/** A request with a body of JSON. */
export function jsonRequest(
  body: object,
  headers: Readonly<Record<string, string>> = {},
): RequestInit {
  const type = { "Content-Type": "application/json" };
  return { method: "POST", headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

/** The server-sent events of a response, as they come. */
export async function* eventsIn(
  response: Response,
): AsyncGenerator<{ event: string; data: unknown }, void> {
  let text = "";
  for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(
    new TextDecoderStream(),
  )) {
    const blocks = (text + piece).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const [, event = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      yield { event, data: JSON.parse(data) };
    }
  }
}
