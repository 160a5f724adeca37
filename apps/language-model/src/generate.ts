import {
  generate as generateTokens,
  greedily,
  type SamplingOptions,
  sampling,
} from "@attend/decoding";
import { AttendError, createRandom } from "@attend/runtime";
import type { Tokenizer } from "@attend/text";
import { findUnknown } from "./dataset.ts";
import type { LanguageNetwork } from "./network.ts";
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
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes on from a prompt, token by token; the prompt itself is not among them. Each piece holds whole
 * characters, and together they are as many as asked for. The loop may be left at any time.
 *
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a prompt with a character that was
 *   never seen in training; INTERRUPTED if `options.signal` is aborted
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
  const decoder = tokenizer.decoder();
  const tokens = generateTokens(network, 1, {
    prompt: promptIds(tokenizer, options.prompt ?? ""),
    choose: options.greedy ? greedily : sampling(createRandom(seed), options),
    suppressed: () => decoder.suppressed,
    signal: options.signal,
  });
  let left = length;
  for await (const token of tokens) {
    const piece = [...decoder.push(token)].slice(0, left);
    left -= piece.length;
    if (piece.length > 0) yield piece.join("");
    if (left === 0) return;
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
