"""Golden values: logits, attention and gradients of a small ConvS2S, in double precision.

python3 make_convs2s.py > convs2s.golden.json

Convolutions are torch.nn.Conv1d, gates torch.nn.functional.glu; the rest implements Gehring et al. 2017, section 3.
Weights have our names and shapes.
"""

import json
import math

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
VOCABULARY, EMBEDDING, SIZES, LAYERS, WIDTH, PLACES = 11, 6, {"encoder": 4, "decoder": 8}, 2, 3, 7
SOURCE, SOURCE_LENGTHS, TARGET = [[4, 5, 6, 7], [8, 9, 0, 0]], [4, 2], [[1, 5, 10, 3], [1, 4, 6, 7]]
HALF = math.sqrt(0.5)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        convolution = lambda size: nn.Conv1d(size, 2 * size, WIDTH)  # noqa: E731
        e, d = SIZES["encoder"], SIZES["decoder"]
        self.tables = nn.ModuleDict({side: nn.Embedding(VOCABULARY, EMBEDDING) for side in ("source", "target")})
        self.places = nn.ModuleDict({side: nn.Embedding(PLACES, EMBEDDING) for side in ("source", "target")})
        self.encoder_input, self.encoder_output = nn.Linear(EMBEDDING, e), nn.Linear(e, EMBEDDING)
        self.encoder = nn.ModuleList([convolution(e) for _ in range(LAYERS)])
        self.decoder_input, self.decoder_output = nn.Linear(EMBEDDING, d), nn.Linear(d, EMBEDDING)
        self.decoder = nn.ModuleList([convolution(d) for _ in range(LAYERS)])
        self.queries = nn.ModuleList([nn.Linear(d, EMBEDDING) for _ in range(LAYERS)])
        self.contexts = nn.ModuleList([nn.Linear(EMBEDDING, d) for _ in range(LAYERS)])
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.5)

    def embed(self, side, tokens):
        return self.tables[side](tokens) + self.places[side].weight[: tokens.shape[1]]

    def gated(self, convolution, x, before, after):
        """x: [rows, steps, size]"""
        return F.glu(convolution(F.pad(x.transpose(1, 2), (before, after))).transpose(1, 2), -1)

    def forward(self, source, lengths, target):
        within = torch.arange(source.shape[1]) < lengths[:, None]
        words = self.embed("source", source)
        h = self.encoder_input(words)
        for convolution in self.encoder:
            h = (self.gated(convolution, h * within[:, :, None], 1, 1) + h) * HALF
        keys = self.encoder_output(h)
        values = (keys + words) * HALF
        said = self.embed("target", target)
        g = self.decoder_input(said)
        for convolution, query, context in zip(self.decoder, self.queries, self.contexts):
            seen = self.gated(convolution, g, WIDTH - 1, 0)
            scores = ((query(seen) + said) * HALF) @ keys.transpose(1, 2)
            weights = scores.masked_fill(~within[:, None], -math.inf).softmax(-1)
            looked = context(weights @ values * lengths.sqrt()[:, None, None])
            g = ((seen + looked) * HALF + g) * HALF
        return self.decoder_output(g) @ self.tables["target"].weight.T + self.bias, weights


def named(model, of):
    """Each tensor under our name; `of` gives the parameter or its gradient."""
    result = {"outputBias": of(model.bias)}
    for side in "source", "target":
        result[f"{side}.words.table"] = of(model.tables[side].weight)
        result[f"{side}.places.table"] = of(model.places[side].weight)

    def linear(name, layer):
        result[f"{name}.kernel"], result[f"{name}.bias"] = of(layer.weight).T, of(layer.bias)

    def convolution(name, layer):
        # [2 size, size, width] -> [width size, 2 size]
        result[f"{name}.kernel"] = of(layer.weight).permute(2, 1, 0).flatten(0, 1)
        result[f"{name}.bias"] = of(layer.bias)

    linear("encoder.input", model.encoder_input)
    linear("encoder.output", model.encoder_output)
    linear("decoderInput", model.decoder_input)
    linear("decoderOutput", model.decoder_output)
    for i in range(LAYERS):
        convolution(f"encoder.convolutions.{i}.window", model.encoder[i])
        convolution(f"decoder.{i}.convolution.window", model.decoder[i])
        linear(f"decoder.{i}.query", model.queries[i])
        linear(f"decoder.{i}.context", model.contexts[i])
    return {name: flat(tensor) for name, tensor in result.items()}


def flat(tensor):
    return {"shape": list(tensor.shape), "values": [round(v, 7) for v in tensor.detach().flatten().tolist()]}


torch.manual_seed(1)
model = Model()
logits, attention = model(torch.tensor(SOURCE), torch.tensor(SOURCE_LENGTHS, dtype=torch.float64), torch.tensor(TARGET))
weighting = torch.randn_like(logits)
(logits * weighting).sum().backward()
layers = {side: {"layers": LAYERS, "size": size, "width": WIDTH} for side, size in SIZES.items()}
print(json.dumps({
    "config": {
        "sourceVocabularySize": VOCABULARY, "targetVocabularySize": VOCABULARY, "embeddingSize": EMBEDDING,
        **layers, "maxPositions": PLACES, "dropout": 0,
    },
    "source": SOURCE, "lengths": SOURCE_LENGTHS, "target": TARGET,
    "logits": flat(logits), "attention": flat(attention), "weighting": flat(weighting),
    "weights": named(model, lambda parameter: parameter), "gradients": named(model, lambda parameter: parameter.grad),
}))
