"""Reads a WAV file by soundfile, resamples it by SciPy with our filter, and makes librosa's features.

pip install librosa==0.11.0 soundfile==0.14.0 scipy==1.17.1
"""

import math
import sys
import time
from pathlib import Path

import librosa
import numpy as np
import scipy
import soundfile
from scipy import signal

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from serve import serve  # noqa: E402

RATE = 16_000
CROSSINGS, ATTENUATION = 48, 80


def read():
    samples, rate = soundfile.read(sys.argv[1], dtype="float32")
    divisor = math.gcd(rate, RATE)
    up, down = RATE // divisor, rate // divisor
    transition = (ATTENUATION - 8) / (2.285 * 2 * CROSSINGS * math.pi)
    window = ("kaiser", signal.kaiser_beta(ATTENUATION))
    taps = signal.firwin(
        2 * CROSSINGS * max(up, down) + 1, (1 - transition / 2) / max(up, down), window=window
    )
    return signal.resample_poly(samples, up, down, window=taps.astype(np.float32))


speech = read()


def features():
    power = librosa.feature.melspectrogram(
        y=speech, sr=RATE, n_fft=512, win_length=400, hop_length=160, n_mels=80
    )
    return np.log(np.maximum(1e-10, power))


def timed(run):
    begin = time.perf_counter()
    run()
    return {"time": 1000 * (time.perf_counter() - begin)}


serve(
    {
        "version": lambda: {
            "version": f"soundfile {soundfile.__version__}, SciPy {scipy.__version__}, librosa {librosa.__version__}"
        },
        "read": lambda: timed(read),
        "features": lambda: timed(features),
    }
)
