import { relative, sep } from "node:path";
import { readFaq, readFaqQuestions } from "@attend/datasets";
import { trainMatcher } from "@attend/retrieval/training";
import type { SentenceVectors } from "@attend/sentence-vectors";
import type { TeachOptions } from "../teach.ts";
import { assignQuestions } from "./assign-questions.ts";
import { allPairs, faqModels } from "./model.ts";

/** How a FAQ is taught. */
export interface FaqOptions extends TeachOptions {
  /** More wordings of the questions, such as from a log: a file as `readFaqQuestions` reads it. */
  readonly wordings?: string | undefined;
  /** Questions that it has no answer to, to calibrate on: such a file, too. Default: some that hardly any FAQ answers. */
  readonly unanswerable?: string | undefined;
}

/**
 * Teaches a bot questions and answers, and writes its model folder.
 *
 * @param file see `readFaq`
 * @returns what it was taught, and problems with the file, one line each
 * @throws AttendError like `readFaq`; INTERRUPTED; WRITE_FAILED
 */
export async function trainFaq(
  file: string,
  vectors: SentenceVectors,
  { out, seed = 1, wordings, unanswerable, signal, onProgress }: FaqOptions,
): Promise<{ pairs: number; questions: number; warnings: readonly string[] }> {
  const { pairs, warnings } = await readFaq(file);
  const [more, others] = [await read(wordings), await read(unanswerable)];
  const assigned = assignQuestions(more?.questions ?? [], pairs, wordings ?? "");
  const taught = {
    file: relative(out, file).split(sep).join("/"),
    pairs,
    wordings: pairs.map((_, i) =>
      assigned.filter(({ pair }) => pair === i).map(({ question }) => question),
    ),
  };
  const all = allPairs(taught);
  const elsewhere = others?.questions.map(({ question }) => question);
  const matcher = await trainMatcher(all, vectors, { seed, elsewhere, signal, onProgress });
  try {
    const config = { kind: "faq" as const, matcher: matcher.config };
    await faqModels.save({ config, tokens: taught, network: matcher.network }, out);
  } finally {
    matcher.dispose();
  }
  return {
    pairs: pairs.length,
    questions: all.reduce((sum, { questions }) => sum + questions.length, 0),
    warnings: [...warnings, ...(more?.warnings ?? []), ...(others?.warnings ?? [])],
  };
}

async function read(file: string | undefined) {
  return file === undefined ? undefined : await readFaqQuestions(file);
}
