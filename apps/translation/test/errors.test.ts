import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { translators } from "@attend/translator";
import type { Command } from "commander";
import { beforeEach, expect, test } from "vitest";
import { evaluateCommand } from "../src/commands/evaluate.ts";
import { translateCommand } from "../src/commands/predict.ts";
import { trainCommand } from "../src/commands/train.ts";
import { makeModel } from "./support/models.ts";

useEngine();

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Expects a one-line error that contains all `parts`. */
async function expectLine(command: Command, args: readonly string[], ...parts: string[]) {
  const failure = await command
    .exitOverride()
    .parseAsync(args, { from: "user" })
    .then(
      () => "no error",
      (thrown: Error) => thrown.message,
    );
  for (const part of parts) expect(failure).toContain(part);
  expect(failure.trimEnd()).not.toContain("\n");
}

const train = (...args: string[]) => [
  ...args,
  ...["--from", "en", "--to", "de", "--out", join(folder, "out"), "--quiet"],
];

test("reports unusable pairs", async () => {
  const [a, b] = [write("a.en", "one\ntwo\n"), write("a.de", "eins\n")];
  await expectLine(trainCommand(), train(a, b), a, b, "2", "1");
  await expectLine(trainCommand(), train(a), "without the file of its translations");
  const cut = write("cut.gz", gzipSync("eins\nzwei\n").subarray(0, 20));
  await expectLine(trainCommand(), train(a, cut), cut);
  const columns = write("one.tsv", "only one column\n");
  await expectLine(trainCommand(), train(columns), columns, "line 1");
  await expectLine(trainCommand(), train(a, join(folder, "absent")), "absent does not exist");
});

test("reports each invalid key of a config", async () => {
  const pairs = write("a.tsv", "one\teins\ntwo\tzwei\n");
  const config = (value: object) => write("c.json", JSON.stringify(value));
  const training = { epochs: 1, optimizer: { name: "adam", learningRate: 1 } };
  const network = { kind: "transformer", preset: "huge" };
  const other = config({ model: { network }, training, tokens: 3 });
  await expectLine(
    trainCommand(),
    train(pairs, "--config", other),
    "model.network.preset: must be one of tiny, small, base",
    "tokens",
  );
  const watched = { ...training, keepBest: { metric: "ciderD", mode: "max" } };
  const file = config({
    model: { network: { kind: "transformer", preset: "tiny" } },
    training: watched,
  });
  await expectLine(
    trainCommand(),
    train(pairs, "--config", file),
    '"ciderD" is not one of bleu, loss',
  );
});

test("reports missing and inconsistent models", async () => {
  const text = (model: string) => ["A dog.", "--model", model];
  await expectLine(translateCommand(), text(folder), `${folder} contains no model`);
  const model = makeModel();
  await translators.save(model, folder);
  model.network.dispose();
  write("model.safetensors", "no weights");
  await expectLine(translateCommand(), text(folder), "model.safetensors");
  await translators.save(makeModel(), folder);
  write("vocabulary.json", '{"shared": {"tokens": []}}');
  await expectLine(translateCommand(), text(folder), "vocabulary.json");
});

test("reports a model for other languages", async () => {
  const model = makeModel();
  await translators.save(model, folder);
  model.network.dispose();
  const text = ["A dog.", "--model", folder];
  await expectLine(
    translateCommand(),
    [...text, "--to", "fr"],
    `${folder} translates from en to de, not from en to fr`,
  );
});

test("reports wrong usage", async () => {
  await expectLine(
    translateCommand(),
    ["--to", "cs", "A dog."],
    "no model to cs comes with this program (en to de",
    "--model",
  );
  await expectLine(translateCommand(), ["A dog.", "--attention", "a.jpg"], "ends in .png");
  await expectLine(translateCommand(), [folder], `${folder} is a folder`);
  await expectLine(translateCommand(), ["lettre.txt"], "lettre.txt does not exist");
  const cut = write("cut.gz", gzipSync("A dog runs.\n").subarray(0, 15));
  await expectLine(translateCommand(), [cut], `${cut}: the gzip file is cut off`);
  const [a, b] = [write("a.en", "one\ntwo\n"), write("a.de", "eins\nzwei\n")];
  const other = ["--against", write("other.txt", "eins\n")];
  await expectLine(evaluateCommand(), [a, b, ...other], `has one line, but ${a} and ${b} has 2`);
});

test("suggests a tag for a language name", async () => {
  const pairs = write("a.tsv", "one\teins\n");
  const args = [pairs, "--from", "english", "--to", "de", "--out", join(folder, "out")];
  await expectLine(trainCommand(), args, "use en for English");
});
