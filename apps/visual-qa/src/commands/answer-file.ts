import { resolve } from "node:path";
import { createProgress, noted, writeJsonLine, writeLine, writeNote } from "@attend/cli-kit";
import { type QuestionRow, readQuestions } from "@attend/datasets";
import { printable } from "@attend/runtime/errors";
import { isAddress } from "@attend/runtime/files";
import type { Answerer, AskOptions } from "../answerer.ts";
import { answerText, jsonOf } from "../present/answers.ts";
import { withFlagNames } from "./flag-names.ts";
import { drawRegions, type RegionFolder } from "./region-folder.ts";
import { type ColumnFlags, columnsOf } from "./sets.ts";

/** Answers the questions of a file: a line for each, in order. The exit code is 1 if one cannot be answered. */
export async function answerFile(
  answerer: Pick<Answerer, "askAll">,
  file: string,
  flags: ColumnFlags & {
    readonly images?: string;
    readonly json: boolean;
    readonly quiet: boolean;
  },
  ask: AskOptions,
  regions: RegionFolder | undefined,
): Promise<void> {
  // Without the folder, since a row whose photo is missing also gives a line.
  const { rows } = await noted(
    readQuestions(file, { answers: "optional", faulty: "kept", columns: columnsOf(flags) }),
  );
  const { quiet } = flags;
  const work = { total: rows.length, label: "answering", unit: "questions", quiet };
  const progress = createProgress(work);
  let [done, failures] = [0, 0];
  try {
    for await (const { image, question, result, failure } of answerRows(
      answerer,
      rows,
      flags,
      ask,
    )) {
      const drawn = result && (await drawRegions(regions, image, result));
      let written = Promise.resolve();
      progress.aside(() => {
        if (failure !== undefined) writeNote(`error: ${failure}`);
        if (result?.warning !== undefined) writeNote(`warning: ${question}: ${result.warning}`);
        if (flags.json) {
          written = writeJsonLine(
            result ? { ...jsonOf(image, result), ...drawn } : { image, question, error: failure },
          );
        } else if (result !== undefined) {
          written = writeLine([image, question, answerText(result)].map(printable).join("\t"));
        }
      });
      await written;
      if (failure !== undefined) failures++;
      progress.update(++done);
    }
  } finally {
    progress.stop();
  }
  if (failures === 0) return;
  process.exitCode = 1;
  writeNote(`${failures} of ${rows.length} questions could not be answered`);
}

/** The answer to each row, in order, or the reason why there is none. */
async function* answerRows(
  answerer: Pick<Answerer, "askAll">,
  rows: readonly QuestionRow[],
  { images = "" }: { readonly images?: string },
  ask: AskOptions,
) {
  const sound = rows.filter(({ fault }) => fault === undefined);
  const asked = sound.map(({ image, question }) => {
    return { question, photo: isAddress(image) ? image : resolve(images, image) };
  });
  const outcomes = answerer.askAll(asked, ask);
  for (const { image, question, fault } of rows) {
    if (fault !== undefined) {
      yield { image, question, failure: fault };
      continue;
    }
    const next = await outcomes.next();
    if (next.done) return;
    const { result, error } = next.value;
    yield error
      ? { image, question, failure: withFlagNames(error).message }
      : { image, question, result };
  }
}
