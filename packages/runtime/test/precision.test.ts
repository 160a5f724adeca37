import { afterEach, describe, expect, it, vi } from "vitest";
import { loadEngine } from "../src/index.ts";
import { isFasterInBfloat16, precisionFromEnvironment } from "../src/precision.ts";
import { applyTuning, currentTuning } from "../src/processor/current.ts";
import * as identity from "../src/processor/identity.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** This machine as one with these instructions. */
function withFlags(...flags: string[]): void {
  const processor = { name: "a processor", identity: "", flags: new Set(flags) };
  vi.spyOn(identity, "currentProcessor").mockReturnValue(processor);
  for (const name of ["ONEDNN_DEFAULT_FPMATH_MODE", "TF_ENABLE_ONEDNN_OPTS"]) {
    vi.stubEnv(name, undefined);
  }
}

describe("precision", () => {
  it("is exact by default, also with an empty variable", () => {
    vi.stubEnv("ATTEND_PRECISION", undefined);
    expect(precisionFromEnvironment()).toBe("exact");
    vi.stubEnv("ATTEND_PRECISION", "");
    expect(precisionFromEnvironment()).toBe("exact");
    vi.stubEnv("ATTEND_PRECISION", "fast");
    expect(precisionFromEnvironment()).toBe("fast");
    vi.stubEnv("ATTEND_PRECISION", "half");
    expect(precisionFromEnvironment).toThrow('ATTEND_PRECISION is "half"; set it to "exact"');
  });

  it("is one of a process", async () => {
    vi.stubEnv("ATTEND_PRECISION", undefined);
    expect((await loadEngine()).precision).toBe("exact");
    await expect(loadEngine({ precision: "exact" })).resolves.toMatchObject({ precision: "exact" });
    await expect(loadEngine({ precision: "fast" })).rejects.toThrow(
      "fast products were requested, but this process already computes exact ones",
    );
  });
});

describe("applyTuning", () => {
  it("changes no products if exact, nor if fast without AMX", () => {
    const before = currentTuning().tuning;
    withFlags("avx512_bf16");
    expect(isFasterInBfloat16()).toBe(false);
    applyTuning("fast");
    withFlags("amx_bf16");
    applyTuning("exact");
    expect(process.env["ONEDNN_DEFAULT_FPMATH_MODE"]).toBeUndefined();
    expect(currentTuning().tuning).toEqual(before);
  });

  it("has oneDNN multiply in bfloat16 if fast, and keeps the user's own settings", () => {
    withFlags("amx_bf16");
    applyTuning("fast");
    expect(process.env["ONEDNN_DEFAULT_FPMATH_MODE"]).toBe("BF16");
    expect(process.env["TF_ENABLE_ONEDNN_OPTS"]).toBe("1");
    expect(currentTuning().tuning).toMatchObject({ library: "oneDNN", ownDepth: 128 });
    vi.stubEnv("ONEDNN_DEFAULT_FPMATH_MODE", "STRICT");
    applyTuning("fast");
    expect(process.env["ONEDNN_DEFAULT_FPMATH_MODE"]).toBe("STRICT");
  });
});
