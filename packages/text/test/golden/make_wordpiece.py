"""Writes wordpiece.golden.json: a small vocabulary learned from ../fixtures/lines.txt by Hugging Face's tokenizers, and
the ids that its BERT tokenizer gives to sentences and to 400 lines of random characters.

Needs: pip install tokenizers==0.23.3.
"""

import json
import pathlib
import random
import unicodedata

from tokenizers import BertWordPieceTokenizer

HERE = pathlib.Path(__file__).parent
SENTENCES = """
The keeper reads the brightest light
 two  spaces   and a trailing one 
It isn't 1990, (is it?) -- "no"; 3.14 or $19871988 + x^2
Unseen: Ω and 😀, ㎏ and Ａ, zß
ÉCOLE, Ångström, naïve, İstanbul, ΣΊΣΥΦΟΣ, e\u0301
l'ouest, l'est et les lumières
灯台の光を読みました。看守人在港口里数船，妹妹也在看书。
漁師は古い船の上で本 한국어 ガ ｶﾞ
control\u0000 \u200b\u00ad \ufffd \ue000 tab\there\u000bthere\u000c and\u0085 line\u2028end
[CLS] inside [SEP] and [MASK], [cls] not
lighthouselighthousekeepernewspaper
"""
SPECIAL = ["[SEP]", "[CLS]", "[MASK]", "[UNK]", "\u0300", "İ", "ß", "Σ", "ﬁ", "ガ", "👩\u200d👩\u200d👧", "\t", " "]


def character(draw: random.Random) -> str:
    """Of Unicode 3.2, which all tables know."""
    if draw.random() < 0.2:
        return draw.choice(SPECIAL)
    block = draw.choice([(32, 126), (0x80, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x2000, 0x33FF), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0, 0x2FA1D)])
    while True:
        code = draw.randint(*block)
        if not 0xD800 <= code <= 0xDFFF and unicodedata.ucd_3_2_0.category(chr(code)) != "Cn":
            return chr(code)


def main() -> None:
    tokenizer = BertWordPieceTokenizer(lowercase=True)
    lines = (HERE.parent / "fixtures" / "lines.txt").read_text().splitlines()
    tokenizer.train_from_iterator(lines, vocab_size=900, min_frequency=1, show_progress=False)
    # Only one with a vocabulary from the start frames texts.
    tokenizer = BertWordPieceTokenizer(vocab=tokenizer.get_vocab(), lowercase=True)
    draw = random.Random(1)
    texts = [*SENTENCES.strip("\n").split("\n"), "", " ", "a" * 100, "a" * 101]
    texts += ["".join(character(draw) for _ in range(draw.randint(1, 40))) for _ in range(400)]
    golden = {
        "tokenizer": json.loads(tokenizer.to_str()),
        "texts": [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts],
    }
    (HERE / "wordpiece.golden.json").write_text(json.dumps(golden, ensure_ascii=True) + "\n")


main()
