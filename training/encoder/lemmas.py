"""Learns the lemmatiser's rules: for each tag, endings with what to cut off and what to add.

A rule for an ending is kept only where two forms support it and it says something else than the rule for a shorter one; a
form without a rule is its own lemma. What is still wrong then
becomes an exception (its ending is `^` and the whole word). `src/linguistics/lemma.rs` applies them.
"""

from collections import Counter, defaultdict

ENDING_MAX = 5


def learn(pairs):
    """`pairs` are (tag, form, lemma), the form in lower case unless it is a proper name. Rules are (tag, ending, cut, add)."""
    counts = defaultdict(Counter)
    for tag, form, lemma in pairs:
        counts[tag, form][lemma] += 1
    usual = []
    for (tag, form), lemmas in sorted(counts.items()):
        lemma = min(lemmas, key=lambda l: (-lemmas[l], l))
        usual.append((tag, form, lemma, change(form, lemma)))
    votes = defaultdict(Counter)
    for tag, form, _, how in usual:
        for ending in endings(form):
            votes[tag, ending][how] += 1
    decided, rules = {}, []
    for (tag, ending), changes in sorted(votes.items(), key=lambda v: (len(v[0][1]), v[0])):
        how = min(changes, key=lambda c: (-changes[c], c))
        shorter = next((decided[tag, e] for e in endings(ending)[1:] if (tag, e) in decided), None)
        if changes[how] >= 2 and shorter != how:
            decided[tag, ending] = how
            rules.append((tag, ending, *how))
    for tag, form, lemma, how in usual:
        found = next((decided[tag, e] for e in endings(form) if (tag, e) in decided), (0, ""))
        if apply(found, form) != lemma:
            rules.append((tag, "^" + form, *how))
    return sorted(rules)


def change(form, lemma):
    common = 0
    while common < min(len(form), len(lemma)) and form[common] == lemma[common]:
        common += 1
    return len(form) - common, lemma[common:]


def apply(how, form):
    cut, add = how
    lemma = (form[:-cut] if cut else form) + add if cut <= len(form) else add
    return lemma or form


def endings(form):
    """Longest first, down to the empty one."""
    return [form[len(form) - n :] for n in range(min(ENDING_MAX, len(form)), -1, -1)]


def encode(rules):
    """The rules as bytes: changes, then for each rule its tag, its ending and its change."""
    out = bytearray()
    changes = sorted({rule[2:] for rule in rules})
    place = {c: i for i, c in enumerate(changes)}
    _varint(len(changes), out)
    for cut, add in changes:
        out.append(cut)
        _text(add, out)
    _varint(len(rules), out)
    for tag, ending, cut, add in rules:
        out.append(tag)
        _text(ending, out)
        _varint(place[cut, add], out)
    return bytes(out)


def _varint(value, out):
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _text(text, out):
    data = text.encode()
    _varint(len(data), out)
    out += data
