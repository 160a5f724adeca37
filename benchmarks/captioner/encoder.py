"""EfficientNet-Lite as packages/cnn-encoder has it, for inference: batch norm folded into the convolutions."""

import math

import torch
import torch.nn.functional as F
from torch import nn

# Expansion, kernel, stride, channels, repeats (Tan & Le 2019, table 1).
STAGES = [
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
]
EPSILON = 1e-3


class Convolution(nn.Module):
    """Convolution with TensorFlow's padding ('same': the odd pixel at the bottom right), then ReLU6."""

    def __init__(self, weights, name, stride=1, depthwise=False, relu6=True):
        super().__init__()
        norm = {key: weights[f"{name}.norm.{key}"] for key in ("scale", "offset", "mean", "variance")}
        factor = norm["scale"] / torch.sqrt(norm["variance"] + EPSILON)
        # [k, k, in, out] -> [out, in, k, k]; depthwise [k, k, channels, 1] -> [channels, 1, k, k].
        kernel = weights[f"{name}.kernel"].permute((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        self.weight = nn.Parameter((kernel * factor[:, None, None, None]).contiguous())
        self.bias = nn.Parameter(norm["offset"] - norm["mean"] * factor)
        self.stride, self.groups, self.relu6 = stride, len(factor) if depthwise else 1, relu6

    def forward(self, x):
        size, kernel, stride = x.shape[-1], self.weight.shape[-1], self.stride
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        padding = total // 2
        if total % 2 == 1:
            x, padding = F.pad(x, (padding, padding + 1) * 2), 0
        x = F.conv2d(x, self.weight, self.bias, stride, padding, groups=self.groups)
        return F.relu6(x, inplace=True) if self.relu6 else x


class MobileBlock(nn.Module):
    """Inverted residual: expand, depthwise convolution, project, add the input."""

    def __init__(self, weights, name, expansion, stride, residual):
        super().__init__()
        layers = [
            Convolution(weights, f"{name}.depthwise", stride, depthwise=True),
            Convolution(weights, f"{name}.project", relu6=False),
        ]
        if expansion > 1:
            layers.insert(0, Convolution(weights, f"{name}.expand"))
        self.layers = nn.Sequential(*layers)
        self.residual = residual

    def forward(self, x):
        y = self.layers(x)
        return y.add_(x) if self.residual else y


class EfficientNetLite(nn.Module):
    """`weights`: our weights by name. `[batch, 3, size, size] -> [batch, positions, 1280]`"""

    def __init__(self, weights, variant):
        super().__init__()
        depth = (1.0, 1.1, 1.2)[variant]
        blocks = []
        for stage, (expansion, _, stride, _, repeats) in enumerate(STAGES):
            # The first and last stages keep their repeats.
            ends = stage in (0, len(STAGES) - 1)
            for i in range(repeats if ends else math.ceil(repeats * depth)):
                name = f"blocks.{len(blocks)}"
                blocks.append(MobileBlock(weights, name, expansion, stride if i == 0 else 1, i > 0))
        stem = Convolution(weights, "stem", stride=2)
        self.layers = nn.Sequential(stem, *blocks, Convolution(weights, "head"))

    def forward(self, images):
        return self.layers(images).flatten(2).transpose(1, 2)
