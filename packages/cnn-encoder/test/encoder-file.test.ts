import { statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createEncoder, type EncoderOptions, loadEncoder, saveEncoder } from "../src/index.ts";

useEngine();

const small: EncoderOptions = { kind: "small-cnn", imageSize: 16, widths: [4, 6] };

test.each([
  ["float16", 1e-2],
  ["float32", 0],
] as const)("saves a small CNN in %s and loads it", async (precision, tolerance) => {
  const encoder = createEncoder(small, createRandom(1));
  const path = join(temporaryDirectory(), "encoder.safetensors");
  await saveEncoder(encoder, path, { precision });
  const images = tf.randomNormal<tf.Rank.R4>([1, 16, 16, 3], 0, 1, "float32", 1);
  await expectNoLeak(async () => {
    const loaded = await loadEncoder(path);
    expect(loaded.config).toEqual(encoder.config);
    tf.tidy(() => expectClose(loaded.encode(images).map, encoder.encode(images).map, tolerance));
    loaded.dispose();
  });
  images.dispose();
  encoder.dispose();
});

test("a folded EfficientNet-Lite in half precision takes 7 MB and loads from its folder", async () => {
  const encoder = createEncoder({ kind: "efficientnet-lite", variant: 0, folded: true });
  tf.tidy(() => {
    encoder.stem.kernel.assign(tf.randomNormal([3, 3, 3, 32], 0, 1, "float32", 3));
  });
  const folder = temporaryDirectory();
  const file = join(folder, "model.safetensors");
  await saveEncoder(encoder, file);
  expect(statSync(file).size).toBeLessThan(7e6);
  const { tensors } = await readSafetensors(file);
  expect(tensors.get("blocks.15.project.kernel")?.shape).toEqual([1, 1, 1152, 320]);
  const loaded = await loadEncoder(folder);
  expect(loaded.config).toMatchObject({ variant: 0, folded: true, classifier: false });
  expectClose(loaded.stem.kernel, encoder.stem.kernel, 1e-3);
  encoder.dispose();
  loaded.dispose();
});

test("rejects missing, truncated, foreign and mismatched files, and leaks no tensors", async () => {
  const folder = temporaryDirectory();
  const file = join(folder, "model.safetensors");
  const encoder = createEncoder(small, createRandom(1));
  await expectNoLeak(async () => {
    await expect(loadEncoder(folder)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await saveEncoder(encoder, file);
    truncateSync(file, 4000);
    await expect(loadEncoder(file)).rejects.toMatchObject({ code: "BAD_WEIGHTS" });
    writeFileSync(file, "not a weights file");
    await expect(loadEncoder(file)).rejects.toMatchObject({ code: "BAD_WEIGHTS" });

    await writeSafetensors(file, new Map());
    await expect(loadEncoder(file)).rejects.toThrow(/does not say which encoder/);
    const metadata = { encoder: JSON.stringify(small) };
    await writeSafetensors(file, new Map(), { metadata });
    await expect(loadEncoder(file)).rejects.toThrow(/missing \(stem\.kernel/);
  });
  encoder.dispose();
});

test("reports an invalid configuration", () => {
  // @ts-expect-error: no such kind
  expect(() => createEncoder({ kind: "vision-transformer" })).toThrow(/image encoder: kind/);
});
