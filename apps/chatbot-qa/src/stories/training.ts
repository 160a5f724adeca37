import type { StoryQuestion } from "@attend/datasets";
import { createRandom } from "@attend/runtime";
import {
  readAll,
  readerSizes,
  type StoryExample,
  scoreStories,
  storyEncoder,
  storyTask,
} from "@attend/story-readers";
import { learnWords } from "@attend/text";
import { contentHash, type RunArguments, type RunResult, runTraining } from "@attend/training";
import { calibrate } from "./calibrate.ts";
import { type StoryTokens, storyModels } from "./model.ts";
import { bestAnswer } from "./probabilities.ts";
import type { StoryTraining } from "./training-config.ts";

export { defaultStoryTraining, readStoryTraining } from "./training-config.ts";

/** The arguments of a training run. */
export interface StoryTrainingRun extends RunArguments {
  readonly config: StoryTraining;
  readonly train: readonly StoryQuestion[];
  /** Used to choose the best weights and to calibrate the confidence; not trained on. */
  readonly validation: readonly StoryQuestion[];
}

/**
 * Trains a bot that answers from stories, and writes the best weights to the folder `out/model`. An engine must be
 * loaded.
 *
 * @throws AttendError like `runTraining`
 */
export async function trainStories(run: StoryTrainingRun): Promise<RunResult> {
  const { config, train, validation, out, resume, signal, onEvent } = run;
  const { training, reader: readerConfig, ...settings } = config;
  const tokens = tokensOf([...train, ...validation]);
  const model = storyModels.create(
    {
      ...{ kind: "stories", temperature: 1, threshold: 1 },
      reader: { ...readerConfig, ...readerSizes(readerConfig.kind, tokens.words, tokens.answers) },
    },
    tokens,
    createRandom(training.seed),
  );
  const reader = model.network;
  const [learned, measured] = [examplesOf(train, tokens), examplesOf(validation, tokens)];
  try {
    return await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: { stories: hashOf(train), "stories to validate on": hashOf(validation) },
        config: { reader: readerConfig, ...settings },
      },
      stages: [
        {
          module: reader,
          config: training,
          start: () => ({
            task: storyTask(reader, learned, settings),
            async validate(show) {
              const logits = await readAll(reader, measured, { signal });
              const best = logits.map((scores) => tokens.answers[bestAnswer(scores, 1).answer]);
              show(
                validation.map(({ story, question, answer }, i) => ({
                  input: [...story, question].join(" "),
                  expected: answer,
                  output: best[i] ?? "",
                })),
              );
              return scoreStories(logits, measured);
            },
          }),
        },
      ],
      async save(folder) {
        const calibration = calibrate(await readAll(reader, measured), measured);
        await storyModels.save({ ...model, config: { ...model.config, ...calibration } }, folder);
      },
    });
  } finally {
    reader.dispose();
  }
}

/** Questions as a reader of these tokens is trained and measured on. */
function examplesOf(
  questions: readonly StoryQuestion[],
  { words, answers }: StoryTokens,
): StoryExample[] {
  const encode = storyEncoder((text) => words.encode(text));
  return questions.map((told) => ({ ...encode(told), answer: answers.indexOf(told.answer) }));
}

function tokensOf(questions: readonly StoryQuestion[]): StoryTokens {
  const sentences = new Set(questions.flatMap(({ story, question }) => [question, ...story]));
  return {
    words: learnWords(sentences),
    answers: [...new Set(questions.map(({ answer }) => answer))].sort(),
  };
}

function hashOf(questions: readonly StoryQuestion[]): string {
  return contentHash(
    questions.flatMap(({ story, question, answer }) => [story.join("\n"), question, answer]),
  );
}
