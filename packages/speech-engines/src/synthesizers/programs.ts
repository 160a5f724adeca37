import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAudio } from "@attend/audio";
import { findPart } from "../install/part.ts";
import { openJtalkDictionary, openJtalkVoice } from "../parts.ts";
import { type RunOptions, runProgram } from "../run-program.ts";
import type { Speaking } from "./engine-synthesizer.ts";

/** flite (Black & Lenzo 2001): English. */
export function flite(): Speaking {
  return {
    sampleRate: 16_000,
    voices: ["slt", "rms", "awb", "kal16"],
    speak: (sentence, { voice, signal }) =>
      fromFile("flite", 16_000, (file) => ["-voice", voice, "-t", sentence, "-o", file], {
        signal,
      }),
    async close() {},
  };
}

/** espeak-ng: formants, for many languages. */
export function espeak(): Speaking {
  return {
    sampleRate: 22_050,
    voices: ["default"],
    speak: (sentence, { language, signal }) =>
      fromFile("espeak-ng", 22_050, (file) => ["-v", language, "-b", "1", "--stdin", "-w", file], {
        input: sentence,
        signal,
      }),
    async close() {},
  };
}

/** Open JTalk: Japanese, by a voice of hidden Markov models at 48 kHz. */
export function openJtalk(): Speaking {
  const dictionary = findPart(openJtalkDictionary) ?? "";
  const model = findPart(openJtalkVoice) ?? "";
  return {
    sampleRate: 48_000,
    voices: ["default"],
    speak: (sentence, { signal }) =>
      fromFile("open_jtalk", 48_000, (file) => ["-x", dictionary, "-m", model, "-ow", file], {
        input: sentence,
        signal,
      }),
    async close() {},
  };
}

/** Runs a program that writes a WAV file. */
async function fromFile(
  command: string,
  sampleRate: number,
  args: (file: string) => readonly string[],
  options: RunOptions,
): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), "attend-speech-"));
  try {
    const file = join(folder, "speech.wav");
    await runProgram(command, args(file), options);
    return (await readAudio(file, { sampleRate })).samples;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
