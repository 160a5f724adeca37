/**
 * Measures the server: captions a second, and how long one takes, for 1, 8 and 64 clients at a time, beside a folder that
 * the library captions in one process. With `--minutes`, its memory under full load for so long, instead.
 *
 *   pnpm --filter @attend/benchmarks serve [--seconds 30] [--photos FOLDER]
 *   pnpm --filter @attend/benchmarks serve --minutes 20
 *
 * `--processes N` is the server's. The memory is read from /proc, which is Linux's.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { loadCaptioner } from "../../apps/image-captioning/src/index.ts";
import { startServerProgram } from "../../packages/test-kit/src/server.ts";
import { positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine } from "../support/machine.ts";
import { userPath } from "../support/user-path.ts";
import { memoryOf } from "./memory.ts";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    minutes: { type: "string" },
    photos: { type: "string" },
    processes: { type: "string", default: "2" },
  },
});
const seconds = positiveInteger("seconds", flags.seconds) ?? 30;
const minutes = positiveInteger("minutes", flags.minutes);
const processes = positiveInteger("processes", flags.processes) ?? 2;
const folder =
  flags.photos === undefined
    ? join(import.meta.dirname, "../../examples/photos")
    : userPath(flags.photos);
const photos = readdirSync(folder)
  .filter((name) => name.endsWith(".jpg"))
  .map((name) => join(folder, name));

printMachine(describeMachine(), [`${photos.length} photos`]);
const library = minutes === undefined ? await libraryRate() : undefined;
const server = await startServerProgram("--processes", String(processes), "--timeout", "120");
server.child.stderr.pipe(process.stderr);
try {
  // Loads the model in every process.
  await Promise.all(Array.from({ length: 64 }, (_, i) => caption(i)));
  if (library !== undefined) await measureRates(library);
  if (minutes !== undefined) await measureMemory(minutes);
} finally {
  await server.close();
}

/** @param library captions a second of the library */
async function measureRates(library: number): Promise<void> {
  console.log("\n| | captions a second | of the library | p50 ms | p99 ms |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  console.log(`| library, a folder | ${library.toFixed(1)} | 1.00 | | |`);
  for (const clients of [1, 8, 64]) {
    const { rate, p50, p99 } = await load(clients, seconds);
    const share = (rate / library).toFixed(2);
    console.log(`| ${clients} clients | ${rate.toFixed(1)} | ${share} | ${p50} | ${p99} |`);
  }
}

/** Captions of a second, a folder's as the library captions it; the first round is not counted. */
async function libraryRate(): Promise<number> {
  const captioner = await loadCaptioner();
  const many = Array.from({ length: 64 }, (_, i) => photos[i % photos.length] ?? "");
  let [captions, since] = [0, 0];
  for (let round = 0; round === 0 || performance.now() - since < 1000 * seconds; round++) {
    if (round === 1) [captions, since] = [0, performance.now()];
    for await (const { error } of captioner.captionAll(many)) {
      if (error) throw error;
      captions++;
    }
    if (round === 0) since = performance.now();
  }
  captioner.close();
  return captions / ((performance.now() - since) / 1000);
}

/** A photo's caption, by the server. */
async function caption(i: number): Promise<void> {
  const body = readFileSync(photos[i % photos.length] ?? "");
  const headers = { "Content-Type": "image/jpeg" };
  const response = await fetch(`${server.url}/v1/captions`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(await response.text());
}

/** Full load for a time. */
async function load(clients: number, duration: number) {
  const result = await autocannon({
    url: `${server.url}/v1/captions`,
    connections: clients,
    duration,
    timeout: 120,
    requests: photos.map((photo) => ({
      method: "POST",
      headers: { "Content-Type": "image/jpeg" },
      body: readFileSync(photo),
    })),
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests failed`);
  if (result["2xx"] === 0) throw new Error("no request was answered in time: give more --seconds");
  const { p50, p99 } = result.latency;
  return { rate: result["2xx"] / result.duration, p50, p99 };
}

/** Memory under full load, the mean of each minute; of the last half, it should be flat. */
async function measureMemory(total: number): Promise<void> {
  console.log("\n| minute | MiB | of the server | of each engine process | captions a second |");
  console.log("| ---: | ---: | ---: | ---: | ---: |");
  const used: number[] = [];
  for (let minute = 1; minute <= total; minute++) {
    const samples: number[][] = [];
    const timer = setInterval(() => samples.push(memoryOf(server.child.pid ?? 0)), 1000);
    const { rate } = await load(64, 60).finally(() => clearInterval(timer));
    const memory = meansOf(samples);
    const mebibytes = memory.reduce((sum, each) => sum + each);
    used.push(mebibytes);
    const [own, ...engines] = memory.map((each) => each.toFixed(0));
    const cells = [minute, mebibytes.toFixed(0), own, engines.join(", "), rate.toFixed(1)];
    console.log(`| ${cells.join(" | ")} |`);
  }
  const late = used.slice(Math.floor(used.length / 2));
  const growth = 100 * ((late.at(-1) ?? 0) / (late[0] ?? 1) - 1);
  console.log(`\nThe second half's growth: ${growth.toFixed(1)} %`);
}

/** Of each process, whose number stays the same. */
function meansOf(samples: readonly (readonly number[])[]): number[] {
  return (samples[0] ?? []).map(
    (_, i) => samples.reduce((sum, each) => sum + (each[i] ?? 0), 0) / samples.length,
  );
}
