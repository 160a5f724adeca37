import { createRandom } from "@attend/runtime/random";

const sampleRate = 16_000;

/** Sound that a detector by energy takes for speech: syllables of a low tone. */
export function babble(seconds: number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const time = i / sampleRate;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 4 * time)) ** 2;
    return 0.5 * syllable * Math.sin(2 * Math.PI * 150 * time);
  });
}

export const silence = (seconds: number): Float32Array =>
  new Float32Array(Math.round(seconds * sampleRate));

/** White noise, steady as that of a fan. */
export function noise(seconds: number): Float32Array {
  const random = createRandom(1);
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    () => 0.2 * (random.uniform() - 0.5),
  );
}

export function join(...parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
