import { z } from "zod";
import { serve } from "../../src/workers/serve.ts";

/** An engine for tests, which does what it is told. */
serve({
  settings: z.strictObject({ greeting: z.string(), broken: z.boolean().optional() }),
  request: z.union([
    z.strictObject({ say: z.string() }),
    z.strictObject({ double: z.instanceof(Float32Array) }),
    z.strictObject({ die: z.literal(true) }),
    z.strictObject({ hang: z.literal(true) }),
    z.strictObject({ fail: z.string() }),
  ]),
  async load({ greeting, broken }) {
    if (broken) throw new Error("the model file is damaged");
    return async (request) => {
      if ("say" in request) return `${greeting} ${request.say}`;
      if ("double" in request) return request.double.map((value) => 2 * value);
      if ("die" in request) process.kill(process.pid, "SIGKILL");
      if ("fail" in request) throw new Error(request.fail);
      return await new Promise(() => {});
    };
  },
});
