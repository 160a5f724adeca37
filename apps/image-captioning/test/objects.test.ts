import { join } from "node:path";
import { createEfficientNetLite, loadImage, toInput } from "@attend/cnn-encoder";
import { cacheClasses } from "@attend/cnn-encoder/features";
import { assignWeights, readWeights } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { Words } from "@attend/text";
import { parseTrainingConfig, train } from "@attend/training";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Captioner } from "../src/captioner.ts";
import { captionerConfigSchema } from "../src/config.ts";
import { type CaptioningModel, captioners } from "../src/model.ts";
import { chooseObjects, learnObjectWords, withObjects } from "../src/objects.ts";
import { endToEndTask } from "../src/tasks/cross-entropy.ts";
import { captionerTrainingSchema } from "../src/training-config.ts";
import { createFixture } from "./fixture.ts";

useEngine();

/** Some of ImageNet's classes. */
const [yorkshireTerrier, goldenRetriever, siamese, timberWolf, espresso] = [
  187, 207, 284, 269, 967,
];
const objects = { dog: [yorkshireTerrier, goldenRetriever], cat: [siamese], wolf: [timberWolf] };
const tokens = new Words("a the sits dog cat wolf".split(" "));
const imageSize = 64;

function createModel(): CaptioningModel {
  const sizes = { embeddingSize: 8, hiddenSize: 8, attentionSize: 8, dropout: 0 };
  const config = captionerConfigSchema.parse({
    encoder: { imageSize },
    decoder: sizes,
    objects,
    decoding: { beamWidth: 2, maxLength: 5 },
  });
  const model = captioners.create(config, tokens, createRandom(3));
  const encoder = createEfficientNetLite({ variant: 0, classifier: true }, createRandom(4));
  assignWeights(model.network.encoder, readWeights(encoder), "random weights");
  encoder.dispose();
  return model;
}

describe("names of the encoder's classes", () => {
  test("are the most specific words that people use", async () => {
    const counts = { dog: 7205, terrier: 26, retriever: 400, cat: 800, coffee: 200 };
    const chosen = await chooseObjects(new Map(Object.entries(counts)), 5);
    expect(chosen["dog"]).toContain(yorkshireTerrier); // "terrier" is rare
    expect(chosen["retriever"]).toContain(goldenRetriever);
    expect(chosen["cat"]).toContain(siamese);
    expect(chosen["coffee"]).toContain(espresso);
    // Nobody says wolf: the class keeps its own name.
    expect(chosen["wolf"]).toContain(timberWolf);
    const classes = Object.values(chosen).flat();
    expect(new Set(classes).size).toBe(classes.length);
    expect(classes.length).toBeGreaterThan(900);
  });

  test("are the last words of the vocabulary, each once", async () => {
    const texts = Array<string>(5).fill("a dog and a cat sit");
    const { words, objects: chosen } = await learnObjectWords(texts, 5);
    const names = Object.keys(chosen);
    const all = Array.from({ length: words.size }, (_, id) => words.token(id));
    expect(all.slice(-names.length)).toEqual(names);
    expect(all.slice(4, -names.length).toSorted()).toEqual(["a", "and", "sit"]);
  });

  test("that are not the vocabulary's last words are an error", () => {
    const { config } = createModel();
    const other = new Words("a dog the sits cat wolf".split(" "));
    expect(() => captioners.create(config, other)).toThrow(
      'the "objects" of this captioner are not the last words of its vocabulary',
    );
  });
});

