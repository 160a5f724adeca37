import { extname } from "node:path";
import { options, pathOption, requireWritable, writeLine, writeNote } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { writeFileAtomic } from "@attend/runtime/files";
import { Command } from "commander";
import { answerText } from "../present/answers.ts";
import type { PageFormat } from "../present/render-page.ts";
import { addSetOptions, readSets, type SetFlags } from "./sets.ts";

interface PageFlags extends SetFlags {
  readonly model?: string;
  readonly out: string;
  readonly engine?: EngineName;
}

const formats: ReadonlyMap<string, PageFormat> = new Map([
  [".webp", "webp"],
  [".png", "png"],
  [".jpg", "jpeg"],
]);
/** More are not looked at, and a page is an image of limited height. */
const maxExamples = 100;

const examples = `
Example:
  attend-vqa page --model runs/vqa/model --images photos --questions twenty.tsv --out page.webp

The page shows each photo, where each hop looked, the answer, and whether it is the expected one. The
same answers are printed as a table in Markdown. The page is WebP, PNG or JPEG, by its extension.`;

/** `attend-vqa page`: draws answers and regions of a few examples on one page. */
export function pageCommand(): Command {
  const command = new Command("page").description(
    "draw answers, and where the model looked, on one page to look at",
  );
  return addSetOptions(command)
    .addOption(options.model())
    .addOption(pathOption("--out <file>", "the page").default("page.webp"))
    .addOption(options.engine())
    .addOption(options.precision())
    .addHelpText("after", examples)
    .action(drawPage);
}

async function drawPage(flags: PageFlags): Promise<void> {
  const { renderPage } = await import("../present/render-page.ts");
  const { answerOf } = await import("../dataset.ts");
  const { loadAnswerer } = await import("../answerer.ts");
  const { model, out, engine } = flags;
  const format = formats.get(extname(out).toLowerCase());
  if (format === undefined) {
    const message = `--out is ${out}; name a file with the extension ${[...formats.keys()].join(", ")}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const rows = await readSets(flags);
  if (rows.length > maxExamples) {
    const message = `${rows.length} questions are too many for a page; give at most ${maxExamples}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  await requireWritable(out);
  const answerer = await loadAnswerer({ model, engine });
  if (answerer.advice !== undefined) writeNote(`note: ${answerer.advice}`);
  try {
    const drawn = [];
    await writeLine("| photo | question | answer | right? |\n| --- | --- | --- | --- |");
    for (const row of rows) {
      const { image, photo, question } = row;
      const ask = { attention: true, picture: true, nBest: 0 };
      const result = await answerer.ask(photo, question, ask);
      const expected = answerOf(row);
      drawn.push({ result, expected });
      const verdict = result.answer === expected ? "right" : `wrong: ${expected}`;
      await writeLine(`| ${[image, question, answerText(result), verdict].join(" | ")} |`);
    }
    await writeFileAtomic(out, await renderPage(drawn, format));
  } finally {
    answerer.close();
  }
}
