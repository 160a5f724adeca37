import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadWeights, readWeights } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { averageModels } from "../src/average.ts";
import { loadCaptioningModel, saveCaptioningModel } from "../src/model.ts";
import { createFixture } from "./fixture.ts";
import { caption } from "./support/program.ts";

useEngine();
const { model: folder } = await createFixture();

/** The fixture's model with each weight doubled. */
async function doubled(): Promise<string> {
  const model = await loadCaptioningModel(folder);
  for (const parameter of model.parameters()) tf.tidy(() => parameter.assign(tf.mul(parameter, 2)));
  const out = temporaryDirectory();
  await saveCaptioningModel(model, out, { precision: "float16" });
  model.dispose();
  return out;
}

test("the mean of two models has the mean of each weight", async () => {
  const [two, out] = [await doubled(), temporaryDirectory()];
  await expectNoLeak(() => averageModels([folder, two], out, [1, 3]));
  const [one, mean] = [await loadCaptioningModel(folder), await loadCaptioningModel(out)];
  const before = readWeights(one);
  for (const [name, { data, shape }] of readWeights(mean)) {
    const expected = tf.mul(tf.tensor(before.get(name)?.data ?? [], [...shape]), 1.75);
    expectClose(tf.tensor(data, [...shape]), expected, 2e-3);
  }
  await loadWeights(one, join(out, "model.safetensors"));
  one.dispose();
  mean.dispose();
});

test("other words or another kind of model are refused", async () => {
  const other = await doubled();
  const words = join(other, "vocabulary.json");
  await writeFile(words, (await readFile(words, "utf8")).replace("ball", "bell"));
  await expect(averageModels([folder, other], temporaryDirectory())).rejects.toMatchObject({
    code: "BAD_DATA",
    message: expect.stringContaining("knows other words"),
  });
});

test("the command, and wrong usage of it", async () => {
  const out = join(temporaryDirectory(), "mean");
  const { code, stdout, stderr } = await caption(["average", folder, folder, "--out", out]);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: `${out}: the mean of 2 models\n`,
    stderr: "",
  });
  const wrong = await caption(["average", folder, "--out", out, "--shares", "1,-2"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("numbers above 0");
  const many = await caption(["average", folder, "--out", out, "--shares", "1,2"]);
  expect(many).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("1 models and the shares"),
  });
});
