import { fileURLToPath } from "node:url";

/**
 * The arguments by which Node runs a program of ours, which come before the program's own. Its source, a `.ts`
 * file, runs by `scripts/typescript.mjs`.
 */
export function nodeArguments(program: string): string[] {
  if (!program.endsWith(".ts")) return [program];
  const typescript = new URL("../../../scripts/typescript.mjs", import.meta.url);
  return ["--conditions=@attend/source", fileURLToPath(typescript), program];
}
