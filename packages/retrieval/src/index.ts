export {
  FaqMatcher,
  type FindOptions,
  type Found,
  type FoundPart,
  type Match,
  type MatcherModel,
} from "./faq/faq-matcher.ts";
export { type MatcherConfig, matcherConfigSchema } from "./faq/matcher-config.ts";
export { createMatcherNetwork, type MatcherNetwork } from "./faq/matcher-network.ts";
export { type FaqPair, type RepeatedQuestion, repeatedQuestions } from "./faq/pairs.ts";
export {
  type Alternative,
  type Classified,
  IntentClassifier,
  type IntentsModel,
  outOfScope,
} from "./intents/intent-classifier.ts";
export { createIntentNetwork, type IntentNetwork } from "./intents/intent-network.ts";
export { type IntentsConfig, intentsConfigSchema } from "./intents/intents-config.ts";
