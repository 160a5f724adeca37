import {
  createProgress,
  decimalNumber,
  wholeNumber,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { AttendError, messageOf, printable } from "@attend/runtime/errors";
import { Command, InvalidArgumentError, Option } from "commander";
import type { CaptionResult } from "../captioner/captioner.ts";
import type { PhotoOutcome } from "./caption-photos.ts";
import type { HeatmapFolder } from "./heatmap-folder.ts";
import { findPhotos, type PhotoInput, tellPassedOver } from "./photos.ts";

interface PredictFlags {
  readonly json?: true;
  readonly alternatives?: number;
  readonly heatmap?: string;
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
  readonly quiet?: true;
}

const examples = `
Examples:
  caption beach.jpg                        A dog runs on the beach.
  caption holiday/ --json > captions.jsonl one line of JSON for each photo
  caption holiday/ --heatmap looked        a PNG for each photo: where the model looked
  caption beach.jpg --alternatives 4       five captions, the likeliest first
  caption beach.jpg --sample --seed 7      a caption drawn by chance
  caption https://example.org/beach.jpg    a photo of the web
  find . -name '*.jpg' | caption -         the photos whose paths stdin holds (-print0, too)
  caption - < beach.jpg                    the photo that stdin holds

One photo prints its caption; several print each path, a tab and the caption. A photo that cannot be
read is reported and left out, and the exit code is then 1. Of a folder, files that are no photos by
their names are passed over, and counted on stderr.`;

/** \`caption <photos...>\`: what the program does where no other command is named. */
export function predictCommand(): Command {
  const whole = (flags: string, text: string, min: number, max: number) =>
    new Option(flags, text).argParser(wholeNumber({ min, max }));
  const decimal = (flags: string, text: string, min: number, max?: number) =>
    new Option(flags, text).argParser(decimalNumber(max === undefined ? { min } : { min, max }));
  const drawn = { sample: true };
  return new Command("caption")
    .description(
      "Captions photos: files, folders (with all below them), web addresses, or - for stdin.",
    )
    .argument("<photos...>", "JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF, BMP or SVG")
    .optionsGroup("Output:")
    .option("--json", "one line of JSON for each photo")
    .addOption(whole("--alternatives <n>", "further captions to print (--json: all found)", 0, 99))
    .option("--heatmap <folder>", "write a PNG for each photo: where the model looked", aName)
    .option("--quiet", "no progress, and not what was passed over")
    .optionsGroup("Search for the likeliest caption (defaults are the model's):")
    .addOption(
      whole("--beam <n>", "captions that are followed at a time", 1, 100).conflicts("sample"),
    )
    .addOption(
      decimal("--length-penalty <a>", "above 0 favours longer ones", 0).conflicts("sample"),
    )
    .addOption(whole("--max-length <n>", "words at most", 1, 1000))
    .optionsGroup("Or draw it by chance (each of these does):")
    .option("--sample", "from the model's own distribution")
    .addOption(
      decimal("--temperature <t>", "below 1 safer, above 1 bolder", 0.01, 100).implies(drawn),
    )
    .addOption(whole("--top-k <k>", "only the k likeliest words", 1, 1e9).implies(drawn))
    .addOption(
      decimal("--top-p <p>", "only the likeliest words, of probability p", 1e-6, 1).implies(drawn),
    )
    .addOption(whole("--seed <n>", "another draws another caption", 0, 2 ** 32 - 1).implies(drawn))
    .optionsGroup("Options:")
    .option(
      "--model <folder>",
      "a model that `caption train` wrote (default: the shipped one)",
      aName,
    )
    .option("--max-pixels <n>", "pixels that a photo may have, as 250M (default: 250M)", pixels)
    .addOption(decimal("--timeout <s>", "seconds for a photo of the web (default: 30)", 0.1, 1e6))
    .addOption(whole("--batch <n>", "photos at a time (default: 8)", 1, 1000))
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .addHelpText("after", examples)
    .action(predict);
}

async function predict(args: readonly string[], flags: PredictFlags): Promise<void> {
  const { photos, passedOver } = await findPhotos(args);
  const single = photos.length === 1 && (photos[0]?.path === args[0] || args[0] === "-");
  if (passedOver.length > 0 && !flags.quiet) {
    writeNote(tellPassedOver(passedOver));
  }
  const { captionPhotos } = await import("./caption-photos.ts");
  const heatmaps = flags.heatmap === undefined ? undefined : await openHeatmaps(flags.heatmap);
  const quiet = flags.quiet === true || photos.length === 1;
  const work = { total: photos.length, label: "captioning", unit: "photos", quiet };
  const progress = createProgress(work);
  let [done, failures, undrawn] = [0, 0, 0];
  try {
    for await (const outcome of captionPhotos(photos, modelOf(flags), optionsOf(flags))) {
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
    if (count > 0) process.stderr.write(`${count} of ${photos.length} ${what}\n`);
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

function modelOf({ model, engine }: PredictFlags) {
  return { model, engine };
}

function optionsOf(flags: PredictFlags) {
  const { batch, maxLength, lengthPenalty, maxPixels, timeout } = flags;
  const { temperature, topK, topP, seed } = flags;
  const heatmap = flags.heatmap !== undefined;
  return {
    batch,
    maxLength,
    lengthPenalty,
    maxPixels,
    timeout,
    beamWidth: flags.beam,
    sample: flags.sample ? { temperature, topK, topP, seed } : undefined,
    alternatives: flags.alternatives ?? (flags.json ? undefined : 0),
    attention: heatmap,
    picture: heatmap,
  };
}

function aName(value: string): string {
  if (value !== "") return value;
  throw new InvalidArgumentError("It takes the name of a folder, and none was given.");
}

/** `250M` or `250000000`. */
function pixels(value: string): number {
  const [, digits, millions] = /^(\d+(?:\.\d+)?)(m?)$/i.exec(value) ?? [];
  const count = Math.round(Number(digits) * (millions ? 1e6 : 1));
  if (count >= 1000) return count;
  const hint = count > 0 ? ` Did you mean ${value}M?` : "";
  throw new InvalidArgumentError(`It takes pixels, 1000 at least, as 250M or 250000000.${hint}`);
}

function jsonOf({ photo: { path }, result, error }: PhotoOutcome, heatmap: Drawn | undefined) {
  if (error !== undefined) return { image: path, error: error.message };
  const { caption, logProbability, alternatives, tokens } = result;
  const drawn = { heatmap: heatmap?.file, heatmapError: heatmap?.error?.message };
  return { image: path, caption, logProbability, alternatives, tokens, ...drawn };
}

/** The caption on a line, behind its path where there are several photos; then the alternatives. */
function textOf({ path }: PhotoInput, result: CaptionResult, single: boolean): string {
  const lines = [result, ...result.alternatives].map(({ caption }) => caption);
  if (single) return lines.join("\n");
  return lines.map((caption, i) => `${i === 0 ? printable(path) : ""}\t${caption}`).join("\n");
}
