import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseConfig, readJson } from "@attend/runtime/config";
import { AttendError, describeValue, messageOf, systemCodeOf } from "@attend/runtime/errors";
import { absentMessage, readError } from "@attend/runtime/files";
import { z } from "zod";

/** What a model's folder holds: what the model is, its tokens and its weights. */
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
 * The folder of the model that a user named: the folder itself where it holds config.json, else the
 * folder `model` in it, where a training leaves its model.
 *
 * @param program whose `train` writes such folders
 * @throws AttendError BAD_ARGUMENT where no path is given, FILE_NOT_FOUND where no model is there, READ_FAILED
 */
export async function findFolder(given: string, program: string): Promise<string> {
  if (typeof given !== "string" || given === "") {
    const message = `model is ${describeValue(given)}; it may be the path of a model's folder`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!(await isFolder(given, trainedBy(program)))) {
    const parent = dirname(given);
    const remedy = holdsConfig(parent) ? `did you mean ${parent}?` : trainedBy(program);
    const message = `${given} is a file, and a model is a folder; ${remedy}`;
    throw new AttendError("FILE_NOT_FOUND", message);
  }
  const found = [given, join(given, "model")].find(holdsConfig);
  if (found !== undefined) return found;
  throw new AttendError(
    "FILE_NOT_FOUND",
    `${given} holds no model, neither config.json nor model/config.json; ${trainedBy(program)}, or let that training come to its end by --resume`,
  );
}

/**
 * The folder of the package of the model that comes with a program.
 *
 * @param resolve gives the address of its package.json, or nothing where no model comes with it
 * @throws AttendError FILE_NOT_FOUND where it is not installed
 */
export function packageFolder(resolve: () => string | undefined, program: string): string {
  let address: string | undefined;
  try {
    address = resolve();
  } catch (cause) {
    if (AttendError.isInstance(cause)) throw cause;
    const message = `the default model is not installed (${messageOf(cause)}); install it, or name another model's folder`;
    throw new AttendError("FILE_NOT_FOUND", message, { cause });
  }
  if (address !== undefined) return dirname(fileURLToPath(address));
  const message = `no model comes with \`${program}\`; train one by \`${program} train\` and name its folder`;
  throw new AttendError("FILE_NOT_FOUND", message);
}

/** @throws AttendError FILE_NOT_FOUND naming a file that a model's folder lacks, and what to do */
export async function requireWhole(folder: string, program: string): Promise<void> {
  const missing = Object.values(filesOf(folder)).find((file) => !existsSync(file));
  if (missing === undefined) return;
  const shipped = await packageName(folder);
  const remedy =
    shipped === undefined
      ? trainedBy(program)
      : `the default model is not installed whole: install ${shipped} again, or name another model's folder`;
  throw new AttendError("FILE_NOT_FOUND", `${missing} does not exist; ${remedy}`);
}

/**
 * Reads what config.json holds besides its task.
 *
 * @throws AttendError BAD_CONFIG where the model is for another task, or it does not say
 */
export async function readTaskConfig(
  folder: string,
  { task, program }: { task: string; program: string },
): Promise<object> {
  const file = filesOf(folder).config;
  const { task: held, ...config } = parseConfig(taskSchema, await readJson(file), file);
  if (held === task) return config;
  throw new AttendError(
    "BAD_CONFIG",
    held === undefined
      ? `${file} does not name the model's task; where \`${program}\` made it, add "task": "${task}", else name another folder`
      : `${folder} is a model for the task "${held}", not for "${task}"; name another folder`,
  );
}

const taskSchema = z.looseObject({ task: z.string().optional() });

const trainedBy = (program: string) => `name the folder that \`${program} train --out\` wrote`;

const holdsConfig = (folder: string) => existsSync(filesOf(folder).config);

async function isFolder(path: string, remedy: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "ENOENT") throw readError(path, thrown);
    throw new AttendError("FILE_NOT_FOUND", absentMessage(path, remedy));
  }
}

/** Models are shipped as packages; a training's folder is none. */
async function packageName(folder: string): Promise<string | undefined> {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  return z.looseObject({ name: z.string() }).safeParse(await readJson(file)).data?.name;
}
