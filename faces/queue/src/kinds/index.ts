import { captions } from "./captions.ts";
import type { Kind } from "./kind.ts";
import { questions } from "./questions.ts";
import { recognition } from "./recognition.ts";
import { translation } from "./translation.ts";

export type { Item, Kind } from "./kind.ts";

/** See {@link kinds}. */
export const kindNames = ["captions", "questions", "translation", "recognition"] as const;
/** See {@link kinds}. */
export type KindName = (typeof kindNames)[number];

/** What queues can be filled with. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  captions,
  questions,
  translation,
  recognition,
};
