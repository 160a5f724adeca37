import { createRandom, tf } from "@attend/runtime";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  type Decoder,
  decodeEach,
  type GenerateOptions,
  generate,
  greedily,
  sampling,
} from "../src/index.ts";
import { Listener, type Sources } from "./support/listener.ts";
import { special, TableDecoder } from "./support/table-decoder.ts";

useEngine();

const source = [[4, 6, 5]];
const suppressed = [special.start, ...special.suppressed];
const avoid = { sequences: [[4, 5, 6, 7]], ngram: 2 };
const framed = { prompt: [special.start], end: special.end, suppressed };

/** Each token is most likely followed by itself, and second by the next one. */
const table = Array.from({ length: 8 }, (_, from) =>
  Array.from({ length: 8 }, (_, to) => (to === from ? 9 : to === from + 1 ? 5 : 0)),
);

async function collect(tokens: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const token of tokens) all.push(token);
  return all;
}

async function first(tokens: AsyncIterable<number>, count: number): Promise<number[]> {
  const all: number[] = [];
  for await (const token of tokens) if (all.push(token) === count) break;
  return all;
}

type State = ReturnType<Listener["start"]>;

/** A listener with `features`, which records the number of tokens and may return the state after them. */
function reader(listener: Listener, { returnsState }: { returnsState: boolean }) {
  const reads: number[] = [];
  const decoder: Decoder<Sources, State> = {
    vocabularySize: listener.vocabularySize,
    start: (sources) => listener.start(sources),
    step: (tokens, state) => listener.step(tokens, state),
    features(tokens, before) {
      reads.push(tokens.shape[1]);
      let state = before;
      for (const token of tokens.dataSync()) {
        state = listener.step(tf.tensor1d([token], "int32"), state).state;
      }
      return { features: tf.zeros([1, tokens.size, 1]), ...(returnsState && { state }) };
    },
    project: () => listener.project(),
    reorder: (state, rows) => listener.reorder(state, rows),
  };
  return { decoder, reads };
}

