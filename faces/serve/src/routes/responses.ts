import { z } from "zod";
import { errorSchema } from "../schemas/errors.ts";

const content = <Schema extends z.ZodType>(schema: Schema) => ({ "application/json": { schema } });

/** A body of JSON, for the description of a route. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: content(schema) };
}

/** A response of JSON. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: content(schema) };
}

/** A response without a body. */
export function nothing(description: string) {
  return { description };
}

/** Server-sent events: of each, its name and the schema of its data, which is JSON. */
export function eventStream(description: string, events: Readonly<Record<string, z.ZodType>>) {
  const each = Object.entries({ ...events, error: errorSchema }).map(([name, schema]) => {
    // Without names, by which parts would refer to each other at places that the description does not have.
    const contentSchema = z.toJSONSchema(schema, { metadata: z.registry() });
    const data = z.string().meta({ contentMediaType: "application/json", contentSchema });
    return z.object({ event: z.literal(name), data });
  });
  return { description, content: { "text/event-stream": { schema: z.union(each) } } };
}

/** The body of an upload: a form with a file and other fields, or the file alone. It is not parsed, but streamed. */
export function uploadBody(
  field: string,
  { type, others = {} }: { readonly type?: string; readonly others?: Fields } = {},
) {
  const file = { type: "string" as const, format: "binary" };
  const properties = { [field]: file, ...others };
  const required = Object.keys(properties);
  const form = { schema: { type: "object" as const, properties, required } };
  const alone = type === undefined ? {} : { [type]: { schema: file } };
  return { required: true, content: { "multipart/form-data": form, ...alone } };
}

/** The schemas of a form's fields. */
type Fields = Readonly<Record<string, object>>;

/** A response that is no success. */
export const error = (description: string) => json(errorSchema, description);

/** The errors of every route that needs the key. */
export const refusals = {
  401: error("the key is missing or wrong"),
  403: error("the page of another site asks, or one with another name for this machine"),
};

/** The errors of every route that works with a model. */
export const errors = {
  ...refusals,
  400: error("the request is not valid"),
  404: error("there is no such model"),
  413: error("the body is too large"),
  415: error("the content type is not accepted"),
  422: error("the content cannot be read"),
  429: error("too many requests wait; Retry-After tells when to send it again"),
  500: error("a fault of the server"),
  503: error("the engine failed or is missing, or the server is ending"),
  504: error("it took too long"),
};
