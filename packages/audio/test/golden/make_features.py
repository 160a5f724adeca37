"""Writes features.golden.json: the features of librosa and Kaldi for the noise of ../noise.ts.

Needs: pip install librosa==0.11.0 kaldi-native-fbank==1.23.0
"""

import json
import pathlib

import kaldi_native_fbank as kaldi
import librosa
import numpy as np

RATE = 16_000


def noise(count):
    """The generator of Numerical Recipes, as samples from -0.5 to 0.5, and a tone of 440 Hz."""
    state, samples = 1, []
    for n in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        samples.append((state / 2**32 - 0.5) * 0.4 + 0.3 * np.sin(2 * np.pi * 440 * n / RATE))
    return np.array(samples, dtype=np.float32)


def kaldi_features(samples):
    def compute(computer):
        computer.accept_waveform(RATE, samples.tolist())
        computer.input_finished()
        return [computer.get_frame(t).tolist() for t in range(computer.num_frames_ready)]

    fbank = kaldi.FbankOptions()
    fbank.frame_opts.dither = 0
    fbank.mel_opts.num_bins = 40
    cepstrum = kaldi.MfccOptions()
    cepstrum.frame_opts.dither = 0
    cepstrum.mel_opts.num_bins = 40
    cepstrum.use_energy = False
    return compute(kaldi.OnlineFbank(fbank)), compute(kaldi.OnlineMfcc(cepstrum))


def librosa_features(samples):
    power = librosa.feature.melspectrogram(
        y=samples, sr=RATE, n_fft=512, win_length=400, hop_length=160, n_mels=40, pad_mode="constant"
    )
    bands = np.log(np.maximum(1e-10, power))
    cepstrum = librosa.feature.mfcc(S=bands, n_mfcc=13)
    first = librosa.feature.delta(cepstrum, width=5, mode="nearest")
    second = librosa.feature.delta(first, width=5, mode="nearest")
    return bands.T.tolist(), np.concatenate([cepstrum, first, second]).T.tolist()


def main():
    samples = noise(3000)
    fbank, kaldi_mfcc = kaldi_features(samples)
    bands, mfcc_deltas = librosa_features(samples)
    golden = {
        "kaldiFbank": fbank,
        "kaldiMfcc": kaldi_mfcc,
        "librosaLogMel": bands,
        "librosaMfccDeltas": mfcc_deltas,
    }
    rounded = {name: np.round(rows, 5).tolist() for name, rows in golden.items()}
    path = pathlib.Path(__file__).parent / "features.golden.json"
    path.write_text(json.dumps(rounded) + "\n")


main()
