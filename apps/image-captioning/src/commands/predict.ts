import {
  createProgress,
  options,
  pathOption,
  wholeOption,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import type { Fit } from "@attend/cnn-encoder";
import type { EngineName } from "@attend/runtime";
import { AttendError, messageOf, printable } from "@attend/runtime/errors";
import { Command, Option } from "commander";
import type { CaptionResult } from "../caption.ts";
import type { PhotoOutcome } from "./caption-photos.ts";
import type { HeatmapFolder } from "./heatmap-folder.ts";
import { describeSkipped, findPhotos, type PhotoInput } from "./photos.ts";

interface PredictFlags {
  readonly json: boolean;
  readonly csv: boolean;
  readonly nBest?: number;
  readonly attention?: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly maxLength?: number;
  readonly sample?: true;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly fit?: Fit;
  readonly maxPixels?: number;
  readonly timeout?: number;
  readonly batch?: number;
  readonly model?: readonly string[];
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-caption beach.jpg                        A dog runs on the beach.
  attend-caption holiday/ --json > captions.jsonl one JSON object per line
  attend-caption holiday/ --attention heatmaps    a PNG for each photo: where the model looked
  attend-caption beach.jpg --n-best 5             five captions, the most likely first
  attend-caption beach.jpg --sample --seed 7      a sampled caption
  attend-caption https://example.org/beach.jpg    a photo from the web
  attend-caption holiday/ --model runs/a --model runs/b   with an ensemble of two models
  find . -name '*.jpg' | attend-caption -         the paths on stdin (-print0 works, too)
  attend-caption - < beach.jpg                    the photo on stdin

For one photo, prints its caption; for several, prints each path, a tab and the caption. A photo that
cannot be read is reported and skipped, and the exit code is then 1. Files in folders whose names are
not those of photos are skipped, and counted on stderr.`;

/** `attend-caption <photos...>`: the default command. */
export function predictCommand(): Command {
  const sampled = { sample: true };
  return new Command("attend-caption")
    .description("Captions photos: files, folders (recursively), web addresses, or - for stdin.")
    .argument("<photos...>", "JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF, BMP or SVG")
    .optionsGroup("Output:")
    .addOption(options.json("print one JSON object per line").conflicts("csv"))
    .option("--csv", "print rows of image,caption, as `train` reads them", false)
    .addOption(
      options.nBest("captions for each photo, the best first (default: 1; --json: all found)"),
    )
    .addOption(
      pathOption("--attention <folder>", "show what each word attended to: a PNG for each photo"),
    )
    .addOption(options.quiet())
    .optionsGroup("Search for the most likely caption (defaults are the model's):")
    .addOption(options.beam().conflicts("sample"))
    .addOption(options.lengthPenalty().conflicts("sample"))
    .addOption(wholeOption("--max-length <n>", "maximum number of words", { min: 1, max: 1000 }))
    .optionsGroup("Or sample it (each of these options does):")
    .option("--sample", "sample from the model's distribution")
    .addOption(options.temperature().implies(sampled))
    .addOption(options.topK().implies(sampled))
    .addOption(options.topP().implies(sampled))
    .addOption(options.seed().implies(sampled))
    .optionsGroup("Options:")
    .addOption(options.models())
    .addOption(fitOption())
    .addOption(options.maxPixels())
    .addOption(options.timeout())
    .addOption(options.batch("photos", 8))
    .addOption(options.engine())
    .addOption(options.precision())
    .addHelpText("after", examples)
    .action(predict);
}

function fitOption(): Option {
  const fits = ["fill", "contain", "cover"] satisfies Fit[];
  const help = "make photos square by squashing, by bars, or by cropping (default: the model's)";
  return new Option("--fit <how>", help).choices(fits);
}

async function predict(args: readonly string[], flags: PredictFlags): Promise<void> {
  const { model, engine } = flags;
  const { photos, skipped } = await findPhotos(args);
  const single = photos.length === 1 && (photos[0]?.path === args[0] || args[0] === "-");
  if (skipped.length > 0 && !flags.quiet) {
    writeNote(describeSkipped(skipped));
  }
  const { captionPhotos } = await import("./caption-photos.ts");
  const heatmaps = flags.attention === undefined ? undefined : await openHeatmaps(flags.attention);
  const quiet = flags.quiet || photos.length === 1;
  const work = { total: photos.length, label: "captioning", unit: "photos", quiet };
  const progress = createProgress(work);
  let [done, failures, undrawn] = [0, 0, 0];
  if (flags.csv) await writeLine("image,caption");
  try {
    for await (const outcome of captionPhotos(photos, { model, engine }, optionsOf(flags))) {
      const { photo, result, error } = outcome;
      const heatmap = result && heatmaps && (await drawHeatmap(heatmaps, photo, result));
      let written = Promise.resolve();
      progress.aside(() => {
        const failed = error ?? heatmap?.error;
        if (failed !== undefined) writeNote(`error: ${failed.message}`);
        if (flags.json) written = writeJsonLine(jsonOf(outcome, heatmap));
        else if (result !== undefined) {
          written = writeLine(flags.csv ? csvOf(photo, result) : textOf(photo, result, single));
        }
      });
      await written;
      if (error !== undefined) failures++;
      if (heatmap?.error !== undefined) undrawn++;
      progress.update(++done);
    }
  } finally {
    progress.stop();
  }
  if (failures + undrawn === 0) return;
  process.exitCode = 1;
  if (single) return;
  const report = (count: number, what: string) => {
    if (count > 0) writeNote(`${count} of ${photos.length} ${what}`);
  };
  report(failures, "photos could not be captioned");
  report(undrawn, "heat maps could not be written");
}

/** The path of a heat map, or the reason why there is none; the caption is printed either way. */
interface Drawn {
  readonly file?: string;
  readonly error?: AttendError;
}

async function drawHeatmap(
  heatmaps: HeatmapFolder,
  photo: PhotoInput,
  result: CaptionResult,
): Promise<Drawn> {
  try {
    return { file: await heatmaps.write(photo, result) };
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) return { error: thrown };
    const message = `the heat map of ${photo.path} cannot be drawn: ${messageOf(thrown)}`;
    return { error: new AttendError("BAD_IMAGE", message, { cause: thrown }) };
  }
}

async function openHeatmaps(folder: string): Promise<HeatmapFolder> {
  const { openHeatmapFolder } = await import("./heatmap-folder.ts");
  return openHeatmapFolder(folder);
}

function optionsOf(flags: PredictFlags) {
  const { batch, maxLength, lengthPenalty, fit, maxPixels, timeout } = flags;
  const { sample, temperature, topK, topP, seed } = flags;
  const attention = flags.attention !== undefined;
  return {
    ...{ batch, maxLength, lengthPenalty, fit, maxPixels, timeout },
    ...{ sample, temperature, topK, topP, seed },
    beamWidth: flags.beam,
    nBest: flags.nBest ?? (flags.json ? undefined : 1),
    attention,
    picture: attention,
  };
}

function jsonOf({ photo: { path }, result, error }: PhotoOutcome, heatmap: Drawn | undefined) {
  if (error !== undefined) return { image: path, error: error.message };
  const { caption, logProbability, alternatives, tokens } = result;
  const drawn = { heatmap: heatmap?.file, heatmapError: heatmap?.error?.message };
  return { image: path, caption, logProbability, alternatives, tokens, ...drawn };
}

/** A row of `image,caption` for each caption. */
function csvOf({ path }: PhotoInput, result: CaptionResult): string {
  const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
  return [result, ...result.alternatives]
    .map(({ caption }) => `${quoted(path)},${quoted(caption)}`)
    .join("\n");
}

/** The caption on a line, after its path if there are several photos; then the alternatives. */
function textOf({ path }: PhotoInput, result: CaptionResult, single: boolean): string {
  const lines = [result, ...result.alternatives].map(({ caption }) => caption);
  if (single) return lines.join("\n");
  return lines.map((caption, i) => `${i === 0 ? printable(path) : ""}\t${caption}`).join("\n");
}
