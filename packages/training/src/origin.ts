import { firstDifference, readJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";

/**
 * Refuses to go on with a training that was begun with something else than `origin`, plain JSON.
 *
 * @param file what was noted when it was begun
 * @param names what messages call a part that is no setting, by its key: `{ text: "another text" }`
 * @throws AttendError BAD_CONFIG, telling the first difference
 */
export async function requireOrigin(
  out: string,
  file: string,
  origin: object,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const difference = firstDifference(await readJson(file), origin);
  if (difference === undefined) return;
  const { path, saved, given } = difference;
  const what =
    names[path] ?? `another ${path.replace("config.", "")} (it was ${saved}, now it is ${given})`;
  throw new AttendError(
    "BAD_CONFIG",
    `${out} was begun with ${what}; resume with the same, or train into another folder by --out`,
  );
}
