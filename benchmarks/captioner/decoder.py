"""AttentionDecoder as packages/rnn-decoder has it: one LSTM, or two with a language layer, that attends
to the image before or after each step."""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class State(NamedTuple):
    """`h`, `c` and the language layer's: [rows, hidden]; the rest have one row per photo: `image`
    [photos, embedding], `keys` and `values` [photos, positions, size]."""

    h: Tensor
    c: Tensor
    language_h: Tensor
    language_c: Tensor
    image: Tensor
    keys: Tensor
    values: Tensor

    def of_photos(self, photos):
        return State(*(tensor[photos] for tensor in self))

    def of_rows(self, rows):
        """Reorders the recurrent part; what is attended to stays."""
        return State(*(tensor[rows] for tensor in self[:4]), *self[4:])


class DotScore(nn.Module):
    def __init__(self, hidden, size):
        super().__init__()
        self.query = nn.Linear(hidden, size, bias=False)
        self.memory = nn.Linear(hidden, size, bias=False)
        self.scale = 1 / math.sqrt(size)

    def forward(self, query, keys):
        return self.query(query).mul(self.scale) @ keys.transpose(1, 2)


class AdditiveScore(nn.Module):
    def __init__(self, hidden, size):
        super().__init__()
        self.query = nn.Linear(hidden, size, bias=False)
        self.memory = nn.Linear(hidden, size)
        self.vector = nn.Linear(size, 1, bias=False)

    def forward(self, query, keys):
        return self.vector(torch.tanh(self.query(query)[:, :, None] + keys[:, None])).squeeze(-1)


