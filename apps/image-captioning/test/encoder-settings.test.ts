import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEfficientNetLite } from "@attend/cnn-encoder";
import { readWeights, writeSafetensors } from "@attend/nn";
import { temporaryDirectory } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { encoderSettings } from "../src/starting-model.ts";
import { createFixture } from "./fixture.ts";

const { model } = await createFixture();

describe("without a config, the encoder has the size of", () => {
  test("a captioner's folder", async () => {
    expect(await encoderSettings(model)).toEqual({ variant: 0, imageSize: 224 });
  });

  test.each([
    [1, 240],
    [2, 260],
  ] as const)("a PyTorch file: Lite%d at %d pixels", async (variant, imageSize) => {
    const encoder = createEfficientNetLite({ variant });
    // PyTorch uses [out, in, height, width]; the values do not matter here.
    const tensors = [...readWeights(encoder)].map(([name, { shape, data }]) => {
      const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
      const stored = shape.length === 4 ? [outputs, inputs, height, width] : shape;
      return [name, { shape: stored, data }] as const;
    });
    encoder.dispose();
    const file = join(temporaryDirectory(), "encoder.safetensors");
    await writeSafetensors(file, new Map(tensors));
    expect(await encoderSettings(file)).toEqual({ variant, imageSize });
  });

  test("neither an invalid nor a missing file", async () => {
    const file = join(temporaryDirectory(), "encoder.safetensors");
    await expect(encoderSettings(file)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await writeFile(file, "no weights, but text that is long enough");
    await expect(encoderSettings(file)).rejects.toMatchObject({ code: "BAD_WEIGHTS" });
  });
});
