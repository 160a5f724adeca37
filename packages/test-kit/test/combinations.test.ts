import { expect, test } from "vitest";
import { allConfigs, pairwiseConfigs } from "../src/index.ts";

const options = {
  size: [4],
  "encoder.cell": ["rnn", "lstm", "gru"],
  "encoder.layers": [1, 2],
  "decoder.cell": ["rnn", "lstm", "gru"],
  tied: [true, false],
};

interface Config {
  readonly tied: boolean;
  readonly encoder: { readonly cell: string; readonly layers: number };
}

// Rejects tied weights of an RNN.
const parse = (config: object) => {
  const { tied, encoder } = config as Config;
  return tied && encoder.cell === "rnn" ? undefined : (config as Config);
};

test("returns all allowed combinations, nested by their paths", () => {
  const configs = allConfigs(options, parse);
  expect(configs).toHaveLength(36 - 6);
  expect(configs[0]).toEqual({
    size: 4,
    encoder: { cell: "rnn", layers: 1 },
    decoder: { cell: "rnn" },
    tied: false,
  });
});

test("a pairwise selection covers every allowed pair with far fewer configs", () => {
  const pairsOf = (configs: readonly Config[]) =>
    new Set(
      configs.flatMap(({ tied, encoder, ...rest }) => {
        const values = Object.entries({ ...rest, tied, ...encoder }).map((each) =>
          JSON.stringify(each),
        );
        return values.flatMap((value, i) => values.slice(0, i).map((other) => value + other));
      }),
    );
  const pairwise = pairwiseConfigs(options, parse);
  expect(pairsOf(pairwise)).toEqual(pairsOf(allConfigs(options, parse)));
  expect(pairwise.length).toBeLessThan(20);
  expect(pairwiseConfigs(options, parse)).toEqual(pairwise);
});
