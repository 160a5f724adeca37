import type { Recognizer, Synthesizer } from "@attend/audio";

/** An engine that remembers whether it was closed. */
export interface Closed {
  readonly closed: () => boolean;
}

/** Hears one text after the other, whatever is said, and fails after the last one. */
export function recognizerOf(texts: readonly string[]): Recognizer & Closed {
  let heard = 0;
  let isClosed = false;
  return {
    ...{ name: "fake", languages: ["en", "de"] },
    async recognize({ samples, sampleRate }) {
      const text = texts[heard++];
      if (text === undefined) throw new Error("the engine ended");
      return [{ start: 0, end: samples.length / sampleRate, text, confidence: 0.9 }];
    },
    async close() {
      isClosed = true;
    },
    closed: () => isClosed,
  };
}

/** Says each character in a hundredth of a second. */
export function synthesizer(): Synthesizer & Closed {
  let isClosed = false;
  return {
    ...{ name: "fake", languages: ["de"] },
    say: async (text: string) => ({
      samples: new Float32Array(text.length * 80).fill(0.25),
      sampleRate: 8000,
    }),
    async close() {
      isClosed = true;
    },
    closed: () => isClosed,
  };
}
