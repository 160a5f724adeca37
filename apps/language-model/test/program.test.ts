import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadLanguageModel } from "../src/index.ts";
import { line } from "./models.ts";
import { languageModel } from "./support/program.ts";

const config = {
  model: { recurrent: { cell: "lstm", units: 16 } },
  streams: 2,
  steps: 10,
  training: { maxSteps: 12, optimizer: { name: "adam", learningRate: 0.02 } },
};

describe("language-model", { timeout: 600_000 }, () => {
  let folder: string;
  let book: string;
  let model: string;
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attend-language-model-"));
    book = file("book.txt", line.repeat(30));
    const out = join(folder, "out");
    model = join(out, "model");
    const flags = ["--config", file("config.json", JSON.stringify(config)), "--out", out];
    const { code, stdout, stderr } = await languageModel(["train", book, ...flags]);
    expect({ code, lines: stderr.split("\n") }).toEqual({
      code: 0,
      lines: [expect.stringMatching(/^epoch 1, step 12: loss \d\.\d{4} \(best so far\)$/), ""],
    });
    expect(stdout).toMatch(
      /^\S+out\/model: 12 steps in .*s \(\d+ characters\/s\), \d\.\d{4} nats\/character at step 12\n$/,
    );
    const png = readFileSync(join(out, "curves.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("generates the same text as the library, and nothing else", async () => {
    const output = await languageModel(["--model", model, "--prompt", "the ", "--length", "20"]);
    const library = await loadLanguageModel({ model });
    let text = "the ";
    for await (const piece of library.generate({ prompt: "the ", length: 20 })) text += piece;
    library.close();
    expect(output).toEqual({ code: 0, stdout: `${text}\n`, stderr: "" });
    const named = ["sample", "--model", model, "--prompt", "the ", "--length", "20", "--json"];
    const { stdout } = await languageModel(named);
    expect(JSON.parse(stdout)).toEqual({ prompt: "the ", text: text.slice(4) });
  });

  test("measures a file or stdin", async () => {
    const { code, stdout, stderr } = await languageModel(["evaluate", book, "--model", model]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [header, values] = stdout.trimEnd().split("\n");
    expect(header).toMatch(/^characters +nats\/character +bits\/character +perplexity$/);
    const json = await languageModel(["evaluate", "-", "--json", "--model", model], {
      stdin: readFileSync(book, "utf8"),
    });
    const { characters, natsPerCharacter, ...rest } = JSON.parse(json.stdout);
    expect(values?.trim().split(/ +/).slice(0, 2)).toEqual([
      String(characters),
      natsPerCharacter.toFixed(4),
    ]);
    expect(rest).toEqual({
      skipped: 0,
      bitsPerCharacter: expect.closeTo(natsPerCharacter / Math.LN2, 6),
      perplexity: expect.closeTo(Math.exp(natsPerCharacter), 6),
      unit: "characters",
      tokens: characters,
      natsPerToken: natsPerCharacter,
      bitsPerToken: expect.closeTo(natsPerCharacter / Math.LN2, 6),
    });
  });

  test("averages models", async () => {
    const mean = join(folder, "mean");
    expect(await languageModel(["average", model, join(folder, "out"), "--out", mean])).toEqual({
      code: 0,
      stdout: `${mean}: the mean of 2 models\n`,
      stderr: "",
    });
    const weights = (of: string) => readFileSync(join(of, "model.safetensors"));
    expect(weights(mean)).toEqual(weights(model));
    const other = file("book2.txt", `${line.repeat(30)}é`);
    const out = join(folder, "other");
    const flags = ["--config", join(folder, "config.json"), "--out", out, "--quiet"];
    expect((await languageModel(["train", other, ...flags])).code).toBe(0);
    expect(await languageModel(["average", model, out, "--out", mean])).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: ${out} has a different vocabulary than ${model}; average models with the same vocabulary\n`,
    });
  });

  test("reports an error in one line and exits with 1", async () => {
    expect(await languageModel(["--model", model, "--prompt", "dog"])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        'error: the prompt has "d" (U+0064), which the model never saw in training; leave it out\n',
    });
  });

  test("exits with 2 on wrong usage", async () => {
    const args = ["--greedy", "--temperature", "2", "--model", model];
    const { code, stderr } = await languageModel(args);
    expect(code).toBe(2);
    expect(stderr).toContain("cannot be used with");
  });
});
