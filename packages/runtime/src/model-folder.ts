import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AttendError, systemCodeOf } from "./errors.ts";
import { absentMessage, readError } from "./files.ts";

/** What the models of an app are. */
export interface ModelKind {
  /** The command that writes them: `caption train`. */
  readonly trainedBy: string;
  /** What the config.json of each has, and that of another app's model has not. */
  readonly keys: readonly string[];
}

/**
 * The folder of the model that a user named: the folder itself where it holds config.json, else the
 * folder `model` in it, where a training leaves its model.
 *
 * @throws AttendError FILE_NOT_FOUND where no model is, READ_FAILED; BAD_CONFIG where it is another app's
 */
export async function modelFolder(given: string, kind: ModelKind): Promise<string> {
  const remedy = `name the folder that \`${kind.trainedBy} --out\` wrote`;
  if (!(await isFolder(given, remedy))) {
    const parent = dirname(given);
    const meant = existsSync(configOf(parent)) ? `did you mean ${parent}?` : remedy;
    const message = `${given} is a file, and a model is a folder; ${meant}`;
    throw new AttendError("FILE_NOT_FOUND", message);
  }
  for (const folder of [given, join(given, "model")]) {
    if (!existsSync(configOf(folder))) continue;
    await requireKind(configOf(folder), kind);
    return folder;
  }
  throw new AttendError(
    "FILE_NOT_FOUND",
    `${given} holds no model, neither config.json nor model/config.json; ${remedy}, or let that training come to its end by --resume`,
  );
}

const configOf = (folder: string) => join(folder, "config.json");

async function isFolder(path: string, remedy: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "ENOENT") throw readError(path, thrown);
    throw new AttendError("FILE_NOT_FOUND", absentMessage(path, remedy));
  }
}

/** A config that is no JSON, or lacks only some keys, is told by who reads it. */
async function requireKind(file: string, { trainedBy, keys }: ModelKind): Promise<void> {
  const config: unknown = await readFile(file, "utf8")
    .then(JSON.parse)
    .catch(() => undefined);
  if (typeof config !== "object" || config === null || Array.isArray(config)) return;
  const held = Object.keys(config);
  if (held.length === 0 || keys.some((key) => held.includes(key))) return;
  throw new AttendError(
    "BAD_CONFIG",
    `${file} is of another program's model: it has ${held.join(", ")}, and one of \`${trainedBy}\` has ${keys.join(", ")}; name another folder`,
  );
}
