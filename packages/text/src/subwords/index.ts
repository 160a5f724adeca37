export type { Normalization } from "./form.ts";
export type { SubwordOptions } from "./options.ts";
export { parseSubwords } from "./parse.ts";
export type { SubwordDecoder, Subwords, TokenTableJson } from "./subwords.ts";
