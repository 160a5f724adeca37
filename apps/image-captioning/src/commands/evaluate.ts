import { dirname } from "node:path";
import { createProgress, printTable, wholeNumber, writeJsonLine, writeLine } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { Command, Option } from "commander";
import { collect, readSets, type SetFlags } from "./sets.ts";

interface EvaluateFlags extends SetFlags {
  readonly model?: string;
  readonly beam?: number;
  readonly predictions?: string;
  readonly json: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  caption evaluate --images photos --captions captions.csv --split dev.txt
  caption evaluate --images photos --captions captions.csv --predictions said.jsonl --beam 1
  caption evaluate --images photos --captions captions.csv --model runs/captioner/model --json

CIDEr-D is what COCO and papers report as CIDEr; METEOR is with exact and stem matches only.`;

/** `caption evaluate`: the metrics of a captioner on photos that people captioned. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("score a captioner against captions that people wrote")
    .requiredOption("--images <folder>", "the photos; repeat it for several sets", collect)
    .requiredOption("--captions <file>", "their captions, one for each --images", collect)
    .option(
      "--split <file>",
      "only these photos, a name a line; one for each --images",
      collect,
      [],
    )
    .option("--allow-missing", "leave out captions whose photo is not there", false)
    .option("--model <folder>", "a model that `caption train` wrote (default: the one shipped)")
    .addOption(
      new Option("--beam <n>", "captions under way at a time (default: the model's, 5)").argParser(
        wholeNumber({ min: 1, max: 100 }),
      ),
    )
    .option("--predictions <file>", "write each photo's caption and references as JSON lines")
    .option("--json", "the scores as one line of JSON", false)
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .option("--quiet", "no progress", false)
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  const { loadCaptioner } = await import("../captioner/load-captioner.ts");
  const { evaluateCaptions } = await import("@attend/metrics");
  const { tokenize } = await import("@attend/text");
  const { scoreRow } = await import("../evaluate.ts");
  const { images } = await readSets(flags);
  const { predictions } = flags;
  // Before the work, not after it.
  if (predictions !== undefined) await ensureWritableDirectory(dirname(predictions));
  const captioner = await loadCaptioner({ model: flags.model, engine: flags.engine });
  const progress = createProgress({
    total: images.length,
    label: "captioning",
    unit: "photos",
    quiet: flags.quiet,
  });
  const candidates: string[][] = [];
  const lines: string[] = [];
  try {
    const photos = images.map(({ file }) => file);
    for await (const { result, error } of captioner.captionAll(photos, {
      beamWidth: flags.beam,
    })) {
      // A photo that cannot be read would make the figures those of other photos.
      if (error) throw error;
      const { id: image, captions } = images[candidates.length] ?? { id: "", captions: [] };
      const { caption, tokens, logProbability } = result;
      const references = captions.map(({ text }) => text);
      candidates.push([...tokens]);
      lines.push(JSON.stringify({ image, caption, tokens, logProbability, references }));
      progress.update(candidates.length);
    }
  } finally {
    progress.stop();
    captioner.close();
  }
  if (predictions !== undefined) await writeFileAtomic(predictions, `${lines.join("\n")}\n`);
  const references = images.map(({ captions }) => captions.map(({ text }) => tokenize(text)));
  const scores = evaluateCaptions(candidates, references);
  if (flags.json) return writeJsonLine({ photos: images.length, ...scores });
  await writeLine(`${images.length} photos`);
  await printTable([scoreRow(scores)]);
}
