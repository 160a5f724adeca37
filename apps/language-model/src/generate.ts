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

/** What to generate, and how. */
export interface GenerateOptions extends SamplingOptions {
  /** The start of the text; by default, text is generated as after a line break. */
  readonly prompt?: string | undefined;
  /** Characters to generate, from 1 to 1,000,000; default 500. */
  readonly length?: number | undefined;
  /** Always choose the most likely token; temperature, topK, topP and seed are then ignored. */
  readonly greedy?: boolean | undefined;
  /** The same seed generates the same text; default 1. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Continues a prompt token by token, without repeating the prompt. Each piece consists of complete
 * characters, `length` of them in total. You can leave the loop at any time.
 *
 * @throws AttendError BAD_ARGUMENT for an option out of range, or a prompt with a character that did not
 *   occur in training; INTERRUPTED if `options.signal` is aborted
 */
export async function* generate(
  network: LanguageNetwork,
  tokenizer: Tokenizer,
  options: GenerateOptions = {},
): AsyncGenerator<string, void> {
  const { length = 500, seed = 1 } = options;
  if (!(Number.isInteger(length) && length >= 1 && length <= 1e6)) {
    const message = `length is ${length}; it must be a whole number from 1 to 1000000`;
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
