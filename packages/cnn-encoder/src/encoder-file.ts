import { stat } from "node:fs/promises";
import { join } from "node:path";
import { assignWeights, readSafetensors, saveWeights } from "@attend/nn";
import { AttendError, type Random } from "@attend/runtime";
import { parseConfig, tryParseJson } from "@attend/runtime/config";
import { z } from "zod";
import { efficientNetLiteSchema } from "./efficientnet-lite/config.ts";
import { EfficientNetLite } from "./efficientnet-lite/efficientnet-lite.ts";
import { SmallCnn, smallCnnSchema } from "./small-cnn.ts";

/** The configuration of any encoder; `kind` tells which. */
export const encoderSchema = z.discriminatedUnion("kind", [
  efficientNetLiteSchema.extend({ kind: z.literal("efficientnet-lite") }),
  smallCnnSchema.extend({ kind: z.literal("small-cnn") }),
]);

/** An encoder's kind and configuration as it is written: what has a default may be absent. */
export type EncoderOptions = z.input<typeof encoderSchema>;
/** Every encoder that {@link createEncoder} builds. */
export type AnyEncoder = EfficientNetLite | SmallCnn;

/**
 * Builds the encoder that a plain configuration describes.
 *
 * @param random decides the first weights; without it the kernels are zero, for weights that are
 *   loaded.
 * @throws AttendError BAD_CONFIG naming each wrong field.
 */
export function createEncoder(options: EncoderOptions, random?: Random): AnyEncoder {
  const { kind, ...config } = parseConfig(encoderSchema, options, "image encoder");
  return "variant" in config ? new EfficientNetLite(config, random) : new SmallCnn(config, random);
}

/**
 * Writes an encoder to one safetensors file: the weights by their property paths and, in its metadata
 * under `encoder`, the configuration, so that {@link loadEncoder} needs nothing else.
 *
 * @param options `precision`: default `float16`, for inference; `float32` to go on training.
 */
export async function saveEncoder(
  encoder: AnyEncoder,
  path: string,
  { precision = "float16" }: { precision?: "float32" | "float16" } = {},
): Promise<void> {
  const kind = encoder instanceof SmallCnn ? "small-cnn" : "efficientnet-lite";
  const metadata = { encoder: JSON.stringify({ kind, ...encoder.config }) };
  await saveWeights(encoder, path, { precision, metadata });
}

/**
 * Reads what {@link saveEncoder} wrote; the caller disposes the encoder.
 *
 * @param path the file, or a folder in which it is `model.safetensors`.
 * @throws AttendError FILE_NOT_FOUND; BAD_WEIGHTS where the file is damaged, tells no encoder, or its
 *   tensors do not fit, each one named.
 */
export async function loadEncoder(path: string): Promise<AnyEncoder> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const file = isFolder ? join(path, "model.safetensors") : path;
  const { tensors, metadata } = await readSafetensors(file);
  const encoder = createEncoder(parseMetadata(metadata["encoder"], file));
  try {
    assignWeights(encoder, tensors, file);
  } catch (thrown) {
    encoder.dispose();
    throw thrown;
  }
  return encoder;
}

function parseMetadata(text: string | undefined, file: string): EncoderOptions {
  const parsed = encoderSchema.safeParse(tryParseJson(text));
  if (parsed.success) return parsed.data;
  throw new AttendError(
    "BAD_WEIGHTS",
    `${file} does not say which encoder its weights are of; write it with saveEncoder`,
    { cause: parsed.error },
  );
}
