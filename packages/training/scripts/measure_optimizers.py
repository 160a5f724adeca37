"""The PyTorch side of measure-optimizers.ts: median milliseconds of 20 updates."""

import statistics
import time

import torch

for count, shape in ((20, (1000, 500)), (200, (64, 16))):
    for make, decay in ((torch.optim.Adam, 0.0), (torch.optim.AdamW, 0.01)):
        for how in ("foreach", "fused"):
            parameters = [torch.nn.Parameter(torch.randn(shape)) for _ in range(count)]
            for parameter in parameters:
                parameter.grad = torch.randn(shape)
            optimizer = make(parameters, lr=1e-3, weight_decay=decay, **{how: True})
            times = []
            for _ in range(25):
                start = time.perf_counter()
                optimizer.step()
                times.append(1e3 * (time.perf_counter() - start))
            times = times[5:]
            name = f"{make.__name__} {how}, {count} x {list(shape)}"
            print(f"{name}: {statistics.median(times):.1f} ms (min {min(times):.1f})")
