import { tf } from "@attend/runtime";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { gatherRows } from "../src/index.ts";

useEngine();

test("gatherRows gathers the rows of nested tensors and keeps numbers", async () => {
  await expectNoLeak(() => {
    const state = {
      steps: 3,
      ids: tf.tensor1d([4, 5, 6], "int32"),
      layers: [{ h: tf.tensor2d([[1], [2], [3]]) }, {}],
    };
    const rows = tf.tensor1d([2, 0, 0, 1], "int32");
    const picked = gatherRows(state, rows);
    expect(picked.steps).toBe(3);
    expect(picked.ids.dtype).toBe("int32");
    expect([...picked.ids.dataSync()]).toEqual([6, 4, 4, 5]);
    expect(picked.layers[0]?.h?.arraySync()).toEqual([[3], [1], [1], [2]]);
    expect(picked.layers[1]).toEqual({});
    tf.dispose([state, picked, rows]);
  });
});
