import { messageOf } from "@attend/runtime/errors";
import { z } from "zod";

/** What a program of `EngineProcess` consists of. */
interface Service<Settings, Request> {
  /** Of the JSON in its first argument. */
  readonly settings: z.ZodType<Settings>;
  readonly request: z.ZodType<Request>;
  /** Loads the engine. @returns what answers a request */
  load(settings: Settings): Promise<(request: Request) => Promise<unknown>>;
}

/** Answers the requests of an `EngineProcess`, and ends with it. */
export function serve<Settings, Request>(service: Service<Settings, Request>): void {
  process.on("disconnect", () => process.exit());
  // Ctrl-C reaches this process too, but it is the other one that decides what it means.
  process.on("SIGINT", () => {});
  const settings = service.settings.parse(JSON.parse(process.argv[2] ?? ""));
  const loading = service.load(settings);
  loading.catch(() => {}); // Each request reports it.
  const messageSchema = z.strictObject({ request: service.request });
  process.on("message", async (message) => {
    try {
      const answer = await loading;
      process.send?.({ result: await answer(messageSchema.parse(message).request) });
    } catch (thrown) {
      process.send?.({ error: messageOf(thrown).replace(/\s+/g, " ") });
    }
  });
}
