"""Reads CoNLL-U, and sentences of tokens without a tree."""

import json
from dataclasses import dataclass, field


@dataclass
class Sentence:
    """Words of one sentence; heads count from 1, 0 is the root. Raw sentences have forms alone."""

    forms: list[str]
    lemmas: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deprels: list[str] = field(default_factory=list)


def read(path):
    """Sentences of a CoNLL-U file; ranges and empty nodes are left out."""
    sentences, rows = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line:
                if rows:
                    sentences.append(_sentence(rows))
                    rows = []
            elif not line.startswith("#"):
                columns = line.split("\t")
                if columns[0].isdigit():
                    rows.append(columns)
    if rows:
        sentences.append(_sentence(rows))
    return sentences


def read_raw(path):
    """One sentence a line, words between spaces; or items with "sentences" as `sentences.rs` writes them."""
    found = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("{"):
                found += [s["words"] for s in json.loads(line)["sentences"]]
            else:
                found.append(line.split())
    # Shorter ones teach nothing, longer ones are lists.
    return [Sentence(words) for words in found if 4 <= len(words) <= 90]


def _sentence(rows):
    return Sentence(
        forms=[r[1] for r in rows],
        lemmas=[r[2] for r in rows],
        upos=[r[3] for r in rows],
        xpos=[r[4] for r in rows],
        heads=[int(r[6]) for r in rows],
        deprels=[r[7] for r in rows],
    )
