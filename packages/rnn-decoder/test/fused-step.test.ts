import { beamSearch } from "@attend/decoding";
import { createRandom, fusedDecoderStep, hasInferenceKernels, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { type AttentionDecoder, createAttentionDecoder } from "../src/index.ts";
import { forwardWithAttention, makeEncoding, rowOf, special, variants } from "./support/models.ts";

useEngine();

// Large enough for copies of all weights.
const sizes = {
  vocabularySize: 40,
  memorySize: 6,
  embeddingSize: 128,
  hiddenSize: 256,
  attentionSize: 256,
};
const words = Array.from({ length: 25 }, (_, i) => (7 * i) % 40);

/** The third product of a decoder's weights copies them. */
function copyWeights(decoder: AttentionDecoder, objectWords = 0): void {
  tf.tidy(() => {
    const encoding = makeEncoding(1, 1, objectWords);
    for (let i = 0; i < 3; i++) {
      decoder.step(tf.tensor1d([special.start], "int32"), decoder.start(encoding));
    }
  });
}

const after = variants
  .filter(({ placement }) => placement === "after")
  .flatMap((variant) => [0, 5].map((objectWords) => ({ ...variant, objectWords })));
const name = "$score, language $languageLayer, gate $gate, $objectWords object words";
describe.each(after)(name, (variant) => {
  test("a step in one operation equals teacher forcing, also of rows that share an image", () => {
    const decoder = createAttentionDecoder({ ...sizes, ...variant }, createRandom(1));
    copyWeights(decoder, variant.objectWords);
    tf.tidy(() => {
      const start = decoder.start(makeEncoding(2, 1, variant.objectWords));
      let state = decoder.reorder(start, tf.tensor1d([0, 1, 1, 0, 1], "int32"));
      const inputs = tf.tensor2d(words, [5, 5], "int32");
      const expected = forwardWithAttention(decoder, inputs, state);
      tf.unstack(inputs, 1).forEach((column, t) => {
        const at = (all: tf.Tensor3D) => tf.squeeze(tf.slice(all, [0, t, 0], [-1, 1, -1]), [1]);
        const tokens = column as tf.Tensor1D;
        const fused = fusedDecoderStep(tokens, state, decoder);
        expect(fused !== undefined).toBe(hasInferenceKernels());
        const stepped = decoder.step(tokens, state);
        expectClose(stepped.logits, at(expected.logits));
        expectClose(stepped.attention, at(expected.attention));
        state = stepped.state;
      });
    });
    decoder.dispose();
  });
});

test("a search in such steps finds what a search of more rows finds without them, and leaks nothing", async () => {
  const decoder = createAttentionDecoder({ ...sizes, languageLayer: true }, createRandom(1));
  const encoding = makeEncoding(4);
  const options = { beamWidth: 3, maxLength: 8, lengthPenalty: 0.7 };
  const batch = beamSearch(decoder, encoding, special, options);
  copyWeights(decoder);
  await expectNoLeak(() => {
    batch.forEach((expected, row) => {
      const image = rowOf(encoding, row);
      const [single = []] = beamSearch(decoder, image, special, options);
      expect(single.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
      expectClose(
        single.map(({ score }) => score),
        expected.map(({ score }) => score),
        1e-4,
      );
      tf.dispose(image);
    });
  });
  decoder.dispose();
});

test("a word that is not in the vocabulary is refused", () => {
  if (!hasInferenceKernels()) return;
  const decoder = createAttentionDecoder(sizes, createRandom(1));
  copyWeights(decoder);
  tf.tidy(() => {
    const state = decoder.start(makeEncoding(1));
    expect(() => decoder.step(tf.tensor1d([40], "int32"), state)).toThrow("token 40 of 40");
  });
  decoder.dispose();
});
