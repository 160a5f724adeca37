import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { readBlocks } from "./blocks.ts";

const repository = join(import.meta.dirname, "../..");

/**
 * Fills a folder with everything that the commands of a page need: the repository's examples and models, and
 * small versions of the files that a page's reader would have. `data` replaces ATTEND_DATA.
 *
 * Training is shortened: the models' configs train a narrow recurrent network, whose orthogonal initial weights
 * take long, for one epoch, with a vocabulary that fits small texts.
 */
export function fillSandbox(folder: string): void {
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  symlinkSync(join(repository, "examples"), join(folder, "examples"));
  copyModels(join(folder, "models"));
  const shorten = (path: string) => {
    const lines = readFileSync(join(repository, path), "utf8").split("\n");
    write(path, `${lines.slice(0, 20).join("\n")}\n`);
  };
  for (const name of ["rewordings.tsv", "small-talk.txt", "unanswerable.txt"]) {
    shorten(`apps/chatbot-qa/test/attend/${name}`);
  }
  shorten("models/chat-attend/wordings.tsv");
  mkdirSync(join(folder, "docs"));
  symlinkSync(join(repository, "docs/faq.md"), join(folder, "docs/faq.md"));
  write("data/intents/clinc150_train.tsv.gz", gzipSync("tell me a joke\toos\n"));

  const intents =
    "text\tintent\nhi there\tsmall talk\nI like films\tsmall talk\nis it free\tquestion\n";
  for (const part of ["train", "validation"]) write(`runs/examples/${part}.tsv`, intents);

  write("talk.wav", silentWav());

  const photos = photoSet();
  const names = [...photos.keys()];
  const [photo = ""] = photos.values();
  for (const name of ["photo.jpg", "cat.jpg", "a.jpg", "b.jpg"]) {
    symlinkSync(photo, join(folder, name));
  }
  const addPhotos = (path: string) => {
    mkdirSync(join(folder, path), { recursive: true });
    for (const [name, source] of photos) symlinkSync(source, join(folder, path, name));
  };
  addPhotos("photos");
  write("captions.csv", captionsOf(names, 1));
  write("dev.txt", names.slice(4, 6).join("\n"));
  write("transformer.json", JSON.stringify(transformerTraining));
  const asked = names.flatMap((name) => [`${name}\tIs it day?\tyes`, `${name}\tWhat?\ta dog`]);
  const questions = `image\tquestion\tanswer\n${asked.join("\n")}\n`;
  write("questions.tsv", questions);
  const files = [
    "coco8k/qa.tsv",
    "coco8k/qa-more.tsv",
    "coco6k/qa.tsv",
    "coco6k/qa-ten-answers.tsv",
    "daquar/qa.tsv",
  ];
  for (const file of files) write(`data/${file}`, questions);
  const boxes = names.map((name) => `${name}\tdog\t0\t0\t0.5\t1`);
  write("data/coco8k/boxes.tsv", `image\tclass\tx1\ty1\tx2\ty2\n${boxes.join("\n")}\n`);
  for (const part of ["train", "test"]) {
    const rows = names.flatMap((_, id) => [
      ["is it a circle?", "yes", id],
      ["what color is it?", "red", id],
    ]);
    write(`data/easy-vqa/${part}/questions.json`, JSON.stringify(rows));
    mkdirSync(join(folder, `data/easy-vqa/${part}/images`));
    for (const [name, source] of photos) {
      symlinkSync(
        source,
        join(folder, `data/easy-vqa/${part}/images`, name.replace(".jpg", ".png")),
      );
    }
  }
  for (const set of ["data/flickr8k", "data/coco8k", "data/coco6k", "data/daquar"]) {
    addPhotos(`${set}/images`);
    write(`${set}/captions.csv`, captionsOf(names, 5));
    write(`${set}/train.txt`, names.slice(0, 2).join("\n"));
    write(`${set}/dev.txt`, names.slice(4, 6).join("\n"));
  }
  // An encoder can be loaded from a captioner's folder, too.
  symlinkSync(join(folder, "models/captioner"), join(folder, "lite2.safetensors"));

  const { en, de } = sentences();
  const conversations = en.map((line) => `Hi!\t${line}\tReally?\tYes, I saw it.\n`);
  write("data/dialog/self-dialogue.tsv.gz", gzipSync(conversations.join("")));
  const some = (lines: readonly string[]) => `${lines.slice(0, 4).join("\n")}\n`;
  for (const name of ["mine", "letters"]) {
    write(`${name}.en`, `${en.join("\n")}\n`);
    write(`${name}.de`, `${de.join("\n")}\n`);
  }
  write("test.en", some(en));
  for (const name of ["test.de", "first.de", "second.de", "output.txt", "other.txt"]) {
    write(name, some(de));
  }
  write("letter.txt", some(en));
  write("book.txt", `${[...en, ...de].join("\n")}\nIt was\n`);
  write("hello.txt", "hello");
  const [hello] = readBlocks(join(repository, "docs/tutorials/hello.md"), "json");
  write("hello.json", hello?.code ?? "");

  for (const part of ["train", "val", "test_2016_flickr"]) {
    write(`data/multi30k/${part}.en.gz`, gzipSync(`${en.join("\n")}\n`));
    for (const to of ["de", "fr"]) {
      write(`data/multi30k/${part}.${to}.gz`, gzipSync(`${de.join("\n")}\n`));
    }
  }
  const rows = (line: (source: string, target: string) => string) =>
    en.map((source, i) => `${line(source, de[i] ?? "")}\n`).join("");
  const tsv = gzipSync(rows((source, target) => `${source}\t${target}`));
  for (const name of ["eng-deu", "eng-fra"]) write(`data/tatoeba/${name}.tsv.gz`, tsv);
  // What benchmarks write, which are not run.
  for (const part of ["train", "dev"]) write(`everyday/${part}.tsv`, gunzipSync(tsv));
  for (const name of ["flickr8k", "coco"]) write(`captions/${name}.en`, some(en));
  write("train.en.gz", gzipSync(`${en.join("\n")}\n`));
  write("train.de.gz", gzipSync(`${de.join("\n")}\n`));
  write(
    "eng-deu.tsv",
    rows((source, target) => `1\t${source}\t2\t${target}`),
  );
  write("pairs.csv", `en,de\n${rows((source, target) => `${source},${target}`)}`);
  write(
    "more.jsonl",
    rows((en, de) => JSON.stringify({ en, de })),
  );
  for (const name of ["train", "dev"]) {
    const jsonl = rows((source, target) => JSON.stringify({ source, target }));
    write(`runs/en-ja-pairs/${name}.jsonl`, jsonl);
  }
  write("data/text/tiny-shakespeare.txt", "ROMEO:\nBut, soft! what light is this?\n\n".repeat(120));
}

