"""The golden loss of words that are said of images, and its gradients, reimplemented in PyTorch.

python3 make_region_words.py > region-words.golden.json

PyTorch 2.13, in double precision.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
IMAGES, SIDE, CHANNELS, WORDS = 2, 4, 3, 3
POSITIONS = SIDE * SIDE

image_map = torch.randn(IMAGES, POSITIONS, CHANNELS)
shown = torch.tensor([[1.0, 0, 1], [0, 1, 0]])
kernel = torch.randn(CHANNELS, WORDS).requires_grad_()
bias = torch.randn(WORDS).requires_grad_()
x = image_map / image_map.square().mean(2, keepdim=True).sqrt()
scores = (x @ kernel + bias).transpose(1, 2).reshape(IMAGES, WORDS, SIDE, SIDE)
around = F.avg_pool2d(scores, 3, stride=1, padding=1, count_include_pad=False).flatten(2)
logits = torch.logsumexp(4 * around - math.log(POSITIONS), 2) / 4
loss = F.binary_cross_entropy_with_logits(logits, shown, reduction="none").mean(1)
loss.sum().backward()


def nested(tensor):
    return json.loads(json.dumps(tensor.tolist()), parse_float=lambda number: round(float(number), 7))


names = {"map": image_map, "shown": shown, "kernel": kernel, "bias": bias, "loss": loss}
gradients = {"kernelGradient": kernel.grad, "biasGradient": bias.grad}
print(json.dumps({name: nested(value) for name, value in {**names, **gradients}.items()}))
