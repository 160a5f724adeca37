import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

declare global {
  /** The global under which every copy of tfjs-core keeps its registries. */
  var _tfGlobals: Map<string, Map<string, unknown>> | undefined;
}

/**
 * tfjs-core has no gradients of its own: importing tfjs-layers registers them. This takes 40 ms, so
 * it is delayed until an operation is first recorded for a gradient; inference records none.
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
