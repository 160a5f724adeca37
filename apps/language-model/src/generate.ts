import { setImmediate } from "node:timers/promises";
import {
  type Choose,
  greedily,
  type SamplingOptions,
  sampling,
  suppression,
} from "@attend/decoding";
import { AttendError, createRandom, tf } from "@attend/runtime";
import type { Tokenizer } from "@attend/text";
import { findUnknown } from "./dataset.ts";
import type { LanguageNetwork, LanguageState } from "./network.ts";
import { startOf } from "./tokenizer.ts";

/** What is written, and how it is chosen. */
export interface GenerateOptions extends SamplingOptions {
  /** What the text begins with; by default it begins as after a line break. */
  readonly prompt?: string | undefined;
  /** Characters to write, 1 to 1,000,000; default 500. */
  readonly length?: number | undefined;
  /** Always the likeliest token; temperature, topK, topP and seed count for nothing then. */
  readonly greedy?: boolean | undefined;
  /** The same seed writes the same text; default 1. */
  readonly seed?: number | undefined;
}

/**
 * Writes on from a prompt, token by token; the prompt itself is not among them. Each piece holds whole
 * characters, and together they are as many as asked for. The loop may be left at any time.
 *
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a prompt with a character that was
 *   never seen in training
 */
export async function* generate(
  network: LanguageNetwork,
  tokenizer: Tokenizer,
  options: GenerateOptions = {},
): AsyncGenerator<string, void> {
  const { length = 500, seed = 1 } = options;
  if (!(Number.isInteger(length) && length >= 1 && length <= 1e6)) {
    const message = `length is ${length}; it may be a whole number from 1 to 1000000`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const choose = options.greedy ? greedily : sampling(createRandom(seed), options);
  let ids = promptIds(tokenizer, options.prompt ?? "");
  const decoder = tokenizer.decoder();
  const suppressions = new Map<readonly number[], tf.Tensor1D>();
  const suppressed = () => {
    const ids = decoder.suppressed;
    const made = suppressions.get(ids) ?? suppression(tokenizer.size, ids);
    suppressions.set(ids, made);
    return made;
  };
  let state = network.start(1);
  try {
    for (let left = length; left > 0; ) {
      const { chosen, next } = step(network, ids, state, { choose, suppressed: suppressed() });
      tf.dispose(state);
      state = next;
      ids = [chosen];
      const piece = [...decoder.push(chosen)].slice(0, left);
      left -= piece.length;
      if (piece.length > 0) yield piece.join("");
      // A caller's other work gets its turn.
      await setImmediate();
    }
  } finally {
    tf.dispose([state, ...suppressions.values()]);
  }
}

function promptIds(tokenizer: Tokenizer, prompt: string): number[] {
  const unknown = findUnknown(tokenizer, prompt);
  if (unknown !== undefined) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `the prompt has ${unknown.character}, which the model never saw in training; leave it out`,
    );
  }
  return prompt === "" ? [startOf(tokenizer)] : tokenizer.encode(prompt);
}

/** Reads `ids` and chooses what comes next. The caller disposes the state. */
function step(
  network: LanguageNetwork,
  ids: readonly number[],
  state: LanguageState,
  { choose, suppressed }: { choose: Choose; suppressed: tf.Tensor1D },
): { chosen: number; next: LanguageState } {
  const { best, next } = tf.tidy(() => {
    const read = network.features(tf.tensor2d([...ids], [1, ids.length], "int32"), state);
    const last = tf.slice(read.features, [0, ids.length - 1, 0], [1, 1, -1]);
    const logits = tf.add(network.project(tf.reshape(last, [1, -1])), suppressed) as tf.Tensor2D;
    return { best: choose(logits), next: read.state };
  });
  const chosen = best.dataSync()[0] ?? 0;
  best.dispose();
  return { chosen, next };
}
