"""speed.ts for PyTorch: the same model, folded, with THREADS (default 2) threads.  python speed.py MODEL.safetensors"""

import os
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

sys.path.append(str(Path(__file__).parent.parent / "test/golden"))
from efficientnet_lite import Net, fold

torch.set_num_threads(int(os.environ.get("THREADS", "2")))


def measure(name, run, count):
    for _ in range(2):
        run()
    times, cpus = [], []
    for _ in range(count):
        start, cpu = time.perf_counter(), time.process_time()
        run()
        times.append((time.perf_counter() - start) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    times.sort(), cpus.sort()
    print(f"{name:46s} median {times[count // 2]:8.1f} ms  best {times[0]:8.1f} ms  least cpu {cpus[0]:8.1f} ms", flush=True)


def network():
    net = Net()
    net.load_state_dict(load_file(sys.argv[1]), strict=False)
    return net.eval()


for layout in (torch.contiguous_format, torch.channels_last):
    net = fold(network()).to(memory_format=layout)
    with torch.no_grad():
        for batch in (1, 16, 32):
            x = torch.randn(batch, 3, 224, 224).to(memory_format=layout)
            measure(f"pytorch forward {batch} {layout}", lambda: net.features(x), 30 if batch == 1 else 6)
if "train" in sys.argv:
    for layout in (torch.contiguous_format, torch.channels_last):
        net = network().to(memory_format=layout)  # eval: frozen statistics
        for batch in (16, 32):
            x = torch.randn(batch, 3, 224, 224).to(memory_format=layout)
            measure(f"pytorch forward+backward {batch} {layout}", lambda: net.features(x).square().mean().backward(), 4)
