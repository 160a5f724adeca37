import {
  expandInputs,
  interruptible,
  options,
  recordingExtensions,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import { Command } from "commander";
import { addRecognizeOptions, fromOption, nBestOption, type RecognizeFlags } from "./flags.ts";
import type { HeatmapFolder } from "./heatmap-folder.ts";

interface RecognizeCommandFlags extends RecognizeFlags {
  readonly from: string;
  readonly nBest?: number;
  readonly attention?: string;
  readonly json: boolean;
}

const examples = `
Examples:
  attend-interpret recognize talk.wav
  attend-interpret recognize talks --json > talks.jsonl       a folder, with times and the engine's name
  attend-interpret recognize number.wav --engine digits       spoken digits, by the shipped model
  attend-interpret recognize command.wav --model runs/commands   your own commands
  attend-interpret recognize command.wav --model runs/commands --attention heard   what it heard when, as a picture

With --json, a row for each recording: { audio, text, segments: [{ start, end, text, ... }], engine, seconds }, or
{ audio, error }. "seconds" is what the recognition took; silence and noise have no segments.`;

/** `attend-interpret recognize` */
export function recognizeCommand(): Command {
  return addRecognizeOptions(
    new Command("recognize")
      .description("write down what is said in recordings")
      .argument("<recordings...>", "files, or folders of them")
      .addOption(fromOption())
      .addOption(nBestOption())
      .addOption(
        options.attention(
          "<folder>",
          "a PNG for each recording, of a recognizer that was trained here",
        ),
      )
      .addOption(options.json("print a JSON object per recording")),
  )
    .addHelpText("after", examples)
    .action(recognize);
}

async function recognize(paths: readonly string[], flags: RecognizeCommandFlags): Promise<void> {
  const inputs = await expandInputs(paths, { extensions: recordingExtensions });
  const heatmaps = await openHeatmaps(flags);
  const { RecordingRecognizer } = await import("../recording-recognizer.ts");
  const { installShown } = await import("./install-shown.ts");
  await interruptible(async (signal) => {
    const install = installShown({ quiet: flags.quiet, signal });
    const recognizer = await RecordingRecognizer.load({ ...flags, install });
    try {
      for (const { path, error } of inputs) {
        try {
          if (error !== undefined) throw error;
          const { text, segments, seconds } = await recognizer.recognize(path, { signal, warn });
          const row = { audio: path, text, segments, engine: recognizer.name, seconds };
          if (flags.json) await writeJsonLine(row);
          else await writeLine(inputs.length > 1 ? `${path}\t${text}` : text);
          if (heatmaps !== undefined) writeNote(await heatmaps.write(path, signal));
        } catch (thrown) {
          if (!AttendError.isInstance(thrown) || !ofRecording.includes(thrown.code)) throw thrown;
          process.exitCode = 1;
          writeNote(`error: ${thrown.message}`);
          if (flags.json) await writeJsonLine({ audio: path, error: thrown.message });
        }
      }
    } finally {
      await recognizer.close();
    }
  }).finally(() => heatmaps?.close());
}

/** @throws AttendError BAD_ARGUMENT for a recognizer that has no heat maps */
async function openHeatmaps(flags: RecognizeCommandFlags): Promise<HeatmapFolder | undefined> {
  const { attention, model } = flags;
  if (attention === undefined) return undefined;
  const { isOwn } = await import("../engines/open-recognizer.ts");
  if (!isOwn(flags)) {
    const message =
      "--attention draws what a recognizer that was trained here heard; give --model or --engine digits, too";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const { HeatmapFolder } = await import("./heatmap-folder.ts");
  return HeatmapFolder.open(attention, model);
}

/** Errors after which the other recordings can still be recognized. */
const ofRecording = ["FILE_NOT_FOUND", "READ_FAILED", "BAD_AUDIO"];

const warn = (line: string) => writeNote(`warning: ${line}`);
