"""Writes g711.golden.json: the 16-bit samples of all 256 codes. Needs Python up to 3.12, which has audioop."""

import audioop
import json
import pathlib

CODES = bytes(range(256))


def samples(data):
    return [int.from_bytes(data[i : i + 2], "little", signed=True) for i in range(0, len(data), 2)]


golden = {"aLaw": samples(audioop.alaw2lin(CODES, 2)), "muLaw": samples(audioop.ulaw2lin(CODES, 2))}
(pathlib.Path(__file__).parent / "g711.golden.json").write_text(json.dumps(golden) + "\n")
