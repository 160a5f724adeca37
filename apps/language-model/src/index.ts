export type { GenerateOptions } from "./generate.ts";
export {
  type Evaluation,
  LanguageModel,
  type LanguageModelOptions,
  loadLanguageModel,
} from "./language-model.ts";
export { languageModels } from "./model.ts";
export type { LanguageNetwork } from "./network.ts";
