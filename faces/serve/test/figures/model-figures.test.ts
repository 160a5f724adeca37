import { languageModels } from "@attend/language-model";
import { tf } from "@attend/runtime";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { loadTranslator } from "@attend/translator";
import { expect, test } from "vitest";
import { attentionOrNone } from "../../src/figures/attention-or-none.ts";
import { beamTree } from "../../src/figures/beam-search.ts";
import { lstmGates } from "../../src/figures/lstm-gates.ts";
import { transformerHeads } from "../../src/figures/transformer-heads.ts";
import { figureSchemas } from "../../src/schemas/figures.ts";

useEngine();

const languages = { from: "en", to: "de" };
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test("the gates of an LSTM make its states", async () => {
  const text = "ROMEO:\nAy me!";
  const data = await lstmGates({ text, layer: 2, units: 5 });
  expect(figureSchemas["lstm-gates"].data.parse(data)).toEqual(data);
  expect(data.characters.join("")).toBe(text);
  expect(data.units).toHaveLength(5);
  for (const { input, forget, output, candidate, cell, hidden } of data.units) {
    for (const [t, c] of cell.entries()) {
      const kept = (forget[t] ?? 0) * (t === 0 ? 0 : (cell[t - 1] ?? 0));
      expect(c).toBeCloseTo(kept + (input[t] ?? 0) * (candidate[t] ?? 0), 4);
      expect(hidden[t]).toBeCloseTo((output[t] ?? 0) * Math.tanh(c), 4);
    }
  }
});

test("the predictions beside the gates are the model's own", async () => {
  const text = "To be, or not";
  const { predictions } = await lstmGates({ text, layer: 1, units: 1 });
  const { network, tokens } = await languageModels.load();
  const start = network.start(1);
  let state = start;
  for (const [t, id] of tokens.encode(text).entries()) {
    const next = network.step(tf.tensor1d([id], "int32"), state);
    state = next.state;
    const [best] = tf.tidy(() => tf.argMax(next.logits, 1).dataSync());
    expect(predictions[t]?.[0]?.character).toBe(tokens.token(best ?? -1));
  }
  network.dispose();
});

test("a text that the language model cannot read is refused, and nothing is left", async () => {
  const { input } = figureSchemas["lstm-gates"];
  expect(input.safeParse({ text: "" }).success).toBe(false);
  expect(input.safeParse({ text: "x".repeat(301) }).success).toBe(false);
  await expectNoLeak(async () => {
    await expect(lstmGates({ text: "naïve", layer: 1, units: 1 })).rejects.toThrow(
      'the text has "ï", which the model never saw in training; leave it out',
    );
    await lstmGates({ text: "a", layer: 1, units: 1 });
  });
});

test("the heads of a translator: each looks somewhere, and their mean is its alignment", async () => {
  const text = "Two dogs play.";
  const data = await transformerHeads({ text, ...languages });
  expect(figureSchemas["transformer-heads"].data.parse(data)).toEqual(data);
  const [sources, targets] = [data.source.length, data.target.length];
  for (const [layers, queries] of [
    [data.encoder, sources],
    [data.cross, targets],
  ] as const) {
    expect(layers).toHaveLength(4);
    for (const head of layers.flat()) {
      expect(head).toHaveLength(queries);
      for (const row of head) {
        expect(row).toHaveLength(sources);
        expect(sum(row)).toBeCloseTo(1, 4);
      }
    }
  }
  const translator = await loadTranslator(languages);
  const { alignments = [], ...expected } = await translator.translate(text, { attention: true });
  translator.close();
  expect(data.translation).toBe(expected.text);
  const penultimate = data.cross[2] ?? [];
  for (const [t, row] of (alignments[0]?.weights ?? []).entries()) {
    for (const [position, weight] of row.entries()) {
      const mean = sum(penultimate.map((head) => head[t]?.[position] ?? 0)) / penultimate.length;
      expect(mean).toBeCloseTo(weight, 4);
    }
  }
});

test("the tree of a beam search has what the translator finds", async () => {
  const text = "A man rides a horse.";
  for (const beamWidth of [1, 3]) {
    const { nodes, hypotheses } = await beamTree({
      text,
      ...languages,
      beamWidth,
    });
    const translator = await loadTranslator(languages);
    const expected = await translator.translate(text, { beamWidth, nBest: beamWidth });
    translator.close();
    expect(hypotheses.map((each) => each.text)).toEqual(
      expected.alternatives.map((each) => each.text),
    );
    for (const [i, { node, logProbability, score }] of hypotheses.entries()) {
      expect(score).toBeCloseTo(expected.alternatives[i]?.score ?? 0, 5);
      // The path from the root: its tokens, and the sum of its log-probabilities.
      const path = [];
      for (let at = nodes[node]; at?.parent !== null && at !== undefined; at = nodes[at.parent])
        path.unshift(at);
      expect(path.map(({ token }) => token)).toEqual([
        ...(expected.alternatives[i]?.tokens ?? []),
        "<end>",
      ]);
      expect(sum(path.map(({ probability }) => Math.log(probability)))).toBeCloseTo(
        logProbability,
        3,
      );
      expect(nodes[node]?.logProbability).toBeCloseTo(logProbability, 3);
      expect(nodes[node]?.fate).toBe("ended");
    }
    // At no step does it follow more paths than it is wide.
    const steps = Math.max(...nodes.map(({ step }) => step));
    for (let step = 1; step <= steps; step++) {
      const followed = nodes.filter((each) => each.step === step && each.fate === "followed");
      expect(followed.length).toBeLessThanOrEqual(beamWidth);
    }
    for (const [index, { parent }] of nodes.entries()) {
      if (parent !== null) expect(parent).toBeLessThan(index);
      if (parent !== null) expect(nodes[parent]?.fate).toBe("followed");
    }
  }
});

test("attention is of a translator, and of a network that learned to copy", async () => {
  const progress: number[] = [];
  const data = await attentionOrNone(
    { text: "Two dogs play.", ...languages, updates: 2, seed: 1 },
    { onProgress: (done, total) => progress.push(done / total) },
  );
  expect(figureSchemas["attention-or-none"].data.parse(data)).toEqual(data);
  const { alignment, copying } = data;
  for (const each of [alignment, copying.alignment]) {
    expect(each.weights.length).toBeGreaterThan(0);
    for (const row of each.weights) {
      expect(row).toHaveLength(each.source.length);
      expect(sum(row)).toBeCloseTo(1, 4);
    }
  }
  expect(copying.attention).toHaveLength(copying.lengths.length);
  expect(copying.losses.none).toHaveLength(2);
  expect(copying.losses.none).not.toEqual(copying.losses.attention);
  expect(progress).toEqual([0.25, 0.5, 0.75, 1]);
});

test("a sentence that is too long, and languages without a model are refused; nothing is left", async () => {
  await expectNoLeak(async () => {
    for (const name of ["beam-search", "transformer-heads"] as const) {
      const { input } = figureSchemas[name];
      const figure = { "beam-search": beamTree, "transformer-heads": transformerHeads }[name];
      expect(input.safeParse({ text: "  " }).success).toBe(false);
      expect(input.safeParse({ text: "x".repeat(401) }).success).toBe(false);
      const compute = (text: string, to: string) => figure({ text, from: "en", to, beamWidth: 2 });
      await expect(compute("zq ".repeat(80), "de")).rejects.toThrow(
        /^the sentence has \d+ tokens, more than 60; give a shorter one$/,
      );
      await expect(compute("A dog.", "tlh")).rejects.toThrow(
        expect.objectContaining({ code: "BAD_ARGUMENT" }),
      );
    }
  });
});
