import { join } from "node:path";
import { setParameter } from "@attend/nn";
import { createRandom, loadEngine } from "@attend/runtime";
import { type RunOptions, type RunResult, requireFreeFolder, runTraining } from "@attend/training";
import { learnEdits } from "./spelling/edit-model.ts";
import { writeExamples } from "./tagger/examples.ts";
import { WordCounter } from "./tagger/learn-vocabulary.ts";
import { taggers } from "./tagger/model.ts";
import type { TaggerNetwork } from "./tagger/network.ts";
import { readTagged } from "./tagger/read-text.ts";
import { taggerTask } from "./tagger/task.ts";
import { measureTagger } from "./tagger/validate.ts";
import { Vocabulary } from "./tagger/vocabulary.ts";
import type { RepairerTraining } from "./training-config.ts";
import type { TaggedWord } from "./words/tagged.ts";

export {
  defaultRepairerTraining,
  type RepairerTraining,
  readRepairerTraining,
} from "./training-config.ts";

/** The arguments of a training run. */
export interface RepairerTrainingRun
  extends Pick<RunOptions, "out" | "resume" | "signal" | "onEvent"> {
  readonly config: RepairerTraining;
  /** Text files with punctuation and capitals, plain or gzip, of any length: they are read as streams. */
  readonly files: readonly string[];
  /** Used to choose the best weights; not trained on. */
  readonly validation: readonly string[];
  /** Vectors that words start from, such as GloVe's, of `model.embeddingSize` elements; default: random ones. */
  readonly vectorsOf?:
    | ((words: readonly string[]) => Promise<ReadonlyMap<string, readonly number[]>>)
    | undefined;
  /** Words and how people misspelled them, to learn which letters are mistyped; default: all alike. */
  readonly misspellings?: Iterable<readonly [word: string, typo: string]> | undefined;
}

/**
 * Trains a tagger on texts with their punctuation and capitals taken away, and writes the best weights to the folder
 * `out/model`.
 *
 * @throws AttendError like `runTraining`; FILE_NOT_FOUND, READ_FAILED or BAD_DATA for a text
 */
export async function trainRepairer(run: RepairerTrainingRun): Promise<RunResult> {
  const { config, files, validation, vectorsOf, out, resume, signal, onEvent } = run;
  const { training, maxWords, minCount, batchSize, model: settings } = config;
  const { language, window } = settings;
  await requireFreeFolder(out, resume); // Reading the texts takes a while.
  await loadEngine();
  const counter = new WordCounter();
  onEvent?.({ type: "note", message: "reading the texts" });
  const learned = await writeExamples(
    each(files, (file) => counted(readTagged(file, language), counter)),
    join(out, "examples.txt"),
    window,
  );
  const validated = await writeExamples(
    each(validation, (file) => readTagged(file, language)),
    join(out, "validation.txt"),
    window,
  );
  const edits = learnEdits(run.misspellings ?? []);
  const tokens = new Vocabulary({ ...counter.known(maxWords, minCount), edits });
  const message = `${learned.length} examples to learn, ${validated.length} to validate on, ${tokens.size} words`;
  onEvent?.({ type: "note", message });
  const model = taggers.create(settings, tokens, createRandom(training.seed));
  try {
    if (vectorsOf !== undefined)
      setVectors(model.network, tokens, await vectorsOf(tokens.json.words));
    return await runTraining({
      ...{ out, resume, signal, onEvent },
      origin: {
        content: { texts: learned.hash, "texts to validate on": validated.hash },
        config: { ...settings, maxWords, minCount, batchSize, vectors: vectorsOf !== undefined },
      },
      stages: [
        {
          module: model.network,
          config: training,
          start: () => ({
            task: taggerTask(model, learned, batchSize),
            validate: () => measureTagger(model, validated, signal),
          }),
        },
      ],
      save: (folder) => taggers.save(model, folder),
    });
  } finally {
    model.network.dispose();
  }
}

async function* each<T>(files: readonly string[], read: (file: string) => T): AsyncGenerator<T> {
  for (const file of files) yield read(file);
}

async function* counted(
  sentences: AsyncIterable<TaggedWord[]>,
  counter: WordCounter,
): AsyncGenerator<TaggedWord[]> {
  for await (const sentence of sentences) {
    counter.add(sentence);
    yield sentence;
  }
}

/** Starts words from given vectors, scaled to the mean length of the random ones. */
function setVectors(
  { words }: TaggerNetwork,
  tokens: Vocabulary,
  vectors: ReadonlyMap<string, readonly number[]>,
): void {
  const table = Float32Array.from(words.table.dataSync());
  const size = words.table.shape[1];
  const lengthOf = (vector: Iterable<number>) => Math.hypot(...vector);
  const mean = [...vectors.values()].reduce((sum, each) => sum + lengthOf(each), 0) / vectors.size;
  const scale = lengthOf(table.subarray(0, size)) / mean;
  for (const [word, vector] of vectors) {
    const scaled = vector.map((value) => value * scale);
    table.set(scaled, tokens.idOf(word) * size);
  }
  setParameter(words.table, table);
}
