import { createRandom } from "@attend/runtime/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Choice, dot, fitChoices, labeled, logistic } from "../src/fit-choices.ts";

describe("fitChoices", () => {
  it("finds the weights that choices were made with", () => {
    const random = createRandom(1);
    const weights = [2, -1, 0.5];
    const choices = Array.from({ length: 4000 }, (): Choice => {
      const options = Array.from({ length: 4 }, () => weights.map(() => random.normal()));
      const shares = options.map((features) => Math.exp(dot(features, weights)));
      let left = random.uniform() * shares.reduce((sum, share) => sum + share, 0);
      const right = shares.findIndex((share) => {
        left -= share;
        return left < 0;
      });
      return { options, right };
    });
    const found = fitChoices(choices, [0, 0, 0], 1e-6);
    for (const [i, weight] of weights.entries()) expect(found[i]).toBeCloseTo(weight, 0.5);
  });

  it("is logistic regression for labels: the share of a label without features is its probability", () => {
    const labels = [true, true, true, false];
    const weights = fitChoices(
      labels.map((label) => labeled([1], label)),
      [0],
      1e-9,
    );
    expect(logistic([1], weights)).toBeCloseTo(0.75, 6);
  });

  it("adds offsets, which are not fitted", () => {
    const choices = [true, true, true, false].map((label) => labeled([1], label, 2));
    const [weight = 0] = fitChoices(choices, [0], 1e-9);
    expect(logistic([1], [weight + 2])).toBeCloseTo(0.75, 6);
  });

  it("stays at the prior without choices, and near it with a strong one", () => {
    expect(fitChoices([], [1, 2], 1)).toEqual([1, 2]);
    const [weight = 0] = fitChoices([labeled([1], false)], [3], 1e6);
    expect(weight).toBeCloseTo(3, 4);
  });

  it("never makes the choices less likely than the prior does", () => {
    const features = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
      minLength: 2,
      maxLength: 2,
    });
    const choice = fc
      .array(features, { minLength: 1, maxLength: 5 })
      .chain((options) => fc.nat(options.length - 1).map((right) => ({ options, right })));
    const likelihood = (choices: readonly Choice[], weights: readonly number[]) =>
      choices.reduce((sum, { options, right }) => {
        const scores = options.map((option) => dot(option, weights));
        const total = Math.log(scores.reduce((all, score) => all + Math.exp(score), 0));
        return sum + (scores[right] ?? 0) - total;
      }, 0);
    fc.assert(
      fc.property(fc.array(choice), features, (choices, prior) => {
        const fitted = fitChoices(choices, prior, 0.1);
        expect(likelihood(choices, fitted)).toBeGreaterThanOrEqual(
          likelihood(choices, prior) - 1e-6,
        );
      }),
    );
  });
});
