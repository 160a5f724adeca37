import { decimalOption, pathOption, wholeOption, writeLine, writeNote } from "@attend/cli-kit";
import { Command, Option } from "commander";

interface ServeFlags {
  readonly host: string;
  readonly port: number;
  readonly apiKey?: string;
  readonly cors?: readonly string[];
  readonly processes: number;
  readonly queue: number;
  readonly timeout: number;
  readonly idle: number;
  readonly maxUpload: number;
  readonly runs: string;
}

const examples = `
Examples:
  attend-serve
  curl --data-binary @photo.jpg -H "Content-Type: image/jpeg" http://127.0.0.1:4747/v1/captions
  attend-serve --host 0.0.0.0 --api-key SECRET     for others, too
  attend-serve --port 0 --processes 4

http://127.0.0.1:4747/docs describes what it answers, /metrics is for Prometheus. SIGTERM and Ctrl-C end it when the
requests that it has are answered.`;

/** `attend-serve`. */
export function serveCommand(): Command {
  return new Command("attend-serve")
    .description("answer over HTTP: captions, questions about photos, translation, chat")
    .optionsGroup("Who may use it:")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addOption(
      wholeOption("--port <n>", "0 takes a free one", { min: 0, max: 65535 }).default(4747),
    )
    .addOption(
      new Option("--api-key <key>", "required as Authorization: Bearer").env("ATTEND_API_KEY"),
    )
    .option("--cors <origins...>", "origins of pages that may use it, such as https://example.org")
    .optionsGroup("Limits:")
    .addOption(
      wholeOption("--processes <n>", "engine processes at a time", { min: 1, max: 64 }).default(2),
    )
    .addOption(
      wholeOption("--queue <n>", "requests that may wait", { min: 1, max: 100_000 }).default(256),
    )
    .addOption(
      decimalOption("--timeout <s>", "seconds for a request", { min: 0.1, max: 86_400 }).default(
        60,
      ),
    )
    .addOption(
      decimalOption("--idle <s>", "seconds until an unused model is dropped", {
        min: 1,
        max: 1e6,
      }).default(300),
    )
    .addOption(
      wholeOption("--max-upload <n>", "mebibytes of a file", { min: 1, max: 4096 }).default(20),
    )
    .optionsGroup("Models:")
    .addOption(
      pathOption("--runs <folder>", "trainings whose models may be asked for").default("runs"),
    )
    .addHelpText("after", examples)
    .action(serve);
}

async function serve({ maxUpload, ...flags }: ServeFlags): Promise<void> {
  const { createServer } = await import("../server.ts");
  const server = await createServer({ ...flags, maxUpload: maxUpload * 2 ** 20 });
  await writeLine(`${server.url} (what it answers: ${server.url}/docs)`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => resolve());
    }
  });
  writeNote("ending when the requests are answered; again to end at once");
  await server.close();
}
