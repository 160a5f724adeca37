import { AttendError, tf } from "@attend/runtime";

/** A trainable tensor (or, with `trainable` false, a buffer such as a running mean). */
export type Parameter<R extends tf.Rank = tf.Rank> = tf.Variable<R>;

/**
 * A part of a model. Its parameters are found from its properties: a property that is a parameter, a
 * module, or an array or plain record of them. A parameter's name is its property path
 * (`decoder.lstm.layers.0.kernel`), and that is its name in a weights file too.
 */
export abstract class Module {
  /** Every parameter with its name, in the order of the properties. */
  namedParameters(): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    collect(this, "", found);
    return found;
  }

  /** Every parameter, in the order of the properties. */
  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /** The parameters that training changes. */
  trainableParameters(): Map<string, Parameter> {
    return new Map([...this.namedParameters()].filter(([, parameter]) => parameter.trainable));
  }

  /** Freezes or thaws every parameter below. Buffers stay as they are. */
  setTrainable(trainable: boolean): void {
    for (const parameter of this.parameters()) {
      if (!buffers.has(parameter)) parameter.trainable = trainable;
    }
  }

  /** How many numbers all parameters hold together, buffers included. */
  parameterCount(): number {
    return this.parameters().reduce((sum, parameter) => sum + parameter.size, 0);
  }

  /** Frees every parameter; the module is of no use afterwards. */
  dispose(): void {
    for (const parameter of this.parameters()) parameter.dispose();
  }
}

const buffers = new WeakSet<Parameter>();

/** Makes a parameter from its first value, which it takes over (the tensor is disposed). */
export function parameter<R extends tf.Rank>(value: tf.Tensor<R>): Parameter<R> {
  const made = tf.variable(value, true);
  value.dispose();
  return made;
}

/** A tensor that is saved with the weights but never trained. Takes over `value`. */
export function buffer<R extends tf.Rank>(value: tf.Tensor<R>): Parameter<R> {
  const made = parameter(value);
  made.trainable = false;
  buffers.add(made);
  return made;
}

/** Whether `value` was made by {@link buffer}: it changes in training, but not by its gradient. */
export function isBuffer(value: Parameter): boolean {
  return buffers.has(value);
}

function collect(holder: object, path: string, found: Map<string, Parameter>): void {
  for (const [key, value] of Object.entries(holder)) {
    if (typeof value !== "object" || value === null) continue;
    const name = path === "" ? key : `${path}.${key}`;
    if (value instanceof tf.Variable) {
      if ([...found.values()].includes(value)) {
        throw new AttendError(
          "BAD_ARGUMENT",
          `the parameter ${name} is held in two places; share the module that owns it by a getter instead`,
        );
      }
      found.set(name, value);
    } else if (value instanceof Module || Array.isArray(value) || isPlainRecord(value)) {
      collect(value, name, found);
    }
  }
}

function isPlainRecord(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
