import { AttendError } from "@attend/runtime/errors";
import { findProgram, type NpmPart, type Part, type SystemPart } from "./install/part.ts";

export type EngineKind = "recognizer" | "synthesizer" | "vad";

/** An engine and the parts that must be installed for it. */
export interface Engine {
  readonly name: string;
  readonly kind: EngineKind;
  /** Codes of ISO 639-1, or 639-3 where there is none. */
  readonly languages: readonly string[];
  readonly parts: readonly Part[];
  /** Slower than speech on two processor cores: used only by its name. */
  readonly slow?: boolean;
}

/** ONNX Runtime, Transformers.js and Silero's network. */
export const onnx: NpmPart = { kind: "npm", name: "onnx", megabytes: 178 };

const whisperMegabytes: Readonly<Record<string, number>> = { tiny: 29, base: 52, small: 166 };

export function whisperPart(size: string): NpmPart {
  return { kind: "npm", name: `whisper-${size}`, megabytes: whisperMegabytes[size] ?? 0 };
}

/** A program of the same name, in a Debian package of that name unless told otherwise. */
function program(name: string, packages = name): SystemPart {
  const remedy = `install ${name} (Debian, Ubuntu: apt install ${packages})`;
  return { kind: "system", name, find: () => findProgram(name), remedy };
}

/** Those that Whisper has a token for, as its generation_config.json lists them. */
const whisperLanguages = `
  af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu haw ha he
  hi hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne
  nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk
  ur uz vi yi yo zh
`
  .trim()
  .split(/\s+/);

const whisper = (size: string): Engine => ({
  name: `whisper-${size}`,
  kind: "recognizer",
  languages: whisperLanguages,
  parts: [onnx, whisperPart(size)],
});

/** Every engine; of a kind, the default ones first, best first. */
export const catalog: readonly Engine[] = [
  whisper("base"),
  whisper("tiny"),
  {
    name: "pocketsphinx",
    kind: "recognizer",
    languages: ["en"],
    parts: [program("pocketsphinx_continuous", "pocketsphinx pocketsphinx-en-us")],
  },
  { ...whisper("small"), slow: true },
  { name: "silero", kind: "vad", languages: [], parts: [onnx] },
];

/** @throws AttendError BAD_ARGUMENT for an unknown name */
export function engineCalled(name: string): Engine {
  const engine = catalog.find((each) => each.name === name);
  if (engine !== undefined) return engine;
  const names = catalog.map((each) => each.name).join(", ");
  throw new AttendError("BAD_ARGUMENT", `there is no engine "${name}"; use one of ${names}`);
}
