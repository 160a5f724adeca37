/** Renders a heat map in a separate process. Arguments: photo, result as JSON, output file. */
import { writeFile } from "node:fs/promises";
import { renderHeatmap } from "../../src/present/render-heatmap.ts";

const [photo = "", result = "", out = ""] = process.argv.slice(2);
await writeFile(out, await renderHeatmap(photo, JSON.parse(result)));
