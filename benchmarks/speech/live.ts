/**
 * Interprets recordings as if they were spoken now: pieces of 0.1 s by the clock, with a pause after each recording. Prints,
 * for each sentence, the seconds from the end of what the speaker said to the first sample of its translation, spoken;
 * pauses are waited for, engines are loaded while the first sentence is spoken.
 *
 *   pnpm --filter @attend/benchmarks speech-live
 *
 * `--folder` has the recordings and `transcripts.tsv` (default: speech/lj in ATTEND_DATA), `--clips N` takes the first N,
 * `--pause S` (default 1) are the seconds between them, `--engine` and `--synthesizer` name engines, `--to` is the language.
 * `--fast` does not wait for the clock, and prints the real-time factor of the chain, whose stages work side by side, and
 * the processor time; the first recording warms the engines up.
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findData } from "@attend/datasets";
import { type InterpreterOptions, loadInterpreter } from "../../apps/interpreter/src/index.ts";
import { positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine } from "../support/machine.ts";
import { costOfChildren } from "./children.ts";
import { type Clip, readClips } from "./clips.ts";

const { values: flags } = parseArgs({
  options: {
    folder: { type: "string" },
    clips: { type: "string" },
    pause: { type: "string", default: "1" },
    engine: { type: "string" },
    synthesizer: { type: "string" },
    to: { type: "string", default: "ja" },
    fast: { type: "boolean", default: false },
  },
});
const sampleRate = 16_000;
const chunk = sampleRate / 10;
const pause = Number(flags.pause);

printMachine(describeMachine(), []);
const folder = flags.folder ?? findData("speech/lj", ["transcripts.tsv"]);
const clips = await readClips(folder, positiveInteger("clips", flags.clips));
const { to, engine, synthesizer } = flags;
const load = (options: InterpreterOptions = {}) =>
  loadInterpreter({ to, engine, synthesizer, live: !flags.fast, ...options });
await (flags.fast ? measureThroughput() : measureLatency());

async function measureLatency(): Promise<void> {
  const ends = endsOf(clips);
  const heard = new Map<number, number>();
  const begin = performance.now();
  const onSpeech: InterpreterOptions["onSpeech"] = ({ start }) => {
    if (!heard.has(start)) heard.set(start, (performance.now() - begin) / 1000);
  };
  const interpreter = await load({ onSpeech });
  try {
    console.log(`\n${JSON.stringify(interpreter.engines)}\n`);
    console.log("| sentence | its seconds | seconds until its translation is heard |");
    console.log("| --- | ---: | ---: |");
    const waits: number[] = [];
    for await (const sentence of interpreter.interpret(byTheClock(soundOf(clips), begin))) {
      const { start, text } = sentence;
      // The recognizer's end may be that of the sound around the speech.
      const end = Math.min(sentence.end, ends.find((each) => each > start) ?? sentence.end);
      const wait = (heard.get(start) ?? 0) - end;
      waits.push(wait);
      console.log(`| ${text} | ${(end - start).toFixed(1)} | ${wait.toFixed(2)} |`);
    }
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    const most = Math.max(...waits).toFixed(2);
    console.log(`\nmean ${mean.toFixed(2)} s, longest ${most} s; ${loadNow()}`);
  } finally {
    await interpreter.close();
  }
}

async function measureThroughput(): Promise<void> {
  const own = process.cpuUsage();
  const { result, cost } = await costOfChildren(async () => {
    const interpreter = await load();
    try {
      const read = async (some: readonly Clip[]) => {
        for await (const _ of interpreter.interpret(soundOf(some)));
      };
      await read(clips.slice(0, 1));
      const start = performance.now();
      await read(clips);
      return (performance.now() - start) / 1000;
    } finally {
      await interpreter.close();
    }
  });
  const { user, system } = process.cpuUsage(own);
  const sound = clips.reduce((sum, { audio }) => sum + audio.samples.length / sampleRate, 0);
  const processor = cost.processorSeconds + (user + system) / 1e6;
  console.log(`\nreal-time factor ${(result / sound).toFixed(3)}; ${loadNow()}`);
  console.log(
    `processor time per second of sound, with loading: ${(processor / sound).toFixed(3)}`,
  );
}

/** Recordings, each with a pause after it. */
async function* soundOf(some: readonly Clip[]): AsyncGenerator<Float32Array> {
  for (const { audio } of some) {
    const samples = new Float32Array(audio.samples.length + Math.round(pause * sampleRate));
    samples.set(audio.samples);
    for (let at = 0; at < samples.length; at += chunk) yield samples.subarray(at, at + chunk);
  }
}

/** Gives each piece when it would have been recorded; a reader that is late finds those before it. */
async function* byTheClock(
  chunks: AsyncIterable<Float32Array>,
  begin: number,
): AsyncGenerator<Float32Array> {
  let samples = 0;
  for await (const each of chunks) {
    samples += each.length;
    const wait = begin + (1000 * samples) / sampleRate - performance.now();
    if (wait > 0) await sleep(wait);
    yield each;
  }
}

/** Where the speech of each recording ends in {@link soundOf}: at its last sample above a hundredth of the loudest. */
function endsOf(some: readonly Clip[]): number[] {
  let start = 0;
  return some.map(({ audio: { samples } }) => {
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const last = samples.findLastIndex((sample) => Math.abs(sample) > 0.01 * loudest);
    const end = start + last / sampleRate;
    start += samples.length / sampleRate + pause;
    return end;
  });
}

function loadNow(): string {
  return `load ${loadavg()[0]?.toFixed(2)}`;
}
