"""Writes unigram.golden.json: SentencePiece's unigram language model of ../fixtures/lines.txt.

Needs: pip install sentencepiece==0.2.3. The lines and sentences are fictitious.

Settings as in make_bpe.py: raw text (identity, no space added before the first word, none removed), bytes
for characters without a piece. The golden values are its pieces with their scores, and the sentences that
it encodes with them; which pieces it learns is not compared.
"""

import io
import json
import pathlib

import sentencepiece

from make_bpe import HERE, LINES, SENTENCES

SIZE = 560


def main() -> None:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES.read_text(encoding="utf-8").splitlines()),
        model_writer=model,
        model_type="unigram",
        vocab_size=SIZE,
        hard_vocab_limit=False,
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
    ids = [
        id
        for id in range(processor.get_piece_size())
        if not processor.is_byte(id) and not processor.is_unknown(id)
    ]
    golden = {
        "tokens": [processor.id_to_piece(id) for id in ids],
        "scores": [processor.get_score(id) for id in ids],
        "sentences": [
            {"text": text, "pieces": processor.encode(text, out_type=str)}
            for text in SENTENCES.strip("\n").split("\n")
        ],
    }
    (HERE / "unigram.golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


main()
