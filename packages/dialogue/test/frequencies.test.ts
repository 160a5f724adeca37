import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { createDialogue, dialoguePreset, expectFrequencies } from "../src/index.ts";

useEngine();

const end = 0;
const conversations = [
  [[3, 3, 3], [1, 1, 2], [1]],
  [[3], [2]],
];
// Of 1, 1, 2, end, 1, end, 2, end, each counted once more.
const expected = [4, 4, 3, 1].map((count) => Math.log(count / 12));

test.each(["all", "none"] as const)(
  "a new network expects what is said in reply as often as it is said: embeddings tied %s",
  async (tiedEmbeddings) => {
    const sizes = { embeddingSize: 4, hiddenSize: 4, tiedEmbeddings };
    const network = createDialogue({
      network: { ...dialoguePreset, ...sizes },
      vocabularySize: 4,
      end,
    });
    await expectNoLeak(async () => expectFrequencies(network, conversations));
    // Its other weights are zero.
    const logits = tf.tidy(() => network.project(tf.zeros<tf.Rank.R2>([1, 4])));
    expectClose(logits.dataSync(), expected, 1e-5);
    tf.dispose(logits);
    network.dispose();
  },
);
