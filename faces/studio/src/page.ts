import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AttendError, messageOf } from "@attend/runtime/errors";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The folder of the built page. */
export const pageFolder: string = join(root, "dist/page");

/** Whether the page is to be built: there is none, or its sources, which only the repository has, are newer. */
export function isPageStale(): boolean {
  const built = join(pageFolder, "index.html");
  if (!existsSync(built)) return true;
  const sources = join(root, "page");
  return existsSync(sources) && newest(sources) > statSync(built).mtimeMs;
}

/**
 * Builds the page, which takes some seconds.
 *
 * @throws AttendError READ_FAILED with the bundler's message
 */
export async function buildPage(): Promise<void> {
  const bundler = join(root, "node_modules/vite/bin/vite.js");
  try {
    await promisify(execFile)(process.execPath, [bundler, "build"], { cwd: root });
  } catch (cause) {
    const message = `cannot build the page (${messageOf(cause)}); run \`pnpm install\` and try again`;
    throw new AttendError("READ_FAILED", message, { cause });
  }
}

/** When a file below a folder was last changed, in milliseconds. */
function newest(folder: string): number {
  const times = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.endsWith(".tsbuildinfo"))
    .map((path) => statSync(join(folder, path)).mtimeMs);
  return Math.max(...times);
}
