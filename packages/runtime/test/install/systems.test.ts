import { describe, expect, it, vi } from "vitest";
import { addonLinking, kernelLinking } from "../../src/install/linking.ts";
import { instructionSetsOf } from "../../src/install/native-sources.ts";
import { pipArguments, wheelFor } from "../../src/install/wheels.ts";

/** A system with the GNU library, or with another one. */
function withGlibc(version: string | undefined): void {
  const report = { header: { glibcVersionRuntime: version } };
  vi.spyOn(process.report, "getReport").mockReturnValue(report);
}

describe("wheelFor", () => {
  it.each([
    ["linux", "x64", "tensorflow-cpu", "manylinux2014_x86_64"],
    ["linux", "arm64", "tensorflow-cpu-aws", "manylinux2014_aarch64"],
    ["darwin", "arm64", "tensorflow", "macosx_12_0_arm64"],
    ["darwin", "x64", "tensorflow", "macosx_10_15_x86_64"],
  ] as const)("%s on %s", (platform, arch, project, tag) => {
    withGlibc(platform === "linux" ? "2.36" : undefined);
    const wheel = wheelFor(platform, arch);
    expect(wheel.project).toBe(project);
    expect(wheel.file).toMatch(new RegExp(`^${project.replaceAll("-", "_")}-2\\.15\\.1-cp311-`));
    expect(wheel.sha256).toMatch(/^[\da-f]{64}$/);
    const arguments_ = pipArguments(wheel, "list.txt", "folder").join(" ");
    expect(arguments_).toContain("--require-hashes --python-version 3.11");
    expect(arguments_).toContain(` --platform ${tag} `);
    const ending = platform === "darwin" ? /\.2\.dylib$/ : /\.so\.\d$/;
    for (const library of wheel.libraries) expect(library).toMatch(ending);
  });

  it.each([
    ["win32", "x64"],
    ["linux", "riscv64"],
  ] as const)("has none for %s on %s", (platform, arch) => {
    withGlibc("2.36");
    expect(() => wheelFor(platform, arch)).toThrow(
      "it supports only macOS, and Linux with glibc, on x86-64 and ARM64",
    );
  });

  it("has none for Linux without glibc", () => {
    withGlibc(undefined);
    expect(() => wheelFor("linux", "arm64")).toThrow("Linux with glibc");
  });
});

describe("linking", () => {
  it("finds the libraries next to tfjs-node's addon, on Linux", () => {
    expect(addonLinking("linux", ["/deps/lib/libtensorflow_cc.so.2"])).toEqual([
      "-shared",
      "/deps/lib/libtensorflow_cc.so.2",
      "-Wl,-rpath,$ORIGIN/../../deps/lib",
    ]);
    expect(kernelLinking("linux", ["/libtensorflow_cc.so.2"])).toContain("/libtensorflow_cc.so.2");
  });

  it("finds the libraries next to tfjs-node's addon, and Node's functions in Node, on macOS", () => {
    expect(addonLinking("darwin", ["/deps/lib/libtensorflow_cc.2.dylib"])).toEqual([
      ...["-bundle", "-undefined", "dynamic_lookup"],
      "/deps/lib/libtensorflow_cc.2.dylib",
      "-Wl,-rpath,@loader_path/../../deps/lib",
    ]);
  });

  it("finds TensorFlow's functions in what is loaded, for the kernels on macOS", () => {
    expect(kernelLinking("darwin", ["/deps/lib/libtensorflow_cc.2.dylib"])).toEqual([
      ...["-bundle", "-undefined", "dynamic_lookup"],
      "-Wl,-bind_at_load",
    ]);
  });
});

describe("instructionSetsOf", () => {
  it.each([
    ["x64", ["portable", "avx2", "avx512"]],
    ["arm64", ["neon"]],
    ["riscv64", ["portable"]],
  ] as const)("%s", (arch, names) => {
    expect(instructionSetsOf(arch).map(({ name }) => name)).toEqual(names);
  });
});
