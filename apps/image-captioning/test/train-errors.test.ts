import { existsSync } from "node:fs";
import { appendFile, copyFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { temporaryDirectory } from "@attend/test-kit";
import { CommanderError } from "commander";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { trainCommand } from "../src/commands/train.ts";
import { createFixture } from "./fixture.ts";
import { tinyTraining, writePhotoSet } from "./support/photo-set.ts";
import { caption } from "./support/program.ts";

const { model, broken } = await createFixture();

let folder: string;
let images: string;
let captions: string;
let out: string;
beforeEach(async () => {
  folder = temporaryDirectory();
  ({ images, captions } = await writePhotoSet(folder, 4));
  out = join(folder, "out");
});

/** The command's flags; `changes` replaces some, null removes one, and true gives it no value. */
function flagsWith(changes: Record<string, string | true | null> = {}): string[] {
  const start = { "start-from": model, "encoder-only": true as const };
  const flags: typeof changes = { images, captions, out, ...start, "held-out": "0.5", ...changes };
  return Object.entries(flags).flatMap(([name, value]) => {
    if (value === null) return [];
    return value === true ? [`--${name}`] : [`--${name}`, value];
  });
}

/** The error that the command throws, and its stderr. */
async function failureOf(flags: readonly string[]): Promise<{ error: unknown; output: string }> {
  const lines: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const command = trainCommand()
    .exitOverride()
    .configureOutput({ writeErr: (line) => void lines.push(line) });
  try {
    const error = await command.parseAsync([...flags], { from: "user" }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { error, output: lines.join("") };
  } finally {
    stderr.mockRestore();
  }
}

/** Expects a one-line error that contains all `parts`, and no training. */
async function expectLine(flags: readonly string[], ...parts: string[]): Promise<void> {
  const { error, output } = await failureOf(flags);
  expect(error).toBeInstanceOf(AttendError);
  const { message } = error as AttendError;
  for (const part of parts) expect(message).toContain(part);
  expect(message).not.toContain("\n");
  expect(output).toBe("");
  const written = existsSync(out) ? await readdir(out) : [];
  expect(written.filter((name) => name !== "features")).toEqual([]);
}

/** Expects commander's message. */
async function expectWrongUsage(flags: readonly string[], part: string): Promise<void> {
  const { error, output } = await failureOf(flags);
  expect(error).toBeInstanceOf(CommanderError);
  expect(output).toContain(part);
}

async function configFile(change: (config: ReturnType<typeof tinyTraining>) => void = () => {}) {
  const config = tinyTraining();
  change(config);
  const file = join(folder, "my.json");
  await writeFile(file, JSON.stringify(config));
  return file;
}

describe("captions", () => {
  const row = (text: string) => appendFile(captions, `${text}\n`);

  test("of missing photos", async () => {
    await row("absent.jpg,a dog runs");
    await row("gone.jpg,a cat sits");
    const flags = flagsWith();
    const photos = `2 of 6 photos of ${captions} are not in ${images}: absent.jpg, gone.jpg`;
    await expectLine(flags, photos, "line 10", "by --allow-missing");
  });

  test("that are mostly empty, or have unclosed quotes", async () => {
    await writeFile(captions, 'image,caption\n1.png,\n2.png,"..."\n3.png,a cat\n');
    await expectLine(flagsWith(), `${captions} line 2, 3: the caption has no word`, "; write one");
    await writeFile(captions, 'image,caption\n1.png,"a dog\n2.png,"a cat\n3.png,a cat\n');
    await expectLine(flagsWith(), `${captions} line 2, 3: a quote that is never closed`);
  });

  test("in a binary file, which is not printed", async () => {
    await copyFile(join(images, "0.png"), captions);
    await expectLine(
      flagsWith(),
      `${captions} is a binary file, not text; give captions as CSV, TSV`,
    );
  });

  test("in a missing file, or one without the columns", async () => {
    const absent = join(folder, "absent.csv");
    await expectLine(flagsWith({ captions: absent }), `${absent} does not exist; check the path`);
    await writeFile(captions, "picture;words\n1.png;a dog\n");
    const only = 'has no column for the photo, only "picture", "words"';
    await expectLine(flagsWith(), `${captions} line 1`, only, "choose by --image-column");
    const chosen = { "image-column": "picture", "caption-column": "alt" };
    await expectLine(flagsWith(chosen), 'has no column "alt"', "choose by --caption-column");
  });

  test("without words", async () => {
    const rows = [0, 1, 2, 3].map((i) => `${i}.png,١٢ ☃ ①\n`);
    await writeFile(captions, `image,caption\n${rows.join("")}`);
    await expectLine(flagsWith(), "contain no words, only punctuation; use captions with words");
  });

  test("without parts, or without the requested part", async () => {
    await expectLine(flagsWith({ part: "test" }), `${captions} has no parts for --part to select`);
    await writeFile(captions, "image,caption,split\n1.png,a dog,train\n2.png,a cat,test\n");
    const has = "it has train (1 captions), test (1 captions); choose by --part";
    await expectLine(flagsWith({ part: "mine" }), "no caption of part mine, val to use", has);
  });

  test("too few for a stage", async () => {
    const config = await configFile(({ stages }) => {
      Object.assign(stages[2] ?? {}, { minCaptions: 3 });
    });
    const line =
      "stage 3 (self-critical) needs photos with at least 3 captions, but only 0 of 2 photos";
    await expectLine(flagsWith({ config }), line, "lower its minCaptions");
  });
});

describe("photos", () => {
  test("in a missing folder", async () => {
    const absent = join(folder, "absent");
    await expectLine(flagsWith({ images: absent }), `${absent} does not exist; check the path`);
  });

  test("of which too few can be read", async () => {
    for (const name of ["1.png", "2.png", "3.png"]) await copyFile(broken, join(images, name));
    const { error, output } = await failureOf(flagsWith({ config: await configFile() }));
    expect(error).toMatchObject({ code: "BAD_DATA" });
    expect(output.trimEnd().split("\n")).toEqual(
      Array(3).fill(
        expect.stringMatching(/^warning: .*[123]\.png is not a picture.*; the photo is skipped$/),
      ),
    );
  });

  test("too few to hold any out", async () => {
    for (const heldOut of ["0.2", "1"]) {
      const flags = flagsWith({ "held-out": heldOut });
      await expectLine(flags, "1 validation photo is too few", "--held-out");
    }
    await expectLine(flagsWith({ "held-out": "4" }), "heldOut is 4", "of the 4 photos");
  });

  test("that are all held out", async () => {
    const validation = { "validation-images": images, "validation-captions": captions };
    const flags = flagsWith({ ...validation, "held-out": null });
    await expectLine(flags, "no photos are left to train on", "add more photos");
  });
});

describe("sets", () => {
  test("where one lacks captions, or only one has a split", async () => {
    await expectLine(
      [...flagsWith(), "--images", images],
      "2 --images, 1 --captions and 0 --split were given; each --images needs its --captions",
    );
    const two = [...flagsWith(), "--images", images, "--captions", captions];
    await expectLine([...two, "--split", captions], "2 --images, 2 --captions and 1 --split");
  });

  test("of validation photos without captions, or captions without photos", async () => {
    for (const flag of ["validation-images", "validation-captions", "validation-split"]) {
      const flags = flagsWith({ [flag]: captions, "held-out": null });
      await expectLine(flags, "need both --validation-images and --validation-captions");
    }
  });

  test("with an empty split", async () => {
    const split = join(folder, "train.txt");
    await writeFile(split, "\n");
    await expectLine(
      flagsWith({ split }),
      `${split} names no photo; write one photo name per line`,
    );
  });
});

describe("a config", () => {
  test.each([
    ["an invalid key", { dropout: 0.1 }, "stages.0.dropout: unknown key"],
    ["an unknown stage", { name: "decode" }, "'decoder' | 'end-to-end' | 'self-critical'"],
    ["a number out of range", { photosPerBatch: 0 }, "stages.0.photosPerBatch: too small"],
    [
      "an unknown metric",
      {
        training: {
          ...tinyTraining().stages[0]?.training,
          keepBest: { metric: "bleu", mode: "max" },
        },
      },
      'stages.0.training.keepBest.metric: "bleu" is not one of bleu1, bleu2,',
    ],
  ])("with %s", async (_, change, fault) => {
    const config = await configFile(({ stages }) => void Object.assign(stages[0] ?? {}, change));
    await expectLine(flagsWith({ config }), `${config}: stages.0`, fault, "; correct it");
  });

  test("that is missing or not JSON", async () => {
    const config = join(folder, "my.json");
    await expectLine(flagsWith({ config }), `${config} does not exist; check the path`);
    await writeFile(config, '{\n  "seed": 1,\n}');
    await expectLine(flagsWith({ config }), `${config} line 3 is not valid JSON`, "; correct it");
  });
});

describe("an encoder", () => {
  test("that is missing or invalid", async () => {
    const config = await configFile();
    const file = join(folder, "encoder.safetensors");
    const flags = flagsWith({ "start-from": file, config });
    await expectLine(flags, `${file} does not exist; use a model's folder, or an encoder in`);
    await expectLine(
      flagsWith({ "start-from": images, config }),
      `${images} contains no model, neither config.json nor model/config.json; give a folder`,
    );
    await writeFile(file, "no weights, but text that is long enough");
    await expectLine(flags, `${file}: not a complete safetensors file`, "copy or train it again");
    await copyFile(join(model, "model.safetensors"), file);
    await truncate(file, 1_000_000);
    await expectLine(flags, `${file}: not a complete safetensors file`);
  });

  test("of another size", async () => {
    const config = await configFile(({ model: changed }) => {
      Object.assign(changed.encoder, { variant: 1 });
    });
    const line = `the encoder of ${model} is EfficientNet-Lite0, but the config expects Lite1`;
    await expectLine(flagsWith({ config }), line, "--start-from");
  });
});

describe("a model to start from", () => {
  const entireModel = { "encoder-only": null };

  test("that does not know most of the words", async () => {
    const rows = [0, 1, 2, 3].map((i) => `${i}.png,一只猫看着镜头。\n`);
    await writeFile(captions, `image,caption\n${rows.join("")}`);
    const line = `${model} does not know 100 % of the words in these captions (一只, 猫, 看 and 2 more)`;
    await expectLine(flagsWith(entireModel), line, "use --encoder-only");
  });

  test("whose decoder is of another kind", async () => {
    const config = await configFile(({ model: changed }) => {
      changed.encoder.imageSize = 224;
      Object.assign(changed, { decoder: { kind: "transformer" } });
    });
    const line = 'model.decoder.kind is absent there, but "transformer" in the config';
    await expectLine(flagsWith({ ...entireModel, config }), `${model} does not match`, line);
  });

  test("that does not match the config", async () => {
    const config = await configFile(({ model: changed }) => {
      changed.encoder.imageSize = 224;
      changed.decoder.hiddenSize = 8;
    });
    const flags = flagsWith({ ...entireModel, config });
    await expectLine(
      flags,
      `${model} does not match the config`,
      "model.decoder.hiddenSize is 16 there, but 8",
    );
  });

  test("that is missing, with and without a config", async () => {
    const changes = { ...entireModel, "start-from": join(folder, "absent") };
    const absent = `${changes["start-from"]} does not exist; use a model's folder`;
    await expectLine(flagsWith(changes), absent);
    await expectLine(flagsWith({ ...changes, config: await configFile() }), absent);
  });
});

describe("wrong usage", () => {
  test.each(["0", "1.5", "-0.1", "half"])("to hold out %s", async (value) => {
    await expectWrongUsage(flagsWith({ "held-out": value }), "Expected a ");
  });

  test("to hold out photos in addition to validation photos", async () => {
    const flags = flagsWith({ "validation-images": images, "validation-captions": captions });
    await expectWrongUsage(flags, "'--held-out <n>' cannot be used with");
  });

  test("without photos, captions or a known engine", async () => {
    await expectWrongUsage(flagsWith({ images: null }), "'--images <folder>' not specified");
    await expectWrongUsage(flagsWith({ captions: null }), "'--captions <file>' not specified");
    await expectWrongUsage(flagsWith({ engine: "gpu" }), "native, wasm");
  });
});

/** The program does not depend on the engine. */
describe.skipIf(process.env["ATTEND_ENGINE"] === "wasm")(
  "the program",
  { timeout: 600_000 },
  () => {
    test("reports an error in one line on stderr and exits with 1", async () => {
      await writeFile(captions, (await readFile(captions, "utf8")).replace("0.png,", "zero.png,"));
      const { code, stdout, stderr } = await caption(["train", ...flagsWith()]);
      expect(stderr).toMatch(
        /^error: 1 of 5 photos of .* \(first: line 2\), or leave them out by --allow-missing\n$/,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    });

    test("reports wrong usage and exits with 2", async () => {
      const { code, stdout, stderr } = await caption(["train", "--images", images]);
      expect(stderr).toBe(
        "error: required option '--captions <file>' not specified\n(see attend-caption train --help)\n",
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    });

    test("prints its help without loading an engine", async () => {
      const { code, stdout, stderr } = await caption(["train", "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      for (const part of ["--held-out", "--resume", "Examples:", "runs/captioner"]) {
        expect(stdout).toContain(part);
      }
    });
  },
);
