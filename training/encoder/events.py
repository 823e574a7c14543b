"""Annotated news as sentences with triggers and parties.

    python events.py --network accurate --gold events.jsonl --silver answers.jsonl --labels items.jsonl --out prepared.jsonl

Input are items with `text` and `sentences` (`cargo run --release --example sentences`): gold ones with `events` (offsets in
characters: README.md beside the annotations tells the format), others with the answer of `sitrep analyze` as silver, or with a
`label` alone. Output are sentences: `id`, `words`, `heads` as the given network reads them, `triggers` (`word`, `type`,
`status`, `arguments` as pairs of role and word), `hush` (words that name an event once more), `label`, `gold`.
"""

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

import conllu
import data
import pieces as P
import tree

ROLES = ("initiator", "target", "participant", "place", "time", "claimant")
STATUSES = ("occurred", "ongoing", "planned", "claimed", "denied", "threatened", "hypothetical")
CATEGORIES = ("neither", "diplomatic", "military")
# Where annotation holds the phrases of a role.
KEYS = {"initiators": 0, "targets": 1, "participants": 2, "places": 3, "time": 4, "attribution": 5}
LONGEST = 110


@dataclass
class Sentence:
    """A sentence of an item; looks to batches like one of a treebank without a tree."""

    id: str
    forms: list[str]
    triggers: list[dict] = field(default_factory=list)
    hush: list[int] = field(default_factory=list)
    label: str | None = None
    gold: bool = False
    known: bool = True
    heads: tuple = ()


def read(path):
    """Prepared sentences."""
    found = []
    for line in open(path, encoding="utf-8"):
        o = json.loads(line)
        if 2 <= len(o["words"]) <= LONGEST:
            of = lambda key, default: o.get(key, default)
            found.append(
                Sentence(o["id"], o["words"], of("triggers", []), of("hush", []), of("label", None), of("gold", False), of("known", True))
            )
    return found


def spans(item):
    """For each sentence its words with the characters that they cover."""
    text, out, at = item["text"], [], 0
    for sentence in item["sentences"]:
        words = []
        for word in sentence["words"]:
            at = text.index(word, at)
            words.append((word, at, at + len(word)))
            at += len(word)
        out.append(words)
    return out


def phrase_head(words, heads, span):
    """Sentence and word of a phrase: the word in it that hangs on one outside."""
    for s, sentence in enumerate(words):
        inside = [i for i, (_, a, b) in enumerate(sentence) if a < span["end"] and b > span["start"]]
        if inside:
            free = [i for i in inside if heads[s][i] - 1 not in inside]
            # Of several, the first: what follows is attached wrongly more often than what comes first.
            return s, (free or inside)[0]
    return None


def of_gold(item, heads):
    """Sentences of an annotated item."""
    words = spans(item)
    out = [dict(id=item["id"], words=[w[0] for w in s], heads=h, triggers=[], hush=[], gold=True) for s, h in zip(words, heads)]
    for event in item["events"]:
        found = phrase_head(words, heads, event["trigger"])
        if not found:
            continue
        s, word = found
        arguments = []
        for key, role in KEYS.items():
            phrases = event.get(key) or []
            for phrase in phrases if isinstance(phrases, list) else [phrases]:
                at = phrase_head(words, heads, phrase)
                if at and at[0] == s:
                    arguments.append([role, at[1]])
        out[s]["triggers"].append(dict(word=word, type=event["type"], status=event["status"], arguments=arguments))
        for phrase in event.get("also") or []:
            at = phrase_head(words, heads, phrase)
            if at:
                out[at[0]]["hush"].append(at[1])
    for sentence in out:
        named = {t["type"].split(".")[0] for t in sentence["triggers"]}
        first = sentence["triggers"][0]["type"].split(".")[0] if len(named) == 1 else None
        sentence["label"] = item.get("label") or first or (None if item["events"] else "neither")
        taken = {t["word"] for t in sentence["triggers"]}
        sentence["hush"] = sorted(set(sentence["hush"]) - taken)
    return out


def as_gold(answer):
    """Events of an answer of `sitrep analyze` in the form of annotation."""
    out = []
    for event in answer.get("events", []):
        report = event["reports"][0]
        if report["trigger"].get("part") != "PART_TEXT":
            continue
        span = lambda s: {"start": s.get("start", 0), "end": s.get("end", 0)}
        of = lambda key: [span(a["span"]) for a in report.get(key, []) if a.get("span")]
        one = {"type": report["type"], "status": report["status"].removeprefix("STATUS_").lower(), "trigger": span(report["trigger"])}
        one |= {key: of(key) for key in ("initiators", "targets", "participants")}
        for key, name in (("location", "places"), ("time", "time"), ("attribution", "attribution")):
            where = (report.get(key) or {}).get("span")
            if where:
                one[name] = [span(where)] if name == "places" else span(where)
        out.append(one)
    return out


def parse(folder, sentences):
    """Heads of sentences of words, as a trained network reads them."""
    from train import load

    network, vocabulary, names = load(Path(folder))
    network.eval()
    cutter = P.Pieces(vocabulary)
    rows = [conllu.Sentence(words) for words in sentences]
    sizes = [len(data.encode(s, cutter)[0]) for s in rows]
    heads = [[0] * len(words) for words in sentences]
    fits = [i for i, n in enumerate(sizes) if n <= 500]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in data.batches([sizes[i] for i in fits], 4000, None):
            chosen = [fits[i] for i in group]
            scores = network(data.collate([rows[i] for i in chosen], cutter, names))["arcs"].float().numpy()
            for k, i in enumerate(chosen):
                n = len(rows[i].forms)
                heads[i] = tree.decode(scores[k, :n, : n + 1].astype(np.float64)).tolist()
    return heads


def main():
    o = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    o.add_argument("--network", required=True)
    o.add_argument("--gold", nargs="*", default=[])
    o.add_argument("--silver", help="answers of `sitrep analyze` for the items of --labels")
    o.add_argument("--labels", nargs="*", default=[], help="items with a label, or none")
    o.add_argument("--aside", nargs="*", default=[], help="annotated items that measure: nothing of them is prepared")
    o.add_argument("--out", type=Path, required=True)
    o = o.parse_args()
    rows = lambda path: [json.loads(line) for line in open(path, encoding="utf-8")]
    gold = [item for path in o.gold for item in rows(path)]
    seen = {item["id"] for path in o.aside for item in rows(path)}
    gold = [item for item in gold if item["id"] not in seen]
    seen |= {item["id"] for item in gold}
    rest = [item for path in o.labels for item in rows(path) if item["id"] not in seen]
    answers = {a["itemId"]: a for a in rows(o.silver)} if o.silver else {}
    for item in rest:
        item["events"] = as_gold(answers.get(item["id"], {}))
    items = gold + rest
    heads = iter(parse(o.network, [s["words"] for item in items for s in item["sentences"]]))
    with open(o.out, "w", encoding="utf-8") as out:
        for k, item in enumerate(items):
            for sentence in of_gold(item, [next(heads) for _ in item["sentences"]]):
                if k >= len(gold):
                    sentence |= {"gold": False, "label": item.get("label"), "known": item["id"] in answers}
                out.write(json.dumps(sentence, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
