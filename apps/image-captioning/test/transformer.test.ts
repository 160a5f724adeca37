import { join } from "node:path";
import { createEfficientNetLite } from "@attend/cnn-encoder";
import { assignWeights, readWeights } from "@attend/nn";
import { createRandom } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { Words } from "@attend/text";
import { beforeAll, describe, expect, test } from "vitest";
import { Captioner, loadCaptioner, renderHeatmap } from "../src/index.ts";
import { captioners } from "../src/model.ts";
import { createFixture, writeRandomModel } from "./fixture.ts";
import { decoders } from "./support/stages.ts";

useEngine();
const { folder, model: lstm, photos } = await createFixture();
const decoder = decoders.find(({ name }) => name === "Transformer")?.ofSize(16) ?? {};
const model = join(folder, "transformer");
beforeAll(() => writeRandomModel(model, decoder));

describe("a captioner with a Transformer decoder", { timeout: 600_000 }, () => {
  test("captions photos in a batch as one by one, with what each word attends to", async () => {
    await expectNoLeak(async () => {
      const captioner = await loadCaptioner({ model });
      const results = [];
      for (const photo of photos) results.push(await captioner.caption(photo, { attention: true }));
      expect(new Set(results.map(({ caption }) => caption)).size).toBeGreaterThan(1);
      const expected = [...results].values();
      for await (const { result } of captioner.captionAll(photos)) {
        expect(result?.caption).toBe(expected.next().value?.caption);
      }
      for (const { attention, tokens } of results) {
        expect(attention?.words).toEqual(tokens);
        expect(attention?.grid).toEqual([7, 7]);
        for (const weights of attention?.weights ?? []) {
          expectClose(
            weights.reduce((sum, weight) => sum + weight),
            1,
          );
        }
      }
      const [first] = results;
      if (first === undefined) throw new TypeError("there are photos");
      const png = await renderHeatmap(photos[0] ?? "", first);
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      captioner.close();
    });
  });

  test("can copy the names of objects", async () => {
    const objects = { dog: [187, 207], cat: [284], wolf: [269] };
    const config = { ...(await captioners.readConfig(model)), objects };
    const words = new Words("a the sits dog cat wolf".split(" "));
    const named = captioners.create(config, words, createRandom(3));
    const encoder = createEfficientNetLite({ variant: 0, classifier: true }, createRandom(4));
    assignWeights(named.network.encoder, readWeights(encoder), "random weights");
    encoder.dispose();
    const out = join(temporaryDirectory(), "model");
    await captioners.save(named, out);
    named.network.dispose();
    const loaded = await captioners.load(out);
    expect([...loaded.network.namedParameters().keys()]).toContain("decoder.copy.gate.kernel");
    const captioner = new Captioner(loaded);
    expect((await captioner.caption(photos[0] ?? "")).tokens.length).toBeGreaterThan(0);
    captioner.close();
  });

  test("is averaged with its like, but not with an LSTM", async () => {
    const out = join(temporaryDirectory(), "mean");
    await captioners.average([model, model], out);
    const [before, after] = [await captioners.load(model), await captioners.load(out)];
    const values = readWeights(before.network).get("decoder.image.kernel")?.data;
    expect(readWeights(after.network).get("decoder.image.kernel")?.data).toEqual(values);
    before.network.dispose();
    after.network.dispose();
    await expect(captioners.average([lstm, model], out)).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringContaining('decoder.kind is "transformer", not absent'),
    });
  });
});
