"""Golden values of an LSTM: outputs, last states and every gradient, by torch.nn.LSTM.

python3 make_lstm.py > lstm.golden.json

PyTorch orders the gates input, forget, candidate, output and keeps `[4 * units, inputs]`; the file
holds our order and shape: input, candidate, forget, output, `[inputs + units, 4 * units]`.
"""

import json

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
BATCH, STEPS, INPUT, UNITS = 4, 6, 5, 8


def reorder(columns):
    i, f, g, o = columns.split(UNITS, -1)
    return torch.cat([i, g, f, o], -1)


def plain(tensor):
    return [round(v, 9) for v in tensor.detach().flatten().tolist()]


lstm = torch.nn.LSTM(INPUT, UNITS, batch_first=True)
with torch.no_grad():
    for parameter in lstm.parameters():
        parameter.normal_(0, 0.5)
    lstm.bias_hh_l0.zero_()
x = torch.randn(BATCH, STEPS, INPUT, requires_grad=True)
h = torch.randn(1, BATCH, UNITS, requires_grad=True)
c = torch.randn(1, BATCH, UNITS, requires_grad=True)
weighting = torch.randn(BATCH, STEPS, UNITS)

output, (last_h, last_c) = lstm(x, (h, c))
((output * weighting).sum() + (last_h**2).sum() + last_c.sin().sum()).backward()


def kernel(ih, hh):
    return reorder(torch.cat([ih.T, hh.T]))


print(
    json.dumps(
        {
            "input": plain(x),
            "h": plain(h),
            "c": plain(c),
            "kernel": plain(kernel(lstm.weight_ih_l0, lstm.weight_hh_l0)),
            "bias": plain(reorder(lstm.bias_ih_l0)),
            "weighting": plain(weighting),
            "output": plain(output),
            "lastH": plain(last_h),
            "lastC": plain(last_c),
            "gradients": {
                "input": plain(x.grad),
                "h": plain(h.grad),
                "c": plain(c.grad),
                "kernel": plain(kernel(lstm.weight_ih_l0.grad, lstm.weight_hh_l0.grad)),
                "bias": plain(reorder(lstm.bias_ih_l0.grad)),
            },
        }
    )
)
