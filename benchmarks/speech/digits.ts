/**
 * Spoken digits (FSDD, its training part) by speakers that a recognizer has never heard: leaves out each of the six in turn,
 * and then the recordings 5 to 9 of all, as the official test part has the recordings 0 to 4.
 *
 *   pnpm --filter @attend/benchmarks digits
 *
 * It takes half an hour. You can stop it at any time and continue with the same command. `--only theo,split` selects
 * speakers, or the split; `--config FILE` trains another recognizer, `--out DIR` is where trainings are stored (default:
 * runs/digits in the repository), `--data DIR` has the recordings. `--voices DIR` has more to train on, with a
 * transcripts.tsv: what synthesizers say, as `digits-voices` writes it.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wordErrorRate } from "@attend/metrics";
import {
  evaluateRecognizer,
  loadSpeechRecognizer,
  type SpeechRecognizer,
} from "@attend/speech-recognition";
import {
  readRecognizerTraining,
  readTranscripts,
  trainRecognizer,
} from "@attend/speech-recognition/training";
import { chosen } from "../support/flags.ts";
import { runResumable } from "../support/resumable.ts";
import { userPath } from "../support/user-path.ts";
import { type Digit, readDigits } from "./fsdd.ts";
import { sequencesOf, wordless } from "./sequences.ts";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const shared = process.env["ATTEND_DATA"] ?? root("../shared/data");
const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    config: { type: "string", default: root("models/recognizer-digits/training.json") },
    out: { type: "string", default: root("runs/digits") },
    data: { type: "string", default: join(shared, "speech/fsdd") },
    voices: { type: "string" },
  },
});
await runResumable(compare);

async function compare(signal: AbortSignal): Promise<void> {
  const digits = await readDigits(userPath(flags.data));
  const voices = flags.voices === undefined ? [] : await readTranscripts(userPath(flags.voices));
  const speakers = [...new Set(digits.map(({ speaker }) => speaker))];
  const names = chosen("only", flags.only ?? [...speakers, "split"].join(","), [
    ...speakers,
    "split",
  ]);
  console.log("| left out | recordings | words right, % | in sequences, % | words in noise |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  const all: Score[] = [];
  for (const name of names) {
    const isDev = ({ take }: Digit) => take >= 5 && take <= 9;
    const isTest = name === "split" ? isDev : ({ speaker }: Digit) => speaker === name;
    const others = digits.filter((digit) => !isTest(digit));
    const isKept = name === "split" ? ({ take }: Digit) => take >= 45 : isDev;
    await trainRecognizer({
      config: await readRecognizerTraining(userPath(flags.config)),
      recordings: [...others.filter((digit) => !isKept(digit)), ...voices],
      validation: others.filter(isKept),
      ...{ out: join(userPath(flags.out), name), resume: true, signal },
      onEvent: (event) => {
        if (event.type !== "validation") return;
        const { wer, loss } = event.metrics;
        process.stderr.write(`${name}, epoch ${event.epoch}: WER ${wer}, loss ${loss}\n`);
      },
    });
    const score = await measure(join(userPath(flags.out), name), digits.filter(isTest), signal);
    if (name !== "split") all.push(score);
    print(name === "split" ? "recordings 5 to 9" : name, score);
  }
  if (all.length < 2) return;
  const mean = (of: (score: Score) => number) =>
    all.reduce((sum, score) => sum + of(score), 0) / all.length;
  print("mean of speakers", {
    recordings: all.reduce((sum, { recordings }) => sum + recordings, 0),
    single: mean(({ single }) => single),
    sequences: mean(({ sequences }) => sequences),
    noise: all.reduce((sum, { noise }) => sum + noise, 0),
  });
}

interface Score {
  readonly recordings: number;
  /** Word error rates. */
  readonly single: number;
  readonly sequences: number;
  /** Words found where there are none. */
  readonly noise: number;
}

async function measure(
  model: string,
  digits: readonly Digit[],
  signal: AbortSignal,
): Promise<Score> {
  const recognizer = await loadSpeechRecognizer({ model });
  try {
    const { scores, texts } = await evaluateRecognizer(recognizer, digits, { signal });
    for (const [i, { file, text }] of digits.entries()) {
      if (texts[i] !== text) process.stderr.write(`${file}: ${texts[i]}\n`);
    }
    const sequences = await sequencesOf(digits, 100, 1);
    const found: string[] = [];
    for (const { audio } of sequences) found.push(await textOf(recognizer, audio, signal));
    const noise: string[] = [];
    for (const audio of wordless(1)) noise.push(await textOf(recognizer, audio, signal));
    return {
      recordings: scores.recordings,
      single: scores.wer,
      sequences: wordErrorRate(
        found,
        sequences.map(({ text }) => text),
      ).rate,
      noise: noise.filter((text) => text !== "").length,
    };
  } finally {
    await recognizer.close();
  }
}

async function textOf(
  recognizer: SpeechRecognizer,
  audio: Parameters<SpeechRecognizer["recognize"]>[0],
  signal: AbortSignal,
): Promise<string> {
  const segments = await recognizer.recognize(audio, { signal });
  return segments.map(({ text }) => text).join(" ");
}

function print(name: string, { recordings, single, sequences, noise }: Score): void {
  const right = (rate: number) => (100 * (1 - rate)).toFixed(2);
  console.log(`| ${name} | ${recordings} | ${right(single)} | ${right(sequences)} | ${noise} |`);
}
