export { drawAlignment } from "./alignment/picture.ts";
export { formatAlignment } from "./alignment/text.ts";
export { loadTranslator, type TranslatorOptions } from "./load-translator.ts";
export type {
  Alignment,
  Alternative,
  TranslateOptions,
  Translation,
  Translator,
} from "./translator.ts";
