import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { cacheFeatures, featureReader, freshReader, mirrorPixels } from "../src/features.ts";
import { createEfficientNetLite, loadImage } from "../src/index.ts";

useEngine();

const photos = ["scene.jpg", "scene.png"].map((name) => `${import.meta.dirname}/fixtures/${name}`);

describe("features", { timeout: 600_000 }, () => {
  test("cached on disk equal those of the encoder, mirrored or not, at any size", async () => {
    const encoder = createEfficientNetLite({ variant: 0 }, createRandom(1));
    const [file = ""] = photos;
    // Not a multiple of 32, like the sizes of Lite1 and Lite2.
    const size = 40;
    const folder = temporaryDirectory();
    const requests = [{ file, mirrored: true }];
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => void progress.push(`${done}/${total}`);
    // Only mirrors photos.
    const mirror = { flip: 1, minArea: 1, aspect: 1, brightness: 0, contrast: 0, saturation: 0 };
    const fresh = freshReader(encoder, size, [file], mirror);
    for (const expected of [["2/2"], []]) {
      progress.length = 0;
      const cache = await cacheFeatures(encoder, size, requests, folder, { onProgress });
      expect(progress).toEqual(expected);
      const read = featureReader(cache, [file]);
      const [cached, encoded] = [await read([0]), await fresh.read([0])];
      expect(cached.shape).toEqual([1, 4, 1280]);
      expectClose(cached, encoded, 2e-3); // half precision
      const mirrored = await fresh.read([0], createRandom(1));
      let flips = 0;
      for (let seed = 0; seed < 30; seed++) {
        const random = await read([0], createRandom(seed));
        const isFlipped = tf.tidy(() => tf.all(tf.equal(random, cached)).dataSync()[0] === 0);
        if (isFlipped) expectClose(random, mirrored, 2e-3);
        if (isFlipped) flips++;
        random.dispose();
      }
      expect(flips).toBeGreaterThan(8);
      expect(flips).toBeLessThan(22);
      tf.dispose([cached, encoded, mirrored]);
      await cache.close();
    }
    fresh.dispose();
    encoder.dispose();
  });

  test("stop before the next batch if the signal is aborted, and leave no tensor behind", async () => {
    const encoder = createEfficientNetLite({ variant: 0 }, createRandom(1));
    const requests = photos.map((file) => ({ file, mirrored: false }));
    const folder = temporaryDirectory();
    await expectNoLeak(async () => {
      const aborted = { signal: AbortSignal.abort() };
      const run = cacheFeatures(encoder, 64, requests, folder, aborted);
      await expect(run).rejects.toMatchObject({ code: "INTERRUPTED" });
    });
    const cache = await cacheFeatures(encoder, 64, requests, folder);
    expect(photos.every((file) => cache.has(file))).toBe(true);
    await cache.close();
    encoder.dispose();
  });

  test("mirrored pixels are in reverse order", async () => {
    const { pixels } = await loadImage(photos[0] ?? "", { size: 8 });
    const mirrored = mirrorPixels(pixels, 8);
    expect(mirrored).not.toEqual(pixels);
    expect([...mirrored.subarray(0, 3)]).toEqual([...pixels.subarray(21, 24)]);
    expect([...mirrorPixels(mirrored, 8)]).toEqual([...pixels]);
  });
});
