"""Writes bpe.golden.json: SentencePiece's byte-pair encoding of ../fixtures/lines.txt.

Needs: pip install sentencepiece==0.2.3. The lines and sentences are fictitious.

Settings that make SentencePiece equal `learnBpe`: raw text (identity, no space added before the first word,
none removed), bytes for characters without a piece, every character a piece.
"""

import io
import json
import pathlib

import sentencepiece

HERE = pathlib.Path(__file__).parent
LINES = HERE.parent / "fixtures" / "lines.txt"
SIZE = 630

SENTENCES = """
The keeper reads the brightest light
newest lowest widest nightest
 two  spaces   and a trailing one 
It isn't 1990, (is it?) -- "no"; 3.14 or 19871988
Unseen: Ω and 😀, ㎏ and Ａ, zß
NEVER WRITTEN LIKE THIS
Die leichtesten Boote zählen die Lichter
l'ouest, l'est et les lumières
灯台の光を読みました。
漁師は古い船の上で本を数えていました
看守人在港口里数船，妹妹也在看书。
光の人 and the 船, mixed日本語text
aaaaaaaaaaaaa bababababab
lighthouselighthousekeepernewspaper
x
"""


def main() -> None:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES.read_text(encoding="utf-8").splitlines()),
        model_writer=model,
        model_type="bpe",
        vocab_size=SIZE + 1,  # Its unknown piece, which is never used.
        character_coverage=1.0,
        byte_fallback=True,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        split_by_unicode_script=True,
        split_by_number=True,
        split_by_whitespace=True,
        bos_id=-1,
        eos_id=-1,
        pad_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = [
        processor.id_to_piece(id)
        for id in range(processor.get_piece_size())
        if not processor.is_byte(id) and not processor.is_unknown(id)
    ]
    golden = {
        "size": SIZE,
        "characters": [piece for piece in pieces if len(piece) == 1],
        "merges": [piece for piece in pieces if len(piece) > 1],
        "sentences": [
            {"text": text, "pieces": processor.encode(text, out_type=str)}
            for text in SENTENCES.strip("\n").split("\n")
        ],
    }
    (HERE / "bpe.golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