describe("a captioner with object words", { timeout: 600_000 }, () => {
  let model: CaptioningModel;
  let fixture: Awaited<ReturnType<typeof createFixture>>;
  beforeAll(async () => {
    model = createModel();
    fixture = await createFixture();
  });
  afterAll(() => model.network.dispose());

  test("a word is as likely as all its classes together", () => {
    const { encoder } = model.network;
    const images = tf.randomUniform<tf.Rank.R4>([2, imageSize, imageSize, 3], -1, 1, "float32", 1);
    const encoding = encoder.encode(images);
    const classes = tf.softmax(encoder.classify(images)).arraySync() as number[][];
    const expected = classes.map((each) =>
      Object.values(objects).map((indices) =>
        Math.log(1e-5 + indices.reduce((sum, index) => sum + (each[index] ?? 0), 0)),
      ),
    );
    const found = withObjects(encoding, encoder, objects).objects;
    expectClose(found ?? tf.zeros([1]), expected, 1e-3);
    expect(withObjects(encoding, encoder, undefined)).not.toHaveProperty("objects");
  });

  test("captions photos the same after it is saved and loaded, and leaves no tensor behind", async () => {
    const folder = join(temporaryDirectory(), "model");
    await captioners.save(model, folder);
    await expectNoLeak(async () => {
      const captioner = new Captioner(await captioners.load(folder));
      const results = [];
      for (const photo of fixture.photos) results.push(await captioner.caption(photo));
      for await (const { result } of captioner.captionAll(fixture.photos)) {
        expect(result?.caption).toBe(results.shift()?.caption);
      }
      captioner.close();
    });
  });

  test("end-to-end training keeps the classes that the encoder knew", async () => {
    const files = fixture.photos;
    const folder = join(temporaryDirectory(), "classes");
    const examples = files.map((file) => ({ file, captions: [tokens.encode("a dog sits")] }));
    const images = toInput(
      await Promise.all(files.map(async (file) => (await loadImage(file, { size: 64 })).pixels)),
      imageSize,
    );
    /** How far the encoder's classes are from those of before, after a training. */
    async function drift(classWeight: number): Promise<number> {
      const { network, ...rest } = createModel();
      const classes = await cacheClasses(network.encoder, imageSize, files, folder);
      const stage = endToEndStage({ classWeight });
      const task = endToEndTask({ ...rest, network }, examples, stage, 20, classes.read);
      const kept: (number | undefined)[] = [];
      const optimizer = { name: "adam", learningRate: 1e-3 } as const;
      const given = { maxSteps: 12, logEvery: 1, tensorboard: false, optimizer };
      const training = parseTrainingConfig(given, "test");
      await train(network, task, training, {
        out: temporaryDirectory(),
        onEvent: (event) => void (event.type === "step" && kept.push(event.metrics["classes"])),
      });
      expect(kept).toHaveLength(12);
      // What is cached are the classes of before.
      const again = await cacheClasses(network.encoder, imageSize, files, folder);
      const before = await classes.read([0, 1, 2]);
      expectClose(await again.read([0, 1, 2]), before, 0);
      await Promise.all([classes.close(), again.close()]);
      const moved = tf.tidy(() => {
        const logits = network.encoder.classify(images);
        return tf.sum(tf.abs(tf.sub(tf.softmax(logits), tf.softmax(before)))).dataSync()[0];
      });
      network.dispose();
      return moved ?? Number.NaN;
    }
    const [kept, lost] = [await drift(20), await drift(0)];
    expect(kept).toBeLessThan(0.5 * lost);
  });
});

function endToEndStage(fields: Record<string, unknown>) {
  const plain = { flip: 0, minArea: 1, aspect: 1, brightness: 0, contrast: 0, saturation: 0 };
  const { stages } = captionerTrainingSchema.parse({
    model: { encoder: {}, decoder: {}, decoding: {} },
    vocabulary: {},
    stages: [
      {
        name: "end-to-end",
        photosPerBatch: 3,
        trainableFrom: 15,
        augmentation: plain,
        training: { maxSteps: 1, optimizer: { name: "adam", learningRate: 1e-2 } },
        ...fields,
      },
    ],
  });
  const [stage] = stages;
  if (stage?.name !== "end-to-end") throw new TypeError("an end-to-end stage");
  return stage;
}
