import { assignWeights, readWeights } from "@attend/nn";
import { AttendError, loadEngine, memoryInfo } from "@attend/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMatcherNetwork, FaqMatcher, repeatedQuestions } from "../src/index.ts";
import { trainMatcher } from "../src/training.ts";
import { hashedVectors } from "./hashed-vectors.ts";

const pairs = [
  { questions: ["How do I book a table?"], answer: "Call us on weekdays." },
  { questions: ["What does a ticket cost?", "How much is a ticket?"], answer: "It is 10 euros." },
  { questions: ["What does a ticket for children cost?"], answer: "Below 12, 5 euros." },
  { questions: ["Where can I park my car?"], answer: "Behind the house." },
  { questions: ["How do I get from Rome to Oslo?"], answer: "By plane." },
  { questions: ["Are dogs allowed?"], answer: "Yes, on a leash." },
];

describe("FaqMatcher", () => {
  let matcher: FaqMatcher;
  beforeAll(async () => {
    await loadEngine();
    matcher = await trainMatcher(pairs, hashedVectors, { seed: 1 });
  });
  afterAll(() => matcher.dispose());

  const best = async (question: string, context: string[] = []) =>
    (await matcher.find(question, { context })).matches[0]?.pair;

  it("finds the pairs of their own and of other words", async () => {
    for (const [pair, { questions }] of pairs.entries()) {
      for (const question of questions) expect(await best(question)).toBe(pair);
    }
    expect(await best("parking a car where")).toBe(3);
    expect(await best("are dogs alowed")).toBe(5);
  });

  it("is less sure of the opposite", async () => {
    const confidence = async (question: string) => (await matcher.find(question)).confidence;
    const booked = await confidence("How do I book a table?");
    expect(await confidence("I don't want to book a table")).toBeLessThan(booked / 2);
    const asked = await confidence("How do I get from Rome to Oslo?");
    expect(await confidence("How do I get from Oslo to Rome?")).toBeLessThan(asked / 2);
  });

  it("understands a follow-up from the question before", async () => {
    expect(await best("and for children?", ["What does a ticket cost?"])).toBe(2);
    expect(await best("Are dogs allowed?", ["What does a ticket cost?"])).toBe(5);
  });

  it("answers both parts of a question", async () => {
    const loose = new FaqMatcher(
      { pairs, network: matcher.network, config: { ...matcher.config, threshold: 0.1 } },
      hashedVectors,
    );
    const parts = await loose.findAll("Where can I park my car, and are dogs allowed?");
    expect(parts.map(({ part }) => part)).toEqual(["Where can I park my car", "are dogs allowed?"]);
    expect(parts.map(({ found }) => found.matches[0]?.pair)).toEqual([3, 5]);
    expect(await loose.findAll("Are dogs allowed?")).toHaveLength(1);
  });

  it("knows nothing of a question without words", async () => {
    for (const question of ["", " \n", "\u0000\u001b", "?!"]) {
      expect(await matcher.find(question)).toEqual({
        confidence: 0,
        confident: false,
        matches: [],
      });
    }
  });

  it("ignores control characters, and reads the start of 10,000 characters", async () => {
    expect(await matcher.find("Are\u0000 dogs\r\n allowed?\u001b")).toEqual(
      await matcher.find("Are dogs allowed?"),
    );
    const { confidence } = await matcher.find("dogs ".repeat(2000));
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThan(1);
  });

  it("says the same after its weights were stored, and frees its memory", async () => {
    const before = memoryInfo().numTensors;
    const network = createMatcherNetwork(matcher.config, pairs);
    assignWeights(network, readWeights(matcher.network), "a copy");
    const loaded = new FaqMatcher({ config: matcher.config, pairs, network }, hashedVectors);
    for (const question of ["Is parking free?", "How much is it for children?"]) {
      expect(await loaded.find(question)).toEqual(await matcher.find(question));
    }
    loaded.dispose();
    expect(memoryInfo().numTensors).toBe(before);
  });

  it("is only loaded with its own vectors", () => {
    const other = { ...hashedVectors, name: "other" };
    const create = () => new FaqMatcher(matcher, other);
    expect(create).toThrow(/trained with the sentence vectors hashed \(64 elements\), not other/);
  });
});

describe("trainMatcher", () => {
  it("gives the same for the same seed", async () => {
    const [a, b] = [1, 1].map((seed) => trainMatcher(pairs, hashedVectors, { seed }));
    const [first, second] = [await a, await b];
    expect(first?.config).toEqual(second?.config);
    first?.dispose();
    second?.dispose();
  });

  it("is never confident of more than 5 % of questions from elsewhere", async () => {
    const elsewhere = Array.from({ length: 40 }, (_, i) => `Can I park a ticket ${i}?`);
    const matcher = await trainMatcher(pairs, hashedVectors, { seed: 1, elsewhere });
    const found = await Promise.all(elsewhere.map((question) => matcher.find(question)));
    expect(found.filter(({ confident }) => confident).length).toBeLessThanOrEqual(2);
    matcher.dispose();
  });

  it("refuses no pairs, and empty texts, by their index", async () => {
    const failure = async (given: { questions: string[]; answer: string }[]) => {
      try {
        await trainMatcher(given, hashedVectors, { seed: 1 });
      } catch (thrown) {
        return AttendError.isInstance(thrown) ? `${thrown.code} ${thrown.message}` : thrown;
      }
    };
    expect(await failure([])).toMatch(/^BAD_DATA no questions with answers/);
    expect(await failure([{ questions: ["a"], answer: " \u0000" }])).toMatch(/^BAD_DATA pair 0 /);
    expect(await failure([{ questions: [], answer: "a" }])).toMatch(/^BAD_DATA pair 0 /);
  });

  it("works with one pair", async () => {
    const matcher = await trainMatcher(pairs.slice(0, 1), hashedVectors, { seed: 1 });
    expect((await matcher.find("book a table")).matches[0]?.pair).toBe(0);
    matcher.dispose();
  });

  it("stops when its signal is aborted", async () => {
    const training = trainMatcher(pairs, hashedVectors, { seed: 1, signal: AbortSignal.abort() });
    await expect(training).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});

describe("repeatedQuestions", () => {
  it("finds duplicates and conflicts with their indexes", () => {
    const found = repeatedQuestions([
      { questions: ["How much?", "What price?"], answer: "5" },
      { questions: ["how much"], answer: "5" },
      { questions: ["What  price?"], answer: "6" },
      { questions: ["Where?"], answer: "Here" },
    ]);
    expect(found).toEqual([
      { question: "How much?", pairs: [0, 1], conflicting: false },
      { question: "What price?", pairs: [0, 2], conflicting: true },
    ]);
    expect(repeatedQuestions([])).toEqual([]);
  });
});
