import { join } from "node:path";
import { type Audio, writeWav } from "@attend/audio";
import { createRandom, type Random } from "@attend/runtime";
import type { Recording } from "../../src/training.ts";

const sampleRate = 8000;

/** "Words" that are easy to tell apart: a tone's frequency in Hz, from its start, 0, to its end, 1. */
const tones = {
  up: (x: number) => 500 + 1500 * x,
  down: (x: number) => 2000 - 1500 * x,
  trill: (x: number) => (Math.floor(6 * x) % 2 === 0 ? 600 : 1800),
};
const names = ["up", "down", "trill"] as const;

/** A word of about 0.3 s, said a little differently each time. */
function say(word: keyof typeof tones, random: Random): Float32Array {
  const voice = 0.95 + 0.1 * random.uniform();
  const length = Math.round(2000 + 800 * random.uniform());
  let phase = 0;
  return Float32Array.from({ length }, (_, n) => {
    phase += (2 * Math.PI * voice * tones[word](n / length)) / sampleRate;
    const loudness = Math.sin((Math.PI * n) / length);
    return 0.3 * loudness * Math.sin(phase) + 0.001 * random.normal();
  });
}

/** Words one after another, with pauses of `pause` samples. */
export function spoken(words: readonly (keyof typeof tones)[], seed: number, pause = 1600): Audio {
  const random = createRandom(seed);
  const quiet = () => Float32Array.from({ length: pause }, () => 0.001 * random.normal());
  const pieces = [quiet(), ...words.flatMap((word) => [say(word, random), quiet()])];
  const samples = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return { samples, sampleRate };
}

/** Writes `count` recordings of one word each. */
export async function recordTones(
  folder: string,
  count: number,
  seed: number,
): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (let i = 0; i < count; i++) {
    const word = names[i % names.length] ?? "up";
    const file = join(folder, `${seed}-${i}.wav`);
    await writeWav(file, spoken([word], 1000 * seed + i, 400));
    recordings.push({ file, text: word });
  }
  return recordings;
}

/** A second of noise. */
export function noise(loudness: number, seed: number): Audio {
  const random = createRandom(seed);
  const samples = Float32Array.from({ length: sampleRate }, () => loudness * random.normal());
  return { samples, sampleRate };
}
