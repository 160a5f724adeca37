import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { findEntry, makeEntry } from "./cache.ts";
import { nodeHeaders } from "./compile.ts";
import { sourceFolder } from "./native-sources.ts";
import { runCommand } from "./run-command.ts";

const timeLimit = 5 * 60_000;

/**
 * Compiles the addon for MPI (`native/mpi`) into the cache, unless it is there, against the installed Open MPI.
 *
 * @returns the addon's path
 * @throws an error whose one-line message says why it does not compile
 */
export async function buildMpiAddon(): Promise<string> {
  const source = path.join(sourceFolder, "mpi", "mpi.c");
  const version = await runCommand("mpicc", ["--showme:version"], { timeLimit });
  const hash = createHash("sha256").update(readFileSync(source)).update(version);
  const key = `mpi-${hash.digest("hex").slice(0, 12)}-${process.platform}-${process.arch}`;
  const compile = async (folder: string) => {
    const addon = path.join(folder, "mpi.node");
    const shared =
      process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
    const args = ["-O2", "-fPIC", ...shared, `-I${nodeHeaders()}`, "-o", addon, source];
    await runCommand("mpicc", args, { timeLimit });
  };
  return path.join(findEntry(key) ?? (await makeEntry(key, compile)), "mpi.node");
}
