"""Writes resampled.golden.json: scipy.signal.resample_poly with the filter of ../../src/resample/filter.ts.

Needs: pip install scipy==1.17.1
"""

import json
import math
import pathlib

import numpy as np
from scipy import signal

CROSSINGS, ATTENUATION = 48, 80


def noise(count):
    """The generator of Numerical Recipes, as samples from -0.5 to 0.5."""
    state, samples = 1, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        samples.append(state / 2**32 - 0.5)
    return np.array(samples, dtype=np.float32).astype(np.float64)


def resampled(samples, before, after):
    divisor = math.gcd(before, after)
    up, down = after // divisor, before // divisor
    transition = (ATTENUATION - 8) / (2.285 * 2 * CROSSINGS * math.pi)
    window = ("kaiser", signal.kaiser_beta(ATTENUATION))
    taps = 2 * CROSSINGS * max(up, down) + 1
    return signal.resample_poly(
        samples, up, down, window=signal.firwin(taps, (1 - transition / 2) / max(up, down), window=window)
    )


def main():
    rates = [(44_100, 16_000), (8_000, 16_000), (48_000, 16_000), (16_000, 22_050)]
    rows = [
        {"from": before, "to": after, "samples": np.round(resampled(noise(600), before, after), 7).tolist()}
        for before, after in rates
    ]
    path = pathlib.Path(__file__).parent / "resampled.golden.json"
    path.write_text(json.dumps(rows) + "\n")


main()
