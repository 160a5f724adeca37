import { decodeEach } from "@attend/decoding";
import { tf } from "@attend/runtime";
import { hopSeconds } from "./features.ts";
import type { RecognizerModel } from "./model.ts";
import type { Heard } from "./network/listener.ts";
import type { Stretch } from "./stretches.ts";

/** Numbers from 0 to 1 over time, to be drawn. */
export interface Heatmap {
  /** The probabilities of labels (connectionist temporal classification), or where a speller attended to. */
  readonly kind: "posteriors" | "alignment";
  /** What each row is: a label. */
  readonly rows: readonly string[];
  readonly columns: number;
  /** The time of the first column, from the start of the recording. */
  readonly startSeconds: number;
  readonly secondsPerColumn: number;
  /** `[rows, columns]` */
  readonly values: Float32Array;
}

/** Of one stretch that was heard: the probabilities of the labels that occur, and the speller's attention if there is one. */
export function heatmapsOf(
  model: RecognizerModel,
  { start, features }: Stretch,
  heard: Heard,
): Heatmap[] {
  const { network, tokens } = model;
  const [frames] = network.frames(heard);
  if (frames === undefined) return [];
  const { steps: columns, classes, logProbabilities } = frames;
  const time = {
    columns,
    startSeconds: start * hopSeconds,
    secondsPerColumn: (features.frames * hopSeconds) / columns,
  };
  const rowOf = (label: number) =>
    Array.from({ length: columns }, (_, step) =>
      Math.exp(logProbabilities[step * classes + label] ?? 0),
    );
  const occurring = tokens.labels.labels.flatMap((name, label) => {
    const row = rowOf(label);
    return Math.max(...row) > 0.05 ? [{ name, row }] : [];
  });
  const rows = [...occurring, { name: "(blank)", row: rowOf(classes - 1) }];
  const posteriors: Heatmap = {
    ...{ ...time, kind: "posteriors", rows: rows.map(({ name }) => name) },
    values: Float32Array.from(rows.flatMap(({ row }) => row)),
  };
  const alignment = alignmentOf(model, heard);
  return alignment === undefined ? [posteriors] : [posteriors, { ...time, ...alignment }];
}

/** Where the speller attended to, for each label. */
function alignmentOf(
  { network, tokens }: RecognizerModel,
  heard: Heard,
): Pick<Heatmap, "kind" | "rows" | "values"> | undefined {
  const { speller, special } = network;
  if (speller === undefined) return undefined;
  const encoding = tf.tidy(() => network.encoding(heard));
  try {
    const maxLength = heard.lengths.map((steps) => steps + 1);
    const [found] = decodeEach(speller, encoding, special, { maxLength, attention: true });
    const weights = found?.attention ?? [];
    return {
      kind: "alignment",
      rows: (found?.tokens ?? []).map((label) => tokens.labels.decode([label])),
      values: Float32Array.from(weights.flatMap((row) => [...row])),
    };
  } finally {
    tf.dispose(encoding.mask ?? []);
  }
}
