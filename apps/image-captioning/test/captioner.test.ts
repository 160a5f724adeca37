import { createReadStream } from "node:fs";
import { cp, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadImage, toInput } from "@attend/cnn-encoder";
import { beamSearch } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { detokenize } from "@attend/text";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Captioner,
  type CaptionOptions,
  loadCaptioner,
  type Photo,
  renderHeatmap,
} from "../src/index.ts";
import { captioners } from "../src/model.ts";
import { createFixture } from "./fixture.ts";

useEngine();
const { model, photos, broken } = await createFixture();
const [photo = ""] = photos;

let captioner: Captioner;
beforeAll(async () => {
  captioner = await loadCaptioner({ model });
});
afterAll(() => captioner.close());

/** Anything that JavaScript can pass as photos. */
function untypedPhotos(value: unknown): Photo[] {
  return value as Photo[];
}

async function outcomesOf(source: Iterable<Photo>, options: CaptionOptions & { batch?: number }) {
  const outcomes = [];
  for await (const outcome of captioner.captionAll(source, options)) outcomes.push(outcome);
  return outcomes;
}

describe("one photo", () => {
  test("is captioned, with alternatives, as the model decodes it", async () => {
    const result = await captioner.caption(photo);
    const direct = await captioners.load(model);
    const { pixels } = await loadImage(photo, { size: 224 });
    const encoding = direct.network.encoder.encode(toInput([pixels], 224));
    const options = direct.config.decoding;
    const [expected = []] = beamSearch(
      direct.network.decoder,
      encoding,
      direct.tokens.special,
      options,
    );
    const all = [result, ...result.alternatives];
    expect(all).toHaveLength(3);
    for (const [i, { caption, tokens, logProbability }] of all.entries()) {
      expect(tokens).toEqual(expected[i]?.tokens.map((id) => direct.tokens.token(id)));
      expect(caption).toBe(detokenize(tokens));
      expectClose(logProbability, expected[i]?.logProbability ?? Number.NaN, 2e-3);
    }
    expect(result).toMatchObject({ width: 320, height: 240 });
    expect(result).not.toHaveProperty("attention");
    direct.network.dispose();
  });

  test("is made square by squashing, or as the option or the model's config says", async () => {
    const raw = { width: 224, height: 224, channels: 3 } as const;
    const contained = await loadImage(photo, { size: 224, fit: "contain" });
    const square = await sharp(contained.pixels, { raw }).png().toBuffer();
    const expected = await captioner.caption(square);
    const { caption, logProbability } = await captioner.caption(photo, { fit: "contain" });
    expect(caption).toBe(expected.caption);
    expectClose(logProbability, expected.logProbability, 1e-3);
    expect((await captioner.caption(photo)).logProbability).not.toBeCloseTo(logProbability, 3);

    const configured = await captioners.load(model);
    const config = { ...configured.config, fit: "contain" } as const;
    const other = new Captioner({ ...configured, config });
    const options = { attention: true };
    expect(await other.caption(photo, options)).toEqual(
      await captioner.caption(photo, { ...options, fit: "contain" }),
    );
    other.close();
  });

  test("is the same from a path, bytes or a stream", async () => {
    const expected = await captioner.caption(photo);
    expect(await captioner.caption(await readFile(photo))).toEqual(expected);
    expect(await captioner.caption(createReadStream(photo))).toEqual(expected);
  });

  test("is returned downscaled, so that a stream can have a heat map", async () => {
    const options = { attention: true, picture: true };
    const result = await captioner.caption(createReadStream(photo), options);
    expect(result.picture).toMatchObject({ width: 320, height: 240 });
    expect(result.picture?.pixels).toHaveLength(320 * 240 * 3);
    const drawn = await renderHeatmap(result.picture, result);
    expect(drawn.equals(await renderHeatmap(photo, result))).toBe(true);
    expect(await captioner.caption(photo)).not.toHaveProperty("picture");
  });

  test("returns where the model looked for each word", async () => {
    const { attention, tokens } = await captioner.caption(photo, { attention: true });
    expect(attention?.words).toEqual(tokens);
    expect(attention?.grid).toEqual([7, 7]);
    expect(attention?.weights).toHaveLength(tokens.length);
    for (const weights of attention?.weights ?? []) {
      expect(weights).toHaveLength(49);
      expectClose(
        weights.reduce((a, b) => a + b),
        1,
      );
    }
  });

  test("uses the caller's search options", async () => {
    const { tokens, alternatives } = await captioner.caption(photo, {
      beamWidth: 5,
      nBest: 3,
      maxLength: 2,
    });
    expect(tokens.length).toBeLessThanOrEqual(2);
    expect(alternatives).toHaveLength(2);
  });

  test("is an error if it cannot be read", async () => {
    await expect(captioner.caption(broken)).rejects.toMatchObject({ code: "BAD_IMAGE" });
    const absent = `${photo}.absent`;
    await expect(captioner.caption(absent)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

describe("sampling", () => {
  const draw = async (options: CaptionOptions, nBest?: number) => {
    const result = await captioner.caption(photo, { ...options, nBest, attention: true });
    return [result, ...result.alternatives].map(({ tokens }) => tokens.join(" "));
  };

  test("depends on the seed", async () => {
    expect(await draw({ seed: 5 }, 10)).toEqual(await draw({ seed: 5 }, 10));
    expect(await draw({ seed: 6 }, 10)).not.toEqual(await draw({ seed: 5 }, 10));
  });

  test("returns one caption, or as many as requested", async () => {
    expect(await draw({ sample: true })).toHaveLength(1);
    const captions = await draw({ temperature: 3 }, 10);
    expect(captions).toHaveLength(10);
    expect(new Set(captions).size).toBeGreaterThan(3);
  });

  test("from the most likely word only is greedy", async () => {
    const { tokens } = await captioner.caption(photo, { beamWidth: 1 });
    expect(await draw({ topK: 1 })).toEqual([tokens.join(" ")]);
    expect(await draw({ topP: 1e-6 })).toEqual([tokens.join(" ")]);
  });
});

/** Anything that JavaScript can pass as options. */
function untyped(options: unknown): CaptionOptions {
  return options as CaptionOptions;
}

test.each<[CaptionOptions & { batch?: number }, string]>([
  [{ beamWidth: 0 }, "beamWidth is 0; it must be a whole number from 1 to 100"],
  [{ beamWidth: 2.5 }, "beamWidth is 2.5"],
  [{ maxLength: Number.NaN }, "maxLength is NaN"],
  [{ lengthPenalty: -1 }, "lengthPenalty is -1; it must be a number of at least 0"],
  [{ nBest: 4 }, "nBest is 4; it must be at most 3 with a beam of 3; widen the beam"],
  [{ nBest: 0 }, "nBest is 0; it must be a whole number from 1 to 100"],
  [{ temperature: 0 }, "temperature is 0"],
  [{ batch: 0 }, "batch is 0"],
  [untyped({ fit: "crop" }), 'fit is a string ("crop"); it must be one of fill, contain, cover'],
  [{ maxPixels: 0 }, "maxPixels is 0; it must be a number above 0"],
  [untyped({ timeout: "5" }), 'timeout is a string ("5"); it must be a number above 0'],
  [untyped({ beamWidth: "5" }), 'beamWidth is a string ("5"); it must be a whole number'],
  [untyped({ attention: "yes" }), 'attention is a string ("yes"); it must be true or false'],
  [untyped({ beamWdth: 5 }), "unknown option beamWdth; did you mean beamWidth?"],
  [untyped({ beamwidth: 5 }), "unknown option beamwidth; did you mean beamWidth?"],
  [untyped({ language: "de" }), "unknown option language; expected beamWidth, maxLength, "],
  [untyped({ temprature: 1 }), "unknown option temprature; did you mean temperature?"],
  [untyped({ sample: { topK: 3 } }), "sample is an Object; it must be true or false"],
  [untyped({ seed: "7" }), 'seed is a string ("7"); it must be a whole number from 0'],
  [untyped("beam"), 'options must be an object, but a string ("beam") was given'],
])("rejects the option %j", async (options, message) => {
  await expect(outcomesOf([photo], options)).rejects.toMatchObject({
    code: "BAD_ARGUMENT",
    message: expect.stringContaining(message),
  });
});

describe("many photos", () => {
  test("come in order, each as if captioned alone, and broken ones stop nothing", async () => {
    const source = [photos[0], broken, photos[1], photos[2], `${photo}.absent`] as string[];
    const outcomes = await outcomesOf(source, { batch: 2 });
    expect(outcomes.map((outcome) => outcome.photo)).toEqual(source);
    expect(outcomes.map(({ error }) => error?.code)).toEqual([
      undefined,
      "BAD_IMAGE",
      undefined,
      undefined,
      "FILE_NOT_FOUND",
    ]);
    const captions = new Set<string>();
    for (const { photo, result } of outcomes) {
      if (result === undefined) continue;
      const alone = await captioner.caption(photo);
      expect(result.tokens).toEqual(alone.tokens);
      expectClose(result.logProbability, alone.logProbability, 1e-3);
      captions.add(result.caption);
    }
    expect(captions.size).toBeGreaterThan(1);
  });

  test("are read no faster than they are captioned", async () => {
    let read = 0;
    let ended = false;
    async function* endless() {
      try {
        for (;;) {
          read++;
          yield photo;
        }
      } finally {
        ended = true;
      }
    }
    let captioned = 0;
    for await (const _ of captioner.captionAll(endless(), { batch: 2 })) {
      if (++captioned === 6) break;
      // The current batch and the next one.
      expect(read).toBeLessThanOrEqual(2 * Math.ceil(captioned / 2) + 2);
    }
    await expect.poll(() => ended).toBe(true);
  });

  test("stop before the next batch if their signal is aborted, and leak no tensor", async () => {
    await expectNoLeak(async () => {
      const abort = new AbortController();
      const { signal } = abort;
      const captions: unknown[] = [];
      const run = async () => {
        for await (const { result } of captioner.captionAll(photos, { batch: 2, signal })) {
          captions.push(result?.caption);
          abort.abort();
        }
      };
      await expect(run()).rejects.toMatchObject({ code: "INTERRUPTED" });
      expect(captions).toHaveLength(2);
      await expect(captioner.caption(photo, { signal })).rejects.toThrow("aborted");
    });
  });

  test("yield to the event loop between batches", async () => {
    const source = [...photos, ...photos];
    let turns = 0;
    let next = setImmediate(function turn() {
      turns++;
      next = setImmediate(turn);
    });
    const outcomes = await outcomesOf(source, { batch: 1 });
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(outcomes.length);
  });

  test("end when their source fails, after the photos before", async () => {
    function* failing() {
      yield photo;
      throw new Error("the list broke off");
    }
    const results: unknown[] = [];
    const run = async () => {
      for await (const { result } of captioner.captionAll(failing(), { batch: 1 }))
        results.push(result);
    };
    await expect(run()).rejects.toThrow("the list broke off");
    expect(results).toHaveLength(1);
  });

  test("must be a list of photos; anything else is reported", async () => {
    const notPhotos = [42, null, { path: "x" }];
    const outcomes = await outcomesOf(untypedPhotos(notPhotos), {});
    expect(outcomes.map(({ error }) => error?.message)).toEqual(
      ["a number (42)", "null", "an Object"].map(
        (kind) =>
          `a picture must be a path, an address, bytes or a stream of bytes, but ${kind} was given`,
      ),
    );
    for (const single of [photo, await readFile(photo), new Blob([]), undefined]) {
      await expect(outcomesOf(untypedPhotos(single), {})).rejects.toMatchObject({
        code: "BAD_ARGUMENT",
        message: expect.stringMatching(
          /^photos must be a list, but .* was given; for a single photo, call caption/,
        ),
      });
    }
  });

  test("may be none", async () => {
    expect(await outcomesOf([], {})).toEqual([]);
  });
});

describe("memory", { timeout: 600_000 }, () => {
  test("30 captions leak no tensor", async () => {
    await expectNoLeak(async () => {
      const source = Array.from({ length: 30 }, (_, i) => photos[i % 3] ?? broken);
      await outcomesOf([...source, broken], { batch: 4, attention: true });
      await outcomesOf(photos, { topK: 3, nBest: 3 });
    });
  });

  test("close frees everything; captioning afterward is an error", async () => {
    let other: Captioner | undefined;
    await expectNoLeak(async () => {
      other = await loadCaptioner({ model });
      other.close();
      other.close();
    });
    await expect(other?.caption(photo)).rejects.toThrow("this captioner is closed");
  });
});

test.each([
  [{ modle: "x" }, "unknown option modle; did you mean model?"],
  [{ model: 5 }, "model is a number (5); give the path of a model's folder"],
  [{ model: "" }, 'model is a string (""); give the path'],
  [{ engine: "gpu" }, "gpu"],
])("loadCaptioner rejects %j", async (options, message) => {
  await expect(loadCaptioner(untypedLoad(options))).rejects.toThrow(message);
});

function untypedLoad(options: object): Parameters<typeof loadCaptioner>[0] {
  return options;
}

describe("a model's folder", () => {
  async function copyModel(): Promise<string> {
    const folder = join(temporaryDirectory(), "model");
    await cp(model, folder, { recursive: true });
    return folder;
  }

  async function expectRejection(folder: string, code: string, ...parts: string[]): Promise<void> {
    await expectNoLeak(async () => {
      const thrown: unknown = await loadCaptioner({ model: folder }).catch((error) => error);
      expect(thrown).toMatchObject({ code });
      for (const part of parts) expect(String(thrown)).toContain(part);
    });
  }

  test("that is missing or not a model is reported with what it lacks", async () => {
    const folder = temporaryDirectory();
    await expectRejection(folder, "FILE_NOT_FOUND", folder, "config.json", "caption train");
    await expectRejection(photo, "FILE_NOT_FOUND", photo);
  });

  test("with another model's vocabulary does not load", async () => {
    const folder = await copyModel();
    const file = join(folder, "vocabulary.json");
    const { kind, tokens } = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ kind, tokens: [...tokens, "zebra"] }));
    await expectRejection(
      folder,
      "BAD_WEIGHTS",
      "model.safetensors",
      "vocabulary",
      "embedding.table",
    );
  });

  test("with truncated weights does not load", async () => {
    const folder = await copyModel();
    await truncate(join(folder, "model.safetensors"), 1_000_000);
    await expectRejection(folder, "BAD_WEIGHTS", join(folder, "model.safetensors"));
  });

  test("with weights that are not numbers gives an error, not nonsense", async () => {
    const damaged = await captioners.load(model);
    const bias = damaged.network.namedParameters().get("decoder.outputBias");
    bias?.assign(tf.fill([damaged.tokens.size], Number.NaN));
    const { Captioner } = await import("../src/index.ts");
    const other = new Captioner(damaged);
    await expect(other.caption(photo)).rejects.toMatchObject({ code: "NOT_FINITE" });
    other.close();
  });

  test("with another config does not load", async () => {
    const folder = await copyModel();
    await writeFile(join(folder, "config.json"), '{"layers": 3}');
    await expectRejection(folder, "BAD_CONFIG", join(folder, "config.json"), "image-captioning");
    await writeFile(join(folder, "config.json"), '{"task": "translation"}');
    await expectRejection(folder, "BAD_CONFIG", folder, "translation", "give another folder");
    await writeFile(join(folder, "config.json"), '{"task": "image-captioning", "layers": 3}');
    await expectRejection(folder, "BAD_CONFIG", join(folder, "config.json"), "layers");
    await writeFile(join(folder, "config.json"), "{");
    await expectRejection(folder, "BAD_CONFIG", join(folder, "config.json"));
  });
});
