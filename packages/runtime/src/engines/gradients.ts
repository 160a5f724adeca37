import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

declare global {
  /** Where every copy of tfjs-core keeps its registries. */
  var _tfGlobals: Map<string, Map<string, unknown>> | undefined;
}

/**
 * tfjs-core has no gradients of its own: importing the layers registers them. That takes 40 ms, so it
 * waits for the first operation that is recorded; captioning or translating records none.
 */
export function registerGradientsOnFirstUse(): void {
  const registry = globalThis._tfGlobals?.get("gradRegistry");
  const register = (): void => require("@tensorflow/tfjs-layers");
  if (registry === undefined) {
    register();
    return;
  }
  registry.get = (kernel) => {
    Reflect.deleteProperty(registry, "get");
    register();
    return registry.get(kernel);
  };
}
