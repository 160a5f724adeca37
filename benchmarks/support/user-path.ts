import { resolve } from "node:path";

/** Resolves a path from the folder where the command was called; pnpm runs it in the package's folder. */
export function userPath(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? "", path);
}
