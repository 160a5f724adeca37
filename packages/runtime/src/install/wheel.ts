import { mkdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { compileAddon, findCompiler } from "./compile.ts";
import { megabytesIn, withProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";
import type { TfjsNode } from "./tfjs-node.ts";

const minute = 60_000;
/** The wheel, the libraries and pip's own copy of the wheel exist at the same time for a while. */
const bytesNeeded = 1.1e9;

/** The wheel that contains libtensorflow; pip rejects any file with another SHA-256. */
export const wheel = {
  version: "2.15.1",
  file: "tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
  sha256: "54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26",
} as const;

const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/**
 * What is extracted from the wheel: the libraries, and the headers that tfjs-node's sources
 * include.
 */
const members = [
  ...libraries.map((library) => `tensorflow/${library}`),
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/ctstring",
  "tensorflow/include/tsl/c/",
  "tensorflow/include/tsl/platform/ctstring",
];

const unpackScript = `
import sys, zipfile
wheel, folder, prefixes = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
with zipfile.ZipFile(wheel) as archive:
    members = [member for member in archive.infolist() if member.filename.startswith(prefixes)]
    if sum(member.file_size for member in members) > 1 << 30:
        sys.exit("error: the wheel unpacks to more than 1 GiB")
    archive.extractall(folder, members)
`;

/**
 * Tier 2: libtensorflow from the PyPI wheel of tensorflow-cpu, with the addon compiled against it
 * from tfjs-node's own sources. Prerequisites are checked before anything is downloaded.
 */
export async function buildFromWheel(tfjsNode: TfjsNode, folder: string): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64" || !hasGlibc()) {
    throw new Error("it supports only Linux with glibc on x86_64");
  }
  const compiler = await findCompiler();
  const python = await findPython();
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytesNeeded) {
    throw new Error(
      `${folder} has ${Math.floor((bavail * bsize) / 1e6)} MB left, but 1100 are needed`,
    );
  }

  const scratch = path.join(folder, "scratch");
  const unpacked = path.join(scratch, "unpacked");
  const libraryFolder = path.join(folder, "deps", "lib");
  await mkdir(scratch);
  await mkdir(libraryFolder, { recursive: true });
  await withProgress(
    `downloading tensorflow-cpu ${wheel.version} with pip (207 MB)`,
    download(python, scratch),
    () => megabytesIn(scratch),
  );
  const unpack = ["-c", unpackScript, path.join(scratch, wheel.file), unpacked, ...members];
  await withProgress(
    "unpacking libtensorflow",
    runCommand(python, unpack, { timeLimit: 5 * minute }),
  );
  for (const library of libraries) {
    await rename(path.join(unpacked, "tensorflow", library), path.join(libraryFolder, library));
  }
  await withProgress(
    "compiling the addon",
    compileAddon({
      compiler,
      sources: path.join(tfjsNode.folder, "binding"),
      headers: path.join(unpacked, "tensorflow", "include"),
      libraries: libraries.map((library) => path.join(libraryFolder, library)),
      addon: path.join(folder, tfjsNode.addon),
      napi: tfjsNode.napi,
    }),
  );
  await rm(scratch, { recursive: true });
}

async function download(python: string, folder: string): Promise<void> {
  const requirements = path.join(folder, "requirements.txt");
  await writeFile(requirements, `tensorflow-cpu==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  // For the wheel's Python, whichever version runs pip. The user's index and proxy settings apply.
  const target =
    "--python-version 3.11 --implementation cp --abi cp311 --platform manylinux2014_x86_64";
  const quiet = "--progress-bar off --no-input --disable-pip-version-check";
  const args = [
    ...`-m pip download --no-deps --only-binary=:all: --require-hashes ${target} ${quiet}`.split(
      " ",
    ),
    ...["--requirement", requirements, "--dest", folder],
  ];
  // pip downloads into TMPDIR: here, where progress is visible and space is available.
  const env = { ...process.env, TMPDIR: folder };
  const output = runCommand(python, args, { env, timeLimit: 30 * minute });
  await output.catch((error: Error) => {
    if (!/do not match the hashes/i.test(error.message)) throw error;
    throw new Error("the wheel from pip does not have the pinned SHA-256");
  });
}

async function findPython(): Promise<string> {
  for (const python of ["python3", "python"]) {
    try {
      await runCommand(python, ["-m", "pip", "--version"], { timeLimit: minute });
      return python;
    } catch {
      // Try the next one.
    }
  }
  throw new Error("no python3 with pip (Debian, Ubuntu: apt install python3-pip)");
}

function hasGlibc(): boolean {
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport();
  return report.header?.glibcVersionRuntime !== undefined;
}
