/**
 * Compares translation with PyTorch, taking turns in one run: training steps of a Transformer and of a recurrent network
 * with attention, and decoding with beam 5, which is also compared with CTranslate2 if it is installed.
 *
 *   pnpm --filter @attend/benchmarks translation
 *
 * `--model DIR` decodes with another English-to-German Transformer than the shipped one, `--only training` measures one
 * part, `--quick` uses fewer repetitions, `--json FILE` writes the numbers. PYTHON selects a Python with torch (default:
 * python3), THREADS the number of threads of each side (default: every core). Multi30k is read from ATTEND_DATA.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, printMachine, python, threadLimits } from "../support/machine.ts";
import { median, takeTurns } from "../support/measure.ts";
import { printRows, type Row } from "../support/table.ts";
import { userPath } from "../support/user-path.ts";
import { startWorker, type Worker } from "../support/worker.ts";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string" },
    only: { type: "string", default: "training,decoding" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const shipped = pathOf("../../models/translator-en-de");
const chosen = flags.only.split(",");
const machine = describeMachine();
const temporary = await mkdtemp(join(tmpdir(), "attend-benchmark-"));
const rows: Row[] = [];
try {
  const versions = await withSides(async (sides) => {
    const all = sides.map(
      async (side) => (await side.ask<{ versions: string[] }>("versions")).versions,
    );
    return (await Promise.all(all)).flat();
  });
  printMachine(machine, versions);
  if (chosen.includes("training")) {
    for (const kind of ["transformer", "lstm"] as const)
      rows.push(...(await measureTraining(kind)));
  }
  if (chosen.includes("decoding")) rows.push(...(await measureDecoding()));
  printRows(rows);
  if (flags.json !== undefined) {
    await writeFile(
      userPath(flags.json),
      `${JSON.stringify({ machine, versions, rows }, null, 1)}\n`,
    );
  }
} finally {
  await rm(temporary, { recursive: true });
}

async function measureTraining(kind: "transformer" | "lstm"): Promise<Row[]> {
  return withSides(async ([ours, torch]) => {
    const { loss, ...same } = await ours.ask<{ loss: number; parameters: number }>("train", {
      kind,
      out: temporary,
    });
    const theirs = await torch.ask<{ loss: number | null; parameters: number }>("train", same);
    console.log(
      `- ${kind}: ${same.parameters} parameters, PyTorch ${theirs.parameters}; first loss ${loss.toFixed(4)}, PyTorch ${theirs.loss?.toFixed(4) ?? "(different initial weights)"}`,
    );
    if (same.parameters !== theirs.parameters) throw new Error("not the same model");
    if (theirs.loss !== null && !(Math.abs(loss - theirs.loss) < 1e-3)) {
      throw new Error("the first losses differ by 0.001 or more: not the same model");
    }
    const turn = (side: Worker) => async () =>
      (await side.ask<{ rates: number[] }>("steps", { count: 20 })).rates;
    for (const side of [ours, torch]) await turn(side)();
    const [ourRates = [], torchRates = []] = await takeTurns(flags.quick ? 1 : 4, [
      turn(ours),
      turn(torch),
    ]);
    const what = kind === "transformer" ? "Transformer-tiny" : "LSTM with 2 layers and attention";
    return [
      {
        what: `training, ${what}`,
        unit: "tokens/s",
        ours: median(ourRates),
        torch: median(torchRates),
        target: { of: "ratio", atLeast: 1 },
      },
      await memoryRow(ours, torch),
    ] satisfies Row[];
  });
}

async function measureDecoding(): Promise<Row[]> {
  const model = flags.model === undefined ? shipped : userPath(flags.model);
  return withSides(async ([ours, torch]) => {
    const { lines, sources, special } = await ours.ask<{
      lines: number;
      sources: number[][];
      special: object;
    }>("prepare", { model });
    await torch.ask("prepare", { model, sources, special, out: temporary });
    type Decoded = { seconds: number; translations: number[][] };
    const run = (side: Worker, name: string) => async () => [await side.ask<Decoded>(name)];
    const others = await torch.ask<{ ctranslate2: boolean }>("peers");
    const turns = [
      run(ours, "decode"),
      run(torch, "decode"),
      ...(others.ctranslate2 ? [run(torch, "decodeByCtranslate2")] : []),
    ];
    for (const turn of turns) await turn();
    const found = await takeTurns(flags.quick ? 1 : 3, turns);
    const rate = (side: Decoded[] = []) => lines / median(side.map(({ seconds }) => seconds));
    const [ourRuns = [], ...rest] = found;
    return rest.map((other, i) => {
      const same = identicalFraction(ourRuns[0]?.translations, other[0]?.translations);
      return {
        what: `decoding, beam 5, vs. ${i === 0 ? "PyTorch" : "CTranslate2"} (${(100 * same).toFixed(1)} % identical lines)`,
        unit: "lines/s",
        ours: rate(ourRuns),
        torch: rate(other),
        target: { of: "ratio", atLeast: i === 0 ? 1 : 0.5 },
      } satisfies Row;
    });
  });
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function identicalFraction(ours: number[][] = [], others: number[][] = []): number {
  return ours.filter((tokens, i) => String(tokens) === String(others[i])).length / ours.length;
}

async function memoryRow(ours: Worker, torch: Worker): Promise<Row> {
  const megabytes = async (side: Worker) => (await side.ask<{ bytes: number }>("peak")).bytes / 1e6;
  return {
    what: "- peak memory",
    unit: "MB",
    ours: await megabytes(ours),
    torch: await megabytes(torch),
  };
}

async function withSides<Result>(
  use: (sides: readonly [ours: Worker, torch: Worker]) => Promise<Result>,
): Promise<Result> {
  const env = { ...threadLimits, TF_CPP_MIN_LOG_LEVEL: "2" };
  const sides = [
    // `execArgv` contains the flags that let Node run TypeScript.
    startWorker(process.execPath, [...process.execArgv, pathOf("attend-side.ts")], env),
    startWorker(python, [pathOf("torch_side.py")], threadLimits),
  ] as const;
  try {
    return await use(sides);
  } finally {
    await Promise.all(sides.map((side) => side.close()));
  }
}
