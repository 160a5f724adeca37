import type { AboutFigure, FigureName } from "../schemas/figures.ts";

/** What is said about each figure. */
export const aboutFigures: Readonly<Record<FigureName, Omit<AboutFigure, "name">>> = {
  "unrolled-network": {
    title: "A vanilla network, unrolled",
    equation:
      "h_t = \\tanh(x_t W_x + h_{t-1} W_h + b), \\quad p_t = \\mathrm{softmax}(h_t W_y + c)",
    paper: {
      title: "Elman 1990, Finding structure in time",
      url: "https://doi.org/10.1207/s15516709cog1402_1",
    },
    file: "packages/recurrent/src/cells/rnn-cell.ts",
  },
  "gradient-through-time": {
    title: "The gradient through time",
    equation:
      "\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L}{\\partial h_T} \\prod_{k=t+1}^{T} \\frac{\\partial h_k}{\\partial h_{k-1}}, \\quad g \\leftarrow g \\min\\left(1, \\frac{\\theta}{\\lVert g \\rVert}\\right)",
    paper: {
      title:
        "Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks",
      url: "https://arxiv.org/abs/1211.5063",
    },
    file: "apps/explain/src/measure.ts",
  },
  "lstm-gates": {
    title: "The gates of an LSTM",
    equation:
      "i, f, o = \\sigma(x_t W_x + h_{t-1} W_h + b), \\; g = \\tanh(\\cdot), \\quad c_t = f \\odot c_{t-1} + i \\odot g, \\; h_t = o \\odot \\tanh(c_t)",
    paper: {
      title: "Hochreiter & Schmidhuber 1997, Long short-term memory",
      url: "https://doi.org/10.1162/neco.1997.9.8.1735",
    },
    file: "packages/recurrent/src/cells/lstm-cell.ts",
  },
  "attention-or-none": {
    title: "Attention, or none",
    equation:
      "\\alpha_{ij} = \\mathrm{softmax}_j(\\mathrm{score}(s_i, h_j)), \\quad c_i = \\sum_j \\alpha_{ij} h_j",
    paper: {
      title:
        "Bahdanau, Cho & Bengio 2015, Neural machine translation by jointly learning to align and translate",
      url: "https://arxiv.org/abs/1409.0473",
    },
    file: "packages/attention/src/attend.ts",
  },
  "positional-encodings": {
    title: "Positional encoding",
    equation:
      "PE_{(pos, i)} = \\sin(pos / 10000^{2i/d}), \\quad PE_{(pos, d/2 + i)} = \\cos(pos / 10000^{2i/d})",
    paper: {
      title: "Vaswani et al. 2017, Attention is all you need, section 3.5",
      url: "https://arxiv.org/abs/1706.03762",
    },
    file: "packages/transformer/src/positions.ts",
  },
  "transformer-heads": {
    title: "The heads of a Transformer",
    equation:
      "\\mathrm{head}_i = \\mathrm{softmax}\\left(\\frac{Q W_i^Q (K W_i^K)^\\top}{\\sqrt{d_k}}\\right) V W_i^V, \\quad \\mathrm{MultiHead} = [\\mathrm{head}_1; \\dots; \\mathrm{head}_h] W^O",
    paper: {
      title: "Vaswani et al. 2017, Attention is all you need, section 3.2",
      url: "https://arxiv.org/abs/1706.03762",
    },
    file: "packages/attention/src/multi-head/multi-head-attention.ts",
  },
  "beam-search": {
    title: "Beam search",
    equation:
      "\\hat{y} = \\arg\\max_y \\frac{\\log p(y \\mid x)}{lp(y)}, \\quad lp(y) = \\frac{(5 + |y|)^\\alpha}{(5 + 1)^\\alpha}",
    paper: {
      title: "Wu et al. 2016, Google's neural machine translation system, section 7",
      url: "https://arxiv.org/abs/1609.08144",
    },
    file: "packages/decoding/src/beam-search.ts",
  },
};
