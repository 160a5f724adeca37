export {
  type Alignment,
  type Alternative,
  loadTranslator,
  type Span,
  type SpanKind,
  type TranslateOptions,
  type Translation,
  type Translator,
  type TranslatorOptions,
} from "@attend/translator";
export { drawAlignment } from "./present/alignment-picture.ts";
export { formatAlignment } from "./present/alignment-text.ts";
