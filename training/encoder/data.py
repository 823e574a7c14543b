"""Sentences as batches of tensors."""

import random

import torch

import pieces as P

SENTENCE_MAX = 180


class Names:
    """A closed list of names."""

    def __init__(self, names):
        self.names = list(names)
        self.index = {n: i for i, n in enumerate(self.names)}


def encode(sentence, cutter):
    """Pieces with spelling, and for each word (0: the root) its first and last piece."""
    ids, spelling, first, last = [P.CLS], [P.OTHER], [0], [0]
    for form in sentence.forms:
        found = cutter.cut(form)
        first.append(len(ids))
        ids += found
        spelling += [P.shape(form)] * len(found)
        last.append(len(ids) - 1)
    return ids + [P.SEP], spelling + [P.OTHER], first, last


def vary(sentence, spelling, rng):
    """News comes with headlines in capitals, posts without any: now and then, spelling is changed."""
    r = rng.random()
    if r < 0.04:
        return [P.LOWER if s in (P.CAPITAL, P.UPPER, P.LETTER, P.MIXED) else s for s in spelling]
    if r < 0.07:
        return [P.UPPER if s in (P.CAPITAL, P.LOWER, P.MIXED) else s for s in spelling]
    if r < 0.10:
        return [P.CAPITAL if s == P.LOWER and rng.random() < 0.8 else s for s in spelling]
    return spelling


def without_stop(sentence, rng):
    """Headlines have no full stop."""
    n = len(sentence.forms)
    if n < 3 or sentence.forms[-1] != "." or rng.random() >= 0.06 or n in sentence.heads:
        return sentence
    cut = lambda xs: xs[:-1]
    return type(sentence)(*(cut(getattr(sentence, f)) for f in ("forms", "lemmas", "upos", "xpos", "heads", "deprels")))


ARTICLES = ("the", "a", "an")


def third_person(lemma):
    """Present tense with he, she or it."""
    if lemma in ("have", "be", "do", "go"):
        return {"have": "has", "be": "is", "do": "does", "go": "goes"}[lemma]
    if lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + "s"


def headline(sentence, rng):
    """The sentence as a headline tells it: no articles, no "was" before a participle, the past as present, no full stop.
    None where there is nothing to change. Treebanks have hardly any, and news begins with one."""
    n = len(sentence.forms)
    if not 4 <= n <= 30:
        return None
    root = sentence.heads.index(0)
    if sentence.upos[root] != "VERB":
        return None
    children = [[] for _ in range(n)]
    for i, head in enumerate(sentence.heads):
        if head:
            children[head - 1].append(i)
    forms, xpos = list(sentence.forms), list(sentence.xpos)
    for verb in (i for i in range(n) if sentence.upos[i] == "VERB"):
        main = verb == root or sentence.deprels[verb] in ("conj", "ccomp", "parataxis")
        below = {sentence.deprels[c]: c for c in children[verb]}
        if not main or xpos[verb] != "VBD" or "nsubj" not in below or "aux" in below:
            continue
        subject = below["nsubj"]
        plural = xpos[subject] in ("NNS", "NNPS") or forms[subject].lower() in ("they", "we", "i", "you")
        plural |= any(sentence.deprels[c] == "conj" for c in children[subject])
        lemma = sentence.lemmas[verb].lower()
        bare = "are" if lemma == "be" else lemma
        forms[verb], xpos[verb] = (bare, "VBP") if plural else (third_person(lemma), "VBZ")
    gone = set()
    for i in range(n):
        leaf = not children[i]
        article = sentence.deprels[i] == "det" and forms[i].lower() in ARTICLES
        passive = sentence.deprels[i] == "aux:pass" and sentence.lemmas[i] == "be" and rng.random() < 0.8
        stop = i == n - 1 and forms[i] == "."
        if leaf and (article or passive or stop):
            gone.add(i)
    if not gone and forms == sentence.forms:
        return None
    left = [i for i in range(n) if i not in gone]
    place = {old + 1: new + 1 for new, old in enumerate(left)} | {0: 0}
    first = forms[left[0]]
    forms[left[0]] = first[:1].upper() + first[1:]
    take = lambda xs: [xs[i] for i in left]
    heads = [place[sentence.heads[i]] for i in left]
    fields = (take(forms), take(sentence.lemmas), take(sentence.upos), take(xpos), heads, take(sentence.deprels))
    return type(sentence)(*fields)


def collate(sentences, cutter, names, rng=None, headlines=0.0):
    """One batch; with `rng`, varied for training, `headlines` of the sentences with trees as headlines."""
    rows = []
    for sentence in sentences:
        if rng:
            if sentence.heads and rng.random() < headlines:
                sentence = headline(sentence, rng) or sentence
            sentence = without_stop(sentence, rng) if sentence.heads else sentence
        ids, spelling, first, last = encode(sentence, cutter)
        if rng:
            spelling = vary(sentence, spelling, rng)
        rows.append((sentence, ids, spelling, first, last))
    size, pieces, words = len(rows), max(len(r[1]) for r in rows), max(len(r[3]) for r in rows)
    grid = lambda w, fill=0: torch.full((size, w), fill, dtype=torch.long)
    batch = {"pieces": grid(pieces), "spelling": grid(pieces), "first": grid(words), "last": grid(words)}
    batch["mask"] = torch.zeros(size, pieces, dtype=torch.bool)
    batch["heads_mask"] = torch.zeros(size, words, dtype=torch.bool)
    for key in ("upos", "xpos", "heads", "relations"):
        batch[key] = grid(words - 1, -100)
    for i, (sentence, ids, spelling, first, last) in enumerate(rows):
        batch["pieces"][i, : len(ids)] = torch.tensor(ids)
        batch["spelling"][i, : len(ids)] = torch.tensor(spelling)
        batch["mask"][i, : len(ids)] = True
        batch["first"][i, : len(first)] = torch.tensor(first)
        batch["last"][i, : len(last)] = torch.tensor(last)
        batch["heads_mask"][i, : len(first)] = True
        if sentence.heads:
            n = len(sentence.heads)
            batch["heads"][i, :n] = torch.tensor(sentence.heads)
            for key, values in (("upos", sentence.upos), ("xpos", sentence.xpos), ("relations", sentence.deprels)):
                batch[key][i, :n] = torch.tensor([names[key].index.get(v, -100) for v in values])
    return batch


def batches(sizes, limit, rng: random.Random | None):
    """Places of sentences, grouped by size so that a batch, padded, has at most `limit` pieces; shuffled with `rng`."""
    order = list(range(len(sizes)))
    if rng:
        rng.shuffle(order)
        order.sort(key=lambda i: sizes[i] + rng.random() * 4)
    else:
        order.sort(key=lambda i: sizes[i])
    groups, group, longest = [], [], 0
    for i in order:
        longest = max(longest, sizes[i])
        if group and longest * (len(group) + 1) > limit:
            groups.append(group)
            group, longest = [], sizes[i]
        group.append(i)
    if group:
        groups.append(group)
    if rng:
        rng.shuffle(groups)
    return groups
