import { cp, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { loadImage, toInput } from "@attend/cnn-encoder";
import { readCaptions } from "@attend/datasets";
import { forward } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { tokenize } from "@attend/text";
import { beforeAll, describe, expect, test } from "vitest";
import { loadCaptioner } from "../src/index.ts";
import { captioners } from "../src/model.ts";
import { createFixture, writeRandomModel } from "./fixture.ts";
import { writePhotoSet } from "./support/photo-set.ts";
import { caption } from "./support/program.ts";
import { decoders } from "./support/stages.ts";

useEngine();
const { folder, model: one, photos } = await createFixture();
const two = join(folder, "transformer");
beforeAll(() => {
  const transformer = decoders.find(({ name }) => name === "Transformer")?.ofSize(16) ?? {};
  return writeRandomModel(two, transformer, 2);
});

/** The log-probabilities of the next word after each of a caption's words, and what the words attend to. */
async function scoreWith(model: string, photo: string, tokens: readonly string[]) {
  const { network, tokens: words, config } = await captioners.load(model);
  const { pixels } = await loadImage(photo, { size: config.encoder.imageSize });
  const scored = tf.tidy(() => {
    const encoding = network.encode(toInput([pixels], config.encoder.imageSize));
    const ids = [words.special.start, ...words.encode(tokens.join(" "))];
    const inputs = tf.tensor2d([ids], undefined, "int32");
    const { logits, attention } = forward(network.decoder, inputs, network.decoder.start(encoding));
    return {
      logProbabilities: tf.logSoftmax(logits).arraySync()[0] ?? [],
      attention: attention?.arraySync()[0] ?? [],
    };
  });
  network.dispose();
  return { ...scored, words };
}

const meanOf = (a: readonly number[], b: readonly number[]) =>
  a.map((x, i) => (x + (b[i] ?? 0)) / 2);

describe("captioners that caption together", { timeout: 600_000 }, () => {
  test("choose words by the mean of their log-probabilities, and attend to the mean", async () => {
    const [photo = ""] = photos;
    const captioner = await loadCaptioner({ model: [one, two] });
    const result = await captioner.caption(photo, { attention: true });
    captioner.close();
    const { words, ...first } = await scoreWith(one, photo, result.tokens);
    const second = await scoreWith(two, photo, result.tokens);
    const { start, end, suppressed } = words.special;
    const never = [start, ...suppressed];
    let expected = 0;
    for (const [step, target] of [...words.encode(result.tokens.join(" ")), end].entries()) {
      // Captions of the maximum length have no end.
      if (step === captioner.config.decoding.maxLength) break;
      const mean = meanOf(first.logProbabilities[step] ?? [], second.logProbabilities[step] ?? []);
      const total = mean.reduce((sum, x, id) => sum + (never.includes(id) ? 0 : Math.exp(x)), 0);
      expected += (mean[target] ?? Number.NaN) - Math.log(total);
    }
    expectClose(result.logProbability, expected, 5e-3);
    for (const [step, weights] of (result.attention?.weights ?? []).entries()) {
      const mean = meanOf(first.attention[step] ?? [], second.attention[step] ?? []);
      expectClose([...weights], mean, 2e-3);
    }
    expect(result.attention?.weights).toHaveLength(result.tokens.length);
  });

  test("are one of them if there is one, and caption a batch as one by one", async () => {
    const captionsOf = async (model: string | string[]) => {
      const captioner = await loadCaptioner({ model });
      const found = [];
      for await (const { result } of captioner.captionAll(photos)) found.push(result?.tokens);
      const [photo = ""] = photos;
      expect((await captioner.caption(photo)).tokens).toEqual(found[0]);
      expect((await captioner.caption(photo, { seed: 3, nBest: 2 })).alternatives).toHaveLength(1);
      captioner.close();
      return found;
    };
    await expectNoLeak(async () => {
      expect(await captionsOf([one])).toEqual(await captionsOf(one));
      expect(await captionsOf([one, two])).toHaveLength(photos.length);
    });
  });

  test("need one vocabulary and image size, and leave nothing behind without", async () => {
    const [words, small] = [temporaryDirectory(), temporaryDirectory()];
    const change = async (copy: string, file: string, from: string, to: string) => {
      await cp(one, copy, { recursive: true });
      const text = await readFile(join(copy, file), "utf8");
      await writeFile(join(copy, file), text.replace(from, to));
    };
    await change(words, "vocabulary.json", "ball", "bell");
    await change(small, "config.json", "224", "192");
    const absent = join(folder, "absent");
    await expectNoLeak(async () => {
      const rejects = (model: string[], code: string, message: string) =>
        expect(loadCaptioner({ model })).rejects.toMatchObject({
          code,
          message: expect.stringContaining(message),
        });
      const together = `and ${one} cannot caption together: their`;
      await rejects([one, words], "BAD_ARGUMENT", `${words} ${together} vocabularies differ`);
      await rejects([one, small], "BAD_ARGUMENT", `${small} ${together} photos have 192 and 224`);
      await rejects([one, absent], "FILE_NOT_FOUND", absent);
      await rejects([], "BAD_ARGUMENT", "model is an empty list");
    });
  });
});

/** The program does not depend on the engine. */
const skipped = process.env["ATTEND_ENGINE"] === "wasm";

describe.skipIf(skipped)("the program with several models", { timeout: 600_000 }, () => {
  const models = ["--model", one, "--model", two];

  test("writes captions that train reads, with the words of the models", async () => {
    const given = photos.map((photo) => basename(photo));
    const args = [...given, ...models, "--n-best", "2", "--csv", "--quiet"];
    const { code, stdout, stderr } = await caption(args, { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const file = join(temporaryDirectory(), "teacher.csv");
    await writeFile(file, stdout);
    const { images, warnings } = await readCaptions(file, { imagesDirectory: folder });
    expect(warnings.filter((warning) => !warning.includes("single word"))).toEqual([]);
    expect(images.map(({ file: path }) => path)).toEqual(photos);
    const captioner = await loadCaptioner({ model: [one, two] });
    for (const { file: photo, captions } of images) {
      const { tokens, alternatives } = await captioner.caption(photo, { nBest: 2 });
      const expected = [tokens, ...alternatives.map((other) => other.tokens)];
      expect(captions.map(({ text }) => tokenize(text))).toEqual(expected);
    }
    captioner.close();
  });

  test("is scored by evaluate", async () => {
    const { images, captions } = await writePhotoSet(temporaryDirectory(), 3);
    const predictions = join(temporaryDirectory(), "captions.jsonl");
    const set = ["--images", images, "--captions", captions, "--predictions", predictions];
    const { code, stderr } = await caption(["evaluate", ...set, ...models]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const captioner = await loadCaptioner({ model: [one, two] });
    const lines = (await readFile(predictions, "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const { image, tokens } = JSON.parse(line);
      expect((await captioner.caption(join(images, image))).tokens).toEqual(tokens);
    }
    captioner.close();
  });
});
