import type { Conversation } from "@attend/datasets";
import { dialogueTask, expectFrequencies, measureDialogue } from "@attend/dialogue";
import { createRandom } from "@attend/runtime";
import { framingTokens, learnBpe, type Tokenizer } from "@attend/text";
import {
  contentHash,
  type RunArguments,
  type RunResult,
  requireFreeFolder,
  runTraining,
} from "@attend/training";
import { dialogueModels, framed } from "./model.ts";
import { replies } from "./replies.ts";
import type { DialogueTraining } from "./training-config.ts";

export {
  defaultDialogueTraining,
  readDialogueTraining,
} from "./training-config.ts";

/** The arguments of a training run. */
export interface DialogueTrainingRun extends RunArguments {
  readonly config: DialogueTraining;
  readonly conversations: readonly Conversation[];
  /** Used to choose the best weights; not trained on. */
  readonly validation: readonly Conversation[];
}

/**
 * Trains a bot that converses, and writes the best weights to the folder `out/model`. An engine must be loaded.
 *
 * @throws AttendError like `runTraining`; BAD_DATA if the conversations are too short for a vocabulary
 */
export async function trainDialogue(run: DialogueTrainingRun): Promise<RunResult> {
  const { config, conversations, validation, out, resume, signal, onEvent } = run;
  await requireFreeFolder(out, resume); // Learning a vocabulary takes a while.
  const { training, model: settings, ...rest } = config;
  const tokens = learnBpe(conversations.flat(), {
    ...{ size: config.vocabularySize, fit: true, minCount: 3, special: framingTokens },
  });
  onEvent({ type: "note", message: `a vocabulary of ${tokens.size} tokens` });
  const model = dialogueModels.create(
    { kind: "dialogue", ...settings },
    tokens,
    createRandom(training.seed),
  );
  const { network } = model;
  const options = { ...config, special: framed(tokens), maxTokens: settings.maxTokens };
  const [learned, measured] = [encode(conversations, tokens), encode(validation, tokens)];
  expectFrequencies(network, learned);
  try {
    return await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: {
          conversations: hashOf(conversations),
          "conversations to validate on": hashOf(validation),
        },
        config: { ...settings, ...rest },
      },
      stages: [
        {
          module: network,
          config: training,
          start: () => ({
            task: dialogueTask(network, learned, options),
            async validate(show) {
              const { nats, tokens: all } = await measureDialogue(network, measured, {
                ...options,
                signal,
              });
              show(await replies(model, validation, { signal }));
              return { loss: nats / all };
            },
          }),
        },
      ],
      save: (folder) => dialogueModels.save(model, folder),
    });
  } finally {
    network.dispose();
  }
}

function encode(conversations: readonly Conversation[], tokens: Tokenizer): number[][][] {
  return conversations.map((turns) => turns.map((turn) => tokens.encode(turn)));
}

function hashOf(conversations: readonly Conversation[]): string {
  return contentHash(conversations.map((turns) => turns.join("\t")));
}
