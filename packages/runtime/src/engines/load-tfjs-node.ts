import Module, { createRequire } from "node:module";
import path from "node:path";
import util from "node:util";
import type { TfjsNode } from "../install/tfjs-node.ts";

const require = createRequire(import.meta.url);

/**
 * Loads a file of tfjs-node, such as `dist/nodejs_kernel_backend.js`, and only what it needs.
 * Importing the main entry point takes 0.3 s longer, because it loads all of TensorFlow.js (layers,
 * converters, data, two backends) and the messages of a file format.
 */
export function requireFromTfjsNode(tfjsNode: TfjsNode, file: string): unknown {
  const fromThere = createRequire(path.join(tfjsNode.folder, "package.json"));
  const messages = fromThere.resolve("./dist/proto/api_pb.js");
  // `require` returns what the cache holds under a name, even for a built-in module.
  const replacements = {
    util: utilForTfjsNode,
    // It uses only names of tfjs-core from this package, which a test checks.
    [fromThere.resolve("@tensorflow/tfjs")]: require("@tensorflow/tfjs-core"),
    [messages]: onFirstUse(() => fromThere(messages)),
  };
  const replaced = Object.keys(replacements).map((name) => [name, require.cache[name]] as const);
  for (const [name, exports] of Object.entries(replacements)) replace(name, exports);
  try {
    return fromThere(`./${file}`);
  } finally {
    for (const [name, former] of replaced) {
      if (former === undefined) delete require.cache[name];
      else require.cache[name] = former;
    }
  }
}

/** Makes `require` take a file of tfjs-node as loaded, without exports. */
export function markLoaded({ folder }: TfjsNode, file: string): void {
  replace(path.join(folder, file), {});
}

function replace(name: string, exports: object): void {
  require.cache[name] = Object.assign(new Module(name), { exports, loaded: true });
}

/**
 * tfjs-node 4.22 calls two functions of `node:util` that newer versions of Node deprecate or lack.
 */
const missingFunctions = {
  isNullOrUndefined: { value: (value: unknown) => value === null || value === undefined },
  isArray: { value: Array.isArray },
};
const utilForTfjsNode: typeof util = Object.create(util, missingFunctions);

/**
 * Restores the missing functions of `util` itself, for a tfjs-node that the program has imported
 * directly.
 */
export function restoreUtil(): void {
  for (const [name, property] of Object.entries(missingFunctions)) {
    if (!(name in util)) Object.defineProperty(util, name, property);
  }
}

function onFirstUse(load: () => object): object {
  let loaded: object | undefined;
  return new Proxy(
    {},
    {
      get(_, name) {
        loaded ??= load();
        return Reflect.get(loaded, name);
      },
    },
  );
}
