"""Golden logits, attention and gradients of small encoder-decoders, reimplemented with PyTorch's layers.

python3 make_seq2seq.py > seq2seq.golden.json

PyTorch 2.13, in double precision. Weights have our names and shapes; for torch.nn.LSTM, torch.nn.GRU,
torch.lstm_cell and torch.gru_cell, kernels are transposed and LSTM gates reordered.
"""

import json

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
VOCABULARY, EMBEDDING, HIDDEN, ROWS, POSITIONS, STEPS = 9, 3, 4, 3, 5, 4
LENGTHS = torch.tensor([5, 2, 3])
MASK = torch.arange(POSITIONS)[None] < LENGTHS[:, None]


def plain(tensor):
    return [round(v, 7) for v in tensor.detach().flatten().tolist()]


def lstm_shapes(name, inputs):
    return {f"{name}.kernel": (inputs + HIDDEN, 4 * HIDDEN), f"{name}.bias": (4 * HIDDEN,)}


def gru_shapes(name, inputs):
    return {
        f"{name}.inputKernel": (inputs, 3 * HIDDEN),
        f"{name}.recurrentKernel": (HIDDEN, 3 * HIDDEN),
        f"{name}.bias": (3 * HIDDEN,),
        f"{name}.candidateBias": (HIDDEN,),
    }


def linear_shapes(name, inputs, outputs):
    return {f"{name}.kernel": (inputs, outputs), f"{name}.bias": (outputs,)}


def embedding_shapes():
    return {f"words.{side}.table": (VOCABULARY, EMBEDDING) for side in ["source", "target"]}


class Weights(dict):
    def linear(self, name, x):
        return x @ self[f"{name}.kernel"] + self.get(f"{name}.bias", 0)

    def torch_weights(self, name):
        """Weights of a cell in PyTorch's layout: of the input, of the state, and the two biases."""
        if f"{name}.inputKernel" in self:
            bias = self[f"{name}.bias"]
            candidate = self[f"{name}.candidateBias"]
            of_state = torch.cat([torch.zeros(2 * HIDDEN), candidate])
            return self[f"{name}.inputKernel"].T, self[f"{name}.recurrentKernel"].T, bias, of_state

        def order(t):
            i, g, f, o = t.split(HIDDEN, -1)
            return torch.cat([i, f, g, o], -1)

        kernel, bias = order(self[f"{name}.kernel"]), order(self[f"{name}.bias"])
        return kernel[:-HIDDEN].T, kernel[-HIDDEN:].T, bias, torch.zeros_like(bias)

    def read(self, cell, names, x):
        """A layer over padded sources, bidirectional with two names; its output and last states."""
        made = cell(x.shape[-1], HIDDEN, batch_first=True, bidirectional=len(names) == 2)
        fields = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
        given = {
            field + suffix: value
            for name, suffix in zip(names, ["", "_reverse"])
            for field, value in zip(fields, self.torch_weights(name))
        }
        packed = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
        output, last = torch.func.functional_call(made, given, (packed,))
        return pad_packed_sequence(output, batch_first=True, total_length=POSITIONS)[0], last

    def step(self, name, x, state):
        weights = self.torch_weights(name)
        if f"{name}.inputKernel" in self:
            return torch.gru_cell(x, state, *weights)
        return torch.lstm_cell(x, state, *weights)


def attend(scores, memory):
    weights = torch.softmax(scores.masked_fill(~MASK, -torch.inf), -1)
    return (weights[:, None] @ memory)[:, 0], weights


def additive(w, query, keys):
    return torch.tanh(w.linear("decoder.attention.score.query", query)[:, None] + keys) @ w[
        "decoder.attention.score.vector"
    ].squeeze(-1)


def bahdanau(w, source, target):
    names = ["reader.layers.layers.0.forwards", "reader.layers.layers.0.backwards"]
    memory, last = w.read(nn.GRU, names, source)
    keys = w.linear("decoder.attention.score.memory", memory)
    h = torch.tanh(w.linear("first.summary", torch.cat([last[0], last[1]], -1)))
    features, attention = [], []
    for word in target.unbind(1):
        context, weights = attend(additive(w, h, keys), memory)
        h = w.step("decoder.layers.0", torch.cat([word, context], -1), h)
        sums = w.linear("decoder.readout.combine", torch.cat([h, context, word], -1))
        features.append(torch.maximum(*sums.chunk(2, -1)))
        attention.append(weights)
    return torch.stack(features, 1), torch.stack(attention, 1)


def luong(w, source, target):
    """Two LSTMs, general score, input feeding; the source is reversed."""
    flipped = torch.stack([torch.cat([x[:n].flip(0), x[n:]]) for x, n in zip(source, LENGTHS)])
    states = []
    for layer in range(2):
        flipped, (h, c) = w.read(nn.LSTM, [f"reader.layers.layers.{layer}"], flipped)
        states.append((h[0], c[0]))
    memory = torch.stack([torch.cat([x[:n].flip(0), x[n:]]) for x, n in zip(flipped, LENGTHS)])
    keys = w.linear("decoder.attention.score.memory", memory)
    fed = torch.zeros(ROWS, HIDDEN)
    features, attention = [], []
    for word in target.unbind(1):
        x = torch.cat([word, fed], -1)
        for layer in range(2):
            states[layer] = w.step(f"decoder.layers.{layer}", x, states[layer])
            x = states[layer][0]
        context, weights = attend((keys @ x[..., None])[..., 0], memory)
        fed = torch.tanh(w.linear("decoder.readout.combine", torch.cat([x, context], -1)))
        features.append(fed)
        attention.append(weights)
    return torch.stack(features, 1), torch.stack(attention, 1)


