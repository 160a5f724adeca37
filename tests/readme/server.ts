import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts `pnpm serve` for the requests of a page, on a free port. The caller closes it. */
export async function startServer(): Promise<{ url: string; close: () => Promise<unknown> }> {
  const start = join(import.meta.dirname, "../../scripts/start.mjs");
  const args = ["--conditions=@attend/source", start, "serve", "--port", "0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "exit");
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const close = () => {
    child.kill();
    return ended;
  };
  return { url: String(line).replace(/ .*/, ""), close };
}
