import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWav } from "@attend/audio";
import { findPart } from "../install/part.ts";
import { pocketsphinxModel } from "../parts.ts";
import { runProgram } from "../run-program.ts";
import { listeningRate } from "../voice/voice-activity.ts";
import type { Listening } from "./engine-recognizer.ts";

/** A frame is 10 ms. */
const framesPerSecond = 100;

/** CMU Sphinx (Huggins-Daines et al. 2006): hidden Markov models and a trigram model, English. */
export function pocketsphinx(): Listening {
  const model = findPart(pocketsphinxModel) ?? "";
  return {
    async hear(samples, { signal }) {
      const folder = await mkdtemp(join(tmpdir(), "attend-speech-"));
      try {
        await writeWav(join(folder, "speech.wav"), { samples, sampleRate: listeningRate });
        await writeFile(join(folder, "list"), "speech\n");
        const flags =
          "-adcin yes -adchdr 44 -cepext .wav -cepdir . -ctl list -hypseg words -logfn log";
        const models = [
          ...["-hmm", join(model, "en-us"), "-lm", join(model, "en-us.lm.bin")],
          ...["-dict", join(model, "cmudict-en-us.dict")],
        ];
        await runProgram("pocketsphinx_batch", [...flags.split(" "), ...models], {
          cwd: folder,
          signal,
        });
        const words = readWords(await readFile(join(folder, "words"), "utf8"));
        const text = words.map(({ word }) => word).join(" ");
        const start = (words[0]?.frame ?? 0) / framesPerSecond;
        return [{ start, end: samples.length / listeningRate, text }];
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async close() {},
  };
}

/** What `-hypseg` writes after the scores: the first frame of each word, two more scores, and the word. */
function readWords(line: string): { frame: number; word: string }[] {
  const entries = line.replace(/^.* L -?\d+ /, "").matchAll(/(\d+) -?\d+ -?\d+ (\S+)/g);
  return [...entries].flatMap(([, frame, word = ""]) =>
    // Neither silence and noise, nor the number of a pronunciation.
    /^[<[+]/.test(word) ? [] : [{ frame: Number(frame), word: word.replace(/\(\d+\)$/, "") }],
  );
}
