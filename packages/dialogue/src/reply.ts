import {
  type DecodingTokens,
  generate,
  greedily,
  MutualInformation,
  type MutualInformationOptions,
  type SamplingOptions,
  sampling,
} from "@attend/decoding";
import { type Random, tf } from "@attend/runtime";
import type { DialogueNetwork, Listener } from "./dialogue-network.ts";
import type { Turn } from "./turns.ts";

/** Options of {@link reply}. The defaults are good to talk to. */
export interface ReplyOptions extends SamplingOptions {
  readonly special: DecodingTokens;
  /** Chooses the tokens; without it, the most likely ones are chosen. */
  readonly random?: Random | undefined;
  /** Default 40 tokens. */
  readonly maxLength?: number | undefined;
  /** Default 2 tokens. */
  readonly minLength?: number | undefined;
  /** No n-gram of this size occurs twice in a reply; default 3, 0: no limit. */
  readonly noRepeatNgram?: number | undefined;
  /** What was said before, by anyone: no n-gram of `noRepeatSaid` tokens (default 5) is said again. */
  readonly said?: readonly Turn[] | undefined;
  readonly noRepeatSaid?: number | undefined;
  /** Avoids replies that fit everything; a weight of 0 does not. */
  readonly mutualInformation?: MutualInformationOptions | undefined;
  /** Tokens that are not chosen, besides those of `special`, before each token. */
  readonly suppressed?: (() => readonly number[]) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Replies to what a listener heard, and yields each token as soon as it is chosen. Leaving the loop frees all tensors.
 * The listener does not hear the reply by itself.
 *
 * @throws AttendError BAD_ARGUMENT for an option out of range; INTERRUPTED if `options.signal` is aborted
 */
export async function* reply(
  network: DialogueNetwork,
  listener: Listener,
  options: ReplyOptions,
): AsyncGenerator<number, void> {
  const { special, random, signal, said = [], temperature = 0.8, topK, topP = 0.9 } = options;
  const { maxLength = 40, minLength = 2, noRepeatNgram = 3, noRepeatSaid = 5 } = options;
  const decoder = new MutualInformation(network, options.mutualInformation);
  const encoding = { given: listener.encoding(), nothing: network.listen().encoding() };
  const never = [special.start, ...special.suppressed];
  try {
    yield* generate(decoder, encoding, {
      prompt: [special.start],
      end: special.end,
      choose: random === undefined ? greedily : sampling(random, { temperature, topK, topP }),
      suppressed: () => [...never, ...(options.suppressed?.() ?? [])],
      avoid: { sequences: said, ngram: noRepeatSaid },
      ...{ maxLength, minLength, noRepeatNgram, signal },
    });
  } finally {
    tf.dispose(encoding);
  }
}
