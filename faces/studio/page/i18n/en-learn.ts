const few = (value: number | null) =>
  value === null ? "no longer a number" : value.toPrecision(2);

export const learn = {
  title: "Learn",
  lead: "The road from the vanilla network to the Transformer. Every figure is computed now, by the code that runs everything else.",
  figures: "Figures",
  picture: "Picture",
  equation: "Equation",
  compute: "Compute",
  computing: "Computing …",
  loss: "Loss",
  update: "Update",
  step: "Step",
  lossAlt: (from: number, to: number) => `The loss falls from ${few(from)} to ${few(to)}`,
  about: {
    "unrolled-network": {
      title: "A network unrolled",
      text: "A vanilla network learns to spell a word. At every step it reads a letter, mixes it with what it remembers, and expects the next letter.",
    },
    "gradient-through-time": {
      title: "The gradient through time",
      text: "Learning goes backward through every step. At each one the gradient shrinks or grows, so that it vanishes or explodes; clipping tames what explodes.",
    },
    "lstm-gates": {
      title: "The gates of an LSTM",
      text: "An LSTM keeps a cell that gates open and close. These are units of the shipped Shakespeare model as it reads your text.",
    },
    "attention-or-none": {
      title: "Attention or none",
      text: "One vector for a whole sequence forgets. With attention, each output looks back at all inputs.",
    },
    "positional-encodings": {
      title: "Positional encodings",
      text: "Without recurrence nothing tells the words’ order. Waves of many lengths, added to the words, do.",
    },
    "transformer-heads": {
      title: "Heads of a Transformer",
      text: "Many attentions at once, layer by layer: choose a head to see what it looks at in a shipped translator.",
    },
    "beam-search": {
      title: "Beam search",
      text: "The best next word does not always lead to the best sentence: a beam keeps several beginnings alive.",
    },
  },
  fields: {
    word: "Word",
    text: "Text",
    units: "Units",
    updates: "Updates",
    length: "Steps",
    clipNorm: "Clip at",
    positions: "Positions",
    size: "Dimensions",
    beamWidth: "Beam width",
    layer: "Layer",
  },
  unrolled: {
    alt: (steps: readonly string[]) => `What each letter is followed by: ${steps.join(", ")}`,
    writes: (written: string) => `From the first letter on, it now writes “${written}”.`,
  },
  gradient: {
    norm: "Norm",
    scale: (scale: number) => `initial weights × ${scale}`,
    untrained: "By step, before any training: it depends on the weights",
    trained: "By step, after training",
    updates: "By update: the norm of the whole gradient",
    losses: (baseline: number) => `The loss; ${few(baseline)} needs no memory`,
    network: (name: string, clipNorm: number | null) =>
      clipNorm === null ? `${name}, not clipped` : `${name}, clipped`,
    alt: (name: string, points: readonly (readonly [number, number | null])[]) =>
      `${name}: from ${few(points.at(0)?.[1] ?? null)} to ${few(points.at(-1)?.[1] ?? null)}`,
    diverged: (name: string, update: number) =>
      `${name}: the weights were no longer numbers after update ${update}.`,
  },
  gates: {
    show: "Show",
    signals: {
      forget: "Forget gate: what is kept",
      input: "Input gate: what is written",
      output: "Output gate: what is shown",
      candidate: "Candidate: what would be written",
      cell: "Cell (its tanh): what is remembered",
      hidden: "Hidden state: what is passed on",
    },
    means: "The gates, the mean of all units (f: forget, i: input, o: output)",
    alt: (signal: string, units: number, characters: number) =>
      `${signal}, of ${units} units over ${characters} characters`,
    next: (character: string, next: readonly string[]) =>
      `After ${character} it expects: ${next.join(", ")}`,
  },
  attention: {
    copying: (learned: number) =>
      `Two networks learned to repeat sequences of up to ${learned} letters`,
    with: "with attention",
    without: "without",
    length: "Letters",
    share: "Right",
    alt: (attention: string, none: string) =>
      `Of the longest sequences, attention repeats ${attention}, the network without it ${none}`,
    where: "Where attention looks for each letter it writes",
    translation: "And in a shipped translator",
  },
  positions: {
    encodings: "A row for each position, a column for each dimension",
    similarities: "How alike two positions are",
    alt: (positions: number, size: number) =>
      `The encodings of ${positions} positions in ${size} dimensions: waves that get longer from column to column`,
    wavelengths: (shortest: number, longest: number) =>
      `The waves are ${few(shortest)} to ${Math.round(longest).toLocaleString("en")} positions long.`,
  },
  heads: {
    show: "Show",
    kinds: {
      cross: "The translation looks at the source",
      encoder: "The source looks at itself",
    },
    layer: (layer: number) => `Layer ${layer}`,
    head: (layer: number, head: number) => `Layer ${layer}, head ${head}`,
  },
  beam: {
    alt: (nodes: number, found: readonly string[]) =>
      `A tree of ${nodes} nodes. What was found, best first: ${found.join("; ")}`,
  },
};
