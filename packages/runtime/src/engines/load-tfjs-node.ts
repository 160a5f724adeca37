import Module, { createRequire } from "node:module";
import path from "node:path";
import util from "node:util";
import type { TfjsNode } from "../install/tfjs-node.ts";

const require = createRequire(import.meta.url);

/**
 * Loads a file of tfjs-node, such as `dist/nodejs_kernel_backend.js`, with what it needs and no more. By
 * its front door it takes 0.3 s longer: all of TensorFlow.js comes along (layers, converters, data, two
 * backends), and the messages of a file format.
 */
export function requireFromTfjsNode(tfjsNode: TfjsNode, file: string): unknown {
  const fromThere = createRequire(path.join(tfjsNode.folder, "package.json"));
  const messages = fromThere.resolve("./dist/proto/api_pb.js");
  // What is in the cache under a name is what `require` gives, also for a module of Node's own.
  const standIns = {
    util: utilForTfjsNode,
    // It asks this one only for names of the core, which a test checks.
    [fromThere.resolve("@tensorflow/tfjs")]: require("@tensorflow/tfjs-core"),
    [messages]: onFirstUse(() => fromThere(messages)),
  };
  const replaced = Object.keys(standIns).map((name) => [name, require.cache[name]] as const);
  for (const [name, exports] of Object.entries(standIns)) {
    require.cache[name] = Object.assign(new Module(name), { exports, loaded: true });
  }
  try {
    return fromThere(`./${file}`);
  } finally {
    for (const [name, former] of replaced) {
      if (former === undefined) delete require.cache[name];
      else require.cache[name] = former;
    }
  }
}

/** tfjs-node 4.22 calls two functions of Node's `util` that newer Nodes warn of, or have no more. */
const missingFunctions = {
  isNullOrUndefined: { value: (value: unknown) => value === null || value === undefined },
  isArray: { value: Array.isArray },
};
const utilForTfjsNode: typeof util = Object.create(util, missingFunctions);

/** Gives `util` itself what it has no more, for a tfjs-node that a program has loaded by its front door. */
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
