"""The PyTorch side of main.ts: torch.nn's own recurrent networks."""

import os
import sys
import time

import torch

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "support"))
from serve import peak_memory, serve  # noqa: E402

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
KINDS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
passes = {}


def prepare(cell, layers, bidirectional, batch, steps, units):
    torch.manual_seed(1)
    network = KINDS[cell](
        units, units, num_layers=layers, bidirectional=bidirectional, batch_first=True
    )
    x = torch.randn(batch, steps, units, requires_grad=True)
    weighting = torch.randn(batch, steps, units * (2 if bidirectional else 1))

    def forward():
        with torch.no_grad():
            network(x)

    def both():
        network.zero_grad(set_to_none=True)
        x.grad = None
        (network(x)[0] * weighting).sum().backward()

    passes.update(forward=forward, both=both)
    return {}


def run(repeats, seconds, **given):
    work = passes[given["pass"]]
    times = []
    until = time.perf_counter() + seconds
    for i in range(-1, repeats):  # The first one warms up.
        if i >= 1 and time.perf_counter() >= until:
            break
        begin = time.perf_counter()
        work()
        if i >= 0:
            times.append(1000 * (time.perf_counter() - begin))
    return {"times": times}


serve(
    {
        "version": lambda: {"version": f"PyTorch {torch.__version__}"},
        "prepare": prepare,
        "run": run,
        "peak": lambda: {"bytes": peak_memory()},
    }
)
