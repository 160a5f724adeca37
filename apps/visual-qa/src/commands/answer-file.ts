import { resolve } from "node:path";
import { createProgress, writeJsonLine, writeLine, writeNote } from "@attend/cli-kit";
import { readQuestions } from "@attend/datasets";
import { printable } from "@attend/runtime/errors";
import { isAddress } from "@attend/runtime/files";
import type { Answerer, AskOptions } from "../answerer.ts";
import { answerText, jsonOf } from "../present/answers.ts";
import { withFlagNames } from "./flag-names.ts";
import { drawRegions, type RegionFolder } from "./region-folder.ts";

/** Answers the questions of a file: a line for each, in order. The exit code is 1 if one cannot be answered. */
export async function answerFile(
  answerer: Pick<Answerer, "askAll">,
  file: string,
  flags: { readonly images?: string; readonly json: boolean; readonly quiet: boolean },
  ask: AskOptions,
  regions: RegionFolder | undefined,
): Promise<void> {
  // Without the folder, since a row whose photo is missing also gives a line.
  const { rows, warnings } = await readQuestions(file, { answers: "optional" });
  for (const warning of warnings) writeNote(`warning: ${warning}`);
  const questions = rows.map(({ image, question }) => {
    return {
      image,
      question,
      photo: isAddress(image) ? image : resolve(flags.images ?? "", image),
    };
  });
  const { quiet } = flags;
  const work = { total: questions.length, label: "answering", unit: "questions", quiet };
  const progress = createProgress(work);
  let [done, failures] = [0, 0];
  try {
    for await (const { row, result, error } of answerer.askAll(questions, ask)) {
      const { image, question } = row;
      const drawn = result && (await drawRegions(regions, image, result));
      const failure = error && withFlagNames(error).message;
      let written = Promise.resolve();
      progress.aside(() => {
        if (failure !== undefined) writeNote(`error: ${failure}`);
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
  writeNote(`${failures} of ${questions.length} questions could not be answered`);
}
