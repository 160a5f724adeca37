import { AttendError } from "@attend/runtime/errors";
import type { Part } from "./install/part.ts";
import {
  kokoroModels,
  kokoroVoices,
  kuromoji,
  moonshineModel,
  onnx,
  openJtalkDictionary,
  openJtalkVoice,
  phonemizer,
  piperVoice,
  pocketsphinxModel,
  program,
  whisperPart,
} from "./parts.ts";

/** What an engine does; `vad` is voice activity detection. */
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
  /** Much less accurate than the others: used only where none of them can be installed, or by its name. */
  readonly lastResort?: boolean;
}

const words = (text: string) => text.trim().split(/\s+/);

/** Those that Whisper has a token for, as its generation_config.json lists them. */
const whisperLanguages = words(`
  af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu haw ha he
  hi hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne
  nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk
  ur uz vi yi yo zh
`);

/** Those of espeak-ng 1.51 (`espeak-ng --voices`), but for Japanese, of which it reads only kana. */
const espeakLanguages = words(`
  af am an ar as az ba be bg bn bs ca cs cv cy da de el en eo es et eu fa fi fr ga gd gn gu he
  hi hr ht hu hy ia id io is it ka kk kl kn ko ku ky la lb lt lv mi mk ml mr ms mt my nb ne nl
  om or pa pl pt py qu ro ru sd si sk sl sq sr sv sw ta te th tk tn tr tt ug uk ur uz vi
`);

const whisper = (size: string): Engine => ({
  name: `whisper-${size}`,
  kind: "recognizer",
  languages: whisperLanguages,
  parts: [onnx, whisperPart(size)],
});

/** Every engine; of a kind and language, the best first. */
export const catalog: readonly Engine[] = [
  whisper("base"),
  { name: "moonshine", kind: "recognizer", languages: ["en"], parts: [onnx, moonshineModel] },
  whisper("tiny"),
  {
    name: "pocketsphinx",
    kind: "recognizer",
    languages: ["en"],
    parts: [program("pocketsphinx_batch", "pocketsphinx"), pocketsphinxModel],
    lastResort: true,
  },
  { ...whisper("small"), slow: true },
  {
    name: "piper",
    kind: "synthesizer",
    languages: ["en"],
    parts: [onnx, phonemizer, piperVoice],
  },
  { name: "flite", kind: "synthesizer", languages: ["en"], parts: [program("flite")] },
  {
    name: "open_jtalk",
    kind: "synthesizer",
    languages: ["ja"],
    parts: [program("open_jtalk", "open-jtalk"), openJtalkDictionary, openJtalkVoice],
  },
  {
    name: "kokoro-ja",
    kind: "synthesizer",
    languages: ["ja"],
    parts: [onnx, kuromoji, kokoroVoices, ...kokoroModels],
  },
  {
    name: "espeak-ng",
    kind: "synthesizer",
    languages: espeakLanguages,
    parts: [program("espeak-ng")],
  },
  { name: "silero", kind: "vad", languages: [], parts: [onnx] },
];

/** @throws AttendError BAD_ARGUMENT for an unknown name */
export function engineCalled(name: string): Engine {
  const engine = catalog.find((each) => each.name === name);
  if (engine !== undefined) return engine;
  const names = catalog.map((each) => each.name).join(", ");
  throw new AttendError("BAD_ARGUMENT", `there is no engine "${name}"; use one of ${names}`);
}
