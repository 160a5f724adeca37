export {
  type BatchesByLengthOptions,
  batchesByLength,
  type LengthPlan,
} from "./batches/by-length.ts";
export { type PaddedTokens, padTokens } from "./batches/pad.ts";
export { shuffledBatches } from "./batches/shuffled-batches.ts";
export {
  type PairLengths,
  type TokenBatchesOptions,
  tokenBatches,
} from "./batches/token-batches.ts";
export { cocoClassesIn, type NamedClass } from "./boxes/coco-classes.ts";
export { type ObjectBox, readBoxes } from "./boxes/read-boxes.ts";
export type { Caption, CaptionedImage, CaptionSet } from "./captions/caption-set.ts";
export { mergeCaptionSets, splitCaptionSet } from "./captions/combine.ts";
export { findData, readDataSet } from "./captions/find-data.ts";
export { isPart } from "./captions/part.ts";
export {
  describeParts,
  type ReadCaptionsOptions,
  readCaptions,
} from "./captions/read-captions.ts";
export type { CaptionColumns } from "./captions/rows.ts";
export {
  type CaptionStatistics,
  formatStatistics,
  statistics,
} from "./captions/statistics.ts";
export {
  type Conversation,
  type Conversations,
  type ReadConversationsOptions,
  readConversations,
} from "./conversations/read-conversations.ts";
export { splitConversations } from "./conversations/split-conversations.ts";
export type { Faq, FaqPair } from "./faq/faq.ts";
export { readFaq } from "./faq/read-faq.ts";
export { type FaqQuestion, readFaqQuestions } from "./faq/read-faq-questions.ts";
export { type LabeledText, readLabeledTexts } from "./faq/read-labeled-texts.ts";
export { completeFeatureCache, type FeatureRows } from "./features/complete.ts";
export type { FeatureKind } from "./features/layout.ts";
export { type FeatureCache, openFeatureCache } from "./features/reader.ts";
export { createFeatureCacheWriter, type FeatureCacheWriter } from "./features/writer.ts";
export { type Misspelling, readMisspellings } from "./misspellings.ts";
export { nameSome } from "./name-some.ts";
export type { Columns } from "./parallel/columns.ts";
export type { ParallelPair, ParallelStatistics, ParallelText } from "./parallel/pairs.ts";
export {
  type ParallelSource,
  type ReadParallelOptions,
  readParallel,
} from "./parallel/read-parallel.ts";
export type { AlignedFiles, CsvFile, JsonLinesFile, TsvFile } from "./parallel/sources.ts";
export {
  countSources,
  type SplitBySourceOptions,
  splitBySource,
} from "./parallel/split-by-source.ts";
export { formatParallelStatistics, parallelStatistics } from "./parallel/statistics.ts";
export {
  type AnswerType,
  answerType,
  answerTypes,
  type CommonAnswersOptions,
  commonAnswers,
  commonestAnswers,
} from "./questions/answers.ts";
export {
  type QuestionsFromCaptionsOptions,
  questionsFromCaptions,
} from "./questions/from-captions/questions-from-captions.ts";
export type { QuestionRow, QuestionSet } from "./questions/question-row.ts";
export { readQuestionSet } from "./questions/question-sets.ts";
export {
  type QuestionSource,
  type ReadQuestionsOptions,
  readQuestions,
  type VqaFiles,
} from "./questions/read-questions.ts";
export type { QuestionColumns } from "./questions/rows.ts";
export { splitByImage } from "./questions/split-by-image.ts";
export {
  formatQuestionStatistics,
  type QuestionStatistics,
  questionStatistics,
} from "./questions/statistics.ts";
export type { Spread } from "./spread.ts";
export { type BabiTask, readBabi } from "./stories/babi.ts";
export { parseStories, type StoryQuestion } from "./stories/parse-stories.ts";
export { splitStories } from "./stories/split-stories.ts";
export { readBytes } from "./text-files/bytes.ts";
export { readUtf8, requireUtf8 } from "./text-files/encoding.ts";
export { readAllLines, readLines } from "./text-files/lines.ts";
