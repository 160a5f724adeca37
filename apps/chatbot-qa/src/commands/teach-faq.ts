import { formatDuration, noted, writeLine } from "@attend/cli-kit";
import { trainFaq } from "../faq/training.ts";
import { requireFreeFolder } from "../folder.ts";
import type { TrainFlags } from "./flags.ts";
import { learnOnVectors } from "./learn-on-vectors.ts";

/** `attend-chat train --faq`. */
export async function teachFaq(file: string, flags: TrainFlags): Promise<void> {
  const { out } = flags;
  await requireFreeFolder(out, "faq");
  const started = Date.now();
  const { pairs, questions } = await teach(file, flags);
  const seconds = (Date.now() - started) / 1000;
  await writeLine(
    `${out}: ${pairs} answers to ${questions} questions, learned in ${formatDuration(seconds)}`,
  );
}

type TeachFlags = Pick<
  TrainFlags,
  "out" | "seed" | "wordings" | "unanswerable" | "vectors" | "engine" | "quiet"
>;

/** Teaches a bot with progress, and writes its folder; problems with the file are noted. */
export function teach(file: string, flags: TeachFlags) {
  const { out, seed, wordings, unanswerable } = flags;
  const learned = learnOnVectors(flags, (vectors, learning) =>
    trainFaq(file, vectors, { out, seed, wordings, unanswerable, ...learning }),
  );
  return noted(learned);
}
