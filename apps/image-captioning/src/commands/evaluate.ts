import { basename } from "node:path";
import {
  createProgress,
  options,
  pathOption,
  printTable,
  requireWritable,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import type { PointingExample } from "@attend/metrics";
import type { EngineName } from "@attend/runtime";
import { writeFileAtomic } from "@attend/runtime/files";
import { Command } from "commander";
import { pointingRow, scoreRow } from "../present/scores.ts";
import { addSetOptions, joinSets, readSets, reportParts, type SetFlags } from "./sets.ts";

interface EvaluateFlags extends SetFlags {
  readonly model?: readonly string[];
  readonly beam?: number;
  readonly batch?: number;
  readonly boxes?: string;
  readonly predictions?: string;
  readonly json: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-caption evaluate --images photos --captions captions.csv --split dev.txt
  attend-caption evaluate --images photos --captions captions.csv --predictions captions.jsonl --beam 1
  attend-caption evaluate --images photos --captions captions.csv --model runs/captioner --json
  attend-caption evaluate --images photos --captions captions.csv --model runs/one --model runs/two
  attend-caption evaluate --images photos --captions dataset_flickr8k.json --part test
  attend-caption evaluate --images photos --captions captions.csv --boxes boxes.tsv

CIDEr-D is what COCO and papers report as CIDEr; METEOR uses exact and stem matches only. With
--boxes (TSV, fractions of width and height, COCO's classes), pointing is the share of words for an
object that looked most at a place within it, and middle that of the middle of the photo.`;

/** `attend-caption evaluate`: scores a captioner on photos that people captioned. */
export function evaluateCommand(): Command {
  const command = new Command("evaluate").description(
    "score a captioner against captions that people wrote",
  );
  return addSetOptions(command, "val")
    .addOption(options.models())
    .addOption(options.beam())
    .addOption(options.batch("photos", 8))
    .addOption(
      pathOption(
        "--boxes <file>",
        "score where words look, too: objects of the photos (image, class, x1, y1, x2, y2)",
      ),
    )
    .addOption(options.predictions("write each photo's caption and references as JSON lines"))
    .addOption(options.json("print the scores as one line of JSON"))
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  const { loadCaptioner } = await import("../captioner.ts");
  const { evaluateCaptions } = await import("@attend/metrics");
  const { readBoxes } = await import("@attend/datasets");
  const { pointingExamples, scorePointing } = await import("../pointing.ts");
  const { tokenize } = await import("@attend/text");
  const sets = await readSets(flags, flags.part ?? ["val"]);
  await reportParts(sets, { scored: () => true });
  const { images } = await joinSets(sets);
  const { predictions } = flags;
  const boxes = flags.boxes === undefined ? undefined : await readBoxes(flags.boxes);
  // Fail before captioning, not after.
  if (predictions !== undefined) await requireWritable(predictions);
  const captioner = await loadCaptioner({ model: flags.model, engine: flags.engine });
  const progress = createProgress({
    total: images.length,
    label: "captioning",
    unit: "photos",
    quiet: flags.quiet,
  });
  const candidates: string[][] = [];
  const references: string[][][] = [];
  const lines: string[] = [];
  const pointed: PointingExample[] = [];
  let done = 0;
  try {
    const photos = images.map(({ file }) => file);
    const attention = boxes !== undefined;
    const search = { beamWidth: flags.beam, batch: flags.batch, nBest: 1, attention };
    for await (const { result, error } of captioner.captionAll(photos, search)) {
      const { id: image, file, captions } = images[done] ?? { id: "", file: "", captions: [] };
      progress.update(++done);
      if (error) {
        progress.aside(() => writeNote(`error: ${error.message}`));
        continue;
      }
      const { caption, tokens, logProbability } = result;
      if (result.attention) {
        const objects = boxes?.get(basename(file)) ?? [];
        pointed.push(...pointingExamples(result.attention, objects));
      }
      const texts = captions.map(({ text }) => text);
      candidates.push([...tokens]);
      references.push(texts.map(tokenize));
      lines.push(JSON.stringify({ image, caption, tokens, logProbability, references: texts }));
    }
  } finally {
    progress.stop();
    captioner.close();
  }
  const unreadable = images.length - lines.length;
  if (unreadable > 0) {
    writeNote(`${unreadable} of ${images.length} photos could not be read`);
    process.exitCode = 1;
  }
  if (lines.length === 0) return;
  if (predictions !== undefined) await writeFileAtomic(predictions, `${lines.join("\n")}\n`);
  const scores = evaluateCaptions(candidates, references);
  const pointing = scorePointing(pointed);
  if (boxes !== undefined && pointing === undefined) {
    writeNote(`warning: no caption names an object of ${flags.boxes}`);
  }
  const counts = { photos: lines.length, ...(unreadable > 0 && { unreadable }) };
  if (flags.json) return writeJsonLine({ ...counts, ...scores, ...(pointing && { pointing }) });
  await writeLine(`${lines.length} photos`);
  await printTable([{ ...scoreRow(scores), ...(pointing && pointingRow(pointing)) }]);
}
