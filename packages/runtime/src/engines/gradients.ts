import { createRequire } from "node:module";
import { floatType, isNative, nativeKernel } from "../kernels.ts";
import { tf } from "../tf.ts";

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
  const register = (): void => {
    require("@tensorflow/tfjs-layers");
    repairGradients();
  };
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

/**
 * Replaces the gradients of `split` and `unstack`, which fail on a result of one tensor: its gradient comes
 * as a tensor instead of a list; and that of `relu`, which keeps its input, and on the native engine takes six operations
 * and an array of ones in JavaScript.
 */
export function repairGradients(): void {
  const listOf = (dy: tf.Tensor | tf.Tensor[]) => (Array.isArray(dy) ? dy : [dy]);
  const axisOf = (attrs: tf.NamedAttrMap) => Number(attrs["axis"]);
  tf.registerGradient({
    kernelName: "SplitV",
    gradFunc: (dy, _, attrs) => ({ x: () => tf.concat(listOf(dy), axisOf(attrs)) }),
  });
  tf.registerGradient({
    kernelName: "Unpack",
    gradFunc: (dy, _, attrs) => ({ value: () => tf.stack(listOf(dy), axisOf(attrs)) }),
  });
  tf.registerGradient({
    kernelName: "Relu",
    outputsToSave: [true],
    gradFunc: (...given) => {
      const [dy, [y]] = given as [tf.Tensor, [tf.Tensor], object];
      const derive = () =>
        isNative() ? nativeKernel("ReluGrad", [floatType], [dy, y]) : tf.mul(dy, tf.step(y));
      return { x: derive };
    },
  });
}
