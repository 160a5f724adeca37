import {
  type DecodingTokens,
  gatherRows,
  meanLoss,
  type TeacherForcing,
  teacherForcing,
  tokenLosses,
} from "@attend/decoding";
import { type Random, tf, yieldTurn } from "@attend/runtime";
import type { TrainingTask } from "@attend/training";
import type { DialogueNetwork } from "./dialogue-network.ts";
import { batchesOf, cutConversations, forgetful } from "./examples.ts";
import { groupsByLength, type Turn } from "./turns.ts";

/** How a dialogue network is trained. */
export interface DialogueTaskOptions {
  readonly special: Pick<DecodingTokens, "start" | "end">;
  /** Tokens of the turns of a batch. */
  readonly tokensPerBatch: number;
  /** The most tokens of a turn; more are cut off. */
  readonly maxTokens: number;
  /** Longer conversations are cut into pieces; at least 2, default 20. */
  readonly maxTurns?: number | undefined;
  /**
   * The share of conversations of which the network hears nothing and still has to say each turn, so that it learns what
   * is likely anyway, for `MutualInformation`. Default 0.1.
   */
  readonly forget?: number | undefined;
  readonly labelSmoothing?: number | undefined;
}

/** A batch of {@link dialogueTask}. */
export interface DialogueBatch {
  readonly conversations: readonly (readonly Turn[])[];
  /** Replies of similar length, so that there is little padding. */
  readonly groups: readonly {
    /** Of the encoding, `[replies]` int32. */
    readonly rows: tf.Tensor1D;
    readonly target: TeacherForcing;
  }[];
}

/**
 * Teacher forcing of every turn but the first of each conversation, given those before it (Serban et al. 2016, section 3).
 *
 * @param conversations as tokens
 */
export function dialogueTask(
  network: DialogueNetwork,
  conversations: readonly (readonly Turn[])[],
  options: DialogueTaskOptions,
): TrainingTask<number[], DialogueBatch> {
  const { tokensPerBatch, maxTurns = 20, forget = 0.1, labelSmoothing } = options;
  const pieces = cutConversations(conversations, maxTurns);
  return {
    plan: (_epoch, random) => batchesOf(pieces, { tokensPerBatch, random }),
    async load(plan, random) {
      const chosen = plan.flatMap((index) => {
        const turns = pieces[index] ?? [];
        return random.uniform() < forget ? forgetful(turns) : [turns];
      });
      return batchOf(chosen, options);
    },
    loss(batch, random) {
      const losses = lossesOf(network, batch, { random, labelSmoothing });
      return { loss: meanLoss(losses), items: losses.size };
    },
    release: ({ groups }) => {
      for (const group of groups) tf.dispose([group.rows, group.target]);
    },
  };
}

/** How likely a network finds what was said. */
export interface DialogueMeasurement {
  /** Negative log-likelihood, natural logarithm; `exp(nats / tokens)` is the perplexity. */
  readonly nats: number;
  /** With the end of each turn. */
  readonly tokens: number;
}

/**
 * Measures every turn but the first of each conversation, given those before it.
 *
 * @param options.maxTurns longer conversations are cut into pieces; default 20
 * @throws AttendError INTERRUPTED if `options.signal` is aborted
 */
export async function measureDialogue(
  network: DialogueNetwork,
  conversations: readonly (readonly Turn[])[],
  options: Pick<DialogueTaskOptions, "special" | "maxTokens" | "maxTurns"> & {
    readonly signal?: AbortSignal | undefined;
  },
): Promise<DialogueMeasurement> {
  const rows = 16;
  const pieces = cutConversations(conversations, options.maxTurns ?? 20);
  let [nats, tokens] = [0, 0];
  for (let from = 0; from < pieces.length; from += rows) {
    await yieldTurn(options.signal);
    nats += tf.tidy(() => {
      const losses = lossesOf(network, batchOf(pieces.slice(from, from + rows), options));
      tokens += losses.size;
      return tf.sum(losses).dataSync()[0] ?? Number.NaN;
    });
  }
  return { nats, tokens };
}

function batchOf(
  conversations: readonly (readonly Turn[])[],
  { special, maxTokens }: Pick<DialogueTaskOptions, "special" | "maxTokens">,
): DialogueBatch {
  const replies = conversations.flatMap((turns) => turns.slice(1));
  const groups = groupsByLength(replies).map((rows) => {
    const said = rows.map((row) => replies[row] ?? []);
    return {
      rows: tf.tensor1d(rows, "int32"),
      target: teacherForcing(said, special, { maxSteps: maxTokens }),
    };
  });
  const heard = conversations.map((turns) => turns.map((turn) => turn.slice(0, maxTokens)));
  return { conversations: heard, groups };
}

/** `[targets]`, group by group. */
function lossesOf(
  network: DialogueNetwork,
  { conversations, groups }: DialogueBatch,
  options: { random?: Random; labelSmoothing?: number | undefined } = {},
): tf.Tensor1D {
  const encoding = network.encodeHistories(conversations, options);
  const losses = groups.map(({ rows, target }) => {
    const state = network.start(gatherRows(encoding, rows));
    return tokenLosses(network, target, state, options).losses;
  });
  return tf.concat(losses);
}
