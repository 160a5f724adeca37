// `node --import` this, and the program's last line on stderr is its largest resident set in bytes.
import { peakMemory } from "./peak-memory.mjs";

process.on("exit", () => process.stderr.write(`\npeak ${peakMemory()}\n`));
