import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findTfjsNode } from "../../src/install/tfjs-node.ts";
import { currentProcessor, parseProcessor } from "../../src/processor/identity.ts";
import { measureProcessor } from "../../src/processor/measure.ts";
import { type Probe, probeProducts } from "../../src/processor/probe.ts";
import { readProfile, type Sample } from "../../src/processor/profile.ts";
import { hasAddon, scratchCache } from "../install/support/scratch.ts";

const tfjsNode = { folder: "/nowhere", version: "4", napi: 8, addon: "lib/tfjs_binding.node" };
const rates = { 128: 1, 512: 2, 1024: 3 };
const gradients = { tensorflow: 1, own: 2 };
const sample: Sample = { busy: false, tensorflow: rates, own: rates, gradients };

/** A probe that answers with `samples` in turn and records what it is asked. */
function answering(...samples: Sample[]) {
  const asked: Probe[] = [];
  const probe = async (setting: Probe) => {
    asked.push(setting);
    return { library: "2.15.1", sample: samples[asked.length - 1] ?? sample };
  };
  return { asked, probe };
}

describe("measureProcessor", () => {
  it("measures oneDNN, Eigen and half of the threads once, for each number of threads", async () => {
    scratchCache();
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", "4");
    expect(readProfile()).toBeUndefined();
    const { asked, probe } = answering();
    const profile = await measureProcessor(tfjsNode, probe);
    expect(asked.map(({ onednn, threads, kernels }) => [onednn, threads, kernels])).toEqual([
      [true, 4, ""],
      [false, 4, ""],
      [undefined, 2, ""],
    ]);
    expect(readProfile()).toEqual(profile);
    await measureProcessor(tfjsNode, probe);
    expect(asked).toHaveLength(3);
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", "1");
    expect(readProfile()).toBeUndefined();
    await measureProcessor(tfjsNode, probe);
    expect(asked).toHaveLength(5);
    expect(readProfile()?.halfThreads).toBeNull();
  });

  it("measures again after a busy machine, and with a damaged file", async () => {
    const cache = scratchCache();
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", "1");
    const { asked, probe } = answering({ ...sample, busy: true });
    await measureProcessor(tfjsNode, probe);
    await measureProcessor(tfjsNode, probe);
    expect(asked).toHaveLength(4);
    const [file = ""] = readdirSync(cache).filter((name) => name.startsWith("processor-"));
    for (const damaged of ["{", "{}"]) {
      writeFileSync(path.join(cache, file), damaged);
      expect(readProfile()).toBeUndefined();
    }
    await measureProcessor(tfjsNode, probe);
    expect(asked).toHaveLength(6);
  });

  it("fails if a measurement fails, and stores nothing", async () => {
    const cache = scratchCache();
    const failing = async () => {
      throw new Error("no library");
    };
    await expect(measureProcessor(tfjsNode, failing)).rejects.toThrow("no library");
    await expect(measureProcessor(tfjsNode)).rejects.toThrow("a product of matrices does not run");
    expect(readdirSync(cache)).toEqual([]);
  });

  it.runIf(hasAddon)(
    "measures with the library's name and positive rates",
    async () => {
      const { folder, addon } = findTfjsNode() ?? tfjsNode;
      const engine = path.join(folder, addon);
      const setting = { engine, kernels: "", threads: 1, onednn: false };
      const measured = await probeProducts(setting, 500_000);
      expect(measured.library).toMatch(/^\d+\.\d+/);
      expect(measured.sample.own).toBeNull();
      expect(measured.sample.gradients.own).toBeNull();
    },
    60_000,
  );
});

describe("the processor", () => {
  it("is named, and told from others of the same name", () => {
    expect(currentProcessor().name).not.toBe("");
    const text = (flags: string) => `processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: ${flags}\n`;
    const [a, b] = [parseProcessor(text("avx2 fma")), parseProcessor(text("avx2 fma amx_bf16"))];
    expect([a.name, b.name]).toEqual(["AMD EPYC", "AMD EPYC"]);
    expect(a.identity).not.toBe(b.identity);
    expect([a.flags.has("amx_bf16"), b.flags.has("amx_bf16")]).toEqual([false, true]);
    expect(parseProcessor("").name).toMatch(/processor$/);
  });
});
