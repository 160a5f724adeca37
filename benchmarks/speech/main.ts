/**
 * Measures the speech engines that are installed: how many words each recognizer gets wrong on recordings with
 * transcripts, and what a recognizer hears of what each synthesizer says; time, processor time and memory of their
 * processes, with loading. A number in figures where the transcript spells it out counts as wrong words.
 *
 *   pnpm --filter @attend/benchmarks speech
 *
 * `--folder` has the recordings and `transcripts.tsv` (name, tab, text; default: speech/lj in ATTEND_DATA), `--clips N`
 * takes the first N, `--recognizers` and `--synthesizers` name engines (a comma-separated list; `none`), `--ear` the
 * recognizer that listens to synthesizers, `--n-best N` has recognizers search for N readings.
 */
import { parseArgs } from "node:util";
import type { Audio, Recognizer } from "@attend/audio";
import { findData } from "@attend/datasets";
import { characterErrorRate, wordErrorRate } from "@attend/metrics";
import { engines, loadRecognizer, loadSynthesizer } from "@attend/speech-engines";
import { chosen, positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine } from "../support/machine.ts";
import { type Cost, costOfChildren } from "./children.ts";
import { type Clip, readClips } from "./clips.ts";
import { sentences } from "./sentences.ts";

const { values: flags } = parseArgs({
  options: {
    folder: { type: "string" },
    clips: { type: "string" },
    recognizers: { type: "string" },
    synthesizers: { type: "string" },
    ear: { type: "string", default: "whisper-base" },
    "n-best": { type: "string" },
  },
});
const costHeads = "time per second of speech | processor time | peak MB";
const nBest = positiveInteger("n-best", flags["n-best"]) ?? 1;
const all = await engines();
printMachine(describeMachine(), []);

const folder = flags.folder ?? findData("speech/lj", ["transcripts.tsv"]);
const clips = await readClips(folder, positiveInteger("clips", flags.clips));
console.log(`\n| recognizer | WER, ${clips.length} clips | ${costHeads} |`);
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const name of named("recognizers", "recognizer")) {
  const { result, cost } = await costOfChildren(() =>
    listening(name, (recognizer) => hear(recognizer, clips, "en")),
  );
  const { rate } = wordErrorRate(
    result,
    clips.map(({ text }) => text),
  );
  row(name, [percent(rate)], cost, secondsOf(clips));
}

console.log(`\n| synthesizer | CER, heard by ${flags.ear} | ${costHeads} |`);
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const name of named("synthesizers", "synthesizer")) {
  const { languages = [] } = all.find((each) => each.name === name) ?? {};
  for (const language of Object.keys(sentences).filter((each) => languages.includes(each))) {
    const texts = sentences[language] ?? [];
    const { result, cost } = await costOfChildren(() => speak(name, texts, language));
    const heard = await listening(flags.ear, (ear) => hear(ear, result, language));
    const { rate } = characterErrorRate(heard, texts);
    row(`${name} (${language})`, [percent(rate)], cost, secondsOf(result));
    console.log(heard.map((text) => `\n    ${text}`).join(""));
  }
}

/** The installed engines of a kind, or those that an option names. */
function named(option: "recognizers" | "synthesizers", kind: string): string[] {
  const names = all.flatMap((each) => (each.kind === kind ? [each] : []));
  const list = flags[option];
  if (list === "none") return [];
  if (list !== undefined)
    return chosen(
      option,
      list,
      names.map(({ name }) => name),
    );
  return names.filter(({ installed }) => installed).map(({ name }) => name);
}

async function listening<Result>(
  name: string,
  work: (recognizer: Recognizer) => Promise<Result>,
): Promise<Result> {
  const recognizer = await loadRecognizer({ name });
  try {
    return await work(recognizer);
  } finally {
    await recognizer.close();
  }
}

async function hear(
  recognizer: Recognizer,
  recordings: readonly { audio: Audio }[],
  language: string,
): Promise<string[]> {
  const texts = [];
  for (const { audio } of recordings) {
    const segments = await recognizer.recognize(audio, { language, nBest });
    texts.push(segments.map(({ text }) => text).join(" "));
  }
  return texts;
}

async function speak(name: string, texts: readonly string[], language: string): Promise<Clip[]> {
  const synthesizer = await loadSynthesizer({ name, language });
  try {
    const spoken = [];
    for (const text of texts)
      spoken.push({ text, audio: await synthesizer.say(text, { language }) });
    return spoken;
  } finally {
    await synthesizer.close();
  }
}

function secondsOf(clips: readonly Clip[]): number {
  return clips.reduce((sum, { audio }) => sum + audio.samples.length / audio.sampleRate, 0);
}

function row(name: string, cells: readonly string[], cost: Cost, seconds: number): void {
  const { seconds: wall, processorSeconds, megabytes } = cost;
  const figures = [wall / seconds, processorSeconds / seconds].map((each) => each.toFixed(2));
  console.log(`| ${[name, ...cells, ...figures, megabytes.toFixed(0)].join(" | ")} |`);
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(1)} %`;
}
