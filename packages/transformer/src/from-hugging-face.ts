import type { StoredTensor } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";
import { type BertConfig, bertConfigSchema } from "./bert.ts";

const count = z.number().int().positive();

/** The keys of Hugging Face's `config.json` of a BERT model that matter for its encoder. */
const schema = z.object({
  model_type: z.literal("bert"),
  vocab_size: count,
  hidden_size: count,
  num_attention_heads: count,
  intermediate_size: count,
  num_hidden_layers: count,
  max_position_embeddings: count,
  layer_norm_eps: z.number().positive(),
  hidden_act: z.literal("gelu"),
  hidden_dropout_prob: z.number(),
  attention_probs_dropout_prob: z.number(),
  position_embedding_type: z.literal("absolute").default("absolute"),
});

/**
 * The configuration of a BERT model, from its `config.json`.
 *
 * @param source names the JSON in errors
 * @throws AttendError BAD_CONFIG naming each key that is missing or not supported
 */
export function parseBertConfig(json: unknown, source = "the config"): BertConfig {
  const given = parseConfig(schema, json, source);
  const config = {
    vocabularySize: given.vocab_size,
    size: given.hidden_size,
    heads: given.num_attention_heads,
    feedForwardSize: given.intermediate_size,
    layers: given.num_hidden_layers,
    maxPositions: given.max_position_embeddings,
    normEpsilon: given.layer_norm_eps,
    dropout: given.hidden_dropout_prob,
    attentionDropout: given.attention_probs_dropout_prob,
  };
  return parseConfig(bertConfigSchema, config, source);
}

type Tensors = ReadonlyMap<string, StoredTensor>;

/** The parts of a layer: ours, and Hugging Face's. */
const linears = [
  ["attention.query", "attention.self.query"],
  ["attention.output", "attention.output.dense"],
  ["feedForward.inner", "intermediate.dense"],
  ["feedForward.outer", "output.dense"],
] as const;
const norms = [
  ["attentionResidual.norm", "attention.output.LayerNorm"],
  ["feedForwardResidual.norm", "output.LayerNorm"],
] as const;

/**
 * The weights of a `Bert` by our names, from those of Hugging Face's `BertModel`; for `assignWeights`. Its pooler is left
 * out.
 *
 * @param tensors with names such as `encoder.layer.0.output.dense.weight`; those of a task's model begin with `bert.`
 * @param source names the file in errors
 * @throws AttendError BAD_WEIGHTS naming a missing tensor
 */
export function bertWeights(tensors: Tensors, { layers }: BertConfig, source: string) {
  const find = (name: string): StoredTensor => {
    const found = tensors.get(name) ?? tensors.get(`bert.${name}`);
    if (found !== undefined) return found;
    throw new AttendError(
      "BAD_WEIGHTS",
      `${source} has no tensor ${name}; use the weights of a BERT model`,
    );
  };
  const weights = new Map<string, StoredTensor>();
  const addNorm = (ours: string, theirs: string) => {
    weights.set(`${ours}.scale`, find(`${theirs}.weight`));
    weights.set(`${ours}.offset`, find(`${theirs}.bias`));
  };
  weights.set("words.table", find("embeddings.word_embeddings.weight"));
  weights.set("positions.table.table", find("embeddings.position_embeddings.weight"));
  weights.set("segment", firstRow(find("embeddings.token_type_embeddings.weight")));
  addNorm("norm", "embeddings.LayerNorm");
  for (let layer = 0; layer < layers; layer++) {
    const [ours, theirs] = [`layers.${layer}`, `encoder.layer.${layer}`];
    for (const [own, name] of linears) {
      weights.set(`${ours}.${own}.kernel`, transpose(find(`${theirs}.${name}.weight`)));
      weights.set(`${ours}.${own}.bias`, find(`${theirs}.${name}.bias`));
    }
    const [key, value] = ["key", "value"].map((name) => `${theirs}.attention.self.${name}`);
    const memory = `${ours}.attention.memory`;
    const kernel = concatenate(find(`${key}.weight`), find(`${value}.weight`));
    weights.set(`${memory}.kernel`, transpose(kernel));
    weights.set(`${memory}.bias`, concatenate(find(`${key}.bias`), find(`${value}.bias`)));
    for (const [own, name] of norms) addNorm(`${ours}.${own}`, `${theirs}.${name}`);
  }
  return weights;
}

function firstRow({ shape, data }: StoredTensor): StoredTensor {
  const [, size = 0] = shape;
  return { shape: [size], data: data.slice(0, size) };
}

/** `[out, in] -> [in, out]` */
function transpose({ shape, data }: StoredTensor): StoredTensor {
  const [rows = 0, columns = 0] = shape;
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  return { shape: [columns, rows], data: result };
}

/** Along the first axis. */
function concatenate(a: StoredTensor, b: StoredTensor): StoredTensor {
  const [rows = 0, ...rest] = a.shape;
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { shape: [rows + (b.shape[0] ?? 0), ...rest], data };
}
