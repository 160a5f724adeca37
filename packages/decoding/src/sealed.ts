import type { tf } from "@attend/runtime";
import type { DecoderState, EncoderDecoder } from "./decoder.ts";

/** A model whose encoding and state nobody else knows, so that models of different kinds have one type. */
export type SealedModel = EncoderDecoder<tf.TensorContainerObject, DecoderState>;

/**
 * Hides the types of a model's encoding and state. The objects are the model's own; those of another one are refused.
 */
export function sealed<Encoding extends tf.TensorContainerObject, State extends DecoderState>(
  model: EncoderDecoder<Encoding, State>,
): SealedModel {
  const [encodings, states] = [new Issued<Encoding>(), new Issued<State>()];
  return {
    vocabularySize: model.vocabularySize,
    encode: (source, options) => encodings.note(model.encode(source, options)),
    start: (encoding, options) => states.note(model.start(encodings.find(encoding), options)),
    step(tokens, given) {
      const { state, ...rest } = model.step(tokens, states.find(given));
      return { ...rest, state: states.note(state) };
    },
    features: (tokens, state, options) => model.features(tokens, states.find(state), options),
    project: (features) => model.project(features),
    reorder: (state, rows) => states.note(model.reorder(states.find(state), rows)),
  };
}

/** What a model has given away, by identity. */
class Issued<T extends object> {
  readonly #issued = new WeakMap<object, T>();

  note(value: T): T {
    this.#issued.set(value, value);
    return value;
  }

  find(value: object): T {
    const issued = this.#issued.get(value);
    if (issued === undefined)
      throw new TypeError("an encoding or state of another model was given");
    return issued;
  }
}
