"""Golden values: outputs, last states and every gradient, in double precision.

python3 make_recurrent.py > recurrent.golden.json

`networks` are torch.nn.RNN, LSTM and GRU with packed lengths; `equations` are cells that PyTorch lacks,
from their papers' equations, differentiated by PyTorch. Weights have our names, shapes and order of
gates. Where PyTorch has two biases, ours is their sum, whose gradient is that of either.
"""

import json

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
BATCH, STEPS, INPUT, UNITS = 3, 5, 3, 4
LENGTHS = [3, 5, 1]


def plain(tensor):
    return [round(v, 7) for v in tensor.detach().flatten().tolist()]


def loss_of(output, weighting, h, c):
    loss = (output * weighting).sum() + (h**2).sum()
    return loss if c is None else loss + c.sin().sum()


def ours(kind, ih, hh, b_ih, b_hh, gradient):
    """One direction of one layer under our names."""
    bias = b_ih if gradient else b_ih + b_hh
    if kind == "lstm":

        def reorder(columns):
            i, f, g, o = columns.split(UNITS, -1)
            return torch.cat([i, g, f, o], -1)

        return {"kernel": reorder(torch.cat([ih.T, hh.T])), "bias": reorder(bias)}
    made = {"inputKernel": ih.T, "recurrentKernel": hh.T, "bias": bias}
    if kind == "gru":
        made["bias"] = torch.cat([bias[: 2 * UNITS], b_ih[2 * UNITS :]])
        made["candidateBias"] = b_hh[2 * UNITS :]
    return made


def weights_of(network, kind, layers, bidirectional, gradient):
    found = {}
    for layer in range(layers):
        for suffix, place in [("", "forwards."), ("_reverse", "backwards.")][: 1 + bidirectional]:
            names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
            given = [getattr(network, f"{name}_l{layer}{suffix}") for name in names]
            own = ours(kind, *[p.grad if gradient else p for p in given], gradient)
            for name, value in own.items():
                found[f"layers.{layer}.{place if bidirectional else ''}{name}"] = plain(value)
    return found


def states_of(h, c, layers, bidirectional):
    places = ["forwards.", "backwards."] if bidirectional else [""]
    found = {}
    for name, tensor in [("h", h), ("c", c)]:
        for i in range(0 if tensor is None else layers * len(places)):
            found[f"{i // len(places)}.{places[i % len(places)]}{name}"] = plain(tensor[i])
    return found


def network(kind, layers, bidirectional):
    options = {"num_layers": layers, "bidirectional": bidirectional, "batch_first": True}
    if kind.startswith("rnn"):
        options["nonlinearity"] = "relu" if kind == "rnn-relu" else "tanh"
    module = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.get(kind, torch.nn.RNN)
    made = module(INPUT, UNITS, **options)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.normal_(0, 0.4)
    directions = 1 + bidirectional
    x = torch.randn(BATCH, STEPS, INPUT, requires_grad=True)
    # An encoder in both directions starts from zeros.
    start = torch.zeros if bidirectional else torch.randn
    h0 = start(layers * directions, BATCH, UNITS).requires_grad_()
    c0 = start(layers * directions, BATCH, UNITS).requires_grad_() if kind == "lstm" else None
    weighting = torch.randn(BATCH, STEPS, directions * UNITS)
    packed = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    output, last = made(packed, h0 if c0 is None else (h0, c0))
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=STEPS)
    h, c = (last, None) if c0 is None else last
    loss_of(output, weighting, h, c).backward()
    initial = None if c0 is None else c0.grad
    return {
        "config": {
            "cell": kind,
            "inputSize": INPUT,
            "units": UNITS,
            "layers": layers,
            **({"bidirectional": "all"} if bidirectional else {}),
        },
        "weights": weights_of(made, kind, layers, bidirectional, False),
        "input": plain(x),
        "initial": states_of(h0, c0, layers, bidirectional),
        "weighting": plain(weighting),
        "output": plain(output),
        "state": states_of(h, c, layers, bidirectional),
        "gradients": {
            "weights": weights_of(made, kind, layers, bidirectional, True),
            "input": plain(x.grad),
            "initial": states_of(h0.grad, initial, layers, bidirectional),
        },
    }


def normalised(x, scale, offset):
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt() * scale + offset


