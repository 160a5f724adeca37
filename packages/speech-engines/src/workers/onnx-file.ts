/** Fields of the protocol buffers that an ONNX file consists of (onnx.proto): the model's graph, its outputs, a name. */
const [graphField, outputField, nameField] = [7, 12, 1];

/**
 * A network's file with only these outputs. What a network has as an output is kept in memory until its end, whether it
 * is asked for or not.
 *
 * @param model the content of an ONNX file
 */
export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  const parts = fieldsOf(model).map(({ field, bytes, content }) => {
    if (field !== graphField) return bytes;
    const kept = fieldsOf(content).filter(
      (each) => each.field !== outputField || names.includes(nameOf(each.content)),
    );
    const graph = Buffer.concat(kept.map((each) => each.bytes));
    // Wire type 2: a length and as many bytes.
    return Buffer.concat([varint(graphField * 8 + 2), varint(graph.length), graph]);
  });
  return Buffer.concat(parts);
}

interface Field {
  readonly field: number;
  /** The whole field, and what it contains. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** @throws an error if the bytes are no protocol buffer */
function fieldsOf(bytes: Uint8Array): Field[] {
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

function nameOf(valueInfo: Uint8Array): string {
  const name = fieldsOf(valueInfo).find(({ field }) => field === nameField);
  return Buffer.from(name?.content ?? []).toString();
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
