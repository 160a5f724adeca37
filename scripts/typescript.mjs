// Lets Node import our TypeScript: `node --import scripts/typescript.mjs --conditions=@attend/source file.ts`. Newer
// Nodes strip types themselves; for others, this starts a program in two thirds of tsx's time, since only our own
// files pass through it.
import { register } from "node:module";

if (!process.features.typescript) {
  process.setSourceMapsEnabled(true);
  register("./typescript-hooks.mjs", import.meta.url);
}