def peephole(x, h, c, w):
    sums = torch.cat([x, h], -1) @ w["kernel"] + w["bias"]
    i, g, f, o = sums.split(UNITS, -1)
    of_input, of_forget, of_output = w["peephole"]
    kept = torch.sigmoid(f + of_forget * c) * c
    c = kept + torch.sigmoid(i + of_input * c) * torch.tanh(g)
    return torch.sigmoid(o + of_output * c) * torch.tanh(c), c


def coupled(x, h, c, w):
    sums = x @ w["inputKernel"] + h @ w["recurrentKernel"] + w["bias"]
    g, f, o = sums.split(UNITS, -1)
    f = torch.sigmoid(f)
    c = f * c + (1 - f) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def layer_norm(x, h, c, w):
    def norm(name, value):
        return normalised(value, w[f"{name}.scale"], w[f"{name}.offset"])

    sums = norm("inputNorm", x @ w["inputKernel"]) + norm("recurrentNorm", h @ w["recurrentKernel"])
    i, g, f, o = sums.split(UNITS, -1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(norm("cellNorm", c)), c


def gru_reset_before(x, h, c, w):
    sums = x @ w["inputKernel"] + w["bias"]
    gates = torch.sigmoid(sums[:, : 2 * UNITS] + h @ w["recurrentKernel"][:, : 2 * UNITS])
    r, z = gates.split(UNITS, -1)
    n = torch.tanh(sums[:, 2 * UNITS :] + (r * h) @ w["recurrentKernel"][:, 2 * UNITS :])
    return z * h + (1 - z) * n, c


def apart(gates):
    return {"inputKernel": (INPUT, gates * UNITS), "recurrentKernel": (UNITS, gates * UNITS)}


def norm_shapes(name, size):
    return {f"{name}.scale": (size,), f"{name}.offset": (size,)}


EQUATIONS = {
    "lstm-peephole": (
        peephole,
        {"kernel": (INPUT + UNITS, 4 * UNITS), "bias": (4 * UNITS,), "peephole": (3, UNITS)},
    ),
    "lstm-coupled": (coupled, {**apart(3), "bias": (3 * UNITS,)}),
    "lstm-layer-norm": (
        layer_norm,
        {
            **apart(4),
            **norm_shapes("inputNorm", 4 * UNITS),
            **norm_shapes("recurrentNorm", 4 * UNITS),
            **norm_shapes("cellNorm", UNITS),
        },
    ),
    "gru-reset-before": (gru_reset_before, {**apart(3), "bias": (3 * UNITS,)}),
}


def equation(kind):
    step, shapes = EQUATIONS[kind]
    w = {name: (torch.randn(shape) * 0.6).requires_grad_() for name, shape in shapes.items()}
    x = torch.randn(BATCH, STEPS, INPUT, requires_grad=True)
    h0 = torch.randn(1, BATCH, UNITS, requires_grad=True)
    c0 = torch.randn(1, BATCH, UNITS, requires_grad=True) if kind.startswith("lstm") else None
    weighting = torch.randn(BATCH, STEPS, UNITS)
    rows, last_h, last_c = [], [], []
    for row, length in enumerate(LENGTHS):
        h, c = h0[:, row], None if c0 is None else c0[:, row]
        outputs = []
        for t in range(length):
            h, c = step(x[row : row + 1, t], h, c, w)
            outputs.append(h)
        rows.append(torch.cat([*outputs, torch.zeros(STEPS - length, UNITS)]))
        last_h.append(h)
        last_c.append(c)
    h = torch.cat(last_h)[None]
    c = None if c0 is None else torch.cat(last_c)[None]
    output = torch.stack(rows)
    loss_of(output, weighting, h, c).backward()
    return {
        "config": {"cell": kind, "inputSize": INPUT, "units": UNITS},
        "weights": {f"layers.0.{name}": plain(value) for name, value in w.items()},
        "input": plain(x),
        "initial": states_of(h0, c0, 1, False),
        "weighting": plain(weighting),
        "output": plain(output),
        "state": states_of(h, c, 1, False),
        "gradients": {
            "weights": {f"layers.0.{name}": plain(value.grad) for name, value in w.items()},
            "input": plain(x.grad),
            "initial": states_of(h0.grad, None if c0 is None else c0.grad, 1, False),
        },
    }


print(
    json.dumps(
        {
            "batch": BATCH,
            "steps": STEPS,
            "lengths": LENGTHS,
            "networks": [
                network(kind, layers, bidirectional)
                for kind in ["rnn", "rnn-relu", "lstm", "gru"]
                for layers in [1, 2]
                for bidirectional in [False, True]
            ],
            "equations": [equation(kind) for kind in EQUATIONS],
        }
    )
)
