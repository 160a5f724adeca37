"""Writes tokenize.golden.json: sentences and their standard tokens by pycocoevalcap's PTBTokenizer.

Needs: pip install pycocoevalcap==1.2, and Java. The sentences are made up: hard ones written by hand,
the others from a seeded template grammar.
"""

import json
import pathlib
import random

from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

HARD = """
A man does n't look up .
It's raining, isn't it?
The zebra's stripes and the zebras' tails.
They're at the kids' pool; we'll join, I'd say.
ISN'T HE'S CAN'T I'M
wouldn't've y'all's who're who'd who's
I cannot see, you gonna go, we wanna stay, gotta run, lemme see, gimme that
'tis 'twas rock 'n' roll 'em 'til 'cause ol' c'mon ma'am
d'Artagnan l'amour O'Reilly o'neil o'clock graffiti'ed
It’s “quoted” and ‘single’ with don’t
"A sign" that says 'stop' and ``go''
A sign reads "stop." and "don't walk".
a black'blue shirt
A man in the U.S. Army at 5 p.m. near Main St. in D.C. with Mr. Smith and Dr. Jones Jr.
u.s. t.v T.V. a.m., P.M. e.g. i.e. Ph.D. students
etc. etc., and so on etc.
approx. 5 in. wide, 3 ft. high, 10 lbs. heavy
St.Louis vs. St. Louis
Miss. Piggy and miss. piggy
vitamin C. The plate
letter b. is here
No. 5 and no. 5 but no. more
Fig. 3 shows figs. 4
Inc. and Co. and Ltd. firms
Jan. 5, feb. 6, Mon. to Fri. and sun. and sat.
phone., tablet.; laptop.:
cat.. dog... bird.... fish . . . end
stop!! what?! no! why?
a cat…dog — word—word – word--word --- end
a b-25 bomber, P-51, 4x4, 3-wheeler, 3rd, 21st, 1950s, 1960's, '90s, late-30's, 30's
5:50 and 10:14am at 6:18. and 10.14 or 1,000.50 and 1/2 cup, 10/12/2008
-5 and +5 and .5 and 5-4 and 5,00
$5.00 and 5% and €5 and £5 and 5¢ and #5 and # 7
#hashtag @someone me@example.com http://example.com/x?y=1, www.example.com example.org.
R&B and AT&T and a&b and M&M's and black & white &amp; red
red/orange and/or w/o 24/7 table/desk, red / white red/ /red
(in brackets) [square] {curly}
a <b>bold</b> x < y > z
a*b ** _ ~ = + | \\
merry-go-round mother-in-law's t-shirt. well-kept, bird's-eye-view end- -start
computers,table laptops,computer,keyboard older,clean
board.Cabbage end.start x.y.z
skis'. men's' boys', dogs'
café naïve Zürich crème-brûlée à-la-carte ñandú naïve's
東京 日本語 emoji 😀 here
½ cup and 1½ cups
C++ and C#
don't. isn't, can't! won't?
us$5 and 12"x12" and 6'
T,V. and TV..
n't 's 've
it 's a dog 's
a    lot   of	space
.
!
'
""
one
One.
A
A.
I
""".strip("\n").split("\n")


def made_up(count: int) -> list[str]:
    rng = random.Random(7)
    starts = ["A", "The", "Two", "2", "a", '"The']
    nouns = "dog man woman girl boy surfer skateboarder elephant toilet train four-wheeler t-shirt".split()
    owners = ["the dog's", "a man's", "the kids'", "someone's", "Dr. Miller's", "the U.S. team's", "its"]
    verbs = ["isn't near", "jumps over", "can't see", "is wearing", "they're behind", "stands next to", "cannot reach"]
    ends = [".", " .", "", "!", "?", " , outside .", "...", "..", '."', " at 3:30 p.m.", " (blurry).", " - close-up"]
    return [
        f"{rng.choice(starts)} {rng.choice(['red', 'black-and-white', 'tan,', 'light-up'])} "
        f"{rng.choice(nouns)} {rng.choice(verbs)} {rng.choice(owners)} {rng.choice(nouns)}{rng.choice(ends)}"
        for _ in range(count)
    ]


def main() -> None:
    sentences = HARD + made_up(240)
    # The reference reads on into the next line to judge a full stop: a neutral line lies between.
    batch = {}
    for i, sentence in enumerate(sentences):
        batch[2 * i] = [{"caption": sentence}]
        batch[2 * i + 1] = [{"caption": "x"}]
    tokens = PTBTokenizer().tokenize(batch)
    cases = [[sentence, tokens[2 * i][0].split()] for i, sentence in enumerate(sentences)]
    path = pathlib.Path(__file__).with_name("tokenize.golden.json")
    path.write_text("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")


main()
