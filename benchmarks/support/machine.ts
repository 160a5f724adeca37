import { availableParallelism, cpus, loadavg } from "node:os";

/** Threads of each side: THREADS, or every core. */
const threads = Number(process.env["THREADS"] ?? availableParallelism());

/** The Python with torch: PYTHON, or python3. */
export const python = process.env["PYTHON"] ?? "python3";

/** Environment variables that limit a process to these threads. */
export const threadLimits = {
  TF_NUM_INTRAOP_THREADS: String(threads),
  OMP_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
};

/** Describes the machine and its load. Call it before starting anything. */
export function describeMachine() {
  const load = loadavg()[0] ?? 0;
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: cpus().length,
    threads,
    node: process.version,
    load,
    busy: load > 0.5 * cpus().length,
    date: new Date().toISOString().slice(0, 10),
  };
}

export type Machine = ReturnType<typeof describeMachine>;

export function printMachine(machine: Machine, versions: readonly string[]): void {
  const { cpu, cores, load } = machine;
  console.log(
    `${cpu}, ${cores} cores, load ${load.toFixed(2)} at the start; ${threads} threads for each side; ` +
      `Node ${machine.node.slice(1)}, ${versions.join(", ")}; ${machine.date}`,
  );
  if (machine.busy) {
    console.log(
      `\nWARNING: the machine was busy (load ${load.toFixed(2)} on ${cores} cores): these times mean little.`,
    );
  }
}
