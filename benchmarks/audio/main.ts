/**
 * Compares reading and features of a minute of sound: ours with soundfile and SciPy, and with librosa.
 *
 *   pnpm --filter @attend/benchmarks audio
 *
 * PYTHON selects a Python with what python_side.py names (default: python3), THREADS the number of its threads (default:
 * every core; ours uses one), `--rounds N` how often everything is measured.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { logMel, readAudio, writeWav } from "@attend/audio";
import { createRandom } from "@attend/runtime/random";
import { describeMachine, printMachine, python, threadLimits } from "../support/machine.ts";
import { median, takeTurns } from "../support/measure.ts";
import { startWorker } from "../support/worker.ts";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "10" } } });
const machine = describeMachine();
const folder = await mkdtemp(join(tmpdir(), "attend-benchmark-"));
const file = join(folder, "minute.wav");
const random = createRandom(1);
const samples = new Float32Array(60 * 44_100).map(() => random.uniform() - 0.5);
await writeWav(file, { samples, sampleRate: 44_100 });

const script = fileURLToPath(new URL("python_side.py", import.meta.url));
const side = startWorker(python, [script, file], threadLimits);
const { samples: speech } = await readAudio(file);

const tasks = {
  "44.1 kHz WAV to samples at 16 kHz": { name: "read", ours: () => readAudio(file) },
  "log-mel features, 80 bands": {
    name: "features",
    ours: async () =>
      logMel(speech, {
        window: "hann",
        melScale: "slaney",
        mels: 80,
        minFrequency: 0,
        centered: true,
        preEmphasis: 0,
        removeMean: false,
      }),
  },
};

try {
  const { version } = await side.ask<{ version: string }>("version");
  printMachine(machine, [version]);
  console.log("\n| a minute of sound | ours | Python | ratio |\n| --- | ---: | ---: | ---: |");
  for (const [what, { name, ours }] of Object.entries(tasks)) {
    const turns = [
      async () => {
        const begin = performance.now();
        await ours();
        return [performance.now() - begin];
      },
      async () => [(await side.ask<{ time: number }>(name)).time],
    ];
    await takeTurns(2, turns); // These warm up.
    const [own = NaN, other = NaN] = (await takeTurns(Number(flags.rounds), turns)).map(median);
    const cells = [
      what,
      `${own.toFixed(0)} ms`,
      `${other.toFixed(0)} ms`,
      (own / other).toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
} finally {
  await side.close();
  await rm(folder, { recursive: true });
}
