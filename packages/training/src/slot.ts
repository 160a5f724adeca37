import {
  type Attribute,
  floatType,
  isNative,
  nativeKernel,
  nativeKernels,
  tf,
} from "@attend/runtime";

/** A tensor that is updated in place where the engine can: an optimiser's moments, averaged weights. */
export interface Slot {
  /** The value; the caller disposes it before the next update, which must copy otherwise. */
  read(): tf.Tensor;
  /** Replaces the value; `value` stays the caller's. */
  write(value: tf.Tensor): void;
  /** Frees the value. */
  dispose(): void;
}

/** Takes over `value`. */
export function createSlot(value: tf.Tensor): Slot {
  const slot = isNative() ? new ResourceSlot() : new VariableSlot(value);
  if (slot instanceof ResourceSlot) slot.write(value);
  value.dispose();
  return slot;
}

/**
 * A resource variable of TensorFlow. Reading shares its buffer; an operation that updates it does so
 * in place if nothing else holds the buffer, and on a copy otherwise, so a reader is never surprised.
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
  // Not enforced: a slot takes the shape of what is written.
  { name: "shape", type: "shape", value: [] },
  { name: "container", type: "string", value: "" },
  // TensorFlow's name for a variable that its handle alone refers to and that goes with it.
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
