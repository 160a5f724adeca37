/**
 * Streams a recording, and prints its seconds and the most memory that was used, in MB. Garbage is collected every few
 * seconds of sound: on a busy machine, the collector alone leaves up to 70 MB of it.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { streamAudio } from "../../src/index.ts";

const [file = "-", rate = "16000"] = process.argv.slice(2);
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
let [length, collected] = [0, 0];
for await (const chunk of streamAudio(file, { sampleRate: Number(rate) })) {
  length += chunk.length;
  if (length - collected < 10 * Number(rate)) continue;
  collectGarbage();
  collected = length;
}
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(JSON.stringify({ seconds: length / Number(rate), megabytes }));
