// With `node --import` of this file, a program's last line on stderr is its peak resident set size in bytes.
import { peakMemory } from "./peak-memory.mjs";

process.on("exit", () => process.stderr.write(`\npeak ${peakMemory()}\n`));
