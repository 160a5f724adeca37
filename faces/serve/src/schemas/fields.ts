import { z } from "zod";

/** A switch in an address: `?attention=true`. */
export const flag = z
  .enum(["true", "false"])
  .optional()
  .transform((value) => value === "true");

/** A whole number in an address. */
export const wholeNumber = (min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).optional();

/** One of the names that `GET /v1/models` lists. */
export const modelName = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .meta({ description: "a name of GET /v1/models; default: the shipped model" });

/** An engine for speech, such as a recognizer. */
export const engineName = z
  .string()
  .min(1)
  .max(50)
  .optional()
  .meta({ description: "an engine's name; default: the best that is installed" });

/** A language as a tag: `en`, `pt-BR`. */
export const language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/)
  .meta({ description: "a language tag, such as en" });

/** Numbers row by row. */
export const matrix = z.array(z.array(z.number()));

/** A probability. */
export const probability = z.number().min(0).max(1);
