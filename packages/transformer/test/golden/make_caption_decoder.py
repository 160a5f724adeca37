"""Golden values: logits, attention and gradients of small caption decoders, in double precision.

python3 make_caption_decoder.py > caption-decoder.golden.json

Images are those of test/support/image-model.ts. Layers are PyTorch's, see make_transformer.py.
"""

import json
import math

import torch
import torch.nn.functional as F
from make_transformer import HEADS, INNER, LAYERS, SIZE, Model, flat, named, waves
from torch import nn

VOCABULARY = CHANNELS = 13
POSITIONS, SIDE = 5, 3
SOURCE, LENGTHS, TARGET = [[4, 5, 6, 7], [8, 9, 0, 0]], [4, 2], [[1, 5, 10], [1, 4, 6]]


def images():
    shown = F.one_hot(torch.tensor(SOURCE), CHANNELS).double()
    shown = shown * (torch.arange(4) < torch.tensor(LENGTHS)[:, None])[..., None]
    return F.pad(shown, (0, 0, 0, POSITIONS - 4))


class CaptionDecoder(Model):
    def __init__(self, norm, positions, activation, encoder_layers, object_words):
        super().__init__(norm, positions, activation)
        self.table, self.bias = nn.Embedding(VOCABULARY, SIZE), nn.Parameter(torch.zeros(VOCABULARY))
        self.encoder = self.encoder[:encoder_layers]
        self.norms = nn.ModuleList([nn.LayerNorm(SIZE) for _ in range(2 if self.pre else 1)])
        self.image = nn.Linear(CHANNELS, SIZE)
        self.objects = object_words
        if object_words:
            self.query, self.gate = nn.Linear(SIZE, SIZE), nn.Linear(2 * SIZE + 1, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.5)

    def forward(self, image, target):
        along = torch.cat(waves(SIDE, SIZE // 2), 1)
        grid = torch.stack([torch.cat([along[p // SIDE], along[p % SIDE]]) for p in range(POSITIONS)])
        x, y = self.image(image) + grid, self.embed(target)
        for layer in self.encoder:
            x = layer(x)
        x = self.norms[0](x)
        causal = ~torch.ones(target.shape[1], target.shape[1]).tril().bool()
        for layer in self.decoder:
            last = y
            y = layer(y, x, tgt_mask=causal)
        # Of the last layer, as the mean over its heads.
        said = self.residual(last, layer.norm1, lambda z: layer.self_attn(z, z, z, attn_mask=causal)[0])
        query = layer.norm2(said) if self.pre else said
        weights = layer.multihead_attn(query, x, x, average_attn_weights=True)[1]
        y = self.norms[1](y) if self.pre else y
        logits = y @ self.table.weight.T + self.bias
        return (self.mixed(y, logits, image) if self.objects else logits), weights

    def mixed(self, y, logits, image):
        """(1 - g) softmax(logits) + g pointer, as logarithms."""
        seen = (0.2 * image.sum(1)[:, 4 : 4 + self.objects] + 0.01).log()[:, None]
        names = self.table.weight[-self.objects :]
        scores = self.query(y) @ names.T / math.sqrt(SIZE) + seen
        pointer = scores.softmax(-1)
        gate = torch.sigmoid(self.gate(torch.cat([y, pointer @ names, scores.logsumexp(-1, True)], -1)))
        written = (1 - gate) * logits.softmax(-1)
        copied = F.pad(gate * pointer, (VOCABULARY - self.objects, 0))
        return (written + copied).log()


def parameters(model, of):
    renamed = {"source.table": "embedding.table"}
    result = {
        renamed.get(name, name.replace("encoderNorm", "imageNorm")): value
        for name, value in named(model, of).items()
    }
    linear = {"image": model.image}
    if model.objects:
        linear |= {"copy.query": model.query, "copy.gate": model.gate}
    for name, layer in linear.items():
        result |= {f"{name}.kernel": flat(of(layer.weight).T), f"{name}.bias": flat(of(layer.bias))}
    return result


def case(norm, positions, activation, encoder_layers, object_words):
    torch.manual_seed(0)
    model = CaptionDecoder(norm, positions, activation, encoder_layers, object_words)
    logits, attention = model(images(), torch.tensor(TARGET))
    weighting = torch.randn_like(logits)
    (logits * weighting).sum().backward()
    return {
        "config": {
            "vocabularySize": VOCABULARY, "objectWords": object_words, "size": SIZE, "heads": HEADS,
            "feedForwardSize": INNER, "encoderLayers": encoder_layers, "decoderLayers": LAYERS, "norm": norm,
            "positions": positions, "activation": activation, "maxPositions": 6, "dropout": 0, "attentionDropout": 0,
        },
        "source": SOURCE, "lengths": LENGTHS, "target": TARGET,
        "logits": flat(logits), "attention": flat(attention), "weighting": flat(weighting),
        "weights": parameters(model, lambda p: p),
        "gradients": parameters(model, lambda p: p.grad),
    }


print(json.dumps([case("pre", "sinusoidal", "relu", 1, 3), case("post", "learned", "gelu", 0, 0)]))
