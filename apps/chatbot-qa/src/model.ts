import { join } from "node:path";
import { findModel, packageFolder } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { findMiniLm } from "@attend/sentence-vectors";
import { type Kind, kinds } from "./responder.ts";

/** What the model folders of all kinds have in common. */
export const declared = { task: "chatbot-qa", program: "attend-chat" } as const;

/**
 * The folder of the shipped model, taught with the best sentence vectors that are installed.
 *
 * @throws AttendError FILE_NOT_FOUND if it is not installed
 */
export function shippedFolder(hasMiniLm = findMiniLm() !== undefined): string {
  return hasMiniLm ? chatAttend() : join(chatAttend(), "static");
}

/** The folder of the shipped classifier that recognizes small talk. @throws AttendError like {@link shippedFolder} */
export function recognizerFolder(): string {
  return join(chatAttend(), "small-talk");
}

/** The folder of the shipped model that converses. @throws AttendError like {@link shippedFolder} */
export function smallTalkFolder(): string {
  return packageFolder(
    () => import.meta.resolve("@attend/chat-small-talk/package.json"),
    declared.program,
  );
}

function chatAttend(): string {
  return packageFolder(
    () => import.meta.resolve("@attend/chat-attend/package.json"),
    declared.program,
  );
}

/**
 * The kind of the model in a folder.
 *
 * @throws AttendError FILE_NOT_FOUND, BAD_CONFIG
 */
export async function kindOf(folder: string): Promise<Kind> {
  const { task, kind } = await findModel(folder, declared.program);
  const found = kinds.find((each) => each === kind);
  if (task === declared.task && found !== undefined) return found;
  const what = task === declared.task ? `of the kind "${kind}"` : `for the task "${task}"`;
  throw new AttendError(
    "BAD_CONFIG",
    `${folder} is a model ${what}, which does not chat; give a folder written by \`${declared.program} train --out\``,
  );
}
