"""Sentence vectors by PyTorch or onnxruntime, see encoder.py: answers main.ts's requests."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from encoder import load_encoder  # noqa: E402
from serve import serve  # noqa: E402

encode, name = load_encoder(*sys.argv[1:3])


def timed(texts):
    begin, before = time.perf_counter(), time.process_time()
    encode(texts)
    return {
        "wall": 1000 * (time.perf_counter() - begin),
        "processor": 1000 * (time.process_time() - before),
    }


serve(
    {
        "version": lambda: {"version": name},
        "vectors": lambda texts: {"vectors": encode(texts).tolist()},
        "time": timed,
    }
)
