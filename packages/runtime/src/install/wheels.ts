/** A PyPI wheel of TensorFlow that contains libtensorflow; pip rejects any file with another SHA-256. */
export interface Wheel {
  readonly project: string;
  readonly file: string;
  readonly sha256: string;
  readonly megabytes: number;
  /** The libraries in it that are needed: those that the addon calls, and what they depend on. */
  readonly libraries: readonly string[];
}

/** The version of libtensorflow in each wheel. */
export const wheelVersion = "2.15.1";

const onLinux = ["tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"];
const onMac = ["tensorflow/libtensorflow_cc.2.dylib", "tensorflow/libtensorflow_framework.2.dylib"];

/** By operating system and processor, as Node names them. */
const wheels: Readonly<Record<string, Wheel>> = {
  "linux-x64": {
    project: "tensorflow-cpu",
    file: "tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26",
    megabytes: 207,
    libraries: onLinux,
  },
  "linux-arm64": {
    project: "tensorflow-cpu-aws",
    file: "tensorflow_cpu_aws-2.15.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    sha256: "d4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e",
    megabytes: 212,
    libraries: [...onLinux, "tensorflow_cpu_aws.libs/libomp-54bf90fd.so.5"],
  },
  "darwin-arm64": {
    project: "tensorflow",
    file: "tensorflow-2.15.1-cp311-cp311-macosx_12_0_arm64.whl",
    sha256: "aa926114d1e13ffe5b2ea59c3f195216f26646d7fe36e9e5207b291e4b7902ff",
    megabytes: 206,
    libraries: onMac,
  },
  "darwin-x64": {
    project: "tensorflow",
    file: "tensorflow-2.15.1-cp311-cp311-macosx_10_15_x86_64.whl",
    sha256: "6761efe511e6ee0f893f60738fefbcc51d6dc386eeaaafea59d21899ef369ffd",
    megabytes: 236,
    libraries: onMac,
  },
};

/**
 * The wheel for a system.
 *
 * @throws an error if there is none
 */
export function wheelFor(platform: NodeJS.Platform, arch: NodeJS.Architecture): Wheel {
  const wheel = wheels[`${platform}-${arch}`];
  if (wheel !== undefined && (platform !== "linux" || hasGlibc())) return wheel;
  throw new Error("it supports only macOS, and Linux with glibc, on x86-64 and ARM64");
}

function hasGlibc(): boolean {
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport();
  return report.header?.glibcVersionRuntime !== undefined;
}

/** The arguments of `pip download` for a wheel, whichever Python and system pip runs on. */
export function pipArguments({ file }: Wheel, requirements: string, folder: string): string[] {
  const platform = /(\w+)\.whl$/.exec(file)?.[1] ?? "";
  const target = `--python-version 3.11 --implementation cp --abi cp311 --platform ${platform}`;
  const quiet = "--progress-bar off --no-input --disable-pip-version-check";
  return [
    ...`-m pip download --no-deps --only-binary=:all: --require-hashes ${target} ${quiet}`.split(
      " ",
    ),
    ...["--requirement", requirements, "--dest", folder],
  ];
}
