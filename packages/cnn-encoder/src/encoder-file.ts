import { stat } from "node:fs/promises";
import { join } from "node:path";
import { assignWeights, readSafetensors, saveWeights } from "@attend/nn";
import { AttendError, type Random } from "@attend/runtime";
import { parseConfig, tryParseJson } from "@attend/runtime/config";
import { z } from "zod";
import { efficientNetLiteSchema, headChannels } from "./efficientnet-lite/config.ts";
import { EfficientNetLite } from "./efficientnet-lite/efficientnet-lite.ts";
import { SmallCnn, smallCnnSchema } from "./small-cnn.ts";

/** Configuration of an encoder of any `kind`. */
export const encoderSchema = z.discriminatedUnion("kind", [
  efficientNetLiteSchema.extend({ kind: z.literal("efficientnet-lite") }),
  smallCnnSchema.extend({ kind: z.literal("small-cnn") }),
]);

/** Kind and configuration of an encoder; fields with a default may be omitted. */
export type EncoderOptions = z.input<typeof encoderSchema>;
/** An encoder that {@link createEncoder} builds. */
export type AnyEncoder = EfficientNetLite | SmallCnn;

/** Channels of the feature map of an encoder with this configuration. */
export function encoderChannels(config: z.output<typeof encoderSchema>): number {
  // The schema requires one width.
  return config.kind === "small-cnn" ? (config.widths.at(-1) ?? 0) : headChannels;
}

/**
 * Builds an encoder from its configuration.
 *
 * @param random initializes the weights; without it the kernels are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid field
 */
export function createEncoder(options: EncoderOptions, random?: Random): AnyEncoder {
  const { kind, ...config } = parseConfig(encoderSchema, options, "image encoder");
  return "variant" in config ? new EfficientNetLite(config, random) : new SmallCnn(config, random);
}

/**
 * Writes an encoder to one safetensors file: the weights by property path, and the configuration in
 * the metadata field `encoder`, so that {@link loadEncoder} needs nothing else.
 *
 * @param options `precision`: default `float16`, for inference; `float32` to continue training
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
 * Reads an encoder written by {@link saveEncoder}; the caller disposes it.
 *
 * @param path the file, or a folder that contains it as `model.safetensors`
 * @throws AttendError FILE_NOT_FOUND; BAD_WEIGHTS if the file is damaged, has no encoder
 *   configuration, or has tensors that do not match, naming each
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
    `${file} does not say which encoder its weights belong to; write it with saveEncoder`,
    { cause: parsed.error },
  );
}
