import { join } from "node:path";
import { createTrainingProgress } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { Translator, translators } from "@attend/translator";
import { trainTranslator } from "../../../apps/translation/src/training.ts";
import { readTrainingConfig } from "../../../apps/translation/src/training-config.ts";
import type { Data } from "./data.ts";
import { openRecord, type SystemRecord, writeRecord } from "./record.ts";
import { StepClock } from "./step-clock.ts";
import { type NeuralSystem, trainingOf } from "./systems.ts";
import { scoreTest } from "./test-scores.ts";

/** The settings of every system. */
export interface Run {
  readonly data: Data;
  /** The folder of all systems' results. */
  readonly out: string;
  readonly vocabularySize: number;
  readonly epochs: number;
  readonly patience: number;
  /** Test sentences of the statistical system. */
  readonly smtSentences: number;
  /** Whether the machine was busy at the start. */
  readonly busy: boolean;
  readonly signal: AbortSignal;
}

/** Trains a network unless it is already trained, and measures it. An engine must be loaded. */
export async function runNeural(system: NeuralSystem, run: Run): Promise<SystemRecord> {
  const { data, out } = run;
  const folder = join(out, system.name);
  const training = trainingOf(system, run);
  const sizes = { train: data.train.length, dev: data.dev.length, test: data.test.length };
  const record = await openRecord(folder, { ...training, ...sizes }, run.busy);
  if (record.test !== null) return record;
  await ensureWritableDirectory(folder);
  const file = join(folder, "config.json");
  await writeFileAtomic(file, `${JSON.stringify(training, null, 1)}\n`);
  const progress = createTrainingProgress({ quiet: false, metrics: ["bleu", "loss"] });
  const clock = new StepClock(record, folder);
  try {
    const { stopped } = await trainTranslator({
      ...{ from: "en", to: "de", out: folder, resume: true, signal: run.signal },
      config: await readTrainingConfig(file),
      pairs: data.train,
      validation: data.dev,
      onEvent(event) {
        clock.event(event);
        progress.event(event);
      },
    });
    record.stopped = stopped;
    writeRecord(folder, record);
  } finally {
    progress.stop();
  }
  if (run.signal.aborted) throw new AttendError("INTERRUPTED", "stopped before the test");
  process.stderr.write(`${system.name}: translating ${data.test.length} test sentences\n`);
  const { translations, seconds } = await translateTest(join(folder, "model"), data);
  const references = data.test.map(({ target }) => target);
  record.test = await scoreTest(folder, translations, references, seconds);
  writeRecord(folder, record);
  return record;
}

async function translateTest(model: string, { test }: Data) {
  const translator = new Translator(await translators.load(model));
  const sources = test.map(({ source }) => source);
  try {
    await translator.translateAll(sources.slice(0, 32)); // Warm-up.
    const begin = performance.now();
    const found = await translator.translateAll(sources, { beamWidth: 5 });
    const seconds = (performance.now() - begin) / 1000;
    return { translations: found.map(({ text }) => text), seconds };
  } finally {
    translator.close();
  }
}
