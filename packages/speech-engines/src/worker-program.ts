/** A program in `workers/`, from the sources or built, as this module is. */
export function workerProgram(name: string): URL {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return new URL(`./workers/${name}${extension}`, import.meta.url);
}
