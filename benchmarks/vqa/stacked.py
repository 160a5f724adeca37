"""Stacked attention over an image encoder's map, as packages/vqa-fusion has it, with answers as classes."""

import torch
import torch.nn.functional as F
from torch import nn


class Hop(nn.Module):
    """The question looks at the regions once (Yang et al. 2016, equations 15 to 18)."""

    def __init__(self, size, attention_size):
        super().__init__()
        self.query = nn.Linear(size, attention_size, bias=False)
        self.memory = nn.Linear(size, attention_size)
        self.vector = nn.Linear(attention_size, 1, bias=False)

    def forward(self, query, regions):
        """query [rows, size]; regions [rows or 1, positions, size] -> [rows, size]"""
        compared = torch.tanh(self.memory(regions) + self.query(query)[:, None])
        weights = self.vector(compared).transpose(1, 2).softmax(-1)
        return (weights @ regions).squeeze(1)


class StackedAnswerer(nn.Module):
    def __init__(self, config, answers):
        super().__init__()
        fusion = config["fusion"]
        question, words = fusion["question"], fusion["embeddingSize"]
        size = question["size"]
        self.embedding = nn.Embedding(fusion["vocabularySize"], words)
        self.gru = nn.GRU(words, size, batch_first=True)
        self.regions = nn.Linear(fusion["channels"], size)
        self.hops = nn.ModuleList(Hop(size, fusion["attentionSize"]) for _ in range(fusion["hops"]))
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(size, answers)

    def forward(self, questions, lengths, features, owners=None):
        """
        questions [rows, steps]; features [photos, positions, channels], of one photo for all rows or, with `owners`,
        of photo owners[row] -> logits [rows, answers]
        """
        words = self.embedding(questions) * self.embedding.embedding_dim**0.5
        # Cheaper than packing: what follows a question is not read.
        outputs, _ = self.gru(words)
        query = outputs[torch.arange(len(lengths)), lengths - 1]
        regions = torch.tanh(self.regions(features))
        if owners is not None:
            regions = regions[owners]
        for hop in self.hops:
            query = query + hop(query, regions)
        return self.output(self.dropout(query))

    def load(self, weights):
        """Loads our weights by name: dense kernels are [in, out]."""

        def put(parameter, value):
            assert parameter.shape == value.shape, (parameter.shape, value.shape)
            parameter.data.copy_(value)

        def linear(layer, ours):
            put(layer.weight, weights[f"{ours}.kernel"].T)
            if layer.bias is not None:
                put(layer.bias, weights[f"{ours}.bias"])

        put(self.embedding.weight, weights["fusion.embedding.table"])
        gru = "fusion.question.network.layers.0"
        put(self.gru.weight_ih_l0, weights[f"{gru}.inputKernel"].T)
        put(self.gru.weight_hh_l0, weights[f"{gru}.recurrentKernel"].T)
        put(self.gru.bias_ih_l0, weights[f"{gru}.bias"])
        candidate = weights[f"{gru}.candidateBias"]
        put(self.gru.bias_hh_l0, F.pad(candidate, (2 * len(candidate), 0)))
        linear(self.regions, "fusion.regions")
        for i, hop in enumerate(self.hops):
            linear(hop.query, f"fusion.hops.{i}.query")
            linear(hop.memory, f"fusion.hops.{i}.memory")
            put(hop.vector.weight, weights[f"fusion.hops.{i}.vector"].T)
        linear(self.output, "answers.output")
        return self


def padded(questions):
    """Token ids of each question -> [rows, steps], lengths [rows]"""
    lengths = torch.tensor([len(ids) for ids in questions])
    return nn.utils.rnn.pad_sequence([torch.tensor(ids) for ids in questions], True), lengths
