/** Renders a heat map in a process of its own: photo, result as JSON, where to write it. */
import { writeFile } from "node:fs/promises";
import { renderHeatmap } from "../../src/present/render-heatmap.ts";

const [photo = "", result = "", out = ""] = process.argv.slice(2);
await writeFile(out, await renderHeatmap(photo, JSON.parse(result)));
