// Runs a TypeScript program: `node --conditions=@attend/source scripts/typescript.mjs file.ts ...`.
import { resolve } from "node:path";
import { runFromSources } from "./from-sources.mjs";

const [program = "", ...args] = process.argv.slice(2);
await runFromSources(resolve(program), args);