def gnmt(w, source, target):
    """Three layers, the encoder's lowest bidirectional; states are copied, the backward one of the lowest."""
    names = ["reader.layers.layers.0.forwards", "reader.layers.layers.0.backwards"]
    x, (h, c) = w.read(nn.LSTM, names, source)
    states = [(h[1], c[1])]
    for layer in [1, 2]:
        y, (h, c) = w.read(nn.LSTM, [f"reader.layers.layers.{layer}"], x)
        x = x + y if layer == 2 else y
        states.append((h[0], c[0]))
    memory, keys = x, w.linear("decoder.attention.score.memory", x)
    features, attention = [], []
    for word in target.unbind(1):
        states[0] = w.step("decoder.layers.0", word, states[0])
        x = states[0][0]
        context, weights = attend(additive(w, x, keys), memory)
        for layer in [1, 2]:
            states[layer] = w.step(f"decoder.layers.{layer}", torch.cat([x, context], -1), states[layer])
            x = x + states[layer][0] if layer == 2 else states[layer][0]
        features.append(x)
        attention.append(weights)
    return torch.stack(features, 1), torch.stack(attention, 1)


def score_shapes(memory):
    return {
        "decoder.attention.score.query.kernel": (HIDDEN, HIDDEN),
        **linear_shapes("decoder.attention.score.memory", memory, HIDDEN),
        "decoder.attention.score.vector": (HIDDEN, 1),
    }


MODELS = {
    "bahdanau": (
        bahdanau,
        {
            **gru_shapes("reader.layers.layers.0.forwards", EMBEDDING),
            **gru_shapes("reader.layers.layers.0.backwards", EMBEDDING),
            **gru_shapes("decoder.layers.0", EMBEDDING + 2 * HIDDEN),
            **score_shapes(2 * HIDDEN),
            **linear_shapes("decoder.readout.combine", 3 * HIDDEN + EMBEDDING, 2 * HIDDEN),
            **linear_shapes("first.summary", 2 * HIDDEN, HIDDEN),
        },
    ),
    "luong": (
        luong,
        {
            **lstm_shapes("reader.layers.layers.0", EMBEDDING),
            **lstm_shapes("reader.layers.layers.1", HIDDEN),
            **lstm_shapes("decoder.layers.0", EMBEDDING + HIDDEN),
            **lstm_shapes("decoder.layers.1", HIDDEN),
            "decoder.attention.score.memory.kernel": (HIDDEN, HIDDEN),
            **linear_shapes("decoder.readout.combine", 2 * HIDDEN, HIDDEN),
        },
    ),
    "gnmt": (
        gnmt,
        {
            **lstm_shapes("reader.layers.layers.0.forwards", EMBEDDING),
            **lstm_shapes("reader.layers.layers.0.backwards", EMBEDDING),
            **lstm_shapes("reader.layers.layers.1", 2 * HIDDEN),
            **lstm_shapes("reader.layers.layers.2", HIDDEN),
            **lstm_shapes("decoder.layers.0", EMBEDDING),
            **lstm_shapes("decoder.layers.1", 2 * HIDDEN),
            **lstm_shapes("decoder.layers.2", 2 * HIDDEN),
            **score_shapes(HIDDEN),
        },
    ),
}


def case(name):
    forward, shapes = MODELS[name]
    shapes = {**embedding_shapes(), **shapes, **linear_shapes("words.output", HIDDEN, VOCABULARY)}
    w = Weights(
        {key: (0.6 * torch.randn(shape)).requires_grad_() for key, shape in sorted(shapes.items())}
    )
    # Embeddings are scaled by sqrt(size), as in the Transformer.
    words = [EMBEDDING**0.5 * w[f"words.{side}.table"][ids] for side, ids in [("source", source), ("target", target)]]
    features, attention = forward(w, *words)
    logits = w.linear("words.output", features)
    loss = F.cross_entropy(logits.flatten(0, 1), expected.flatten())
    loss.backward()
    return {
        "preset": name,
        "weights": {key: plain(value) for key, value in w.items()},
        "logits": plain(logits),
        "attention": plain(attention),
        "loss": loss.item(),
        "gradients": {key: plain(value.grad) for key, value in w.items()},
    }


source = torch.randint(0, VOCABULARY, (ROWS, POSITIONS))
target = torch.randint(0, VOCABULARY, (ROWS, STEPS))
expected = torch.randint(0, VOCABULARY, (ROWS, STEPS))
print(
    json.dumps(
        {
            "source": source.flatten().tolist(),
            "lengths": LENGTHS.tolist(),
            "target": target.flatten().tolist(),
            "expected": expected.flatten().tolist(),
            "cases": [case(name) for name in MODELS],
        }
    )
)