class AttentionDecoder(nn.Module):
    def __init__(self, config, vocabulary_size, memory_size=1280):
        super().__init__()
        hidden, embedding = config["hiddenSize"], config["embeddingSize"]
        self.before = config["placement"] == "before"
        self.dropout = config["dropout"]
        self.embedding = nn.Embedding(vocabulary_size, embedding)
        self.image_map = nn.Linear(memory_size, hidden)
        self.image_pooled = nn.Linear(memory_size, embedding)
        self.initial_h = nn.Linear(memory_size, hidden)
        self.initial_c = nn.Linear(memory_size, hidden)
        score = DotScore if config["score"] == "dot" else AdditiveScore
        self.score = score(hidden, config["attentionSize"])
        self.gate = nn.Linear(hidden, 1) if config["gate"] else None
        if self.before:
            self.lstm = nn.LSTMCell(embedding + hidden, hidden)
        else:
            self.lstm = nn.LSTM(embedding, hidden, batch_first=True)
        self.language = nn.LSTM(2 * hidden, hidden, batch_first=True) if config["languageLayer"] else None
        self.combine = nn.Linear(2 * hidden, embedding)
        self.output_bias = nn.Parameter(torch.zeros(vocabulary_size))

    def start(self, features):
        """`features` [photos, positions, channels] -> the state before the first token."""
        pooled = features.mean(1)
        values = F.dropout(F.relu(self.image_map(features)), self.dropout, self.training)
        h = torch.tanh(self.initial_h(pooled))
        language = torch.zeros_like(h) if self.language else h.new_zeros(len(h), 0)
        image = F.relu(self.image_pooled(pooled))
        c = torch.tanh(self.initial_c(pooled))
        return State(h, c, language, language, image, self.score.memory(values), values)

    def features(self, tokens, state):
        """Teacher forcing: `tokens` [rows, steps], one state row each -> [rows, steps, embedding]."""
        words = F.dropout(self.embedding(tokens), self.dropout, self.training) + state.image[:, None]
        if self.before:
            h, c = state.h, state.c
            hiddens, contexts = [], []
            for word in words.unbind(1):
                context = self.look(h[:, None], state)
                h, c = self.lstm(torch.cat((word, context.squeeze(1)), 1), (h, c))
                hiddens.append(h)
                contexts.append(context)
            hidden, context = torch.stack(hiddens, 1), torch.cat(contexts, 1)
        else:
            hidden, _ = self.lstm(words, (state.h[None], state.c[None]))
            context = self.look(hidden, state)
        spoken = torch.cat((hidden, context), 2)
        if self.language:
            read = F.dropout(spoken, self.dropout, self.training)
            hidden, _ = self.language(read, (state.language_h[None], state.language_c[None]))
            spoken = torch.cat((hidden, context), 2)
        spoken = F.dropout(spoken, self.dropout, self.training)
        return F.dropout(torch.tanh(self.combine(spoken)), self.dropout, self.training)

    def project(self, features):
        return F.linear(features, self.embedding.weight, self.output_bias)

    def step(self, tokens, state):
        """One token per row; every photo has the same number of adjacent rows, so what is attended to
        need not be copied. -> features [rows, embedding], the next state."""
        photos = len(state.image)

        def per_photo(tensor):
            return tensor.view(photos, -1, tensor.shape[-1])

        words = (per_photo(self.embedding(tokens)) + state.image[:, None]).flatten(0, 1)
        if self.before:
            context = self.look(per_photo(state.h), state).flatten(0, 1)
            h, c = self.lstm(torch.cat((words, context), 1), (state.h, state.c))
        else:
            h, c = lstm_step(self.lstm, words, state.h, state.c)
            context = self.look(per_photo(h), state).flatten(0, 1)
        spoken = torch.cat((h, context), 1)
        language = state.language_h, state.language_c
        if self.language:
            language = lstm_step(self.language, spoken, *language)
            spoken = torch.cat((language[0], context), 1)
        return torch.tanh(self.combine(spoken)), State(h, c, *language, *state[4:])

    def look(self, query, state):
        context = torch.softmax(self.score(query, state.keys), -1) @ state.values
        return context if self.gate is None else context * torch.sigmoid(self.gate(query))

    def load(self, weights):
        """Loads our weights by name: dense kernels are [in, out], an LSTM's gates i, g, f, o in one kernel."""

        def put(parameter, value):
            assert parameter.shape == value.shape, (parameter.shape, value.shape)
            parameter.data.copy_(value)

        def take(ours):
            return weights[ours]

        def linear(layer, ours):
            put(layer.weight, take(f"{ours}.kernel").T)
            if layer.bias is not None:
                put(layer.bias, take(f"{ours}.bias"))

        def lstm(layer, ours):
            suffix = "" if isinstance(layer, nn.LSTMCell) else "_l0"
            kernel, bias = (in_torch_order(take(f"{ours}.{part}")) for part in ("kernel", "bias"))
            put(getattr(layer, f"weight_ih{suffix}"), kernel[: layer.input_size].T)
            put(getattr(layer, f"weight_hh{suffix}"), kernel[layer.input_size :].T)
            put(getattr(layer, f"bias_ih{suffix}"), bias)
            getattr(layer, f"bias_hh{suffix}").data.zero_()

        put(self.embedding.weight, take("embedding.table"))
        linear(self.image_map, "imageMap")
        linear(self.image_pooled, "imagePooled")
        linear(self.initial_h, "initialH")
        linear(self.initial_c, "initialC")
        linear(self.score.query, "score.query")
        linear(self.score.memory, "score.memory")
        if isinstance(self.score, AdditiveScore):
            put(self.score.vector.weight, take("score.vector").T)
        if self.gate is not None:
            linear(self.gate, "gate")
        lstm(self.lstm, "lstm")
        if self.language:
            lstm(self.language, "language")
        linear(self.combine, "combine")
        put(self.output_bias, take("outputBias"))
        return self


def lstm_step(lstm, x, h, c):
    """nn.LSTMCell with nn.LSTM's weights; nn.LSTM itself is slow for a single step."""
    return torch.lstm_cell(
        x, (h, c), lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, lstm.bias_hh_l0
    )


def in_torch_order(gates):
    i, g, f, o = gates.chunk(4, -1)
    return torch.cat((i, f, g, o), -1)
