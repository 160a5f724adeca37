import { createInterface } from "node:readline";

/**
 * Answers the requests on stdin, one line of JSON each, until stdin ends; then the process does.
 *
 * @param handlers by what a request asks to `do`; each takes the request's other fields.
 */
export async function serve<Requests extends Record<string, unknown>>(
  handlers: {
    readonly [Name in keyof Requests]: (given: Requests[Name]) => object | Promise<object>;
  },
): Promise<never> {
  // Stdout is for answers alone.
  console.log = console.info = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    const name: keyof Requests = request.do;
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`nothing answers "${request.do}"`);
    process.stdout.write(`${JSON.stringify(await handler(request))}\n`);
  }
  process.exit();
}
