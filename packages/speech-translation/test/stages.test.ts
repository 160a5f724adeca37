import type { Audio, Recognizer, SayOptions, Segment, Synthesizer } from "@attend/audio";
import type { SpeechSegment } from "@attend/speech-engines";
import type { Translation } from "@attend/translator";
import { describe, expect, test } from "vitest";
import { chainOf } from "../src/chain.ts";
import { recognizeStage } from "../src/stages/recognize.ts";
import { repairStage } from "../src/stages/repair.ts";
import { sayStage } from "../src/stages/say.ts";
import { type Sentence, splitStage } from "../src/stages/sentences.ts";
import { translateStage } from "../src/stages/translate.ts";
import { Timeline } from "../src/timeline.ts";

const silence = new Float32Array(16_000);

/** Hears, in each stretch, the segments whose number is its first sample. */
function fakeRecognizer(heard: readonly (readonly Segment[])[]): Recognizer {
  return {
    ...{ name: "fake", languages: ["en"] },
    async recognize({ samples, sampleRate }, { language, nBest } = {}) {
      expect({ sampleRate, language }).toEqual({ sampleRate: 16_000, language: "en" });
      return (heard[samples[0] ?? 0] ?? []).map(({ alternatives = [], ...segment }) => ({
        ...segment,
        ...(nBest !== undefined && nBest > 1 && { alternatives: alternatives.slice(0, nBest) }),
      }));
    },
    async close() {},
  };
}

const speech = (start: number, number: number): SpeechSegment => ({
  start,
  samples: Float32Array.from(silence, () => number),
});

const repairer = {
  async repair(readings: string | readonly { readonly text: string }[]) {
    const text = typeof readings === "string" ? readings : (readings.at(-1)?.text ?? "");
    const upper = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
    const change = {
      from: text.charAt(0),
      to: upper.charAt(0),
      reason: "casing",
      start: 0,
      end: 1,
    };
    return { text: upper, sentences: upper.split(/(?<=\.) /), changes: [change] };
  },
  dispose() {},
};

const translator = {
  async translate(source: string, { nBest = 1 } = {}): Promise<Translation> {
    const readings = [source.toUpperCase(), source].slice(0, nBest);
    const [best, ...others] = readings.map((text) => ({
      ...{ text, score: -1, logProbability: -2, ids: [1] },
      tokens: [text],
    }));
    if (best === undefined) throw new RangeError("nBest is 0");
    return { source, ...best, alternatives: [best, ...others], confident: true, protected: [] };
  },
  close() {},
};

const synthesizer: Synthesizer = {
  ...{ name: "fake", languages: ["ja"] },
  say: async (text: string, { language }: SayOptions) => ({
    samples: new Float32Array(text.length * 10).fill(language === "ja" ? 0.5 : 0),
    sampleRate: 100,
  }),
  async close() {},
};

test("from speech to speech: times are those of the recording, and silence has no output", async () => {
  const recognizer = fakeRecognizer([
    [],
    [
      { start: 0.5, end: 1, text: " a man", confidence: 0.5 },
      { start: 1, end: 1.5, text: "runs ", confidence: 1 },
    ],
    [
      { start: 0, end: 1.5, text: "yes." },
      { start: 1.5, end: 2, text: "no" },
    ],
  ]);
  const chain = chainOf(recognizeStage(recognizer, { language: "en" }))
    .pipe(repairStage(repairer))
    .pipe(translateStage(translator))
    .pipe(sayStage(synthesizer, { language: "ja" }));
  const { outputs, report } = await chain.run([speech(0, 0), speech(10, 1), speech(20, 2)]);
  expect(
    outputs.map(({ start, end, text, translation, audio, changes, heard }) => ({
      ...{ start, end, text, changes: changes.length, heard: heard.text },
      ...{ translation: translation.text, samples: audio.samples.length },
    })),
  ).toEqual([
    {
      ...{ start: 10.5, end: 11.5, text: "A man runs.", changes: 1, heard: "a man runs" },
      ...{ translation: "A MAN RUNS.", samples: 110 },
    },
    {
      ...{ start: 20, end: 20 + 4 / 3, text: "Yes.", changes: 1, heard: "yes. no" },
      ...{ translation: "YES.", samples: 40 },
    },
    {
      ...{ start: 20 + 4 / 3, end: 22, text: "no.", changes: 0, heard: "yes. no" },
      ...{ translation: "NO.", samples: 30 },
    },
  ]);
  expect(report.map(({ stage, outputs }) => [stage, outputs])).toEqual([
    ["recognize", 2],
    ["repair", 3],
    ["translate", 3],
    ["say", 3],
  ]);
  expect(report[0]?.confidence).toBe(0.75);
  expect(report[2]?.confidence).toBeCloseTo(Math.exp(-1));
});

