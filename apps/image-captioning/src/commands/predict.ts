import {
  createProgress,
  decimalOption,
  options,
  pathOption,
  wholeOption,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { AttendError, messageOf, printable } from "@attend/runtime/errors";
import { Command, InvalidArgumentError } from "commander";
import type { CaptionResult } from "../caption.ts";
import type { PhotoOutcome } from "./caption-photos.ts";
import type { HeatmapFolder } from "./heatmap-folder.ts";
import { findPhotos, type PhotoInput, tellPassedOver } from "./photos.ts";

interface PredictFlags {
  readonly json: boolean;
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
  readonly maxPixels?: number;
  readonly timeout?: number;
  readonly batch?: number;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-caption beach.jpg                        A dog runs on the beach.
  attend-caption holiday/ --json > captions.jsonl one line of JSON for each photo
  attend-caption holiday/ --attention looked      a PNG for each photo: where the model looked
  attend-caption beach.jpg --n-best 5             five captions, the likeliest first
  attend-caption beach.jpg --sample --seed 7      a caption drawn by chance
  attend-caption https://example.org/beach.jpg    a photo of the web
  find . -name '*.jpg' | attend-caption -         the photos whose paths stdin holds (-print0, too)
  attend-caption - < beach.jpg                    the photo that stdin holds

One photo prints its caption; several print each path, a tab and the caption. A photo that cannot be
read is reported and left out, and the exit code is then 1. Of a folder, files that are no photos by
their names are passed over, and counted on stderr.`;

/** `attend-caption <photos...>`: what the program does where no other command is named. */
export function predictCommand(): Command {
  const drawn = { sample: true };
  return new Command("attend-caption")
    .description(
      "Captions photos: files, folders (with all below them), web addresses, or - for stdin.",
    )
    .argument("<photos...>", "JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF, BMP or SVG")
    .optionsGroup("Output:")
    .addOption(options.json("one line of JSON for each photo"))
    .addOption(
      options.nBest("captions of each photo, the best first (default: 1; --json: all found)"),
    )
    .addOption(pathOption("--attention <folder>", "what each word looked at: a PNG for each photo"))
    .addOption(options.quiet())
    .optionsGroup("Search for the likeliest caption (defaults are the model's):")
    .addOption(options.beam().conflicts("sample"))
    .addOption(options.lengthPenalty().conflicts("sample"))
    .addOption(wholeOption("--max-length <n>", "words at most", { min: 1, max: 1000 }))
    .optionsGroup("Or draw it by chance (each of these does):")
    .option("--sample", "from the model's own distribution")
    .addOption(options.temperature().implies(drawn))
    .addOption(options.topK().implies(drawn))
    .addOption(options.topP().implies(drawn))
    .addOption(options.seed().implies(drawn))
    .optionsGroup("Options:")
    .addOption(options.model())
    .option("--max-pixels <n>", "pixels that a photo may have, as 250M (default: 250M)", pixels)
    .addOption(
      decimalOption("--timeout <s>", "seconds for a photo of the web (default: 30)", {
        min: 0.1,
        max: 1e6,
      }),
    )
    .addOption(options.batch("photos", 8))
    .addOption(options.engine())
    .addHelpText("after", examples)
    .action(predict);
}

async function predict(args: readonly string[], flags: PredictFlags): Promise<void> {
  const { model, engine } = flags;
  const { photos, passedOver } = await findPhotos(args);
  const single = photos.length === 1 && (photos[0]?.path === args[0] || args[0] === "-");
  if (passedOver.length > 0 && !flags.quiet) {
    writeNote(tellPassedOver(passedOver));
  }
  const { captionPhotos } = await import("./caption-photos.ts");
  const heatmaps = flags.attention === undefined ? undefined : await openHeatmaps(flags.attention);
  const quiet = flags.quiet || photos.length === 1;
  const work = { total: photos.length, label: "captioning", unit: "photos", quiet };
  const progress = createProgress(work);
  let [done, failures, undrawn] = [0, 0, 0];
  try {
    for await (const outcome of captionPhotos(photos, { model, engine }, optionsOf(flags))) {
      const { photo, result, error } = outcome;
      const heatmap = result && heatmaps && (await drawHeatmap(heatmaps, photo, result));
      let written = Promise.resolve();
      progress.aside(() => {
        const failed = error ?? heatmap?.error;
        if (failed !== undefined) writeNote(`error: ${failed.message}`);
        if (flags.json) written = writeJsonLine(jsonOf(outcome, heatmap));
        else if (result !== undefined) written = writeLine(textOf(photo, result, single));
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
  const tell = (count: number, what: string) => {
    if (count > 0) writeNote(`${count} of ${photos.length} ${what}`);
  };
  tell(failures, "photos could not be captioned");
  tell(undrawn, "heat maps could not be written");
}

/** The path of the one that was written, or why there is none, which costs the caption nothing. */
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
  const { batch, maxLength, lengthPenalty, maxPixels, timeout } = flags;
  const { sample, temperature, topK, topP, seed } = flags;
  const attention = flags.attention !== undefined;
  return {
    ...{ batch, maxLength, lengthPenalty, maxPixels, timeout },
    ...{ sample, temperature, topK, topP, seed },
    beamWidth: flags.beam,
    nBest: flags.nBest ?? (flags.json ? undefined : 1),
    attention,
    picture: attention,
  };
}

/** `250M` or `250000000`. */
function pixels(value: string): number {
  const [, digits, millions] = /^(\d+(?:\.\d+)?)(m?)$/i.exec(value) ?? [];
  const count = Math.round(Number(digits) * (millions ? 1e6 : 1));
  if (count >= 1000) return count;
  const hint = count > 0 ? ` Did you mean ${value}M?` : "";
  throw new InvalidArgumentError(
    `Expected at least 1000 pixels, such as 250M or 250000000.${hint}`,
  );
}

function jsonOf({ photo: { path }, result, error }: PhotoOutcome, heatmap: Drawn | undefined) {
  if (error !== undefined) return { image: path, error: error.message };
  const { caption, logProbability, alternatives, tokens } = result;
  const drawn = { heatmap: heatmap?.file, heatmapError: heatmap?.error?.message };
  return { image: path, caption, logProbability, alternatives, tokens, ...drawn };
}

/** The caption on a line, after its path where there are several photos; then the alternatives. */
function textOf({ path }: PhotoInput, result: CaptionResult, single: boolean): string {
  const lines = [result, ...result.alternatives].map(({ caption }) => caption);
  if (single) return lines.join("\n");
  return lines.map((caption, i) => `${i === 0 ? printable(path) : ""}\t${caption}`).join("\n");
}
