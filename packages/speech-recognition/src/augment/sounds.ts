import type { Audio } from "@attend/audio";
import type { Random } from "@attend/runtime";

/** A sound without speech of 0.3 to 2.3 s: a hum or whistle, clicks or knocks, both, or neither; and maybe a hiss. */
export function soundWithoutSpeech(sampleRate: number, random: Random): Audio {
  const samples = new Float32Array(Math.round((0.3 + 2 * random.uniform()) * sampleRate));
  const hasTones = random.uniform() < 0.5;
  const hasClicks = random.uniform() < 0.5;
  if (hasTones) addTones(samples, sampleRate, random);
  if (hasClicks) addClicks(samples, sampleRate, random);
  const isClean = (hasTones || hasClicks) && random.uniform() < 0.5;
  const hiss = isClean ? 0 : 10 ** (-4.5 + 3 * random.uniform());
  return { samples: samples.map((sample) => sample + hiss * random.normal()), sampleRate };
}

/** A frequency from 40 to 1300 Hz, and multiples of it, each of them weaker. */
function addTones(samples: Float32Array, sampleRate: number, random: Random): void {
  const lowest = 40 * 2 ** (5 * random.uniform() ** 2);
  const decay = random.uniform();
  for (let multiple = 1; multiple <= 12; multiple++) {
    const step = (2 * Math.PI * lowest * multiple) / sampleRate;
    if (step > Math.PI) return;
    const loudness = 0.2 * decay ** (multiple - 1) * (multiple === 1 ? 1 : random.uniform());
    const phase = 2 * Math.PI * random.uniform();
    for (let n = 0; n < samples.length; n++) {
      samples[n] = (samples[n] ?? 0) + loudness * Math.sin(step * n + phase);
    }
  }
}

/** One to ten a second, regular or not, of which each fades within 0.1 to 30 ms. */
function addClicks(samples: Float32Array, sampleRate: number, random: Random): void {
  const apart = sampleRate / 10 ** random.uniform();
  const irregular = random.uniform() < 0.5 ? 0 : 1;
  const fading = sampleRate * 10 ** (-4 + 2.5 * random.uniform());
  const isKnock = random.uniform() < 0.5;
  for (let start = apart * random.uniform(); start < samples.length; ) {
    const end = Math.min(samples.length, start + 5 * fading);
    for (let n = Math.floor(start); n < end; n++) {
      const sound = isKnock ? 0.5 * random.normal() : 0.5;
      samples[n] = (samples[n] ?? 0) + sound * Math.exp((start - n) / fading);
    }
    start += apart * (1 + irregular * (random.uniform() - 0.5));
  }
}
