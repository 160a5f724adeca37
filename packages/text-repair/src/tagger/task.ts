import { crossEntropy } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import { casings } from "../words/casing.ts";
import { marks } from "../words/marks.ts";
import { batchOf, disposeBatch, type WordBatch } from "./batch.ts";
import type { ExampleFile, ExampleWord } from "./examples.ts";
import type { TaggerModel } from "./model.ts";

/** A batch of examples with the classes of each position, `[rows * steps]`. */
interface TaskBatch {
  readonly words: WordBatch;
  readonly marks: Targets;
  readonly casings: Targets;
}

/** The positions with a class, and it, `[positions]` int32. */
type Targets = { readonly positions: tf.Tensor1D; readonly classes: tf.Tensor1D };

/** How much capitals count compared with marks. */
const casingWeight = 0.5;

/** Cross-entropy of both classes of each word. */
export function taggerTask(
  { network, tokens, config }: TaggerModel,
  examples: ExampleFile,
  batchSize: number,
): TrainingTask<number[], TaskBatch> {
  return {
    plan(_epoch, random) {
      const order = random.shuffle(Array.from({ length: examples.length }, (_, i) => i));
      return Array.from({ length: Math.ceil(order.length / batchSize) }, (_, i) =>
        order.slice(i * batchSize, (i + 1) * batchSize),
      );
    },
    async load(plan, random) {
      const rows = await examples.read(plan);
      const isForgotten = (key: string) => forgets(tokens.countOf(key), random);
      return taskBatchOf(rows, (texts) =>
        batchOf(texts, { vocabulary: tokens, buckets: config.buckets, isForgotten }),
      );
    },
    loss(batch, random) {
      const found = network.forward(batch.words, random);
      const punctuation = lossOf(found.marks, batch.marks);
      const casing = lossOf(found.casings, batch.casings);
      return {
        loss: tf.add(punctuation, tf.mul(casing, casingWeight)),
        metrics: { punctuation, casing },
        items: batch.words.lengths.reduce((sum, length) => sum + length, 0),
      };
    },
    release(batch) {
      disposeBatch(batch.words);
      tf.dispose([batch.marks, batch.casings]);
    },
  };
}

/** Rare words are at times unknown in training, as others are later (Kiperwasser & Goldberg 2016, section 4.1). */
function forgets(count: number, random: Random): boolean {
  return random.uniform() < 0.25 / (0.25 + count);
}

function lossOf(logits: tf.Tensor2D, { positions, classes }: Targets): tf.Scalar {
  return tf.mean(crossEntropy(tf.gather(logits, positions), classes));
}

function taskBatchOf(
  rows: readonly (readonly ExampleWord[])[],
  wordsOf: (texts: string[][]) => WordBatch,
): TaskBatch {
  const steps = Math.max(...rows.map(({ length }) => length));
  const targetsOf = (classOf: (word: ExampleWord) => number): Targets => {
    const found = rows.flatMap((row, i) =>
      row.flatMap((word, step) => {
        const index = classOf(word);
        return index < 0 ? [] : [{ position: i * steps + step, index }];
      }),
    );
    // A mean needs at least one.
    if (found.length === 0) found.push({ position: 0, index: 0 });
    return {
      positions: tf.tensor1d(
        found.map(({ position }) => position),
        "int32",
      ),
      classes: tf.tensor1d(
        found.map(({ index }) => index),
        "int32",
      ),
    };
  };
  return {
    words: wordsOf(rows.map((row) => row.map(({ key }) => key))),
    marks: targetsOf(({ mark }) => marks.indexOf(mark)),
    casings: targetsOf(({ casing }) => (casing === undefined ? -1 : casings.indexOf(casing))),
  };
}
