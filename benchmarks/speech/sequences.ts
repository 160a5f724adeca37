import { type Audio, readAudio } from "@attend/audio";
import { createRandom, type Random } from "@attend/runtime/random";
import type { Digit } from "./fsdd.ts";

/** Recordings of a speaker, one after another with pauses of up to half a second, and a little noise over all. */
export async function sequencesOf(
  digits: readonly Digit[],
  count: number,
  seed: number,
): Promise<{ audio: Audio; text: string }[]> {
  const random = createRandom(seed);
  const sequences: { audio: Audio; text: string }[] = [];
  for (let i = 0; i < count; i++) {
    const length = 2 + random.integer(6);
    const speaker = digits[random.integer(digits.length)]?.speaker;
    const own = digits.filter((digit) => digit.speaker === speaker);
    const chosen = Array.from({ length }, () => own[random.integer(own.length)]).filter(
      (digit) => digit !== undefined,
    );
    const spoken = await Promise.all(
      chosen.map(({ file }) => readAudio(file, { sampleRate: 8000 })),
    );
    sequences.push({
      audio: joined(spoken, random),
      text: chosen.map(({ text }) => text).join(" "),
    });
  }
  return sequences;
}

/** Two seconds without speech: silence, hiss of several loudnesses, a hum, and clicks. */
export function wordless(seed: number): Audio[] {
  const random = createRandom(seed);
  const make = (sample: (n: number) => number): Audio => ({
    samples: Float32Array.from({ length: 16_000 }, (_, n) => sample(n)),
    sampleRate: 8000,
  });
  let brown = 0;
  return [
    make(() => 0),
    ...[0.0005, 0.005, 0.05, 0.3].map((loudness) => make(() => loudness * random.normal())),
    ...[0.001, 0.01].map((loudness) =>
      make(() => {
        brown = 0.98 * brown + loudness * random.normal();
        return brown;
      }),
    ),
    make((n) => 0.1 * Math.sin((2 * Math.PI * 50 * n) / 8000)),
    make((n) => (n % 4000 < 20 ? 0.5 : 0) + 0.001 * random.normal()),
  ];
}

function joined(parts: readonly Audio[], random: Random): Audio {
  const pieces = parts.flatMap(({ samples }) => [new Float32Array(random.integer(4000)), samples]);
  const samples = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 2000));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const loudness = 0.01 * loudest * random.uniform();
  return {
    samples: samples.map((sample) => sample + loudness * random.normal()),
    sampleRate: 8000,
  };
}
