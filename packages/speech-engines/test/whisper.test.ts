import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadGolden, temporaryDirectory } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { beamSearch } from "../src/decoding/search.ts";
import { mels, mostFrames, whisperFeatures } from "../src/whisper/features.ts";
import { timeSentences } from "../src/whisper/sentence-times.ts";
import { readTokens } from "../src/whisper/tokens.ts";
import { withInput, withOutputs } from "../src/workers/onnx-file.ts";

describe("Whisper's features", () => {
  test("are those of Transformers.js", () => {
    const golden = loadGolden<{ frames: Record<string, number[]> }>(
      new URL("./golden/whisper-features.golden.json", import.meta.url),
    );
    const samples = Float32Array.from(
      { length: 8000 },
      (_, i) => 0.3 * Math.sin(0.05 * i * (1 + i / 16_000)) + 0.01 * Math.sin(i * i),
    );
    const features = whisperFeatures(samples);
    for (const [frame, expected] of Object.entries(golden.frames)) {
      for (const [mel, value] of expected.entries()) {
        expect(features[mel * mostFrames + Number(frame)]).toBeCloseTo(value, 4);
      }
    }
  });

  test.each([0, 1, 480_000])("fill 30 s for %i samples", (length) => {
    const features = whisperFeatures(new Float32Array(length));
    expect(features).toHaveLength(mels * mostFrames);
    expect(features.every((value) => value === -1.5)).toBe(true);
  });
});

test("of a short recording, the features of 30 s are those of fewer frames, and silence", () => {
  const samples = Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i));
  const [long, short] = [whisperFeatures(samples), whisperFeatures(samples, 20)];
  for (let mel = 0; mel < mels; mel++) {
    const start = mel * mostFrames;
    expect(short.subarray(mel * 20, (mel + 1) * 20)).toEqual(long.subarray(start, start + 20));
  }
});

