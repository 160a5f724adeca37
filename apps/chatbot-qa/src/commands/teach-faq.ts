import {
  createProgress,
  formatDuration,
  interruptible,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { loadSentenceVectors } from "@attend/sentence-vectors";
import { trainFaq } from "../faq/training.ts";
import { requireFreeFolder } from "../folder.ts";
import type { TrainFlags } from "./flags.ts";

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
export async function teach(
  file: string,
  { vectors: name, engine, quiet, ...options }: TeachFlags,
) {
  const vectors = await loadSentenceVectors(name, { engine });
  if (vectors.advice !== undefined && !quiet) writeNote(`note: ${vectors.advice}`);
  const progress = createProgress({ total: 1, label: "learning", unit: "steps", quiet });
  try {
    const taught = await interruptible((signal) =>
      trainFaq(file, vectors, {
        ...options,
        signal,
        onProgress: (done, total) => progress.update(done, {}, total),
      }),
    );
    progress.stop();
    for (const warning of taught.warnings) writeNote(`warning: ${warning}`);
    return taught;
  } finally {
    progress.stop();
    vectors.dispose();
  }
}
