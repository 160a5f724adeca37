"""Golden values: logits, attention and gradients of small Transformers, in double precision.

python3 make_transformer.py > transformer.golden.json

Layers are torch.nn.TransformerEncoderLayer and TransformerDecoderLayer; for rotary positions, which PyTorch
lacks, attention is reimplemented. Weights have our names, shapes and order.
"""

import json
import math

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
VOCABULARY, SIZE, HEADS, INNER, LAYERS = 11, 8, 2, 12, 2
SOURCE, SOURCE_LENGTHS, TARGET = [[4, 5, 6, 7], [8, 9, 0, 0]], [4, 2], [[1, 5, 10], [1, 4, 6]]


def flat(tensor):
    return {"shape": list(tensor.shape), "values": [round(v, 7) for v in tensor.detach().flatten().tolist()]}


def waves(steps, size):
    angles = torch.arange(steps)[:, None] / 10000 ** (2 * torch.arange(size // 2) / size)
    return angles.sin(), angles.cos()


def turn(x):
    """[rows, heads, steps, head size]"""
    sin, cos = waves(x.shape[2], x.shape[3])
    left, right = x.chunk(2, -1)
    return torch.cat([left * cos - right * sin, left * sin + right * cos], -1)


def attend(own, query, memory, allowed, rotary):
    """torch.nn.MultiheadAttention, reimplemented."""
    def split(x):
        return x.unflatten(-1, (HEADS, SIZE // HEADS)).transpose(1, 2)

    wq, wk, wv = own.in_proj_weight.chunk(3)
    bq, bk, bv = own.in_proj_bias.chunk(3)
    q, k, v = split(F.linear(query, wq, bq)), split(F.linear(memory, wk, bk)), split(F.linear(memory, wv, bv))
    if rotary:
        q, k = turn(q), turn(k)
    logits = (q @ k.transpose(2, 3) / math.sqrt(SIZE // HEADS)).masked_fill(~allowed, -math.inf)
    weights = logits.softmax(-1)
    return own.out_proj((weights @ v).transpose(1, 2).flatten(2)), weights


class Model(nn.Module):
    def __init__(self, norm, positions, activation):
        super().__init__()
        options = {"dropout": 0.0, "batch_first": True, "norm_first": norm == "pre", "activation": activation}
        self.positions, self.pre = positions, norm == "pre"
        self.table = nn.Embedding(VOCABULARY, SIZE)
        self.learned = nn.Embedding(6, SIZE) if positions == "learned" else None
        self.encoder = nn.ModuleList([nn.TransformerEncoderLayer(SIZE, HEADS, INNER, **options) for _ in range(LAYERS)])
        self.decoder = nn.ModuleList([nn.TransformerDecoderLayer(SIZE, HEADS, INNER, **options) for _ in range(LAYERS)])
        self.norms = nn.ModuleList([nn.LayerNorm(SIZE) for _ in range(2)]) if self.pre else None
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.5)

    def embed(self, tokens):
        x = self.table(tokens) * math.sqrt(SIZE)
        if self.positions == "sinusoidal":
            x = x + torch.cat(waves(tokens.shape[1], SIZE), 1)
        if self.positions == "learned":
            x = x + self.learned.weight[: tokens.shape[1]]
        return x

    def forward(self, source, lengths, target):
        allowed = (torch.arange(source.shape[1]) < lengths[:, None])[:, None, None]
        causal = torch.ones(target.shape[1], target.shape[1]).tril().bool()
        rotary = self.positions == "rotary"
        x, y = self.embed(source), self.embed(target)
        for layer in self.encoder:
            if rotary:
                x = self.residual(x, layer.norm1, lambda z: attend(layer.self_attn, z, z, allowed, True)[0])
                x = self.residual(x, layer.norm2, layer._ff_block)
            else:
                x = layer(x, src_key_padding_mask=~allowed[:, 0, 0])
        x = self.norms[0](x) if self.pre else x
        weights = None
        for layer in self.decoder:
            if weights is None:  # Of the penultimate layer, here the first.
                said = self.residual(y, layer.norm1, lambda z: attend(layer.self_attn, z, z, causal, rotary)[0])
                query = layer.norm2(said) if self.pre else said
                weights = attend(layer.multihead_attn, query, x, allowed, False)[1].mean(1)
            if rotary:
                y = self.residual(y, layer.norm1, lambda z: attend(layer.self_attn, z, z, causal, True)[0])
                y = self.residual(y, layer.norm2, lambda z: attend(layer.multihead_attn, z, x, allowed, False)[0])
                y = self.residual(y, layer.norm3, layer._ff_block)
            else:
                y = layer(y, x, tgt_mask=~causal, memory_key_padding_mask=~allowed[:, 0, 0])
        y = self.norms[1](y) if self.pre else y
        return y @ self.table.weight.T + self.bias, weights

    def residual(self, x, norm, part):
        return x + part(norm(x)) if self.pre else norm(x + part(x))


def named(model, of):
    """Each tensor under our name; `of` gives the parameter or its gradient."""
    result = {"source.table": of(model.table.weight), "outputBias": of(model.bias)}
    if model.learned is not None:
        result["positions.table.table"] = of(model.learned.weight)

    def linear(name, layer):
        result[f"{name}.kernel"], result[f"{name}.bias"] = of(layer.weight).T, of(layer.bias)

    def norm(name, layer):
        result[f"{name}.scale"], result[f"{name}.offset"] = of(layer.weight), of(layer.bias)

    def attention(name, layer):
        weight, bias = of(layer.in_proj_weight), of(layer.in_proj_bias)
        result[f"{name}.query.kernel"], result[f"{name}.query.bias"] = weight[:SIZE].T, bias[:SIZE]
        result[f"{name}.memory.kernel"], result[f"{name}.memory.bias"] = weight[SIZE:].T, bias[SIZE:]
        linear(f"{name}.output", layer.out_proj)

    for side, layers in ("encoder", model.encoder), ("decoder", model.decoder):
        for i, layer in enumerate(layers):
            at = f"{side}.{i}"
            attention(f"{at}.attention", layer.self_attn)
            norm(f"{at}.attentionResidual.norm", layer.norm1)
            if side == "decoder":
                attention(f"{at}.cross", layer.multihead_attn)
                norm(f"{at}.crossResidual.norm", layer.norm2)
            linear(f"{at}.feedForward.inner", layer.linear1)
            linear(f"{at}.feedForward.outer", layer.linear2)
            norm(f"{at}.feedForwardResidual.norm", layer.norm3 if side == "decoder" else layer.norm2)
    for name, layer in zip(("encoderNorm", "decoderNorm"), model.norms or ()):
        norm(name, layer)
    return {name: flat(tensor) for name, tensor in result.items()}


def case(norm, positions, activation):
    torch.manual_seed(0)
    model = Model(norm, positions, activation)
    logits, attention = model(torch.tensor(SOURCE), torch.tensor(SOURCE_LENGTHS), torch.tensor(TARGET))
    weighting = torch.randn_like(logits)
    (logits * weighting).sum().backward()
    return {
        "config": {
            "sourceVocabularySize": VOCABULARY, "targetVocabularySize": VOCABULARY, "size": SIZE, "heads": HEADS,
            "feedForwardSize": INNER, "encoderLayers": LAYERS, "decoderLayers": LAYERS, "norm": norm,
            "positions": positions, "activation": activation, "maxPositions": 6, "dropout": 0,
        },
        "source": SOURCE, "lengths": SOURCE_LENGTHS, "target": TARGET,
        "logits": flat(logits), "attention": flat(attention), "weighting": flat(weighting),
        "weights": named(model, lambda p: p),
        "gradients": named(model, lambda p: p.grad),
    }


if __name__ == "__main__":
    print(json.dumps([
        case("pre", "sinusoidal", "relu"), case("post", "learned", "gelu"), case("pre", "rotary", "gelu"),
    ]))
