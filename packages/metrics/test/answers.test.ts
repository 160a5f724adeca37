import { AttendError } from "@attend/runtime/errors";
import { loadGolden } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accuracy,
  type ConsensusReference,
  normalizeAnswer,
  scoresByType,
  setAccuracy,
  type TypeScore,
  vqaAccuracy,
} from "../src/index.ts";

const golden = loadGolden<{
  normalized: [answer: string, normalized: string][];
  questions: (ConsensusReference & { answer: string })[];
  perQuestion: number[];
  score: number;
  byAnswerType: Record<string, TypeScore>;
  byQuestionType: Record<string, TypeScore>;
  sets: [hypothesis: string, reference: string, score: number][];
}>(new URL("./golden/vqa.golden.json", import.meta.url));

const answer = fc.oneof(
  fc.constantFrom("yes", "no", "two", "2", "the dog", "dogs", "dont", "red, white"),
  fc.string({ unit: "grapheme" }),
);
const people = fc.array(answer, { minLength: 2, maxLength: 12 });

describe("normalizeAnswer", () => {
  it("equals the official VQA evaluation", () => {
    for (const [given, normalized] of golden.normalized) {
      expect(normalizeAnswer(given), JSON.stringify(given)).toBe(normalized);
    }
  });

  it("puts single spaces between words, and none around them", () => {
    fc.assert(
      fc.property(answer, (text) => {
        expect(normalizeAnswer(text)).not.toMatch(/^ | $| {2}/);
      }),
    );
  });
});

describe("vqaAccuracy", () => {
  it("equals the official VQA evaluation", () => {
    const scores = vqaAccuracy(
      golden.questions.map((question) => question.answer),
      golden.questions,
    );
    expect(scores.score).toBeCloseTo(golden.score, 12);
    for (const [question, score] of scores.perQuestion.entries()) {
      const label = JSON.stringify(golden.questions[question]);
      expect(score, label).toBeCloseTo(golden.perQuestion[question]!, 12);
    }
    for (const types of ["byAnswerType", "byQuestionType"] as const) {
      expect(Object.keys(scores[types]).sort()).toEqual(Object.keys(golden[types]).sort());
      for (const [type, { score, questions }] of Object.entries(golden[types])) {
        expect(scores[types][type]?.questions).toBe(questions);
        expect(scores[types][type]?.score).toBeCloseTo(score, 12);
      }
    }
  });

  it("normalizes only if people disagree", () => {
    expect(vqaAccuracy(["Two"], [{ answers: ["2", "2", "2", "2"] }]).score).toBe(0);
    expect(vqaAccuracy(["Two"], [{ answers: ["2", "2", "2", "2", "3"] }]).score).toBe(1);
  });

  it("is the mean over the subsets that leave out one person", () => {
    fc.assert(
      fc.property(answer, people, (hypothesis, answers) => {
        const differing = [...answers, "nobody else says this"];
        const given = differing.map(normalizeAnswer);
        const subsets = given.map((_, left) => given.filter((_, other) => other !== left));
        const expected = subsets.map((subset) => {
          const agree = subset.filter((each) => each === normalizeAnswer(hypothesis)).length;
          return Math.min(agree / 3, 1);
        });
        const mean = expected.reduce((sum, each) => sum + each) / expected.length;
        expect(vqaAccuracy([hypothesis], [{ answers: differing }]).score).toBeCloseTo(mean, 12);
      }),
    );
  });

  it("does not depend on the order of people", () => {
    fc.assert(
      fc.property(answer, people, (hypothesis, answers) => {
        const reversed = vqaAccuracy([hypothesis], [{ answers: answers.toReversed() }]);
        expect(vqaAccuracy([hypothesis], [{ answers }])).toEqual(reversed);
      }),
    );
  });

  it("leaves questions without a type out of the accuracies by type", () => {
    const answers = ["yes", "yes", "yes", "yes"];
    const scores = vqaAccuracy(
      ["yes", "no", "yes"],
      [{ answers, answerType: "yes/no" }, { answers, answerType: "yes/no" }, { answers }],
    );
    expect(scores.score).toBeCloseTo(2 / 3, 12);
    expect(scores.byAnswerType).toEqual({ "yes/no": { score: 0.5, questions: 2 } });
    expect(scores.byQuestionType).toEqual({});
  });

  it("rejects a question that fewer than two people answered", () => {
    const answers = ["yes", "no"];
    expect(() => vqaAccuracy(["yes", "no"], [{ answers }, { answers: ["no"] }])).toThrow(
      /question 1 .* has 1 answers; .* use accuracy/,
    );
    expect(() => vqaAccuracy(["yes"], [{ answers: [] }])).toThrow(AttendError);
  });
});

describe("scoresByType", () => {
  it("averages the scores of each type", () => {
    expect(scoresByType([1, 0.5, 0, 1], ["color", "number", "color", undefined])).toEqual({
      color: { score: 0.5, questions: 2 },
      number: { score: 0.5, questions: 1 },
    });
  });

  it("rejects different numbers of scores and types", () => {
    expect(() => scoresByType([1, 0], ["color"])).toThrow(/2 scores and 1 types/);
  });
});

describe("accuracy", () => {
  it("compares normalized answers", () => {
    expect(accuracy(["Two", "the dog.", "cat"], ["2", "dog", "dog"])).toEqual({
      score: 2 / 3,
      perQuestion: [1, 1, 0],
    });
  });

  it("is 1 for the references themselves", () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1 }), (answers) => {
        expect(accuracy(answers, answers).score).toBe(1);
      }),
    );
  });
});

describe("setAccuracy", () => {
  it("equals the equation of Malinowski & Fritz", () => {
    for (const [hypothesis, reference, score] of golden.sets) {
      expect(setAccuracy([hypothesis], [reference]).score, `${hypothesis} | ${reference}`).toBe(
        score,
      );
    }
  });

  it("is symmetric, and depends neither on order nor on spaces", () => {
    const list = fc.array(fc.constantFrom("book", "chair", "table"), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const { score } = setAccuracy([a.join(",")], [b.join(", ")]);
        expect(setAccuracy([b.join(",")], [a.toReversed().join(" , ")]).score).toBe(score);
        const isSame = a.every((item) => b.includes(item)) && b.every((item) => a.includes(item));
        expect(score).toBe(isSame ? 1 : 0);
      }),
    );
  });
});

describe.each([
  ["accuracy", accuracy],
  ["setAccuracy", setAccuracy],
] as const)("%s rejects", (_, score) => {
  it("no questions", () => {
    expect(() => score([], [])).toThrow(AttendError);
  });

  it("different numbers of hypotheses and references", () => {
    expect(() => score(["a", "b"], ["a"])).toThrow(/2 hypotheses and 1 references/);
  });
});
