import type { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();

/** Kills a process when this one ends, however it ends (unless it is killed outright). */
export function endWithUs(child: ChildProcess): void {
  if (running.size === 0) process.on("exit", killAll);
  running.add(child);
  const remove = () => {
    running.delete(child);
    if (running.size === 0) process.off("exit", killAll);
  };
  child.once("exit", remove).once("error", remove);
}

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** How a process ended, for a message. */
export function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}
