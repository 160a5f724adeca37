/** A neural system. Its network is that of an `attend-translate train` config. */
export interface NeuralSystem {
  readonly name: string;
  readonly title: string;
  readonly network: Readonly<Record<string, unknown>> & {
    readonly kind: "seq2seq" | "convs2s" | "transformer";
  };
  readonly learningRate: number;
  readonly warmupSteps: number;
}

/** Shared by both of our recurrent networks: sizes, dropout and tied embeddings as in the preset gnmt-small. */
const recurrent = {
  kind: "seq2seq",
  embeddingSize: 256,
  hiddenSize: 256,
  tiedEmbeddings: "output",
  encoder: { cell: "lstm", layers: 2, bidirectional: "first" },
  decoder: { cell: "lstm", layers: 2, start: "copy" },
  readout: "tanh",
  dropout: 0.2,
} as const;

/** Without layer normalization, a short warm-up is enough. */
const recurrentSchedule = { learningRate: 0.002, warmupSteps: 400 } as const;

export const neuralSystems: readonly NeuralSystem[] = [
  {
    name: "recurrent",
    title: "LSTM without attention",
    network: { ...recurrent, attention: { kind: "none" } },
    ...recurrentSchedule,
  },
  {
    name: "attention",
    title: "LSTM with attention (Luong)",
    network: { ...recurrent, attention: { kind: "luong", score: "general" } },
    ...recurrentSchedule,
  },
  {
    name: "gnmt",
    title: "GNMT (gnmt-small)",
    network: { kind: "seq2seq", preset: "gnmt-small" },
    ...recurrentSchedule,
  },
  {
    name: "convs2s",
    title: "ConvS2S (tiny)",
    network: { kind: "convs2s", preset: "tiny" },
    learningRate: 0.002,
    warmupSteps: 1000,
  },
  {
    name: "transformer",
    title: "Transformer (tiny)",
    network: { kind: "transformer", preset: "tiny" },
    learningRate: 0.004,
    warmupSteps: 1000,
  },
];

export const statisticalSystem = { name: "smt", title: "Phrases, statistical (NLTK)" } as const;

export const systemNames = [statisticalSystem, ...neuralSystems].map(({ name }) => name);

/** Everything except the network, learning rate and warm-up is the same for all systems. */
export function trainingOf(
  { network, learningRate, warmupSteps }: NeuralSystem,
  options: {
    readonly vocabularySize: number;
    readonly epochs: number;
    readonly patience: number;
  },
) {
  return {
    model: { network, decoding: { beamWidth: 5 }, maxTokens: 100 },
    vocabulary: { kind: "bpe", size: options.vocabularySize, shared: true },
    tokensPerBatch: 4096,
    labelSmoothing: 0.1,
    training: {
      epochs: options.epochs,
      optimizer: { name: "adam", learningRate, beta2: 0.98 },
      schedule: { name: "inverse-sqrt", warmupSteps },
      clipNorm: 1,
      ema: { decay: 0.998, every: 4 },
      validateEvery: { epochs: 1 },
      earlyStopping: { metric: "bleu", mode: "max", patience: options.patience },
      checkpointEvery: { seconds: 300 },
      tensorboard: false,
    },
  };
}