describe("drafts of stretches", () => {
  const draft = (start: number, number: number): SpeechSegment => ({
    ...speech(start, number),
    isDraft: true,
  });
  const longer = (start: number, number: number): SpeechSegment => ({
    start,
    samples: new Float32Array(20_000).fill(number),
  });
  /** Hears a stretch when the next one has come; those of number 0 fail. */
  function slowRecognizer() {
    const begun: number[] = [];
    const recognizer: Recognizer = {
      ...{ name: "fake", languages: ["en"], close: async () => {} },
      async recognize({ samples: [number = 0] }) {
        begun.push(number);
        for (let turn = 0; turn < 20; turn++) await null;
        if (number === 0) throw new Error("the engine ended");
        return [{ start: 0, end: 1, text: `${number}` }];
      },
    };
    const hear = async (stretches: readonly SpeechSegment[]) => {
      const chain = chainOf(recognizeStage(recognizer, { language: "en" }));
      const { outputs } = await chain.run(stretches);
      return outputs.map(({ text }) => Number(text));
    };
    return { begun, hear };
  }

  test.each([
    ["that end as they are are heard once", [draft(0, 1), speech(0, 1)], [1], [1]],
    ["that go on are heard anew", [draft(0, 1), longer(0, 2)], [1, 2], [2]],
    [
      "that have not begun when the next one comes are left out",
      [draft(0, 1), draft(2, 2), draft(4, 3), speech(4, 3), speech(9, 4)],
      [1, 3, 4],
      [3, 4],
    ],
    ["may fail if they go on", [draft(0, 0), longer(0, 2)], [0, 2], [2]],
    ["at the end are waited for", [speech(0, 1), draft(9, 0)], [1, 0], [1]],
  ])("%s", async (_, stretches, heard, outputs) => {
    const { begun, hear } = slowRecognizer();
    expect(await hear(stretches)).toEqual(outputs);
    expect(begun).toEqual(heard);
  });

  test("that fail are an error if they end as they are", async () => {
    const { hear } = slowRecognizer();
    await expect(hear([draft(0, 0), speech(0, 0)])).rejects.toThrow("the engine ended");
  });
});

test("the repairer chooses among the recognizer's readings", async () => {
  const alternatives = [
    { text: "a mun", score: -1 },
    { text: "a man", score: -1.2 },
    { text: "am an", score: -3 },
  ];
  const recognizer = fakeRecognizer([[{ start: 0, end: 1, text: "a mun", alternatives }]]);
  const options = { language: "en", nBest: 2 };
  const chain = chainOf(recognizeStage(recognizer, options)).pipe(repairStage(repairer));
  const { outputs } = await chain.run([speech(0, 0)]);
  expect(outputs.map(({ text }) => text)).toEqual(["A man."]);
});

test("what a recognizer writes with marks keeps them", async () => {
  const asked: (boolean | undefined)[] = [];
  const chain = chainOf(
    recognizeStage(
      fakeRecognizer([
        [{ start: 0, end: 1, text: "so, a man runs." }],
        [{ start: 0, end: 1, text: "so a man runs" }],
      ]),
      { language: "en" },
    ),
  ).pipe(
    repairStage({
      ...repairer,
      repair: async (readings, { punctuation } = {}) => {
        asked.push(punctuation);
        return await repairer.repair(readings);
      },
    }),
  );
  await chain.run([speech(0, 0), speech(10, 1)]);
  expect(asked).toEqual([false, true]);
});

test("without a repairer, sentences are split and nothing is changed", async () => {
  const text = "It is day. Two dogs play.";
  const recognizer = fakeRecognizer([[{ start: 0, end: 5, text }]]);
  const chain = chainOf(recognizeStage(recognizer, { language: "en" })).pipe(splitStage("en"));
  const { outputs } = await chain.run([speech(0, 0)]);
  expect(outputs).toMatchObject([
    { start: 0, end: 55 / 26, text: "It is day.", changes: [] },
    { text: "Two dogs play.", end: 5 },
  ]);
});

test("speech is heard in parts, or whole if its synthesizer has none", async () => {
  const heard: string[] = [];
  const options = {
    language: "ja",
    onSpeech: ({ text }: Sentence, { samples }: Audio) => heard.push(`${text} ${samples.length}`),
  };
  const inParts: Synthesizer = {
    ...synthesizer,
    async say(text, { onPart, ...rest }) {
      for (const part of text.split(" ")) onPart?.(await synthesizer.say(part, rest));
      return await synthesizer.say(text, rest);
    },
  };
  const sentence = {
    ...{ start: 0, end: 1, text: "ab c", changes: [] },
    heard: { start: 0, end: 1, text: "ab c", segments: [] },
    translation: await translator.translate("ab c"),
  };
  for (const each of [inParts, synthesizer]) {
    const { outputs } = await chainOf(sayStage(each, options)).run([sentence]);
    expect(outputs[0]?.audio.samples).toHaveLength(40);
  }
  expect(heard).toEqual(["ab c 20", "ab c 10", "ab c 40"]);
});

test("no sentence is placed before the original, nor before the one before has ended", () => {
  const timeline = new Timeline(100);
  const placed = (start: number, samples: number) => [
    ...timeline.place(start, { samples: new Float32Array(samples).fill(1), sampleRate: 100 }),
  ];
  expect(placed(1.5, 100).map((piece) => [piece.length, piece[0]])).toEqual([
    [100, 0],
    [50, 0],
    [100, 1],
  ]);
  expect(timeline.seconds).toBe(2.5);
  expect(placed(2, 50).map((piece) => piece.length)).toEqual([50]);
  const other = { samples: new Float32Array(400), sampleRate: 200 };
  expect([...timeline.place(0, other)].map((piece) => piece.length)).toEqual([200]);
  expect(timeline.seconds).toBe(5);
});
