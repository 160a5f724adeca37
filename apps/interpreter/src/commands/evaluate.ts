import {
  createProgress,
  interruptible,
  options,
  printTable,
  writeJsonLine,
  writeLine,
} from "@attend/cli-kit";
import { writeFileAtomic } from "@attend/runtime/files";
import type { EvaluatedRecording } from "@attend/speech-translation";
import { Command } from "commander";
import type { Interpreter } from "../interpreter.ts";
import { stageScores, textScores } from "../present/scores.ts";
import { addInterpretOptions, type InterpretFlags } from "./flags.ts";

interface EvaluateFlags extends InterpretFlags {
  readonly speech: boolean;
  readonly predictions?: string;
  readonly json: boolean;
}

const examples = `
Examples:
  attend-interpret evaluate examples/speech
  attend-interpret evaluate talks --to de --engine whisper-tiny --json

The folder holds recordings and transcripts.tsv: a line for each with its name, a tab, and what is said; optionally
translations.tsv in the same form. WER and CER are without case and punctuation, in percent; F1 is that of commas, periods
and question marks. BLEU compares the translations with those of the transcripts by the same translator, and with
translations.tsv. The real-time factor is a stage's time per second of sound.`;

/** `attend-interpret evaluate` */
export function evaluateCommand(): Command {
  return addInterpretOptions(
    new Command("evaluate")
      .description("score every stage on recordings whose words are known")
      .argument("<folder>", "recordings, and transcripts.tsv")
      .option("--no-speech", "do not speak the translations")
      .addOption(options.predictions("write what each stage made of each recording, as JSON lines"))
      .addOption(options.json("print the scores as one line of JSON")),
  )
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(folder: string, flags: EvaluateFlags): Promise<void> {
  const { readTranscripts } = await import("../transcripts.ts");
  const recordings = await readTranscripts(folder);
  const { loadInterpreter } = await import("../load-interpreter.ts");
  const { evaluateRecordings } = await import("../evaluate.ts");
  const { installShown } = await import("./install-shown.ts");
  await interruptible(async (signal) => {
    const interpreter = await loadInterpreter({
      ...flags,
      ...(!flags.speech && { synthesizer: false }),
      install: installShown({ quiet: flags.quiet, signal }),
    });
    const { quiet } = flags;
    const total = recordings.length;
    const progress = createProgress({ total, label: "interpreting", unit: "recordings", quiet });
    try {
      const onProgress = (done: number) => progress.update(done);
      const evaluated = await evaluateRecordings(interpreter, recordings, { signal, onProgress });
      progress.stop();
      await report(interpreter, evaluated, flags);
    } finally {
      progress.stop();
      await interpreter.close();
    }
  });
}

async function report(
  { engines, from, to }: Interpreter,
  recordings: readonly EvaluatedRecording[],
  { json, predictions }: EvaluateFlags,
): Promise<void> {
  const { scoreChain } = await import("@attend/speech-translation");
  const scores = await scoreChain(recordings, { from, to });
  if (predictions !== undefined) {
    const rows = recordings.map((recording) => `${JSON.stringify(recording)}\n`);
    await writeFileAtomic(predictions, rows.join(""));
  }
  if (json) return writeJsonLine({ engines, recordings: recordings.length, ...scores });
  await printTable(textScores(scores));
  await writeLine("");
  await printTable(stageScores(scores, engines));
}
