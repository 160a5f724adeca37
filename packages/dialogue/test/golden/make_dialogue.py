"""Golden logits, attention and gradients of a small hierarchical encoder-decoder, written with PyTorch's layers.

python3 make_dialogue.py > dialogue.golden.json

PyTorch 2.13, in double precision. Weights have our names and shapes; a GRU's kernels are transposed for torch.nn.GRU.
Conversations are read one by one, without padding.
"""

import json

import torch
from torch import nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
VOCABULARY, EMBEDDING, HIDDEN, END, TURNS = 9, 3, 4, 2, 2
UNITS = 2 * HIDDEN
SOURCES = [[4, 5, 2, 6, 2, 7, 8, 3, 2], [8, 2, 3, 4, 2], [5, 6, 7]]
TARGETS = [[1, 5, 6, 3], [1, 7, 4, 8], [1, 3, 3, 5]]


def gru_shapes(name, inputs, units):
    return {
        f"{name}.inputKernel": (inputs, 3 * units),
        f"{name}.recurrentKernel": (units, 3 * units),
        f"{name}.bias": (3 * units,),
        f"{name}.candidateBias": (units,),
    }


SHAPES = {
    "words.target.table": (VOCABULARY, EMBEDDING),
    "words.outputBias": (VOCABULARY,),
    **gru_shapes("reader.layers.layers.0.forwards", EMBEDDING, HIDDEN),
    **gru_shapes("reader.layers.layers.0.backwards", EMBEDDING, HIDDEN),
    **gru_shapes("context.layers.0", UNITS, UNITS),
    **gru_shapes("decoder.layers.0", EMBEDDING + UNITS, HIDDEN),
    "decoder.attention.score.query.kernel": (HIDDEN, HIDDEN),
    "decoder.attention.score.memory.kernel": (UNITS, HIDDEN),
    "decoder.readout.combine.kernel": (HIDDEN + UNITS, EMBEDDING),
    "decoder.readout.combine.bias": (EMBEDDING,),
    "first.summary.kernel": (UNITS, HIDDEN),
    "first.summary.bias": (HIDDEN,),
}
w = {name: (0.6 * torch.randn(shape)).requires_grad_() for name, shape in sorted(SHAPES.items())}


def gru(names, x, first=None):
    """Runs a GRU, bidirectional with two names, over `[steps, size]`; its output and last states."""
    units = w[f"{names[0]}.recurrentKernel"].shape[0]
    made = nn.GRU(x.shape[-1], units, bidirectional=len(names) == 2)
    given = {}
    for name, suffix in zip(names, ["", "_reverse"]):
        candidate = torch.cat([torch.zeros(2 * units), w[f"{name}.candidateBias"]])
        given["weight_ih_l0" + suffix] = w[f"{name}.inputKernel"].T
        given["weight_hh_l0" + suffix] = w[f"{name}.recurrentKernel"].T
        given["bias_ih_l0" + suffix] = w[f"{name}.bias"]
        given["bias_hh_l0" + suffix] = candidate
    return torch.func.functional_call(made, given, (x, first))


def linear(name, x):
    return x @ w[f"{name}.kernel"] + w.get(f"{name}.bias", 0)


def embed(ids):
    # Scaled by sqrt(size), as in the Transformer.
    return EMBEDDING**0.5 * w["words.target.table"][ids]


def turns_in(source):
    turns = [[]]
    for token in source:
        turns[-1].append(token)
        if token == END:
            turns.append([])
    return [turn for turn in turns if turn]


def reply(source, target):
    names = ["reader.layers.layers.0.forwards", "reader.layers.layers.0.backwards"]
    read = [gru(names, embed(turn)) for turn in turns_in(source)]
    summaries = torch.stack([torch.cat([last[0], last[1]]) for _, last in read])
    context = gru(["context.layers.0"], summaries)[0][-1]
    memory = torch.cat([output for output, _ in read[-TURNS:]])
    first = torch.tanh(linear("first.summary", context))
    inputs = torch.cat([embed(target), context.expand(len(target), -1)], -1)
    states = gru(["decoder.layers.0"], inputs, first[None])[0]
    score = "decoder.attention.score"
    scores = linear(f"{score}.query", states) @ linear(f"{score}.memory", memory).T / HIDDEN**0.5
    weights = torch.softmax(scores, -1)
    features = torch.tanh(linear("decoder.readout.combine", torch.cat([states, weights @ memory], -1)))
    return features @ w["words.target.table"].T + w["words.outputBias"], weights


def flat(tensor):
    return {
        "shape": list(tensor.shape),
        "values": [round(v, 8) for v in tensor.detach().flatten().tolist()],
    }


replies = [reply(source, target) for source, target in zip(SOURCES, TARGETS)]
longest = max(weights.shape[1] for _, weights in replies)
logits = torch.stack([each for each, _ in replies])
attention = torch.stack(
    [nn.functional.pad(weights, (0, longest - weights.shape[1])) for _, weights in replies]
)
weighting = torch.randn(logits.shape)
(logits * weighting).sum().backward()
positions = max(map(len, SOURCES))
print(
    json.dumps(
        {
            "config": {"turns": TURNS, "end": END, "vocabularySize": VOCABULARY},
            "source": [source + [0] * (positions - len(source)) for source in SOURCES],
            "lengths": [len(source) for source in SOURCES],
            "target": TARGETS,
            "logits": flat(logits),
            "attention": flat(attention),
            "weighting": flat(weighting),
            "weights": {name: flat(value) for name, value in w.items()},
            "gradients": {name: flat(value.grad) for name, value in w.items()},
        }
    )
)
