import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crossEntropy } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { learnCharacters } from "@attend/text";
import { describe, expect, test } from "vitest";
import { measure } from "../src/evaluate.ts";
import type { GenerateOptions } from "../src/index.ts";
import { LanguageModel, loadLanguageModel } from "../src/index.ts";
import { languageModels } from "../src/model.ts";
import { LanguageNetwork } from "../src/network.ts";
import { createConfidentNetwork, createNetwork, line } from "./models.ts";

useEngine();

function createModel(): LanguageModel {
  const { network, characters } = createConfidentNetwork();
  return new LanguageModel({ network, tokens: characters });
}

async function textOf(model: LanguageModel, options: GenerateOptions): Promise<string> {
  let text = "";
  for await (const piece of model.generate({ length: 40, ...options })) text += piece;
  return text;
}

describe("generate", () => {
  test("the same seed generates the same text, another seed different text", async () => {
    const model = createModel();
    const first = await textOf(model, { seed: 7 });
    expect([...first]).toHaveLength(40);
    expect(await textOf(model, { seed: 7 })).toBe(first);
    expect(await textOf(model, { seed: 8 })).not.toBe(first);
    model.close();
  });

  test("greedy chooses the most likely token at every step, and so does top 1", async () => {
    const { network, characters } = createConfidentNetwork();
    let text = "the";
    for (let i = 0; i < 10; i++) {
      const ids = characters.encode(text);
      const chosen = tf.tidy(() => {
        const inputs = tf.tensor2d(ids, [1, ids.length], "int32");
        const { features } = network.features(inputs, network.start(1));
        const logits = network.project(tf.reshape(features, [ids.length, -1]));
        return tf.argMax(logits, 1).dataSync().at(-1) ?? -1;
      });
      text += characters.token(chosen);
    }
    const model = new LanguageModel({ network, tokens: characters });
    const options = { prompt: "the", length: 10 };
    expect(`the${await textOf(model, { ...options, greedy: true })}`).toBe(text);
    expect(`the${await textOf(model, { ...options, topK: 1, seed: 5 })}`).toBe(text);
    expect(`the${await textOf(model, { ...options, topP: 1e-6 })}`).toBe(text);
    expect(`the${await textOf(model, { ...options, temperature: 1e-3 })}`).toBe(text);
    model.close();
  });

  test("continues the prompt, or without one starts as after a line break", async () => {
    const model = createModel();
    const greedy = (prompt?: string) => textOf(model, { greedy: true, prompt });
    expect(await greedy()).toBe(await greedy("\n"));
    const long = await greedy("the c");
    expect(await textOf(model, { greedy: true, prompt: `the c${long.slice(0, 3)}` })).toMatch(
      new RegExp(`^${long.slice(3)}`),
    );
    model.close();
  });

  test("never generates the unknown character", async () => {
    const characters = learnCharacters(["aabbc"], { minCount: 2 });
    const { config, network } = createNetwork({ recurrent: { cell: "rnn", units: 4 } });
    network.dispose();
    const model = new LanguageModel({
      network: new LanguageNetwork(config, 3),
      tokens: characters,
    });
    // All weights are zero, so the three tokens are equally likely.
    expect(await textOf(model, { length: 200 })).toMatch(/^(?=.*a)(?=.*b)[ab]{200}$/);
    model.close();
  });

  test("stops when its signal is aborted", async () => {
    const model = createModel();
    const controller = new AbortController();
    let text = "";
    const read = async () => {
      for await (const piece of model.generate({ signal: controller.signal })) {
        text += piece;
        if (text.length === 5) controller.abort();
      }
    };
    await expectNoLeak(() => expect(read()).rejects.toMatchObject({ code: "INTERRUPTED" }));
    expect(text).toHaveLength(5);
    model.close();
  });

  test("leaks nothing, read to its end or left", async () => {
    const model = createModel();
    await expectNoLeak(async () => {
      await textOf(model, { topK: 3, topP: 0.9 });
      for await (const piece of model.generate()) if (piece !== "") break;
    });
    model.close();
  });

  test.each<[GenerateOptions, string]>([
    [{ length: 0 }, "length is 0; it must be a whole number from 1 to 1000000"],
    [{ temperature: 0 }, "temperature is 0"],
    [{ topK: 0 }, "topK is 0"],
    [{ topP: 2 }, "topP is 2"],
    [{ prompt: "thé" }, 'the prompt has "é" (U+00E9), which the model never saw in training'],
  ])("rejects %j", async (options, message) => {
    const model = createModel();
    await expectNoLeak(async () => {
      await expect(textOf(model, options)).rejects.toMatchObject({
        code: "BAD_ARGUMENT",
        message: expect.stringContaining(message),
      });
    });
    model.close();
  });
});

