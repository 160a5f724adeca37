import { lstat, readdir } from "node:fs/promises";
import path from "node:path";

/**
 * Shows that a long step is running: its label, the elapsed seconds and the result of `measure`; on
 * a terminal as one line that is refreshed, otherwise as a line at the start and every ten seconds.
 */
export async function withProgress<T>(
  label: string,
  step: Promise<T>,
  measure: () => Promise<string> = async () => "",
): Promise<T> {
  const start = performance.now();
  const terminal = process.stdout.isTTY === true;
  console.log(`attend: ${label} ...`);
  const show = async () => {
    const seconds = Math.round((performance.now() - start) / 1000);
    const line = `attend: ${label} ... ${await measure()}${seconds} s`;
    process.stdout.write(terminal ? `\x1b[1A\x1b[2K${line}\n` : `${line}\n`);
  };
  const timer = setInterval(show, terminal ? 1000 : 10_000);
  try {
    return await step;
  } finally {
    clearInterval(timer);
  }
}

/** The progress of a download into a folder: `120 MB, `. */
export async function megabytesIn(folder: string): Promise<string> {
  return `${Math.round((await largestFile(folder)) / 1e6)} MB, `;
}

/** The size in bytes of the largest file in a folder, at any depth; 0 if there is none. */
export async function largestFile(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map(async (name) => {
    const file = await lstat(path.join(folder, name)).catch(() => undefined);
    return file?.isFile() ? file.size : 0;
  });
  return Math.max(0, ...(await Promise.all(sizes)));
}
