import { createInterface } from "node:readline";

/**
 * Answers requests on stdin, one JSON object per line, until stdin ends; then the process exits.
 *
 * @param handlers by a request's `do`; each receives the entire request
 */
export async function serve<Requests extends Record<string, unknown>>(
  handlers: {
    readonly [Name in keyof Requests]: (request: Requests[Name]) => object | Promise<object>;
  },
): Promise<never> {
  // Only answers go to stdout.
  console.log = console.info = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    const name: keyof Requests = request.do;
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`unknown request "${request.do}"`);
    process.stdout.write(`${JSON.stringify(await handler(request))}\n`);
  }
  process.exit();
}