describe("generate", () => {
  test.each([1, 2, 3, 4, 5, 6])("yields the tokens of decodeEach, listener %s", async (seed) => {
    const listener = new Listener(seed);
    const choices = [() => greedily, () => sampling(createRandom(seed), { temperature: 2 })];
    for (const choose of choices) {
      for (const constraints of [{}, { minLength: 6, noRepeatNgram: 2, avoid }]) {
        const options = { ...constraints, maxLength: 12 };
        const [expected] = decodeEach(listener, source, special, { ...options, choose: choose() });
        const streamed = { ...framed, ...options, choose: choose() };
        expect(await collect(generate(listener, source, streamed))).toEqual(expected?.tokens);
      }
    }
    listener.dispose();
  });

  test.each([true, false])(
    "continues a prompt; features returns the state: %s",
    async (returnsState) => {
      const listener = new Listener(2);
      const { decoder, reads } = reader(listener, { returnsState });
      const prefix = [5, 7, 4, 4];
      const options = { maxLength: 12, prefix: [prefix] };
      const [expected] = decodeEach(listener, source, special, options);
      const prompt = [special.start, ...prefix];
      const tokens = await collect(generate(decoder, source, { ...framed, prompt, maxLength: 8 }));
      expect([...prefix, ...tokens]).toEqual(expected?.tokens);
      expect(tokens.length).toBeGreaterThan(0);
      expect(reads).toEqual([prefix.length]);
      listener.dispose();
    },
  );

  test("suppressed tokens may change at each step", async () => {
    const decoder = new TableDecoder(tf.tensor2d(table));
    const tokens: number[] = [];
    const suppressed = () => (tokens.length % 2 === 1 ? tokens.slice(-1) : []);
    for await (const token of generate(decoder, 1, { prompt: [2], maxLength: 6, suppressed })) {
      tokens.push(token);
    }
    expect(tokens).toEqual([2, 3, 3, 4, 4, 5]);
  });

  test("ends if no token is allowed before the minimum length", async () => {
    const decoder = new TableDecoder(tf.fill<tf.Rank.R2>([6, 6], 0));
    const options = { prompt: [1], end: 2, suppressed: [0, 1, 3], minLength: 4, noRepeatNgram: 1 };
    expect(await collect(generate(decoder, 1, options))).toEqual([4, 5]);
  });

  test("stops at the end, at the maximum length, or never", async () => {
    const decoder = new TableDecoder(tf.tensor2d(table));
    const suppressed = [4];
    expect(await collect(generate(decoder, 1, { prompt: [4], suppressed, end: 5 }))).toEqual([]);
    expect(await collect(generate(decoder, 1, { prompt: [4], maxLength: 3 }))).toEqual([4, 4, 4]);
    expect(await first(generate(decoder, 1, { prompt: [4] }), 200)).toHaveLength(200);
  });

  test("lets other work run between tokens", async () => {
    const decoder = new TableDecoder(tf.tensor2d(table));
    let [turns, isRunning] = [0, true];
    const turn = () => {
      turns++;
      if (isRunning) setImmediate(turn);
    };
    setImmediate(turn);
    await first(generate(decoder, 1, { prompt: [4] }), 10);
    isRunning = false;
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  test("stops when its signal is aborted, even before the first token", async () => {
    const listener = new Listener(1);
    const interrupted = { code: "INTERRUPTED" };
    const aborted = { prompt: [1, 4, 5], signal: AbortSignal.abort() };
    await expect(collect(generate(listener, source, aborted))).rejects.toMatchObject(interrupted);
    expect(listener.rows).toEqual([]);
    const controller = new AbortController();
    const tokens: number[] = [];
    const read = async () => {
      const options = { prompt: [1], suppressed: [2], signal: controller.signal };
      for await (const token of generate(listener, source, options)) {
        if (tokens.push(token) === 3) controller.abort();
      }
    };
    await expect(read()).rejects.toMatchObject(interrupted);
    expect(tokens).toHaveLength(3);
    listener.dispose();
  });

  test("leaks no tensors, however it ends", async () => {
    const listener = new Listener(1);
    const { decoder } = reader(listener, { returnsState: true });
    const options = { prompt: [1, 4, 5], suppressed: [2], maxLength: 6 };
    const failing = () => {
      throw new Error("no choice");
    };
    await expectNoLeak(async () => {
      await collect(generate(decoder, source, options));
      await first(generate(decoder, source, options), 2);
      await first(generate(listener, source, { ...options, prompt: [1] }), 2);
      generate(decoder, source, options); // never iterated
      const failed = collect(generate(decoder, source, { ...options, choose: failing }));
      await expect(failed).rejects.toThrow("no choice");
      const stopped = collect(
        generate(decoder, source, { ...options, signal: AbortSignal.abort() }),
      );
      await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
    });
    listener.dispose();
  });

  test.each<[GenerateOptions, string]>([
    [{ prompt: [] }, "the prompt is empty; it must have at least one token"],
    [{ prompt: [8] }, "a token of the prompt is 8; it must be a whole number below 8"],
    [{ prompt: [1, -1] }, "a token of the prompt is -1; it must be"],
    [{ prompt: [1.5] }, "a token of the prompt is 1.5; it must be"],
    [{ prompt: [1], maxLength: 0 }, "maxLength is 0; it must be a positive integer"],
    [{ prompt: [1], maxLength: 2, minLength: 3 }, "minLength is 3, but maxLength is 2"],
  ])("rejects %j", async (options, message) => {
    const listener = new Listener(1);
    const error = { code: "BAD_ARGUMENT", message: expect.stringContaining(message) };
    await expect(collect(generate(listener, source, options))).rejects.toMatchObject(error);
    listener.dispose();
  });

  test("rejects several rows", async () => {
    const listener = new Listener(1);
    await expectNoLeak(async () => {
      const tokens = generate(listener, [[4], [5]], framed);
      const message = "the encoding has 2 rows; it must have one";
      await expect(collect(tokens)).rejects.toMatchObject({ code: "BAD_ARGUMENT", message });
    });
    listener.dispose();
  });
});
