import { describe, expect, it } from "vitest";
import { diagnose, formatDiagnosis, loadEngine } from "../src/index.ts";

describe("diagnose", () => {
  it("reports the engine, the reason, threads, versions, the machine, the cache and a faster engine", async () => {
    const engine = await loadEngine();
    const diagnosis = await diagnose();
    expect(diagnosis.engine).toBe(engine);
    const text = formatDiagnosis(diagnosis);
    expect(text).toContain(`engine    ${engine.name}, ${engine.library}, ${engine.threads} thread`);
    expect(text).toContain("because   requested by ATTEND_ENGINE");
    expect(text).toContain(`versions  Node ${process.versions.node}, TensorFlow.js 4.22.0`);
    expect(text).toContain(`machine   ${process.platform} ${process.arch}`);
    expect(text).toContain(`cache     ${diagnosis.cacheFolder}`);
    if (engine.name === "native") {
      expect(engine.library).toMatch(/^libtensorflow \d+\.\d+\.\d+$/);
      expect(text).toContain(`kernels   fused kernels: ${engine.fusedKernels}`);
      expect(text).toMatch(
        /products {2}by \S.*, own kernels up to depth \d+( and for gradients)?; .*measured/,
      );
      expect(text).toContain("faster    there is no faster engine");
    } else {
      expect(text).not.toContain("products");
      expect(text).toContain("engine    wasm, WebAssembly with SIMD, 1 thread,");
      expect(text).toContain("threads   one, because");
      expect(text).toMatch(
        /faster {4}(the native engine is installed: unset|run `pnpm -w run engine`)/,
      );
    }
  });
});
