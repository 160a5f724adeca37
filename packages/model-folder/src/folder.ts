import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseConfig, readJson } from "@attend/runtime/config";
import { AttendError, describeValue, messageOf, systemCodeOf } from "@attend/runtime/errors";
import { absentMessage, readError } from "@attend/runtime/files";
import { z } from "zod";

/** The files of a model's folder. */
const names = {
  config: "config.json",
  tokens: "vocabulary.json",
  weights: "model.safetensors",
} as const;

/** The path of each file of a model's folder. */
export function filesOf(folder: string) {
  return {
    config: join(folder, names.config),
    tokens: join(folder, names.tokens),
    weights: join(folder, names.weights),
  };
}

/**
 * Finds the model's folder for a path that a user gave: that folder if it contains config.json, else its
 * subfolder `model`, where trainings write their models.
 *
 * @param program the program whose `train` writes such folders
 * @throws AttendError BAD_ARGUMENT if the path is empty or not a string, FILE_NOT_FOUND if there is no
 *   model, READ_FAILED
 */
export async function findFolder(given: string, program: string): Promise<string> {
  if (typeof given !== "string" || given === "") {
    const message = `model is ${describeValue(given)}; give the path of a model's folder`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!(await isFolder(given, trainedBy(program)))) {
    const parent = dirname(given);
    const remedy = hasConfig(parent) ? `did you mean ${parent}?` : trainedBy(program);
    const message = `${given} is a file, but a model is a folder; ${remedy}`;
    throw new AttendError("FILE_NOT_FOUND", message);
  }
  const found = [given, join(given, "model")].find(hasConfig);
  if (found !== undefined) return found;
  throw new AttendError(
    "FILE_NOT_FOUND",
    `${given} contains no model, neither config.json nor model/config.json; ${trainedBy(program)}, or finish that training with --resume`,
  );
}

/**
 * Finds a model of any task, in its folder or in that of its training.
 *
 * @param program named in errors, such as `attend-caption`
 * @returns its task and its kind, undefined if it names none, and the path of its weights, for {@link readTensors}
 * @throws AttendError FILE_NOT_FOUND if there is no model; BAD_CONFIG
 */
export async function findModel(
  given: string,
  program: string,
): Promise<{ task: string | undefined; kind: string | undefined; weights: string }> {
  const { config, weights } = filesOf(await findFolder(given, program));
  const { task, kind } = parseConfig(taskSchema, await readJson(config), config);
  return { task, kind: z.string().safeParse(kind).data, weights };
}

/**
 * The package folder of the model that is shipped with a program.
 *
 * @param resolve returns the URL of its package.json, or undefined if no model is shipped
 * @throws AttendError FILE_NOT_FOUND if there is none or it is not installed
 */
export function packageFolder(resolve: () => string | undefined, program: string): string {
  let address: string | undefined;
  try {
    address = resolve();
  } catch (cause) {
    if (AttendError.isInstance(cause)) throw cause;
    const message = `the default model is not installed (${messageOf(cause)}); install it, or give another model's folder`;
    throw new AttendError("FILE_NOT_FOUND", message, { cause });
  }
  if (address !== undefined) return dirname(fileURLToPath(address));
  const message = `no model is shipped with \`${program}\`; train one with \`${program} train\` and give its folder`;
  throw new AttendError("FILE_NOT_FOUND", message);
}

/** @throws AttendError FILE_NOT_FOUND naming a missing file of a model's folder */
export async function requireAllFiles(folder: string, program: string): Promise<void> {
  const missing = Object.values(filesOf(folder)).find((file) => !existsSync(file));
  if (missing === undefined) return;
  const shipped = await packageName(folder);
  const remedy =
    shipped === undefined
      ? trainedBy(program)
      : `the default model is not completely installed: reinstall ${shipped}, or give another model's folder`;
  throw new AttendError("FILE_NOT_FOUND", `${missing} does not exist; ${remedy}`);
}

/**
 * Reads config.json, without its task.
 *
 * @throws AttendError BAD_CONFIG if it is for another task or names none
 */
export async function readTaskConfig(
  folder: string,
  { task, program }: { task: string; program: string },
): Promise<object> {
  const file = filesOf(folder).config;
  const { task: found, ...config } = parseConfig(taskSchema, await readJson(file), file);
  if (found === task) return config;
  throw new AttendError(
    "BAD_CONFIG",
    found === undefined
      ? `${file} does not name the model's task; if \`${program}\` wrote it, add "task": "${task}", else give another folder`
      : `${folder} is a model for the task "${found}", not "${task}"; give another folder`,
  );
}

const taskSchema = z.looseObject({ task: z.string().optional() });

const trainedBy = (program: string) => `give a folder written by \`${program} train --out\``;

const hasConfig = (folder: string) => existsSync(filesOf(folder).config);

async function isFolder(path: string, remedy: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "ENOENT") throw readError(path, thrown);
    throw new AttendError("FILE_NOT_FOUND", absentMessage(path, remedy));
  }
}

/** The name of a shipped model's package; undefined for a training's folder. */
async function packageName(folder: string): Promise<string | undefined> {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  return z.looseObject({ name: z.string() }).safeParse(await readJson(file)).data?.name;
}
