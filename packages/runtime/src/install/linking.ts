/**
 * The linker's arguments for tfjs-node's addon, whose libraries are in `../../deps/lib` at run time.
 *
 * On macOS, Node-API's functions are found in the running Node. The wheel's libraries call themselves
 * `@rpath/...`, so that none has to be renamed, which would end their signatures; the linker signs what it
 * writes.
 */
export function addonLinking(platform: NodeJS.Platform, libraries: readonly string[]): string[] {
  return platform === "darwin"
    ? [...bundle, ...libraries, "-Wl,-rpath,@loader_path/../../deps/lib"]
    : ["-shared", ...libraries, "-Wl,-rpath,$ORIGIN/../../deps/lib"];
}

/**
 * The linker's arguments for the fused kernels, which are loaded after tfjs-node's addon and its libraries.
 * Loading them fails if the libraries lack a function. Their threads never end, so they are never unloaded.
 */
export function kernelLinking(platform: NodeJS.Platform, libraries: readonly string[]): string[] {
  return platform === "darwin"
    ? [...bundle, "-Wl,-bind_at_load"]
    : ["-shared", "-Wl,--as-needed", ...libraries, "-Wl,-z,now", "-Wl,-z,nodelete"];
}

/** What is undefined is looked up in everything that the process has loaded. */
const bundle = ["-bundle", "-undefined", "dynamic_lookup"];
