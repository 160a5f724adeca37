import type { Dictionary } from "./en.ts";

const few = (value: number | null) => (value === null ? "不再是数" : value.toPrecision(2));

export const learn: Dictionary["learn"] = {
  title: "学习",
  lead: "从普通循环网络到 Transformer。每张图都由运行其他功能的同一份代码即时计算。",
  figures: "图",
  picture: "图形",
  equation: "公式",
  compute: "计算",
  computing: "正在计算……",
  loss: "损失",
  update: "更新",
  step: "步",
  lossAlt: (from, to) => `损失从 ${few(from)} 降到 ${few(to)}`,
  about: {
    "unrolled-network": {
      title: "展开的网络",
      text: "普通循环网络学习拼写一个词。每一步读入一个字母，与记忆混合，再预测下一个字母。",
    },
    "gradient-through-time": {
      title: "随时间传播的梯度",
      text: "学习要沿每一步反向传播。梯度每一步都会缩小或放大，于是消失或爆炸；裁剪可以抑制爆炸。",
    },
    "lstm-gates": {
      title: "LSTM 的门",
      text: "LSTM 有由门控制开闭的记忆单元。这里显示自带的莎士比亚模型读您的文本时的单元。",
    },
    "attention-or-none": {
      title: "有无注意力",
      text: "用一个向量表示整个序列会遗忘。有了注意力，每个输出都能回看所有输入。",
    },
    "positional-encodings": {
      title: "位置编码",
      text: "没有循环，就没有词序。把多种波长的波加到词上，就能表示位置。",
    },
    "transformer-heads": {
      title: "Transformer 的注意力头",
      text: "每层同时有多个注意力：选择一个头，看看自带的翻译模型在注视什么。",
    },
    "beam-search": {
      title: "束搜索",
      text: "最好的下一个词不一定通向最好的句子：束搜索同时保留几个开头。",
    },
  },
  fields: {
    word: "词",
    text: "文本",
    units: "单元数",
    updates: "更新次数",
    length: "步数",
    clipNorm: "裁剪值",
    positions: "位置数",
    size: "维数",
    beamWidth: "束宽",
    layer: "层",
  },
  unrolled: {
    alt: (steps) => `每个字母之后的字母：${steps.join("，")}`,
    writes: (written) => `从第一个字母开始，它现在写出“${written}”。`,
  },
  gradient: {
    norm: "范数",
    scale: (scale) => `初始权重 × ${scale}`,
    untrained: "各步，训练之前：取决于权重",
    trained: "各步，训练之后",
    updates: "各次更新：整个梯度的范数",
    losses: (baseline) => `损失；没有记忆也能达到 ${few(baseline)}`,
    network: (name, clipNorm) => (clipNorm === null ? `${name}，不裁剪` : `${name}，裁剪`),
    alt: (name, points) =>
      `${name}：从 ${few(points.at(0)?.[1] ?? null)} 到 ${few(points.at(-1)?.[1] ?? null)}`,
    diverged: (name, update) => `${name}：第 ${update} 次更新后权重不再是数。`,
  },
  gates: {
    show: "显示",
    signals: {
      forget: "遗忘门：保留什么",
      input: "输入门：写入什么",
      output: "输出门：显示什么",
      candidate: "候选值：可能写入什么",
      cell: "记忆单元（取 tanh）：记住什么",
      hidden: "隐藏状态：传递什么",
    },
    means: "各门在所有单元上的平均值（f：遗忘，i：输入，o：输出）",
    alt: (signal, units, characters) => `${signal}，${units} 个单元，${characters} 个字符`,
    next: (character, next) => `在 ${character} 之后它预测：${next.join("，")}`,
  },
  attention: {
    copying: (learned) => `两个网络学习复述不超过 ${learned} 个字母的序列`,
    with: "有注意力",
    without: "无注意力",
    length: "字母数",
    share: "正确率",
    alt: (attention, none) => `对最长的序列，有注意力的网络复述 ${attention}，没有注意力的 ${none}`,
    where: "写每个字母时注意力所在的位置",
    translation: "自带的翻译模型中",
  },
  positions: {
    encodings: "每行一个位置，每列一个维度",
    similarities: "两个位置有多相似",
    alt: (positions, size) => `${positions} 个位置在 ${size} 维中的编码：波长逐列增加`,
    wavelengths: (shortest, longest) =>
      `波长从 ${few(shortest)} 到 ${Math.round(longest).toLocaleString("zh")} 个位置。`,
  },
  heads: {
    show: "显示",
    kinds: {
      cross: "译文注视原文",
      encoder: "原文注视自身",
    },
    layer: (layer) => `第 ${layer} 层`,
    head: (layer, head) => `第 ${layer} 层，第 ${head} 个头`,
  },
  beam: {
    alt: (nodes, found) => `有 ${nodes} 个节点的树。找到的结果，从最好的开始：${found.join("；")}`,
  },
};
