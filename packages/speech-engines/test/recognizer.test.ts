import { describe, expect, test } from "vitest";
import { EngineRecognizer, type Listening } from "../src/recognizers/engine-recognizer.ts";
import { segmentsOf } from "../src/recognizers/readings.ts";
import { withoutRepeats } from "../src/recognizers/repeats.ts";
import { energyDetector } from "../src/voice/energy.ts";
import { everythingDetector } from "../src/voice/everything.ts";

const rate = 16_000;

/** Seconds of a tone, or of silence. */
function recording(
  ...parts: readonly (readonly [seconds: number, isTone: boolean])[]
): Float32Array {
  return Float32Array.from(
    parts.flatMap(([seconds, isTone]) =>
      Array.from({ length: seconds * rate }, (_, i) => (isTone ? 0.3 * Math.sin(i / 5) : 0)),
    ),
  );
}

function listener(detector = energyDetector()): {
  engine: Listening;
  heard: number[];
  recognizer: EngineRecognizer;
} {
  const heard: number[] = [];
  const engine: Listening = {
    async hear(samples) {
      heard.push(samples.length / rate);
      return [{ start: 0.1, end: 99, text: `${heard.length}` }];
    },
    async close() {},
  };
  const info = { name: "parrot", kind: "recognizer", languages: ["en"], parts: [] } as const;
  return { engine, heard, recognizer: new EngineRecognizer(info, engine, detector) };
}

describe("a recognizer", () => {
  test("hears only what may be speech, and tells when it was said", async () => {
    const { recognizer, heard } = listener();
    const samples = recording(
      [2, false],
      [0.5, true],
      [4, false],
      [0.4, true],
      [0.6, false],
      [0.5, true],
    );
    const segments = await recognizer.recognize({ samples, sampleRate: rate });
    // The last two are so close that they are heard together.
    expect(segments.map(({ text }) => text)).toEqual(["1", "2"]);
    expect(heard[0]).toBeCloseTo(0.9, 1);
    expect(segments[0]?.start).toBeCloseTo(1.9, 1);
    expect(segments[0]?.end).toBeCloseTo(2.7, 1);
    expect(segments[1]?.end).toBeCloseTo(8, 1);
  });

  test("hears nothing in silence, whatever its sample rate", async () => {
    const { recognizer, heard } = listener();
    const silence = { samples: new Float32Array(24_000), sampleRate: 8000 };
    expect(await recognizer.recognize(silence)).toEqual([]);
    expect(await recognizer.recognize({ samples: new Float32Array(0), sampleRate: 8000 })).toEqual(
      [],
    );
    expect(heard).toEqual([]);
  });

  test("hears all of what was cut before, in pieces that its engine can hear", async () => {
    const { recognizer, heard } = listener(everythingDetector());
    const samples = recording([1, false], [40, true]);
    await recognizer.recognize({ samples, sampleRate: rate });
    expect(heard.every((seconds) => seconds <= 28)).toBe(true);
    expect(heard.reduce((a, b) => a + b, 0)).toBeCloseTo(41, 1);
  });

  test("refuses a language that it does not understand", async () => {
    const { recognizer } = listener();
    const audio = { samples: new Float32Array(0), sampleRate: rate };
    await expect(recognizer.recognize(audio, { language: "ja" })).rejects.toThrow(
      'parrot does not understand "ja"; use one of en',
    );
  });
});

describe("the segments of what was heard", () => {
  const second = new Float32Array(rate);
  const sentences = [
    { text: "Yes.", end: 0.4 },
    { text: "No.", end: 1 },
  ];
  const best = { text: "Yes. No.", score: -1, confidence: 0.9, sentences };
  const other = { text: "Yes, no.", score: -2, confidence: 0.8 };

  test("are its sentences, if their times are known", () => {
    expect(segmentsOf([best], second, 1)).toEqual([
      { start: 0, end: 0.4, text: "Yes.", confidence: 0.9 },
      { start: 0.4, end: 1, text: "No.", confidence: 0.9 },
    ]);
    expect(segmentsOf([other], second, 1)).toEqual([
      { start: 0, end: 1, text: "Yes, no.", confidence: 0.8 },
    ]);
  });

  test("are one with its readings, if there are several", () => {
    const alternatives = [best, other].map(({ text, score }) => ({ text, score }));
    expect(segmentsOf([best, other], second, 2)).toEqual([
      { start: 0, end: 1, text: "Yes. No.", confidence: 0.9, alternatives },
    ]);
    expect(segmentsOf([], second, 2)).toEqual([]);
  });
});

test.each([
  ["Thank you. ".repeat(20), "Thank you."],
  ["No, no, no, she said.", "No, no, no, she said."],
  ["ありがとう".repeat(30), "ありがとう"],
  ["", ""],
])("a text that repeats itself is said once: %s", (text, once) => {
  expect(withoutRepeats(text)).toBe(once);
});
