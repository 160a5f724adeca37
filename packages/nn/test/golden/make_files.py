"""Golden float16 roundings and the safetensors files of test/fixtures, written by the reference
library: python make_files.py (numpy, safetensors, torch)."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch

here = Path(__file__).parent
random = np.random.default_rng(3)
# All magnitudes from below the smallest half to beyond the largest, ties, and the values around them.
magnitudes = 2.0 ** random.uniform(-27, 17, 400)
numbers = (random.choice([-1, 1], 400) * magnitudes).astype(np.float32)
halves = random.integers(0, 0x7C00, 200).astype(np.uint16)
ties = (halves.view(np.float16).astype(np.float64) + (halves + 1).view(np.float16)) / 2
ties = ties[np.isfinite(ties)].astype(np.float32)
around = np.concatenate([np.nextafter(ties, np.float32(side)) for side in (-1e9, 1e9)])
edges = np.array([0.0, -0.0, 65504, 65519.996, 65520, -65520, 1e30, 2**-25, 2**-24, 6.1e-5], np.float32)
values = np.concatenate([numbers, ties, around, edges]).astype(np.float32)
with np.errstate(over="ignore"):
    bits = values.astype(np.float16).view(np.uint16)
golden = {"float32Bits": values.view(np.uint32).tolist(), "float16Bits": bits.tolist()}
(here / "float16.golden.json").write_text(json.dumps(golden) + "\n")

fixtures = here.parent / "fixtures"
fixtures.mkdir(exist_ok=True)
tensors = {
    "kernel": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
    "half": np.array([0.5, -2, 65504], np.float16),
    "scalar": np.array(7, np.float32),
    "empty": np.zeros((0, 3), np.float32),
}
save_file(tensors, fixtures / "python.safetensors", metadata={"made": "by Python: é"})
# Every type of the format that PyTorch writes; only float64 and bfloat16 can be read.
dtypes = ["bool", "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "complex64"]
dtypes += ["float8_e5m2", "float8_e4m3fn", "float8_e8m0fnu", "float8_e5m2fnuz", "float8_e4m3fnuz"]
every = {name: torch.ones(4).to(getattr(torch, name)) for name in dtypes}
every["float4"] = torch.zeros(4, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
every["float64"] = torch.tensor([0.1, -2, 1e30], dtype=torch.float64)
every["bfloat16"] = torch.tensor([0.5, -2, 3.140625, 1e30, float("inf")], dtype=torch.bfloat16)
save_torch(every, fixtures / "dtypes.safetensors")
