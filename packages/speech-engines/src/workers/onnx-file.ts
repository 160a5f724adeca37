/** Fields of the protocol buffers that an ONNX file consists of (onnx.proto). */
const [graphField, initializerField, inputField, outputField] = [7, 5, 11, 12];
/** Of an input or output: its name and type; of a constant: its name and its bytes. */
const [nameField, typeField, constantNameField, constantField] = [1, 2, 8, 9];

/**
 * A network's file with only these outputs. What a network has as an output is kept in memory until its end, whether it
 * is asked for or not.
 *
 * @param model the content of an ONNX file
 */
export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  return withGraph(model, (fields) =>
    fields
      .filter(
        ({ field, content }) => field !== outputField || names.includes(textOf(content, nameField)),
      )
      .map(({ bytes }) => bytes),
  );
}

/**
 * A network's file in which a constant is an input of any shape, so that a part of it can be given.
 *
 * @param model the content of an ONNX file
 * @param name a constant of floats
 */
export function withInput(
  model: Uint8Array,
  name: string,
): { readonly model: Uint8Array; readonly constant: Float32Array } {
  let constant: Float32Array | undefined;
  const changed = withGraph(model, (fields) =>
    fields.map(({ field, bytes, content }) => {
      if (field !== initializerField || textOf(content, constantNameField) !== name) return bytes;
      constant = new Float32Array(Uint8Array.from(fieldOf(content, constantField)).buffer);
      // A tensor (field 1 of the type) of floats (type 1).
      const type = encode(1, Uint8Array.of(8, 1));
      return encode(inputField, encode(nameField, Buffer.from(name)), encode(typeField, type));
    }),
  );
  if (constant === undefined) throw new Error(`the ONNX file has no constant ${name}`);
  return { model: changed, constant };
}

/** @param edit returns the graph's fields, encoded */
export function withGraph(model: Uint8Array, edit: (fields: Field[]) => Uint8Array[]): Uint8Array {
  const parts = fieldsOf(model).flatMap(({ field, bytes, content }) => {
    if (field !== graphField) return [bytes];
    const edited = edit(fieldsOf(content));
    return [headOf(graphField, edited), ...edited];
  });
  return Buffer.concat(parts);
}

export interface Field {
  readonly field: number;
  /** The whole field, and what it contains. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** @throws an error if the bytes are no protocol buffer */
export function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const skipNumber = () => {
    readVarint();
    return 0;
  };
  /** The bytes of a field's content, by its wire type. */
  const sizes: Readonly<Record<number, () => number>> = {
    ...{ 0: skipNumber, 1: () => 8, 2: readVarint, 5: () => 4 },
  };
  while (at < bytes.length) {
    const start = at;
    const tag = readVarint();
    const size = sizes[tag % 8]?.();
    if (size === undefined || at + size > bytes.length) throw new Error("the ONNX file is damaged");
    fields.push({
      field: Math.floor(tag / 8),
      bytes: bytes.subarray(start, at + size),
      content: bytes.subarray(at, at + size),
    });
    at += size;
  }
  return fields;
}

/** The content of the first field with a number; empty if there is none. */
export function fieldOf(message: Uint8Array, number: number): Uint8Array {
  return fieldsOf(message).find(({ field }) => field === number)?.content ?? new Uint8Array(0);
}

export function textOf(message: Uint8Array, number: number): string {
  return Buffer.from(fieldOf(message, number)).toString();
}

/** A field with a length (wire type 2), and its content. */
export function encode(field: number, ...content: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([headOf(field, content), ...content]);
}

function headOf(field: number, content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(field * 8 + 2), varint(length)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
