import { describe, expect, it } from "vitest";
import { AttendError, currentEngine, loadEngine, tf } from "../src/index.ts";

const forced = process.env["ATTEND_ENGINE"] === "wasm" ? "wasm" : "native";
const other = forced === "wasm" ? "native" : "wasm";

describe("loadEngine", () => {
  it("loads the engine that ATTEND_ENGINE names, once, into the tf of this package", async () => {
    expect(currentEngine).toThrow(AttendError);
    const crashListeners = process.listenerCount("uncaughtException");
    const [first, second] = await Promise.all([loadEngine(), loadEngine({ engine: forced })]);
    expect(first).toBe(second);
    expect(currentEngine()).toBe(first);
    expect(process.listenerCount("uncaughtException")).toBe(crashListeners);
    expect(first).toMatchObject({ name: forced, version: "4.22.0" });
    expect(first.threads).toBeGreaterThanOrEqual(1);
    expect(tf.getBackend()).toBe(forced === "native" ? "tensorflow" : "wasm");
    expect(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).arraySync()).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });

  it("rejects another engine than the loaded one", async () => {
    await loadEngine();
    await expect(loadEngine({ engine: other })).rejects.toThrow(/already runs on/);
    await expect(loadEngine()).resolves.toMatchObject({ name: forced });
  });
});