describe("the beam search", () => {
  /** A language of tokens 0, 1, 2 and the end 3, in which a token depends on the one before; 4 is above the end. */
  const logits: Readonly<Record<number, readonly number[]>> = {
    [-1]: [2, 1.9, 0.5, -1, 9],
    0: [0, 0.1, 0.2, 0.3, 9],
    1: [-2, 0, 3, -2, 9],
    2: [-1, -1, 0, 3, 9],
  };
  const [end, choices, maxTokens] = [3, 4, 4];
  const after = (token: number) => Float32Array.from(logits[token] ?? []);
  const search = (beamWidth: number, suppressed: number[] = [], suppressedFirst: number[] = []) =>
    beamSearch({
      ...{ first: after(-1), end, choices, beamWidth, maxTokens, suppressed, suppressedFirst },
      step: async (tokens) => Float32Array.from(tokens.flatMap((token) => [...after(token)])),
    });

  /** The log-probability of a token after another, among those that are not above the end. */
  function logProbability(before: number, token: number): number {
    const scores = after(before).subarray(0, end + 1);
    const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
    return (scores[token] ?? 0) - Math.log(sum);
  }

  test("finds the best of all readings, each with its probability", async () => {
    const found = await search(3);
    expect(found).toHaveLength(3);
    expect(found[0]?.ids).toEqual([1, 2]);
    for (const { ids, score, confidence } of found) {
      const sum = [...ids, end].reduce(
        (total, id, i) => total + logProbability(ids[i - 1] ?? -1, id),
        0,
      );
      expect(score).toBeCloseTo(sum, 5);
      expect(confidence).toBeCloseTo(Math.exp(sum / (ids.length + 1)), 5);
    }
    const scores = found.map(({ confidence }) => confidence);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  test("with a width of 1 takes the best token each time", async () => {
    expect((await search(1)).map(({ ids }) => ids)).toEqual([[0]]);
  });

  test("never says what is suppressed", async () => {
    expect((await search(1, [], [0])).map(({ ids }) => ids)).toEqual([[1, 2]]);
    expect((await search(1, [0, 1])).map(({ ids }) => ids)).toEqual([[2]]);
  });

  test("ends at the longest length", async () => {
    const [reading] = await search(1, [2, 3]);
    expect(reading?.ids).toHaveLength(maxTokens);
  });
});

describe("the sentences of a reading", () => {
  const words = ["It", " rains", ".", " We", " stay", "."];
  const tokens = {
    noTimestamps: 99,
    decode: (ids: readonly number[]) =>
      ids
        .map((id) => words[id] ?? "")
        .join("")
        .trim(),
  };
  const options = { tokens, prompt: [50], language: "en", seconds: 3 };
  const logitsWith = (time: number) => new Float32Array(400).fill(-1).fill(5, time, time + 1);

  test("end where a timestamp is most probable", async () => {
    const asked: (readonly number[])[] = [];
    const timed = await timeSentences([0, 1, 2, 3, 4, 5], {
      ...options,
      async logitsAfter(prompt) {
        asked.push([...prompt]);
        return logitsWith(100 + 60);
      },
    });
    expect(asked).toEqual([[50, 100, 0, 1, 2]]);
    expect(timed).toEqual([
      { text: "It rains.", end: 1.2 },
      { text: "We stay.", end: 3 },
    ]);
  });

  test("do not end after the sound", async () => {
    const logitsAfter = async () => logitsWith(100 + 200);
    const [first] = await timeSentences([0, 1, 2, 3, 4, 5], { ...options, logitsAfter });
    expect(first?.end).toBeLessThanOrEqual(3);
  });

  test.each([
    [[], []],
    [[0, 1], [{ text: "It rains", end: 3 }]],
  ])("%j has no boundary, and nothing is computed", async (ids, sentences) => {
    const logitsAfter = async () => Promise.reject(new Error("not needed"));
    expect(await timeSentences(ids, { ...options, logitsAfter })).toEqual(sentences);
  });
});

test("tokens are bytes of UTF-8, as the files of a model say", () => {
  const folder = temporaryDirectory();
  const write = (file: string, value: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(value));
  // ã is E3, ģ is 81, Ĥ is 82: あ. Ġ is a space.
  write("vocab.json", { Ġa: 0, ã: 1, ģĤ: 2, "b!": 3 });
  write("added_tokens.json", { "<|nocaptions|>": 9 });
  write("generation_config.json", {
    ...{ decoder_start_token_id: 5, eos_token_id: 4, no_timestamps_token_id: 8 },
    ...{ suppress_tokens: [1], begin_suppress_tokens: [2], lang_to_id: { "<|en|>": 6 } },
    task_to_id: { transcribe: 7 },
  });
  const tokens = readTokens(folder);
  expect(tokens.decode([0, 3, 1, 2])).toBe("ab!あ");
  expect(tokens.languages.get("en")).toBe(6);
  expect(tokens.noSpeech).toBe(9);
});

describe("an ONNX file", () => {
  const field = (number: number, content: Uint8Array | string) => {
    const bytes = Buffer.from(content);
    return Buffer.concat([
      Buffer.from([number * 8 + 2, 128 + (bytes.length % 128), bytes.length >> 7]),
      bytes,
    ]);
  };
  const output = (name: string) => field(12, field(1, name));
  const before = Buffer.concat([Buffer.from([8, 200, 1]), field(2, "made by hand")]);
  const weights = field(5, field(8, "w".repeat(300)));

  test("is left with the outputs that are used", () => {
    const file = Buffer.concat([
      before,
      field(7, Buffer.concat([weights, output("a"), output("b")])),
    ]);
    const kept = Buffer.concat([before, field(7, Buffer.concat([weights, output("b")]))]);
    expect(Buffer.from(withOutputs(file, ["b"]))).toEqual(kept);
  });

  test("takes a constant as an input", () => {
    const numbers = Float32Array.of(1, -0.5, 3);
    const constant = field(
      5,
      Buffer.concat([field(8, "places"), field(9, new Uint8Array(numbers.buffer))]),
    );
    const file = Buffer.concat([before, field(7, Buffer.concat([weights, constant, output("a")]))]);
    const { model, constant: found } = withInput(file, "places");
    expect(found).toEqual(numbers);
    const [floats, name] = [Buffer.from([10, 2, 8, 1]), Buffer.from("places")];
    const input = Buffer.concat([
      Buffer.from([11 * 8 + 2, 14, 10, 6]),
      name,
      Buffer.from([18, 4]),
      floats,
    ]);
    const changed = Buffer.concat([before, field(7, Buffer.concat([weights, input, output("a")]))]);
    expect(Buffer.from(model)).toEqual(changed);
    expect(() => withInput(file, "steps")).toThrow("the ONNX file has no constant steps");
  });

  test("is refused if it is cut off", () => {
    const file = Buffer.concat([before, field(7, weights)]);
    expect(() => withOutputs(file.subarray(0, -1), [])).toThrow("the ONNX file is damaged");
  });
});
