import { resolve } from "node:path";

/** A path as seen from where the command was called: pnpm runs it in the package's folder. */
export function givenPath(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? "", path);
}
