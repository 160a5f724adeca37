import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { nodeArguments } from "@attend/runtime/program";
import { identityOf } from "../process-identity.ts";
import type { TrainingRequest } from "../schemas/trainings.ts";
import { type TrainingRecord, trainingFiles } from "./record.ts";

/** The packages of the programs; `import.meta.resolve` needs each name in full. */
const libraries: Readonly<Record<TrainingRequest["kind"], () => string>> = {
  caption: () => import.meta.resolve("@attend/image-captioning"),
  translate: () => import.meta.resolve("@attend/translation"),
  vqa: () => import.meta.resolve("@attend/visual-qa"),
  chat: () => import.meta.resolve("@attend/chatbot-qa"),
};

/**
 * Starts a training's program in the background, where it outlives this process. It continues what is in its folder.
 *
 * @returns its process, and a promise of its end
 * @throws AttendError ENGINE_FAILED if it cannot be started
 */
export async function startProgram(
  folder: string,
  { kind, args }: Pick<TrainingRecord, "kind" | "args">,
): Promise<{ process: NonNullable<TrainingRecord["process"]>; ended: Promise<void> }> {
  const library = fileURLToPath(libraries[kind]());
  const cli = library.replace(/index(\.[jt]s)$/, "cli$1");
  const output = openSync(join(folder, trainingFiles.output), "a");
  // Before the data, which may come after `--`.
  const own = [`--out=${folder}`, "--resume"];
  const child = spawn(process.execPath, [...nodeArguments(cli), "train", ...own, ...args], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, ATTEND_PROGRAM: undefined, NO_COLOR: "1" },
  });
  closeSync(output);
  const ended = once(child, "exit").then(
    () => {},
    () => {},
  );
  child.unref();
  await once(child, "spawn").catch((cause) => {
    const message = `cannot start the training: ${messageOf(cause)}; start fewer programs`;
    throw new AttendError("ENGINE_FAILED", message, { cause });
  });
  const pid = child.pid ?? 0;
  return { process: { pid, identity: identityOf(pid) ?? "ended" }, ended };
}

/** Sends a signal to a training's process and those that it started. */
export function signalProgram({ process: child }: TrainingRecord, signal: NodeJS.Signals): void {
  if (child === undefined || identityOf(child.pid) !== child.identity) return;
  try {
    process.kill(signal === "SIGKILL" ? -child.pid : child.pid, signal);
  } catch {
    // It has just ended.
  }
}
