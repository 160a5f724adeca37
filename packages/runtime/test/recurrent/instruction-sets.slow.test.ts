import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { hasFusedKernels, loadEngine } from "../../src/index.ts";
import { nodeArguments } from "../../src/program.ts";

const script = fileURLToPath(new URL("support/print-sequences.ts", import.meta.url));

interface Printed {
  readonly fusedKernels: string;
  readonly results: readonly (readonly (readonly number[])[])[];
}

async function print(kernels: string, threads: number): Promise<Printed> {
  const env = {
    ...process.env,
    ATTEND_KERNELS: kernels,
    TF_NUM_INTRAOP_THREADS: String(threads),
  };
  const options = { env, maxBuffer: 1 << 28 };
  return JSON.parse(
    (await promisify(execFile)(process.execPath, nodeArguments(script), options)).stdout,
  );
}

function expectClose(actual: Printed, expected: Printed): void {
  actual.results.forEach((tensors, i) => {
    tensors.forEach((values, j) => {
      const wanted = expected.results[i]?.[j] ?? [];
      expect(values.length).toBe(wanted.length);
      const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      values.forEach((value, k) => {
        if (Math.abs(value - (wanted[k] ?? Number.NaN)) <= 2e-5 * largest) return;
        expect.fail(`result ${i}, tensor ${j}, element ${k}: ${value}, expected ${wanted[k]}`);
      });
    });
  });
}

const engine = await loadEngine();

describe.runIf(engine.name === "native" && hasFusedKernels())("kernels", () => {
  const withoutKernels = print("none", 1);

  it("are not loaded if disabled by ATTEND_KERNELS", async () => {
    expect((await withoutKernels).fusedKernels).toBe("none, disabled by ATTEND_KERNELS");
  });

  it("report an unknown instruction set", async () => {
    expect((await print("sse9", 1)).fusedKernels).toContain('ATTEND_KERNELS is "sse9"');
  });

  it.each([
    ["portable", 1],
    ["avx2", 2],
    ["avx512", 1],
    ["avx512", 2],
    // More threads than rows, so that some share them, and more than processors.
    ["avx512", 9],
    ["portable", 9],
  ])("%s on %d threads equal the composed operations", async (name, threads) => {
    const printed = await print(name, threads);
    if (printed.fusedKernels.startsWith("none, they failed to load")) return; // Not supported here.
    expect(printed.fusedKernels).toBe(name);
    expectClose(printed, await withoutKernels);
  });
});
