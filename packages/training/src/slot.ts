import {
  type Attribute,
  floatType,
  isNative,
  nativeKernel,
  nativeKernels,
  tf,
} from "@attend/runtime";

/** A tensor that is updated in place if the engine can: an optimizer's moments, averaged weights. */
export interface Slot {
  /** Returns the value; the caller disposes it before the next update, which would otherwise copy it. */
  read(): tf.Tensor;
  /** Replaces the value; the caller keeps `value`. */
  write(value: tf.Tensor): void;
  /** Disposes the value. */
  dispose(): void;
}

/** Creates a slot and disposes `value`. */
export function createSlot(value: tf.Tensor): Slot {
  const slot = isNative() ? new ResourceSlot() : new VariableSlot(value);
  if (slot instanceof ResourceSlot) slot.write(value);
  value.dispose();
  return slot;
}

/**
 * A resource variable of TensorFlow. Reading shares its buffer; an update works in place if nothing else
 * holds the buffer, and otherwise on a copy, so that a value once read never changes.
 */
export class ResourceSlot implements Slot {
  readonly handle: tf.Tensor = tf.keep(nativeKernel("VarHandleOp", handleAttributes, []));

  read(): tf.Tensor {
    return nativeKernel("ReadVariableOp", [elementType], [this.handle]);
  }

  write(value: tf.Tensor): void {
    nativeKernels("AssignVariableOp", [elementType], [this.handle, value], 0);
  }

  dispose(): void {
    this.handle.dispose();
  }
}

class VariableSlot implements Slot {
  readonly #variable: tf.Variable;

  constructor(value: tf.Tensor) {
    this.#variable = tf.variable(value, false);
  }

  read(): tf.Tensor {
    return this.#variable.clone();
  }

  write(value: tf.Tensor): void {
    this.#variable.assign(value);
  }

  dispose(): void {
    this.#variable.dispose();
  }
}

const elementType: Attribute = { name: "dtype", type: "dtype", value: "float32" };

const handleAttributes: readonly Attribute[] = [
  elementType,
  // Not enforced: a slot has the shape of the last value written.
  { name: "shape", type: "shape", value: [] },
  { name: "container", type: "string", value: "" },
  // TensorFlow's name for an anonymous variable, which is freed with its handle.
  { name: "shared_name", type: "string", value: "cd2c89b7-88b7-44c8-ad83-06c2a9158347" },
];

/** `slot -= rate * delta`. */
export function subtractScaled(slot: Slot, rate: number, delta: tf.Tensor): void {
  tf.tidy(() => {
    if (slot instanceof ResourceSlot) {
      const inputs = [slot.handle, tf.scalar(rate), delta];
      nativeKernels("ResourceApplyGradientDescent", [floatType], inputs, 0);
    } else {
      slot.write(tf.sub(slot.read(), tf.mul(delta, rate)));
    }
  });
}
