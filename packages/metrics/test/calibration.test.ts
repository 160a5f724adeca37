import { AttendError } from "@attend/runtime/errors";
import { createRandom } from "@attend/runtime/random";
import { loadGolden } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  expectedCalibrationError,
  fitTemperature,
  reliability,
  thresholdForAccuracy,
} from "../src/index.ts";

const golden = loadGolden<{
  calibration: { probabilities: number[]; correct: boolean[]; errors: Record<string, number> }[];
  temperature: { logits: number[][]; labels: number[]; temperature: number }[];
}>(new URL("./golden/calibration.golden.json", import.meta.url));

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const outcomes = fc
  .array(fc.tuple(probability, fc.boolean()), { minLength: 1 })
  .map((answers) => [answers.map(([each]) => each), answers.map(([, right]) => right)] as const);

describe("expectedCalibrationError", () => {
  it("equals torchmetrics", () => {
    for (const { probabilities, correct, errors } of golden.calibration) {
      for (const [bins, error] of Object.entries(errors)) {
        const ours = expectedCalibrationError(probabilities, correct, { bins: Number(bins) });
        expect(ours, `${probabilities.length} answers, ${bins} bins`).toBeCloseTo(error, 7);
      }
    }
  });

  it("accepts scores from 0 to 1 in place of right and wrong", () => {
    expect(expectedCalibrationError([0.65, 0.65], [0.3, 1])).toBeCloseTo(0, 12);
  });

  it("is at least the difference of mean probability and accuracy, and at most 1", () => {
    fc.assert(
      fc.property(outcomes, fc.integer({ min: 1, max: 30 }), ([probabilities, correct], bins) => {
        const error = expectedCalibrationError(probabilities, correct, { bins });
        const whole = expectedCalibrationError(probabilities, correct, { bins: 1 });
        expect(error).toBeGreaterThanOrEqual(whole - 1e-12);
        expect(error).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe("reliability", () => {
  it("puts a probability on an edge into the bin below it, and 0 into the first", () => {
    const diagram = reliability([0, 0.5, 0.51, 1], [false, true, false, true], { bins: 2 });
    expect(diagram).toEqual([
      { from: 0, to: 0.5, answers: 2, confidence: 0.25, accuracy: 0.5 },
      { from: 0.5, to: 1, answers: 2, confidence: 0.755, accuracy: 0.5 },
    ]);
  });

  it("has every answer in a bin around its confidence", () => {
    fc.assert(
      fc.property(outcomes, ([probabilities, correct]) => {
        const diagram = reliability(probabilities, correct);
        const answers = diagram.reduce((sum, bin) => sum + bin.answers, 0);
        expect(answers).toBe(probabilities.length);
        for (const { from, to, confidence } of diagram) {
          expect(confidence).toBeGreaterThanOrEqual(from - 1e-12);
          expect(confidence).toBeLessThanOrEqual(to + 1e-12);
        }
      }),
    );
  });
});

describe("fitTemperature", () => {
  it("equals PyTorch's L-BFGS", () => {
    for (const { logits, labels, temperature } of golden.temperature) {
      expect(fitTemperature(logits, labels)).toBeCloseTo(temperature, 6);
    }
  });

  it("scales with the logits", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 10, noNaN: true }), (factor) => {
        for (const { logits, labels, temperature } of golden.temperature) {
          const scaled = logits.map((row) => Float64Array.from(row, (logit) => factor * logit));
          expect(fitTemperature(scaled, labels) / factor / temperature).toBeCloseTo(1, 6);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("does not increase the loss, even if it starts far away", () => {
    const random = createRandom(3);
    const logits = Array.from({ length: 50 }, () =>
      Array.from({ length: 6 }, () => 100 * (random.uniform() - 0.5)),
    );
    const labels = logits.map((row) =>
      random.uniform() < 0.5 ? row.indexOf(Math.max(...row)) : random.integer(6),
    );
    const temperature = fitTemperature(logits, labels);
    const best = negativeLogLikelihood(logits, labels, temperature);
    for (const other of [0.5, 1, 0.99 * temperature, 1.01 * temperature, 100]) {
      expect(best).toBeLessThanOrEqual(negativeLogLikelihood(logits, labels, other));
    }
  });

  it("ends at 0.01 if all answers are right, at 100 if logits mislead, at 1 if they say nothing", () => {
    expect(
      fitTemperature(
        [
          [2, 1],
          [0, 3],
        ],
        [0, 1],
      ),
    ).toBeCloseTo(0.01, 8);
    expect(
      fitTemperature(
        [
          [2, 1],
          [0, 3],
        ],
        [1, 0],
      ),
    ).toBeCloseTo(100, 6);
    expect(fitTemperature([[2, 2]], [1])).toBe(1);
  });

  it("rejects labels that are no class, logits that are not finite, and missing labels", () => {
    expect(() => fitTemperature([[1, 2]], [2])).toThrow(/label 2 of answer 0 .* 2 classes/);
    expect(() => fitTemperature([[1, 2]], [-1])).toThrow(AttendError);
    expect(() =>
      fitTemperature(
        [
          [1, 2],
          [1, Number.NaN],
        ],
        [0, 0],
      ),
    ).toThrow(/answer 1 .* not finite/);
    expect(() => fitTemperature([[1, 2]], [])).toThrow(/1 answers and 0 labels/);
    expect(() => fitTemperature([], [])).toThrow(AttendError);
  });
});

describe("thresholdForAccuracy", () => {
  const probabilities = [0.9, 0.2, 0.7, 0.7, 0.4];
  const correct = [true, false, true, false, true];

  it("is the lowest at which confident answers are accurate enough", () => {
    const at = (accuracy: number) => thresholdForAccuracy(probabilities, correct, accuracy);
    expect(at(1)).toEqual({ threshold: 0.9, coverage: 0.2, accuracy: 1 });
    expect(at(0.75)).toEqual({ threshold: 0.4, coverage: 0.8, accuracy: 0.75 });
    expect(at(0.6)).toEqual({ threshold: 0.2, coverage: 1, accuracy: 0.6 });
    expect(thresholdForAccuracy([0.9, 0.1], [false, true], 0.8)).toBeUndefined();
  });

  it("describes the answers from the threshold on, and no lower one is accurate enough", () => {
    fc.assert(
      fc.property(outcomes, probability, ([given, right], accuracy) => {
        const accuracyFrom = (threshold: number) => {
          const confident = right.filter((_, i) => given[i]! >= threshold);
          return confident.filter(Boolean).length / confident.length;
        };
        const found = thresholdForAccuracy(given, right, accuracy);
        if (found) {
          expect(found.accuracy).toBe(accuracyFrom(found.threshold));
          expect(found.accuracy).toBeGreaterThanOrEqual(accuracy);
          const confident = given.filter((each) => each >= found.threshold);
          expect(found.coverage).toBe(confident.length / given.length);
        }
        for (const other of given) {
          if (other < (found?.threshold ?? 2)) expect(accuracyFrom(other)).toBeLessThan(accuracy);
        }
      }),
    );
  });

  it("rejects an accuracy that is no fraction", () => {
    expect(() => thresholdForAccuracy(probabilities, correct, 80)).toThrow(/accuracy is 80/);
  });
});

describe.each([
  ["reliability", reliability],
  ["expectedCalibrationError", expectedCalibrationError],
  [
    "thresholdForAccuracy",
    (given: number[], right: (boolean | number)[]) => thresholdForAccuracy(given, right, 0.5),
  ],
] as const)("%s rejects", (_, measure) => {
  it("no answers, and different numbers of probabilities and outcomes", () => {
    expect(() => measure([], [])).toThrow(AttendError);
    expect(() => measure([0.5], [true, true])).toThrow(/1 probabilities and 2 outcomes/);
  });

  it("values that are not from 0 to 1", () => {
    expect(() => measure([0.5, 1.5], [true, true])).toThrow(/answer 1 .* probability 1\.5/);
    expect(() => measure([Number.NaN], [true])).toThrow(AttendError);
    expect(() => measure([0.5], [2])).toThrow(/outcome 2/);
  });
});

it.each([0, -1, 1.5, Number.NaN])("reliability rejects %d bins", (bins) => {
  expect(() => reliability([0.5], [true], { bins })).toThrow(/bins is .* positive integer/);
});

function negativeLogLikelihood(
  logits: readonly number[][],
  labels: readonly number[],
  temperature: number,
): number {
  return logits.reduce((sum, row, answer) => {
    const highest = Math.max(...row);
    const total = row.reduce((all, logit) => all + Math.exp((logit - highest) / temperature), 0);
    return sum + Math.log(total) - (row[labels[answer]!]! - highest) / temperature;
  }, 0);
}