describe("evaluate", () => {
  test("measures each character except the first, carrying the state through the entire text", async () => {
    const { network, characters } = createConfidentNetwork();
    // Longer than one chunk.
    const text = line.repeat(30);
    const ids = characters.encode(text);
    const expected = tf.tidy(() => {
      const inputs = tf.tensor2d(ids.slice(0, -1), [1, ids.length - 1], "int32");
      const { features } = network.features(inputs, network.start(1));
      const logits = network.project(tf.reshape(features, [ids.length - 1, -1]));
      return tf.mean(crossEntropy(logits, tf.tensor1d(ids.slice(1), "int32"))).dataSync()[0]!;
    });
    const model = new LanguageModel({ network, tokens: characters });
    const progress: number[][] = [];
    await expectNoLeak(async () => {
      const onProgress = (done: number, total: number) => void progress.push([done, total]);
      const result = await model.evaluate(text, { onProgress });
      expect(result).toEqual({
        characters: text.length - 1,
        skipped: 0,
        natsPerCharacter: expect.closeTo(expected, 4),
        bitsPerCharacter: expect.closeTo(expected / Math.log(2), 4),
        perplexity: expect.closeTo(Math.exp(expected), 3),
        unit: "characters",
        tokens: text.length - 1,
        natsPerToken: expect.closeTo(expected, 4),
        bitsPerToken: expect.closeTo(expected / Math.log(2), 4),
      });
    });
    expect(progress).toEqual([256, 512, 689].map((done) => [done, 689]));
    await expectNoLeak(async () => {
      const abort = new AbortController();
      const onProgress = (done: number) => done === 512 && abort.abort();
      const evaluation = model.evaluate(text, { signal: abort.signal, onProgress });
      await expect(evaluation).rejects.toMatchObject({ code: "INTERRUPTED" });
    });
    model.close();
  });

  test("parallel streams give the same result, except for the warm-up", async () => {
    const { network, characters } = createNetwork();
    const ids = Int32Array.from(characters.encode(line.repeat(100))).subarray(0, 257 + 4 * 500);
    const total = async (part: Int32Array) =>
      (await measure(network, characters, part)).natsPerCharacter * (part.length - 1);
    const expected = ((await total(ids)) - (await total(ids.slice(0, 257)))) / 2000;
    const parallel = await measure(network, characters, ids, { streams: 4 });
    expect(parallel.characters).toBe(2000);
    expect(parallel.natsPerCharacter).toBeCloseTo(expected, 4);
    network.dispose();
  });

  test("measures the end of a text, and skips unknown characters", async () => {
    const model = createModel();
    const text = line.repeat(10);
    const last = await model.evaluate(text, { last: 0.2 });
    expect(last).toEqual(await model.evaluate(line.repeat(2)));
    const skipped = await model.evaluate(`é${line}éé`, { skipUnknown: true });
    expect(skipped).toEqual({ ...(await model.evaluate(line)), skipped: 3 });
    model.close();
  });

  test("rejects a text with one character, or with unknown ones", async () => {
    const model = createModel();
    await expect(model.evaluate("t", { source: "a.txt" })).rejects.toMatchObject({
      code: "BAD_DATA",
      message: expect.stringContaining("a.txt has 1 characters"),
    });
    await expect(model.evaluate("the Cat")).rejects.toMatchObject({
      code: "BAD_DATA",
      message: expect.stringContaining('the text line 1, column 5: the model never saw "C"'),
    });
    model.close();
  });
});

describe("a model's folder", () => {
  async function saveModel(): Promise<string> {
    const { network, characters, config } = createConfidentNetwork();
    const folder = join(temporaryDirectory(), "model");
    await languageModels.save({ network, tokens: characters, config }, folder);
    network.dispose();
    return folder;
  }

  test("contains the same model in float16", async () => {
    const [before, after] = [createModel(), await loadLanguageModel({ model: await saveModel() })];
    const [a, b] = [await before.evaluate(line), await after.evaluate(line)];
    expect(b.natsPerCharacter).toBeCloseTo(a.natsPerCharacter, 2);
    before.close();
    after.close();
  });

  test("that is missing or invalid is rejected in one line that names the file", async () => {
    const folder = await saveModel();
    const broken = (name: string, content: string) => {
      const copy = join(temporaryDirectory(), "model");
      cpSync(folder, copy, { recursive: true });
      writeFileSync(join(copy, name), content);
      return copy;
    };
    const other = JSON.stringify({ kind: "characters", tokens: ["a", "b"] });
    const cases: [string, string, string][] = [
      ["absent", "FILE_NOT_FOUND", "absent does not exist; give a folder"],
      [broken("config.json", "{"), "BAD_CONFIG", "config.json is not valid JSON"],
      [broken("config.json", '{"task": "language-model"}'), "BAD_CONFIG", "recurrent: "],
      [broken("config.json", '{"task": "translation"}'), "BAD_CONFIG", 'not "language-model"'],
      [broken("vocabulary.json", other), "BAD_WEIGHTS", "of a different shape"],
      [broken("model.safetensors", "x"), "BAD_WEIGHTS", "not a complete safetensors file"],
    ];
    await expectNoLeak(async () => {
      for (const [model, code, message] of cases) {
        await expect(loadLanguageModel({ model })).rejects.toMatchObject({
          code,
          message: expect.stringContaining(message),
        });
      }
    });
  });

  test("can be closed twice, and then neither generates nor measures", async () => {
    const model = createModel();
    model.close();
    model.close();
    await expect(textOf(model, {})).rejects.toThrow("this language model is closed");
    await expect(model.evaluate(line)).rejects.toThrow("this language model is closed");
  });
});
