"""The parts of phrase-based translation, learned from sentence pairs: word alignments, phrases, an n-gram model."""

from collections import Counter, defaultdict
from math import log

from nltk.translate import AlignedSent, IBMModel1, PhraseTable
from nltk.translate.phrase_based import phrase_extraction

LONGEST_PHRASE = 5
OPTIONS = 10  # Translations to try for each phrase.
PHRASE_WEIGHT = 0.4  # For each of a phrase's four scores; the language model's weight is 1. Moses starts with 0.2 and 0.5.


def align(pairs, iterations, say):
    """Alignment points of each pair; the word translation tables `table[to][from]` of both directions."""
    say("IBM model 1, source to target")
    forward = [AlignedSent(target, source) for source, target in pairs]
    to_target = IBMModel1(forward, iterations).translation_table
    say("IBM model 1, target to source")
    backward = [AlignedSent(source, target) for source, target in pairs]
    to_source = IBMModel1(backward, iterations).translation_table
    points = []
    for one, other in zip(forward, backward):
        there = {(s, t) for t, s in one.alignment if s is not None}
        points.append(grow_diag_final_and(there, {(s, t) for s, t in other.alignment if t is not None}))
    return points, to_target, to_source


def grow_diag_final_and(there, back):
    """As in Koehn et al. 2005. NLTK's version looks words up in the wrong place, so it always returns the union."""
    points, union = there & back, there | back
    sources, targets = {s for s, _ in points}, {t for _, t in points}

    def add(s, t):
        points.add((s, t))
        sources.add(s)
        targets.add(t)

    around = [(ds, dt) for ds in (-1, 0, 1) for dt in (-1, 0, 1) if ds or dt]
    grows = True
    while grows:
        near = {(s + ds, t + dt) for s, t in points for ds, dt in around}
        new = [(s, t) for s, t in sorted(near & union - points) if s not in sources or t not in targets]
        for s, t in new:
            add(s, t)
        grows = bool(new)
    for s, t in [*sorted(there), *sorted(back)]:
        if s not in sources and t not in targets:
            add(s, t)
    return points


def count_phrases(pairs, alignments, progress):
    counts = Counter()
    for i, ((source, target), points) in enumerate(zip(pairs, alignments)):
        found = phrase_extraction(" ".join(source), " ".join(target), sorted(points), LONGEST_PHRASE)
        for (s1, s2), (t1, t2), _, _ in found:
            # NLTK cuts a translation that is too long, and what is left is not a translation.
            whole = all(t1 <= t < t2 for s, t in points if s1 <= s < s2)
            if whole and t2 - t1 <= LONGEST_PHRASE:
                counts[tuple(source[s1:s2]), tuple(target[t1:t2])] += 1
        progress(i + 1)
    return counts


def phrase_table(counts, to_target, to_source):
    """The best translations of each phrase by relative frequencies and word translations, in both directions."""
    of_source, of_target = Counter(), Counter()
    for (source, target), count in counts.items():
        of_source[source] += count
        of_target[target] += count
    options = defaultdict(list)
    for (source, target), count in counts.items():
        score = log(count / of_source[source]) + log(count / of_target[target])
        score += lexical(target, source, to_target) + lexical(source, target, to_source)
        options[source].append((PHRASE_WEIGHT * score, target))
    table = PhraseTable()
    for source, found in options.items():
        for score, target in sorted(found, reverse=True)[:OPTIONS]:
            table.add(source, target, score)
    return table


def lexical(words, sources, table):
    """Log-probability of `words`, each given its most likely source word."""
    return sum(log(max(1e-7, *(table[word][cause] for cause in (None, *sources)))) for word in words)


class LanguageModel:
    """Trigrams with interpolated Kneser-Ney smoothing (Chen & Goodman 1999), with the interface of NLTK's decoder."""

    def __init__(self, sentences, table, discount=0.75):
        self.discount = discount
        self.table = table
        self.counts = defaultdict(Counter)  # Words after a context; for shorter contexts, the number of distinct contexts.
        for sentence in sentences:
            words = ("<s>", "<s>", *sentence)
            for i in range(2, len(words)):
                self.counts[words[i - 2 : i]][words[i]] += 1
        for length in (1, 0):
            for context, words in [(c, w) for c, w in self.counts.items() if len(c) == length + 1]:
                self.counts[context[1:]].update(words.keys())
        self.totals = {context: sum(words.values()) for context, words in self.counts.items()}
        self.cache = {}

    def log_probability(self, word, context):
        key = (word, context)
        if key not in self.cache:
            self.cache[key] = log(self._probability(word, context))
        return self.cache[key]

    def _probability(self, word, context):
        words = self.counts.get(context, {})
        shorter = self._probability(word, context[1:]) if context else 1 / (len(self.counts[()]) + 1)
        if not words:
            return shorter
        left = self.discount * len(words) * shorter
        return (max(words.get(word, 0) - self.discount, 0) + left) / self.totals[context]

    def score(self, words, context):
        total = 0.0
        for word in words:
            total += self.log_probability(word, context)
            context = (context[-1], word)
        return total

    def probability_change(self, hypothesis, phrase):
        """Called by the decoder for a phrase that would follow a hypothesis."""
        before = ()
        while hypothesis.previous is not None and len(before) < 2:
            before = hypothesis.trg_phrase[-2:] + before
            hypothesis = hypothesis.previous
        return self.score(phrase, ("<s>", "<s>", *before)[-2:])

    def probability(self, phrase):
        """Called by the decoder for a future phrase. It passes the source phrase, so score its best translation."""
        best = self.table.translations_for(phrase)[0].trg_phrase
        return sum(self.log_probability(word, best[max(0, i - 2) : i]) for i, word in enumerate(best))
