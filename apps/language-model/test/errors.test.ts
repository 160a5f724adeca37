import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { type Command, CommanderError } from "commander";
import { beforeEach, expect, test } from "vitest";
import { evaluateCommand } from "../src/commands/evaluate.ts";
import { sampleCommand } from "../src/commands/predict.ts";
import { trainCommand } from "../src/commands/train.ts";
import { languageModels } from "../src/model.ts";
import { createNetwork, line } from "./models.ts";

useEngine();

const config = {
  model: { recurrent: { cell: "lstm", units: 16 } },
  streams: 2,
  steps: 10,
  training: { maxSteps: 1, optimizer: { name: "sgd", learningRate: 1 } },
};

let folder: string;
let out: string;
beforeEach(() => {
  folder = temporaryDirectory();
  out = join(folder, "out");
});

function write(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Expects a one-line error that contains all `parts`. */
async function expectLine(command: Command, args: readonly string[], ...parts: string[]) {
  const error = await command
    .exitOverride()
    .parseAsync(args, { from: "user" })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(AttendError);
  const { message } = error as AttendError;
  for (const part of parts) expect(message).toContain(part);
  expect(message).not.toContain("\n");
}

/** Expects the error, and no training. */
async function expectNoTraining(args: readonly string[], ...parts: string[]) {
  await expectLine(trainCommand(), [...args, "--out", out], ...parts);
  expect(existsSync(join(out, "latest.safetensors"))).toBe(false);
}

test("reports unusable texts", async () => {
  const absent = join(folder, "absent.txt");
  const empty = write("empty.txt", "");
  await expectNoTraining([absent], `${absent} does not exist; check the path`);
  await expectNoTraining([folder], `${folder} is a folder; give a file`);
  await expectNoTraining([empty], `${empty} is empty; give a text`);
});

test("reports texts that are shorter than one chunk", async () => {
  const short = write("short.txt", "the cat\n");
  const needs =
    "has 7 characters to train on, but 32 streams of 64 steps need 2049; give more text";
  await expectNoTraining([short], `${short} ${needs}, or lower "streams" or "steps"`);
  const book = write("book.txt", line.repeat(30));
  const flags = ["--config", write("config.json", config), "--held-out", "0.001"];
  const few = "too few characters to validate on (1)";
  await expectNoTraining([book, ...flags], `${book}: ${few}`, "--held-out");
});

test("reports configs with an invalid key", async () => {
  const book = write("book.txt", line.repeat(30));
  const withConfig = (changes: object) => {
    return [book, "--config", write("config.json", { ...config, ...changes })];
  };
  await expectNoTraining(
    withConfig({ model: { recurrent: { cell: "lstm", unit: 16 } } }),
    "config.json: model.recurrent.units: expected number, but it is missing; model.recurrent.unit: unknown key; correct it",
  );
  const keepBest = { metric: "bleu", mode: "max" };
  await expectNoTraining(
    withConfig({ training: { ...config.training, keepBest } }),
    'config.json: training.keepBest.metric: "bleu" is not one of loss',
  );
});

test("reports a folder that already contains a training run", async () => {
  mkdirSync(out);
  const before = write("out/latest.safetensors", "of another");
  const flags = ["--config", write("config.json", config), "--out", out];
  const book = write("book.txt", line.repeat(30));
  await expectLine(trainCommand(), [book, ...flags], `${out} already contains a training`);
  expect(existsSync(before)).toBe(true);
});

test("reports texts that cannot be measured, and prompts with unknown characters", async () => {
  const model = join(folder, "model");
  const { network, characters, config } = createNetwork();
  await languageModels.save({ network, tokens: characters, config }, model);
  network.dispose();
  const evaluate = (...args: string[]) => [...args, "--model", model, "--quiet"];
  const other = write("other.txt", `${line}the dog\n`);
  await expectLine(
    evaluateCommand(),
    evaluate(other),
    `${other} line 2, column 5: the model never saw "d" (U+0064)`,
    "(one of 2 such characters)",
    "--skip-unknown",
  );
  await expectLine(evaluateCommand(), evaluate("absent.txt"), "absent.txt does not exist");
  await expectLine(evaluateCommand(), evaluate(folder), `${folder} is a folder`);
  await expectLine(sampleCommand(), ["--model", model, "--prompt", "dog"], '"d" (U+0064)');
  await expectLine(sampleCommand(), ["--model", "absent"], "absent does not exist; give a folder");
});

test("suggests what unexpected arguments could be meant for", async () => {
  const lines: string[] = [];
  const reject = async (...args: string[]) => {
    const command = sampleCommand().exitOverride();
    command.configureOutput({ writeErr: (text) => lines.push(text) });
    await expect(command.parseAsync(args, { from: "user" })).rejects.toThrow(CommanderError);
  };
  const book = write("book.txt", line);
  await reject(book, "other.txt");
  await reject("It was");
  expect(lines).toEqual([
    `error: attend-language-model generates text without arguments, but was given ${book}; to train on it, use attend-language-model train ${book}; to measure it, attend-language-model evaluate ${book}\n`,
    'error: attend-language-model generates text without arguments, but was given It was; to start the text with it, use --prompt "It was"\n',
  ]);
});
