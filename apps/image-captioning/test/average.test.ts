import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadWeights, readWeights } from "@attend/nn";
import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { captioners } from "../src/model.ts";
import { createFixture } from "./fixture.ts";
import { caption } from "./support/program.ts";

useEngine();
const { model: folder } = await createFixture();

/** Writes the fixture's model with all weights doubled. */
async function writeDoubled(): Promise<string> {
  const model = await captioners.load(folder);
  for (const parameter of model.network.parameters())
    tf.tidy(() => parameter.assign(tf.mul(parameter, 2)));
  const out = temporaryDirectory();
  await captioners.save(model, out);
  model.network.dispose();
  return out;
}

test("averages each weight of two models", async () => {
  const [two, out] = [await writeDoubled(), temporaryDirectory()];
  await expectNoLeak(() => captioners.average([folder, two], out, [1, 3]));
  const [one, mean] = [await captioners.load(folder), await captioners.load(out)];
  const before = readWeights(one.network);
  for (const [name, { data, shape }] of readWeights(mean.network)) {
    const expected = tf.mul(tf.tensor(before.get(name)?.data ?? [], [...shape]), 1.75);
    expectClose(tf.tensor(data, [...shape]), expected, 2e-3);
  }
  await loadWeights(one.network, join(out, "model.safetensors"));
  one.network.dispose();
  mean.network.dispose();
});

test("rejects a model with another vocabulary", async () => {
  const other = await writeDoubled();
  const words = join(other, "vocabulary.json");
  await writeFile(words, (await readFile(words, "utf8")).replace("ball", "bell"));
  await expect(captioners.average([folder, other], temporaryDirectory())).rejects.toMatchObject({
    code: "BAD_DATA",
    message: expect.stringContaining("has a different vocabulary"),
  });
});

test("the command works, and reports wrong usage", async () => {
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
    stderr: expect.stringContaining("1 models with the shares"),
  });
});
