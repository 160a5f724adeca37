"""Compares tokenize with pycocoevalcap's PTBTokenizer on every caption of CSV files (image,caption).

Usage, from the package's folder: python test/golden/compare_tokenize.py captions.csv...
Needs: pip install pycocoevalcap==1.2, and Java. Prints the captions that differ and the agreement.
"""

import csv
import json
import subprocess
import sys

from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

OURS = """
import { readFileSync } from "node:fs";
import { tokenize } from "@attend/text";
const captions = JSON.parse(readFileSync(0, "utf8"));
const start = performance.now();
const tokens = captions.map(tokenize);
const perSecond = (captions.length / (performance.now() - start)) * 1000;
console.log(JSON.stringify({ tokens, perSecond }));
"""

captions = [row["caption"] for path in sys.argv[1:] for row in csv.DictReader(open(path, newline=""))]
reference = PTBTokenizer().tokenize({i: [{"caption": c}] for i, c in enumerate(captions)})
command = ["pnpm", "exec", "tsx", "--conditions=@attend/source", "--input-type=module", "-e", OURS]
result = subprocess.run(command, input=json.dumps(captions), stdout=subprocess.PIPE, text=True, check=True)
ours = json.loads(result.stdout)

different = 0
for i, caption in enumerate(captions):
    expected = reference[i][0].split()
    if ours["tokens"][i] != expected:
        different += 1
        print(f"{caption}\n  reference {expected}\n  ours      {ours['tokens'][i]}")
agreement = 100 * (1 - different / len(captions))
print(f"{len(captions)} captions, {different} differ, {agreement:.3f} % agree; {ours['perSecond']:.0f} a second")
