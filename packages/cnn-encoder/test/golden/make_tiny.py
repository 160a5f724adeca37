"""Writes tiny.golden.json: a tiny EfficientNet-Lite with its weights, and PyTorch's results in eval mode
(frozen statistics) and in train mode (batch statistics).  python make_tiny.py"""

import json
from pathlib import Path

import torch
from torch import nn

from efficientnet_lite import Net

torch.manual_seed(7)
# expansion, kernel, stride, channels, repeats; the last one adds its input.
stages = [(1, 3, 1, 8, 1), (2, 5, 2, 10, 1), (2, 3, 1, 10, 1)]
net = Net(stages, stem=8, head=12, classes=5).double()
for module in net.modules():
    if isinstance(module, nn.BatchNorm2d):
        nn.init.uniform_(module.weight, 1, 5)  # wide enough for ReLU6 to clip
        nn.init.normal_(module.bias, 0.5, 1)
        nn.init.normal_(module.running_mean, 0, 0.3)
        nn.init.uniform_(module.running_var, 0.3, 2)
for tensor in net.state_dict().values():
    if tensor.is_floating_point():
        tensor.copy_(tensor.float())  # exact in float32
weights = {k: {"shape": list(v.shape), "values": v.flatten().tolist()} for k, v in net.state_dict().items() if v.is_floating_point()}
x = torch.sin(0.1 * torch.arange(2 * 14 * 14 * 3, dtype=torch.float64)).reshape(2, 14, 14, 3)

watched = ["_conv_stem.weight", "_blocks.1._depthwise_conv.weight", "_blocks.1._bn1.weight", "_blocks.2._bn2.bias", "_conv_head.weight"]
running = ["_bn0.running_mean", "_blocks.1._bn1.running_var", "_bn1.running_var"]


def run():
    net.zero_grad()
    features = net.features(x.permute(0, 3, 1, 2))
    features.square().mean().backward()
    parameters = dict(net.named_parameters())
    clipped = (features == 6).double().mean().item()
    assert 0.001 < clipped < 0.5, clipped
    return {
        "map": features.permute(0, 2, 3, 1).flatten(1, 2).tolist(),
        "logits": net._fc(features.mean((2, 3))).tolist(),
        "gradients": {name: {"shape": list(parameters[name].shape), "values": parameters[name].grad.flatten().tolist()} for name in watched},
    }


net.eval()
frozen = run()
net.train()
batch = run()
batch["running"] = {name: net.state_dict()[name].tolist() for name in running}


def short(value):
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, list):
        return [short(v) for v in value]
    return {k: short(v) for k, v in value.items()} if isinstance(value, dict) else value


golden = {"stages": stages, "weights": weights, "frozen": frozen, "batch": batch}
Path(__file__).with_name("tiny.golden.json").write_text(json.dumps(short(golden), separators=(",", ":")) + "\n")
