import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AttendError } from "@attend/runtime";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { python } from "../../support/machine.ts";
import { startWorker } from "../../support/worker.ts";
import { sampleLines } from "./data.ts";
import type { Run } from "./neural.ts";
import { openRecord, type SystemRecord, writeRecord } from "./record.ts";
import { statisticalSystem } from "./systems.ts";
import { scoreTest } from "./test-scores.ts";

/** Rounds of IBM model 1. */
const iterations = 5;
/** Decoder settings (see smt_side.py): few enough hypotheses to finish; weights tuned on validation sentences. */
const search = { stack: 30, threshold: 0.01, distortion: 1, longer: 1.4 };

/** Trains and measures the statistical system unless it is already done. */
export async function runStatistical(run: Run): Promise<SystemRecord> {
  const { data, out, smtSentences } = run;
  const folder = join(out, statisticalSystem.name);
  const lines = sampleLines(data.test.length, smtSentences);
  const sizes = { train: data.train.length, test: data.test.length, sentences: lines.length };
  const record = await openRecord(folder, { iterations, search, ...sizes }, run.busy);
  if (record.test !== null) return record;
  await ensureWritableDirectory(folder);
  const model = join(folder, "model.pickle");
  const script = fileURLToPath(new URL("../smt/smt_side.py", import.meta.url));
  const worker = startWorker(python, [script], { PYTHONDONTWRITEBYTECODE: "1" });
  try {
    record.tools = (await worker.ask<{ versions: string[] }>("versions")).versions;
    if (record.stopped === null) {
      const pairs = data.train.map(({ source, target }) => [source, target]);
      const request = { pairs, iterations, out: model };
      const trained = await worker.ask<{ seconds: number; phrases: number }>("train", request);
      Object.assign(record, { seconds: trained.seconds, size: trained.phrases });
      record.stopped = "complete";
      writeRecord(folder, record);
    }
    await worker.ask("load", { path: model });
    const chosen = lines.flatMap((line) => data.test[line] ?? []);
    const found = await worker.ask<{ seconds: number; translations: string[] }>("translate", {
      lines: chosen.map(({ source }) => source),
      ...search,
    });
    const references = chosen.map(({ target }) => target);
    record.test = await scoreTest(folder, found.translations, references, found.seconds);
    writeRecord(folder, record);
    return record;
  } catch (cause) {
    // Ctrl-C also ends Python.
    if (run.signal.aborted) throw new AttendError("INTERRUPTED", "stopped", { cause });
    throw cause;
  } finally {
    await worker.close();
  }
}
