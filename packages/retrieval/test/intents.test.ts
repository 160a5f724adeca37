import { assignWeights, readWeights } from "@attend/nn";
import { AttendError, loadEngine, memoryInfo } from "@attend/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIntentNetwork, IntentClassifier, outOfScope } from "../src/index.ts";
import { type IntentExample, trainIntents } from "../src/training.ts";
import { hashedVectors } from "./hashed-vectors.ts";

const things = ["table", "room", "car", "boat", "seat", "tent", "bike", "desk"];
const examples: IntentExample[] = things.flatMap((thing) => [
  { text: `book a ${thing}`, intent: "book" },
  { text: `what does the ${thing} cost`, intent: "price" },
  { text: `repair my broken ${thing}`, intent: "repair" },
]);
const elsewhere = ["who won the match", "tell me a joke", "is it raining", "how old is the sun"];
const withOthers = [...examples, ...elsewhere.map((text) => ({ text, intent: outOfScope }))];
const options = { seed: 1, hiddenSize: 16 };

describe("IntentClassifier", () => {
  let classifier: IntentClassifier;
  beforeAll(async () => {
    await loadEngine();
    classifier = await trainIntents(withOthers, hashedVectors, {
      ...options,
      validation: withOthers,
    });
  });
  afterAll(() => classifier.dispose());

  it("tells intents, in order", async () => {
    const said = await classifier.classify(["book a sofa", "what does the sofa cost"]);
    expect(said.map(({ alternatives }) => alternatives[0]?.intent)).toEqual(["book", "price"]);
    for (const { confidence, alternatives } of said) {
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThan(1);
      expect(alternatives.map(({ intent }) => intent)).not.toContain(outOfScope);
      const total = alternatives.reduce((sum, { probability }) => sum + probability, 0);
      expect(total).toBeCloseTo(1, 5);
    }
  });

  it("tells what is out of scope", async () => {
    const said = await classifier.classify(elsewhere);
    expect(said.map(({ intent }) => intent)).toEqual(elsewhere.map(() => outOfScope));
    expect(said.every(({ confident }) => !confident)).toBe(true);
  });

  it("does not take a refusal for what it refuses", async () => {
    const [wanted, refused] = await classifier.classify([
      "I want to book a table",
      "I don't want to book a table",
    ]);
    expect(refused?.confidence).toBeLessThan((wanted?.confidence ?? 0) / 2);
  });

  it("knows nothing of texts without words, and takes long ones", async () => {
    const nothing = { intent: outOfScope, confidence: 0, confident: false, alternatives: [] };
    expect(await classifier.classify(["", "\u0000 \u001b"])).toEqual([nothing, nothing]);
    expect(await classifier.classify([])).toEqual([]);
    const [long] = await classifier.classify(["book ".repeat(2000)]);
    expect(long?.alternatives[0]?.intent).toBe("book");
  });

  it("says the same after its weights were stored, and frees its memory", async () => {
    const before = memoryInfo().numTensors;
    const { config, intents } = classifier;
    const network = createIntentNetwork(config, intents);
    assignWeights(network, readWeights(classifier.network), "a copy");
    const loaded = new IntentClassifier({ config, intents, network }, hashedVectors);
    const texts = ["book my car", "what is that"];
    expect(await loaded.classify(texts)).toEqual(await classifier.classify(texts));
    loaded.dispose();
    expect(memoryInfo().numTensors).toBe(before);
  });

  it("is only loaded with its own vectors", () => {
    const create = () => new IntentClassifier(classifier, { ...hashedVectors, dimension: 3 });
    expect(create).toThrow(/hashed \(64 elements\), not hashed \(3\)/);
  });
});

describe("trainIntents", () => {
  it("needs no validation and nothing out of scope, and depends on its arguments alone", async () => {
    const before = memoryInfo().numTensors;
    const [a, b] = [
      await trainIntents(examples, hashedVectors, options),
      await trainIntents(examples, hashedVectors, options),
    ];
    expect(a.config).toEqual(b.config);
    expect(a.config.threshold).toBeGreaterThan(0);
    expect(await a.classify(["book a sofa"])).toEqual(await b.classify(["book a sofa"]));
    a.dispose();
    b.dispose();
    expect(memoryInfo().numTensors).toBe(before);
  });

  it("refuses empty texts by their index, and fewer than two intents", async () => {
    const failure = async (given: readonly IntentExample[]) => {
      try {
        await trainIntents(given, hashedVectors, options);
      } catch (thrown) {
        return AttendError.isInstance(thrown) ? `${thrown.code} ${thrown.message}` : thrown;
      }
    };
    expect(await failure([])).toMatch(/^BAD_DATA there are examples of 0 intents/);
    const one = { text: "book", intent: "book" };
    expect(await failure([one, { text: "sun", intent: outOfScope }])).toMatch(/of 1 intents/);
    expect(await failure([one, { text: "\u0000", intent: "book" }])).toMatch(/example 1 /);
  });

  it("stops when its signal is aborted", async () => {
    const signal = AbortSignal.abort();
    await expect(trainIntents(examples, hashedVectors, { ...options, signal })).rejects.toThrow();
  });
});
