/** Streams a recording, and prints its seconds and the most memory that was used, in MB. */

import { streamAudio } from "../../src/index.ts";

const [file = "-", rate = "16000"] = process.argv.slice(2);
let length = 0;
for await (const chunk of streamAudio(file, { sampleRate: Number(rate) })) length += chunk.length;
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(JSON.stringify({ seconds: length / Number(rate), megabytes }));
