import { pathOption, wholeOption, writeLine, writeNote } from "@attend/cli-kit";
import { Command } from "commander";
import { buildPage, isPageStale, pageFolder } from "../page.ts";

interface StudioFlags {
  readonly port?: number;
  readonly open: boolean;
  readonly runs: string;
}

const examples = `
Examples:
  attend-studio
  attend-studio --no-open --port 8080

Nothing that the page is given leaves this machine. Ctrl-C ends it; trainings go on.`;

/** `attend-studio`. */
export function studioCommand(): Command {
  return new Command("attend-studio")
    .description(
      "open a page for everything: photos, translation, speech, chat, training, learning",
    )
    .addOption(
      wholeOption("--port <n>", "port of the page (default: a free one from 4747 on)", {
        min: 0,
        max: 65535,
      }),
    )
    .option("--no-open", "do not open the browser")
    .addOption(pathOption("--runs <folder>", "folder of the trainings").default("runs"))
    .addHelpText("after", examples)
    .action(studio);
}

async function studio({ port, open, runs }: StudioFlags): Promise<void> {
  if (isPageStale()) {
    writeNote("building the page, which takes some seconds the first time");
    await buildPage();
  }
  const { startServer } = await import("../start-server.ts");
  const server = await startServer(port, { runs, page: pageFolder });
  await writeLine(server.url);
  if (open) await openBrowser(server.url);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  writeNote("ending when the requests are answered; again to end at once");
  await server.close();
}

/** A machine without a browser has one elsewhere, for which the address is printed. */
async function openBrowser(url: string): Promise<void> {
  const { default: openIn } = await import("open");
  const browser = await openIn(url).catch(() => undefined);
  browser?.on("error", () => writeNote("no browser was found; open the address yourself"));
}
