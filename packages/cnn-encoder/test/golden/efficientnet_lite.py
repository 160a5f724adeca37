"""EfficientNet-Lite in plain PyTorch, with the names of efficientnet-lite-pytorch, for golden values and
speed comparisons."""

import math

import torch
from torch import nn
from torch.nn import functional as F

STAGES = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]


class SameConv(nn.Conv2d):
    """TensorFlow's 'same' padding: the odd pixel at the bottom right."""

    def forward(self, x):
        pads = []
        for size, k, s in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            total = max((math.ceil(size / s) - 1) * s + k - size, 0)
            pads += [total // 2, total - total // 2]
        # Symmetric padding is done by the convolution itself, which is faster.
        if pads[0] == pads[1] and pads[2] == pads[3]:
            return F.conv2d(x, self.weight, self.bias, self.stride, (pads[2], pads[0]), 1, self.groups)
        return F.conv2d(F.pad(x, pads), self.weight, self.bias, self.stride, 0, 1, self.groups)


def conv(i, o, k=1, s=1, groups=1):
    return SameConv(i, o, k, s, groups=groups, bias=False)


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    def __init__(self, expansion, k, s, i, o):
        super().__init__()
        wide = i * expansion
        self.expands, self.residual = expansion != 1, s == 1 and i == o
        if self.expands:
            self._expand_conv, self._bn0 = conv(i, wide), norm(wide)
        self._depthwise_conv, self._bn1 = conv(wide, wide, k, s, wide), norm(wide)
        self._project_conv, self._bn2 = conv(wide, o), norm(o)

    def forward(self, inputs):
        x = F.relu6(self._bn0(self._expand_conv(inputs))) if self.expands else inputs
        x = F.relu6(self._bn1(self._depthwise_conv(x)))
        x = self._bn2(self._project_conv(x))
        return x + inputs if self.residual else x


class Net(nn.Module):
    """stages as in STAGES; the published model has stem 32, head 1280, 1000 classes."""

    def __init__(self, stages=STAGES, stem=32, head=1280, classes=1000):
        super().__init__()
        self._conv_stem, self._bn0 = conv(3, stem, 3, 2), norm(stem)
        blocks, i = [], stem
        for expansion, k, s, o, repeats in stages:
            for r in range(repeats):
                blocks.append(Block(expansion, k, s if r == 0 else 1, i, o))
                i = o
        self._blocks = nn.ModuleList(blocks)
        self._conv_head, self._bn1 = conv(i, head), norm(head)
        self._fc = nn.Linear(head, classes)

    def features(self, x):
        x = F.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        return F.relu6(self._bn1(self._conv_head(x)))

    def forward(self, x):
        return self._fc(self.features(x).mean((2, 3)))


def fold(net):
    """Folds batch norm into the convolutions, in place."""
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    pairs = {"_conv_stem": "_bn0", "_conv_head": "_bn1", "_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2"}
    for module in net.modules():
        for conv_name, norm_name in pairs.items():
            if hasattr(module, conv_name):
                c, n = getattr(module, conv_name), getattr(module, norm_name)
                c.weight, c.bias = fuse_conv_bn_weights(c.weight, c.bias, n.running_mean, n.running_var, n.eps, n.weight, n.bias)
                setattr(module, norm_name, nn.Identity())
    return net
