"""The PyTorch side of main.ts: reads one case per line, `batch steps inputSize units repeats`, and
prints the milliseconds of each repeat of forward and backward as JSON."""

import json
import sys
import time

import torch

threads = int(sys.argv[1])
torch.set_num_threads(threads)
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)

for line in sys.stdin:
    batch, steps, input_size, units, repeats = map(int, line.split())
    torch.manual_seed(1)
    lstm = torch.nn.LSTM(input_size, units, batch_first=True)
    x = torch.randn(batch, steps, input_size, requires_grad=True)
    weighting = torch.randn(batch, steps, units)
    times = []
    for repeat in range(repeats + 3):
        lstm.zero_grad(set_to_none=True)
        x.grad = None
        begin = time.perf_counter()
        output, _ = lstm(x)
        (output * weighting).sum().backward()
        if repeat >= 3:  # the first three warm up
            times.append(1000 * (time.perf_counter() - begin))
    print(json.dumps(times), flush=True)
