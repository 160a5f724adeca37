"""The Transformer of packages/transformer in PyTorch (pre-norm, sinusoidal positions, one shared embedding)."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, size, heads, dropout):
        super().__init__()
        self.query, self.memory = nn.Linear(size, size), nn.Linear(size, 2 * size)
        self.output = nn.Linear(size, size)
        self.heads, self.dropout = heads, dropout

    def split(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def keys_and_values(self, memory):
        return [self.split(part) for part in self.memory(memory).chunk(2, -1)]

    def look(self, query, keys, values, mask=None, causal=False):
        rate = self.dropout if self.training else 0.0
        q = self.split(self.query(query))
        context = F.scaled_dot_product_attention(q, keys, values, mask, rate, causal)
        return self.output(context.transpose(1, 2).flatten(2))

    def forward(self, query, memory, mask=None, causal=False):
        return self.look(query, *self.keys_and_values(memory), mask, causal)


class Layer(nn.Module):
    """An encoder layer, or with `cross` a decoder layer."""

    def __init__(self, config, cross):
        super().__init__()
        size, inner = config["size"], config["feedForwardSize"]
        options = (size, config["heads"], config.get("attentionDropout", 0.0))
        self.attention, self.norm = Attention(*options), nn.LayerNorm(size)
        self.cross = Attention(*options) if cross else None
        self.cross_norm = nn.LayerNorm(size) if cross else None
        self.inner, self.outer, self.last_norm = nn.Linear(size, inner), nn.Linear(inner, size), nn.LayerNorm(size)
        self.drop = nn.Dropout(config["dropout"])

    def feed(self, x):
        return x + self.drop(self.outer(F.relu(self.inner(self.last_norm(x)))))

    def forward(self, x, mask=None, causal=False, source=None, source_mask=None):
        normed = self.norm(x)
        x = x + self.drop(self.attention(normed, normed, mask, causal))
        if self.cross is not None:
            x = x + self.drop(self.cross(self.cross_norm(x), source, source_mask))
        return self.feed(x)

    def step(self, x, past, source, source_mask):
        """One position `[rows, 1, size]`; `past` are the keys and values so far, returned with this position appended."""
        normed = self.norm(x)
        past = [torch.cat([old, new], 2) if old is not None else new
                for old, new in zip(past, self.attention.keys_and_values(normed))]
        x = x + self.attention.look(normed, *past)
        x = x + self.cross.look(self.cross_norm(x), *source, source_mask)
        return self.feed(x), past


def waves(first, steps, size):
    angles = torch.arange(first, first + steps)[:, None] / 10000 ** (2 * torch.arange(size // 2) / size)
    return torch.cat([angles.sin(), angles.cos()], 1)


class Transformer(nn.Module):
    def __init__(self, config, vocabulary_size):
        super().__init__()
        self.size = config["size"]
        self.table = nn.Embedding(vocabulary_size, self.size)
        self.bias = nn.Parameter(torch.zeros(vocabulary_size))
        self.encoder = nn.ModuleList([Layer(config, False) for _ in range(config["encoderLayers"])])
        self.decoder = nn.ModuleList([Layer(config, True) for _ in range(config["decoderLayers"])])
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(self.size), nn.LayerNorm(self.size)
        self.drop = nn.Dropout(config["dropout"])

    def embed(self, tokens, first=0):
        x = self.table(tokens) * math.sqrt(self.size) + waves(first, tokens.shape[1], self.size)
        return self.drop(x)

    def encode(self, tokens, lengths):
        mask = (torch.arange(tokens.shape[1]) < lengths[:, None])[:, None, None]
        x = self.embed(tokens)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x), mask

    def features(self, inputs, memory, mask):
        y = self.embed(inputs)
        for layer in self.decoder:
            y = layer(y, causal=True, source=memory, source_mask=mask)
        return self.decoder_norm(y)

    def project(self, features):
        return F.linear(features, self.table.weight, self.bias)

    def load(self, tensors):
        """Loads weights by our names."""
        names = dict(self.named_parameters())
        for ours, value in tensors.items():
            name = theirs(ours)
            parameter = names.pop(name)
            with torch.no_grad():
                parameter.copy_(value.float().T if ours.endswith(".kernel") else value.float())
        assert not names, f"not loaded: {list(names)}"
        return self


def theirs(name):
    renamed = {
        "source.table": "table.weight", "outputBias": "bias",
        "encoderNorm": "encoder_norm", "decoderNorm": "decoder_norm",
        "attentionResidual.norm": "norm", "crossResidual.norm": "cross_norm",
        "feedForwardResidual.norm": "last_norm", "feedForward.": "",
        ".kernel": ".weight", ".scale": ".weight", ".offset": ".bias",
    }
    for ours, other in renamed.items():
        name = name.replace(ours, other)
    return name


class Lstm(nn.Module):
    """A recurrent network with two layers that attends after the top layer (Luong et al. 2015, general)."""

    def __init__(self, config, vocabulary_size):
        super().__init__()
        embedding, hidden = config["embeddingSize"], config["hiddenSize"]
        options = {"num_layers": 2, "batch_first": True, "dropout": config["dropout"]}
        self.source, self.target = (nn.Embedding(vocabulary_size, embedding) for _ in range(2))
        self.scale = math.sqrt(embedding)
        self.encoder = nn.LSTM(embedding, hidden, **options)
        self.decoder = nn.LSTM(embedding, hidden, **options)
        self.score = nn.Linear(hidden, hidden, bias=False)
        self.combine = nn.Linear(2 * hidden, hidden)
        self.output = nn.Linear(hidden, vocabulary_size)
        self.drop = nn.Dropout(config["dropout"])

    def encode(self, tokens, lengths):
        mask = (torch.arange(tokens.shape[1]) < lengths[:, None])[:, None]
        packed = nn.utils.rnn.pack_padded_sequence(
            self.drop(self.scale * self.source(tokens)), lengths, batch_first=True, enforce_sorted=False
        )
        output, state = self.encoder(packed)
        memory = nn.utils.rnn.pad_packed_sequence(output, batch_first=True)[0]
        return (memory, state), mask

    def features(self, inputs, encoded, mask):
        memory, state = encoded
        hidden, _ = self.decoder(self.drop(self.scale * self.target(inputs)), state)
        logits = hidden @ self.score(memory).transpose(1, 2)
        weights = logits.masked_fill(~mask, -1e9).softmax(-1)
        return self.drop(torch.tanh(self.combine(torch.cat([hidden, weights @ memory], -1))))

    def project(self, features):
        return self.output(features)

    def parameter_count(self):
        # nn.LSTM has two biases, but one is enough.
        spare = sum(p.numel() for n, p in self.named_parameters() if "bias_hh" in n)
        return sum(p.numel() for p in self.parameters()) - spare
