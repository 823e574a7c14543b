"""Cuts words into word pieces. `src/linguistics/encoder/pieces.rs` does the same; `pieces.tsv` beside it holds both to it."""

import unicodedata

PIECES_MAX = 8
WORD_MAX = 64
PAD, UNK, CLS, SEP = 0, 1, 2, 3

# Classes of spelling: the pieces are in lower case, these say what was not.
OTHER, LOWER, CAPITAL, UPPER, LETTER, MIXED, DIGITS = range(7)
SHAPES = 7

_PLAIN = {"’": "'", "‘": "'", "`": "'", "–": "-", "‐": "-", "‑": "-", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "—": "-"}


def normal(form):
    """Lower case, without accents, typographic marks as ASCII, and what stands for quotes as quotes."""
    if form in ("``", "''"):
        return '"'
    form = "".join(_PLAIN.get(c, c) for c in form[:WORD_MAX])
    form = unicodedata.normalize("NFD", form.lower())
    return "".join(c for c in form if not unicodedata.combining(c))


def shape(form):
    """The class of spelling of a word."""
    letters = [c for c in form[:WORD_MAX] if c.isalpha()]
    if any(c in "0123456789" for c in form[:WORD_MAX]):
        return DIGITS
    if not letters:
        return OTHER
    upper = [c for c in letters if c.isupper()]
    if not upper:
        return LOWER
    if len(upper) == len(letters):
        return LETTER if len(letters) == 1 else UPPER
    if letters[0].isupper() and len(upper) == 1:
        return CAPITAL
    return MIXED


class Pieces:
    """A vocabulary: its first four entries are padding, unknown, begin and end."""

    def __init__(self, vocabulary):
        self.vocabulary = vocabulary
        self.index = {piece: i for i, piece in enumerate(vocabulary)}
        self.cache = {}

    def cut(self, form):
        """Indices of the pieces of a word: at least one, at most PIECES_MAX (the first ones and the last)."""
        found = self.cache.get(form)
        if found is None:
            found = []
            for run in _runs(normal(form)):
                self._run(run, found)
            found = found or [UNK]
            if len(found) > PIECES_MAX:
                found = found[: PIECES_MAX - 1] + found[-1:]
            self.cache[form] = found
        return found

    def _run(self, run, found):
        start, begin = 0, len(found)
        while start < len(run):
            end = len(run)
            while end > start:
                piece = self.index.get(("##" if start else "") + run[start:end])
                if piece is not None:
                    break
                end -= 1
            if end == start:
                del found[begin:]
                found.append(UNK)
                return
            found.append(piece)
            start = end


def _runs(form):
    """Letters and digits together, every other character alone."""
    run = ""
    for c in form:
        if c.isalnum():
            run += c
            continue
        if run:
            yield run
            run = ""
        if not c.isspace():
            yield c
    if run:
        yield run


def prune(vocabulary, words):
    """Places, in the full vocabulary, of the pieces to keep: all single characters of ASCII and Latin, and every piece that
    one of the `words` is cut into. The first four are padding, unknown, begin and end."""
    index = {piece: i for i, piece in enumerate(vocabulary)}
    special = [index[p] for p in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")]
    full = Pieces(vocabulary)
    full.index = {p: i for p, i in full.index.items() if not (p.startswith("[") and p.endswith("]") and len(p) > 2)}
    keep = set()
    for form in words:
        for run in _runs(normal(form)):
            found = []
            full._run(run, found)
            keep.update(found)
    for piece, i in full.index.items():
        bare = piece.removeprefix("##") if len(piece) > 2 else piece
        if len(bare) == 1 and ord(bare) < 0x250:
            keep.add(i)
    keep -= set(special) | {UNK}
    keep = {i for i in keep if not vocabulary[i].startswith("[unused")}
    return special + sorted(keep)
