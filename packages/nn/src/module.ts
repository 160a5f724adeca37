import { AttendError, disposePackedCopy, tf } from "@attend/runtime";

/** A trainable tensor (or, with `trainable` false, a buffer such as a running mean). */
export type Parameter<R extends tf.Rank = tf.Rank> = tf.Variable<R>;

/**
 * A part of a model. Its parameters are found through its properties: parameters, modules, and arrays or
 * plain records of them. A parameter's name, also in a weights file, is its property path, such as
 * `decoder.lstm.layers.0.kernel`.
 */
export abstract class Module {
  /** All parameters by name, in property order. */
  namedParameters(): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    collect(this, "", found);
    return found;
  }

  /** All parameters, in property order. */
  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /** The parameters that are trained, by name. */
  trainableParameters(): Map<string, Parameter> {
    return new Map([...this.namedParameters()].filter(([, parameter]) => parameter.trainable));
  }

  /** Freezes or unfreezes all parameters, except buffers. */
  setTrainable(trainable: boolean): void {
    for (const parameter of this.parameters()) {
      if (!buffers.has(parameter)) parameter.trainable = trainable;
    }
  }

  /** The total number of elements of all parameters, including buffers. */
  parameterCount(): number {
    return this.parameters().reduce((sum, parameter) => sum + parameter.size, 0);
  }

  /** Disposes all parameters; the module must not be used afterwards. */
  dispose(): void {
    for (const parameter of this.parameters()) {
      disposePackedCopy(parameter);
      parameter.dispose();
    }
  }
}

const buffers = new WeakSet<Parameter>();

/** Makes a parameter from its initial value, a tensor that is disposed. */
export function parameter<R extends tf.Rank>(value: tf.Tensor<R>): Parameter<R> {
  const variable = tf.variable(value, true);
  value.dispose();
  return variable;
}

/** Makes a tensor that is saved with the weights but not trained; `value` is disposed. */
export function buffer<R extends tf.Rank>(value: tf.Tensor<R>): Parameter<R> {
  const variable = parameter(value);
  variable.trainable = false;
  buffers.add(variable);
  return variable;
}

/** Whether `value` was made by {@link buffer}: training may change it, but not by a gradient. */
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
          `parameter ${name} belongs to two properties; share its module through a getter instead`,
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
