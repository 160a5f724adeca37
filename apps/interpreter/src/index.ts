export type { Install } from "@attend/speech-engines";
export type {
  InterpretedSentence,
  Interpreter,
  InterpretingStep,
  InterpretOptions,
  Sound,
} from "./interpreter.ts";
export { type InterpreterOptions, loadInterpreter } from "./load-interpreter.ts";
export { type RecognizedRecording, RecordingRecognizer } from "./recording-recognizer.ts";