/** Trains a small Transformer decoder, on the encoder of the shipped captioner. */
const transformerTraining = {
  model: {
    encoder: { variant: 2, imageSize: 260 },
    decoder: { kind: "transformer", size: 16, heads: 2, feedForwardSize: 16, decoderLayers: 1 },
    decoding: {},
  },
  vocabulary: {},
  stages: [
    {
      name: "decoder",
      training: { epochs: 1, optimizer: { name: "adam", learningRate: 1e-3 } },
    },
  ],
};

/**
 * Creates a folder of commands for PATH. Each calls the shim with its name; `curl` asks the server $PAGE_SERVER, and fails if
 * that does.
 */
export function addCommands(folder: string): void {
  mkdirSync(folder);
  const write = (name: string, script: string) => {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  };
  const asked = `"\${@/http:\\/\\/127.0.0.1:4747/$PAGE_SERVER}"`;
  write("curl", `#!/bin/bash\nPATH="\${PATH#*:}"\nexec curl --silent --fail-with-body ${asked}\n`);
  const programs = [
    "caption",
    "chat",
    "explain",
    "interpret",
    "language-model",
    "translate",
    "vqa",
  ];
  for (const name of ["pnpm", "npx", ...programs.map((each) => `attend-${each}`)]) {
    const shim = join(import.meta.dirname, "shim.mjs");
    write(name, `#!/bin/sh\nexec "${process.execPath}" "${shim}" ${name} "$@"\n`);
  }
}

/** Copies instead of linking, since a page may write into them. */
function copyModels(folder: string): void {
  cpSync(join(repository, "models"), folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  for (const name of readdirSync(folder)) {
    for (const file of readdirSync(join(folder, name))) {
      if (!/^training.*\.json$/.test(file)) continue;
      const path = join(folder, name, file);
      const config = readFileSync(path, "utf8");
      const shorter = config
        .replaceAll(/("(?:epochs|maxSteps)": )\d+/g, "$11")
        .replace(/("(?:units|hiddenSize)": )\d{3}/, "$18")
        .replace(/("size": )\d{4}/, "$1400")
        // From an optional package.
        .replace(/"wordVectors": "[^"]+",/, "");
      writeFileSync(path, shorter);
    }
  }
}

/** Just enough photos for two validation photos, by name. */
function photoSet(): Map<string, string> {
  const folder = join(repository, "examples/photos");
  const files = readdirSync(folder).filter((name) => name.endsWith(".jpg"));
  return new Map(
    Array.from({ length: 8 }, (_, i) => [`${i}.jpg`, join(folder, files[i % files.length] ?? "")]),
  );
}

/** CSV with `each` captions per photo. */
function captionsOf(names: readonly string[], each: number): string {
  const things = ["dog", "cat", "man", "woman", "boat", "child", "bird"];
  const places = ["beach", "street", "field", "snow", "park"];
  const rows = names.flatMap((name, i) =>
    places
      .slice(0, each)
      .map((place) => `${name},A ${things[i % things.length]} is in the ${place}.`),
  );
  return `image,caption\n${rows.join("\n")}\n`;
}

/** Short sentence pairs, line by line. */
function sentences(): { en: string[]; de: string[] } {
  const subjects = [
    ["A man", "Ein Mann"],
    ["A woman", "Eine Frau"],
    ["A child", "Ein Kind"],
    ["A dog", "Ein Hund"],
    ["A boy", "Ein Junge"],
    ["A girl", "Ein Mädchen"],
  ];
  const verbs = [
    ["runs", "rennt"],
    ["sits", "sitzt"],
    ["plays", "spielt"],
    ["sleeps", "schläft"],
  ];
  const places = [
    ["in the snow", "im Schnee"],
    ["in the park", "im Park"],
    ["at the beach", "am Strand"],
  ];
  const all = subjects.flatMap((subject) =>
    verbs.flatMap((verb) => places.map((place) => [subject, verb, place])),
  );
  const inLanguage = (language: 0 | 1) =>
    all.map((parts) => `${parts.map((part) => part[language]).join(" ")}.`);
  return { en: inLanguage(0), de: inLanguage(1) };
}

/** A tenth of a second, 16 bits at 16 kHz. */
function silentWav(): Buffer {
  const format = "\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0";
  const header = `RIFF\xa4\x0c\0\0WAVEfmt \x10\0\0\0${format}data\x80\x0c\0\0`;
  return Buffer.concat([Buffer.from(header, "latin1"), Buffer.alloc(3200)]);
}
