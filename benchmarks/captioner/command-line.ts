import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { median, takeTurns } from "../support/measure.ts";
import type { Row } from "../support/table.ts";
import { type Setting, startTorch } from "./sides.ts";

const cli = fileURLToPath(new URL("../../bin/programs/image-captioning.js", import.meta.url));
const reportPeak = new URL("../support/report-peak.mjs", import.meta.url).href;

/** From process start to end: the built command line, and Python doing the same. */
export async function measureCommandLine({ model, photos, quick }: Setting): Promise<Row[]> {
  if (!existsSync(cli)) throw new Error(`${cli} does not exist; build it with pnpm build`);
  const photo = photos[0] ?? "";
  const caption = [cli, photo, "--model", model, "--engine", "native"];
  const torch = async () => {
    const side = startTorch();
    await side.ask("load", { model });
    await side.ask("caption", { photos: [photo] });
    await side.close();
  };
  const runs = [
    () => seconds(() => runNode(caption)),
    () => seconds(torch),
    () => seconds(() => runNode([cli, "--help"])),
  ];
  // The first round loads the files into memory.
  await takeTurns(1, runs);
  const [ourTimes = [], torchTimes = [], help = []] = await takeTurns(quick ? 3 : 9, runs);
  const stderr = await runNode(["--import", reportPeak, ...caption]);
  const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1e6;
  return [
    {
      what: "command line, start to caption",
      unit: "s",
      ours: median(ourTimes),
      torch: median(torchTimes),
      target: { of: "ours", atMost: 2.5 },
    },
    { what: "- peak memory", unit: "MB", ours: peak },
    {
      what: "command line, `--help`",
      unit: "s",
      ours: median(help),
      target: { of: "ours", atMost: 0.3 },
    },
  ];
}

async function seconds(run: () => Promise<unknown>): Promise<number[]> {
  const begin = performance.now();
  await run();
  return [(performance.now() - begin) / 1000];
}

/** @returns its stderr */
async function runNode(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const stderr = await text(child.stderr);
  if ((await exit) === 0) return stderr;
  throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
}
