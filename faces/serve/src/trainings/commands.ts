import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, join, sep } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { absentMessage } from "@attend/runtime/files";
import type { TrainingRequest } from "../schemas/trainings.ts";

type Kind = TrainingRequest["kind"];
type Values = Readonly<Record<string, string | number | boolean>>;

const limits = ["epochs", "minutes", "seed", "heldOut"];

/** What a program's `train` reads, and which of its options may be given; `lines` are arguments without a name. */
const programs: Readonly<
  Record<Kind, { files: readonly string[]; lines?: readonly string[]; options: readonly string[] }>
> = {
  caption: {
    files: [
      "images",
      "captions",
      "split",
      "validationImages",
      "validationCaptions",
      "validationSplit",
      "config",
    ],
    options: [...limits, "part", "imageColumn", "captionColumn", "allowMissing"],
  },
  translate: {
    lines: ["pairs", "translations"],
    files: ["validation", "config"],
    options: [...limits, "from", "to", "swap", "columns", "vocabularySize"],
  },
  vqa: {
    files: [
      "images",
      "questions",
      "annotations",
      "captions",
      "split",
      "validationImages",
      "validationQuestions",
      "validationAnnotations",
      "validationSplit",
      "config",
    ],
    options: [
      ...limits,
      "imageColumn",
      "questionColumn",
      "answerColumn",
      "imagePattern",
      "allowMissing",
    ],
  },
  chat: {
    files: [
      "faq",
      "intents",
      "stories",
      "dialogue",
      "wordings",
      "unanswerable",
      "validation",
      "config",
    ],
    options: [...limits, "vectors"],
  },
};

/** Where the files of a training may be. */
export interface DataPlaces {
  /** The training's own data: relative paths are in it. */
  readonly folder: string;
  /** Whether a path of this machine may be given. */
  readonly anywhere: boolean;
}

/**
 * The arguments of a program's `train` for a request, without those that the server adds.
 *
 * @throws AttendError BAD_ARGUMENT for what it may not be given, and files that are missing
 */
export function argumentsOf(
  { kind, data, options = {} }: Pick<TrainingRequest, "kind" | "data" | "options">,
  places: DataPlaces,
): string[] {
  const { files, lines = [], options: known } = programs[kind];
  requireKnown(kind, "data", data, [...lines, ...files]);
  requireKnown(kind, "options", options, known);
  const paths = Object.entries(data).map(
    ([name, path]) => [name, pathOf(name, path, places)] as const,
  );
  const unnamed = lines.flatMap((name) => paths.find(([each]) => each === name)?.[1] ?? []);
  const named = paths.filter(([name]) => !lines.includes(name));
  // `--name=value`, so that no value is taken for an option.
  return [
    ...named.map(([name, path]) => `${flagOf(name)}=${path}`),
    ...Object.entries(options).flatMap(([name, value]) => {
      if (typeof value !== "boolean") return `${flagOf(name)}=${value}`;
      return value ? flagOf(name) : [];
    }),
    ...(unnamed.length > 0 ? ["--", ...unnamed] : []),
  ];
}

function requireKnown(kind: Kind, part: string, given: Values, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const message = `${part}.${unknown} is not known to ${kind}; use ${known.join(", ")}`;
  throw new AttendError("BAD_ARGUMENT", message);
}

/** `heldOut` -> `--held-out` */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function pathOf(name: string, given: string, { folder, anywhere }: DataPlaces): string {
  const path = isAbsolute(given) ? given : join(folder, given);
  if (!existsSync(path)) {
    const remedy = isAbsolute(given)
      ? "check the path"
      : "upload it first, or give the whole path of a file on this machine";
    throw new AttendError("BAD_ARGUMENT", `data.${name}: ${absentMessage(given, remedy)}`);
  }
  const real = realpathSync(path);
  const inside = existsSync(folder) && `${real}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);
  if (inside || (anywhere && isAbsolute(given))) return real;
  const message = `data.${name} is ${given}, outside of the training's own data; upload it`;
  throw new AttendError("BAD_ARGUMENT", message);
}
