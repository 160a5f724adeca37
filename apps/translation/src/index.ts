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
export { drawAlignment } from "./alignment/picture.ts";
export { formatAlignment } from "./alignment/text.ts";
