import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { findTfjsNode } from "../src/install/tfjs-node.ts";

const isNative = process.env["ATTEND_ENGINE"] !== "wasm" && findTfjsNode() !== undefined;

/**
 * Runs a module with `loadEngine` and `tf` in a separate process; returns its stdout and stderr.
 */
async function runModule(code: string): Promise<{ stdout: string; stderr: string }> {
  const imports = `
    import { loadEngine, tf } from "@attend/runtime";
    import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);`;
  const flags = ["--conditions=@attend/source", "--import", "tsx", "--input-type=module"];
  return promisify(execFile)(process.execPath, [...flags, "--eval", imports + code], {
    // A package can import itself by name only from here.
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, ATTEND_ENGINE: "native" },
  });
}

describe.runIf(isNative)("the native engine", { timeout: 600_000 }, () => {
  test("uses only functions of tfjs-core", () => {
    const dist = join(findTfjsNode()?.folder ?? "", "dist");
    const kernels = readdirSync(join(dist, "kernels")).map((name) => join("kernels", name));
    const loaded = ["nodejs_kernel_backend.js", "int64_tensors.js", ...kernels];
    const names = loaded
      .filter((file) => file.endsWith(".js") && !file.includes("_test"))
      .map((file) => readFileSync(join(dist, file), "utf8").replaceAll(/^ *\*.*$/gm, ""))
      .flatMap((code) => [...code.matchAll(/\b(?:tf|tfc|tfjs_1)\.(\w+)/g)])
      .map(([, name = ""]) => name);
    const core: object = createRequire(import.meta.url)("@tensorflow/tfjs-core");
    expect(names.length).toBeGreaterThan(400);
    expect(names.filter((name) => !(name in core))).toEqual([]);
  });

  test("finds each kernel of tfjs-node in the file of its name", async () => {
    const code = `
      await loadEngine();
      const registered = tf.getKernelsForBackend("tensorflow").map(({ kernelName }) => kernelName);
      const before = registered.length;
      const there = createRequire(require.resolve("@tensorflow/tfjs-node/package.json"));
      const all = there.resolve("./dist/register_all_kernels.js");
      delete require.cache[all];
      console.warn = () => {};
      there(all);
      const after = tf.getKernelsForBackend("tensorflow").map(({ kernelName }) => kernelName);
      console.log(before > 150, after.length - before);`;
    expect((await runModule(code)).stdout).toBe("true 0\n");
  });

  test("prints nothing, has gradients, and leaves Node's util unchanged", async () => {
    const code = `
      const before = Reflect.ownKeys(require("util")).length;
      await loadEngine();
      const { values } = tf.topk(tf.tensor1d([3, 1, 2]), 2);
      const slope = tf.grad((x) => tf.sum(tf.square(x)));
      console.log(values.arraySync(), slope(tf.tensor1d([1, 2])).arraySync());
      const util = require("util");
      console.log(util === (await import("node:util")).default, Reflect.ownKeys(util).length - before);`;
    const stdout = "[ 3, 2 ] [ 2, 4 ]\ntrue 0\n";
    expect(await runModule(code)).toEqual({ stdout, stderr: "" });
  });

  test.each(["before", "after"])(
    "is shared with a program that loads tfjs-node %s",
    async (when) => {
      const load = `const whole = require("@tensorflow/tfjs-node");`;
      const code = `
      ${when === "before" ? load : ""}
      await loadEngine();
      ${when === "after" ? load : ""}
      const layer = whole.layers.dense({ units: 1, kernelInitializer: "ones" });
      console.log(layer.apply(tf.ones([1, 3])).arraySync(), whole.backend() === tf.backend());`;
      expect((await runModule(code)).stdout).toBe("[ [ 3 ] ] true\n");
    },
  );
});
