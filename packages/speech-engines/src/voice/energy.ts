import { type VoiceActivity, windowSize } from "./voice-activity.ts";

/** Decibels below full scale that nobody hears. */
const silence = -55;
/** Decibels above the quietest recent window from which a sound may be speech. */
const rise = 9;
/** Windows that are remembered (1 s): speech has a pause between syllables in them, hum and noise do not. */
const memory = 32;

/** Takes whatever is much louder than a moment ago for speech. */
export function energyDetector(): VoiceActivity {
  return {
    name: "energy",
    listen() {
      const recent: number[] = [];
      return async (samples) => {
        const windows = samples.length / windowSize;
        return Float32Array.from({ length: windows }, (_, i) => {
          const level = levelOf(samples.subarray(i * windowSize, (i + 1) * windowSize));
          recent.push(level);
          if (recent.length > memory) recent.shift();
          return level > silence && level > Math.min(...recent) + rise ? 1 : 0;
        });
      };
    },
    async close() {},
  };
}

/** Root mean square in decibels of full scale, without the mean. */
function levelOf(samples: Float32Array): number {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const power = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
  return 10 * Math.log10(power + 1e-10);
}
