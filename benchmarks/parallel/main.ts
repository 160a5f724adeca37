/**
 * Measures the share of time that two processes spend on their gradients, and predicts that of more machines.
 *
 *   pnpm --filter @attend/benchmarks parallel [--only captioner,transformer] [--updates 20] [--gigabits 1]
 *   pnpm --filter @attend/benchmarks parallel --seconds 0.188 --megabytes 35.4 --cores 2
 *
 * The second one only predicts, from an update of one machine with so many cores. Each process has half of this machine's
 * cores, and so has the one that is alone. With --gigabits, the two are on hosts of their own, network namespaces with a
 * cable of that speed, which only root can make.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AttendError } from "@attend/runtime/errors";
import { mpirun } from "@attend/test-kit";
import { z } from "zod";
import { chosen, positiveInteger } from "../support/flags.ts";
import { describeMachine, printMachine } from "../support/machine.ts";
import { withCable } from "./cable.ts";
import { efficiency, ethernet, mostMachines, type Update } from "./model.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "captioner,transformer" },
    updates: { type: "string", default: "20" },
    gigabits: { type: "string" },
    seconds: { type: "string" },
    megabytes: { type: "string" },
    cores: { type: "string", default: "8" },
  },
});
const timesSchema = z.object({
  bytes: z.number(),
  update: z.number(),
  waiting: z.number(),
  allReduce: z.number(),
});
type Times = z.output<typeof timesSchema>;

const gigabits = positiveInteger("gigabits", flags.gigabits);
if (flags.seconds !== undefined)
  predict("given", update(flags.seconds, flags.megabytes), Number(flags.cores));
else if (gigabits === undefined) measure([...mpirun, "-n", "2"]);
else withCable(gigabits, measure);

function update(seconds: string, megabytes = ""): Update {
  const given = { computing: Number(seconds), bytes: 1e6 * Number(megabytes) };
  if (given.computing > 0 && given.bytes > 0) return given;
  const message = "--seconds and --megabytes take positive numbers; give both";
  throw new AttendError("BAD_ARGUMENT", message);
}

/** @param two an `mpirun` that starts two processes */
function measure(two: readonly string[]): void {
  const updates = positiveInteger("updates", flags.updates) ?? 20;
  const threads = Math.max(1, Math.floor(availableParallelism() / 2));
  const wire = gigabits === undefined ? [] : [`a cable of ${gigabits} Gbit/s`];
  printMachine(describeMachine(), [`${threads} threads a process`, ...wire]);
  const columns = [
    ...["", "gradients summed", "gradients", "alone", "of two"],
    ...["waiting", "all-reduce", "copying and the rest"],
  ];
  console.log(`\n| ${columns.join(" | ")} |\n| --- | --- |${" ---: |".repeat(columns.length - 2)}`);
  const names = chosen("only", flags.only, ["captioner", "transformer"]);
  const measured = names.flatMap((name) => {
    const alone = times([...mpirun, "-n", "1"], threads, [name, `${updates}`]);
    return (["during", "after"] as const).map((when) => {
      const both = times(two, threads, [name, `${updates}`, when]);
      const rest = both.update - alone.update - both.waiting - both.allReduce;
      const cells = [alone.update, both.update, both.waiting, both.allReduce, rest];
      const shown = cells.map((seconds, i) => {
        const share = i < 2 ? "" : ` (${((100 * seconds) / both.update).toFixed(1)} %)`;
        return `${(1000 * seconds).toFixed(0)} ms${share}`;
      });
      const megabytes = `${(both.bytes / 1e6).toFixed(1)} MB`;
      console.log(`| ${[name, `${when} the backward pass`, megabytes, ...shown].join(" | ")} |`);
      return { name, when, update: { computing: alone.update + rest, bytes: both.bytes } };
    });
  });
  for (const { name, when, update } of measured) {
    if (when === "after") predict(name, update, threads);
  }
}

function times(
  [command = "", ...start]: readonly string[],
  threads: number,
  args: readonly string[],
): Times {
  const program = join(import.meta.dirname, "process.ts");
  const node = [process.execPath, "--conditions=@attend/source"];
  const output = execFileSync(
    command,
    [...start, ...node, "--import", import.meta.resolve("tsx"), program, ...args],
    {
      encoding: "utf8",
      env: { ...process.env, TF_NUM_INTRAOP_THREADS: `${threads}` },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  return timesSchema.parse(JSON.parse(output));
}

/** @param cores of the machine with this update; eight compute as many times faster, which is the worst for the network */
function predict(name: string, { computing, bytes }: Update, cores: number): void {
  const eight = { computing: (computing * cores) / 8, bytes };
  const machines = [4, 16, 64];
  console.log(
    `\nMachines of 8 cores, ${name}, an update of ${(1000 * eight.computing).toFixed(0)} ms and ${(bytes / 1e6).toFixed(1)} MB: times as fast as one (efficiency)\n`,
  );
  console.log(`| network | ${machines.join(" | ")} | half of the time is lost beyond |`);
  console.log(`| --- |${" ---: |".repeat(machines.length + 1)}`);
  for (const gigabits of [1, 10]) {
    const network = ethernet(gigabits);
    const cells = machines.map((count) => {
      const part = efficiency(count, eight, network);
      return `${(count * part).toFixed(1)} (${(100 * part).toFixed(0)} %)`;
    });
    const most = mostMachines(eight, network, 0.5) ?? "never";
    console.log(`| ${gigabits} Gbit/s | ${[...cells, most].join(" | ")} |`);
  }
}
