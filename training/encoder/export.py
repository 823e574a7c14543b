"""Writes a trained network as the service reads it: weights of seven bits, tables of eight, with the rules for lemmas.

    python export.py deep --train a.conllu b.conllu --out models/accurate.bin
"""

import argparse
import json
import struct
from collections import Counter
from pathlib import Path

import blake3
import torch
from safetensors.torch import save

import conllu
import lemmas
import train as T

VERSION = 2
# Penn tags that the service knows (src/linguistics/names.rs); others are XX.
XPOS = """# $ '' , -LRB- -RRB- . : ADD AFX CC CD DT EX FW GW HYPH IN JJ JJR JJS LS MD NFP NN NNP NNPS NNS PDT POS PRP PRP$ RB
RBR RBS RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB XX ``""".split()


def rows(weight, most):
    """Each row as whole numbers between -most and most, and what one stands for."""
    scale = weight.abs().amax(1).clamp(min=1e-8) / most
    return (weight / scale[:, None]).round().clamp(-most, most).to(torch.int8), scale


def penn(tag):
    return tag if tag in XPOS else "XX"


def tags_of(sentences):
    """Pairs of tags that occur, the most frequent 250."""
    counts = Counter((u, penn(x)) for s in sentences for u, x in zip(s.upos, s.xpos))
    return sorted(pair for pair, _ in counts.most_common(250))


def lemma_pairs(sentences, tags):
    index = {pair: i for i, pair in enumerate(tags)}
    for s in sentences:
        for form, lemma, upos, xpos in zip(s.forms, s.lemmas, s.upos, s.xpos):
            tag = index.get((upos, penn(xpos)))
            # "_" stands for none in the second half of a word written apart.
            if tag is None or (lemma == "_" and form != "_"):
                continue
            yield (tag, form, lemma) if upos == "PROPN" else (tag, form.lower(), lemma.lower())


def tensors_of(network):
    tensors, have = {}, network.state_dict()
    for name, value in have.items():
        value = value.float()
        part, kind = name.rsplit(".", 1)
        if part in ("piece", "position"):
            tensors[part], tensors[part + ".scale"] = rows(value, 127)
        elif part == "spelling":
            tensors["spelling"] = value.flatten()
        elif "norm" in part or part == "arc_bias":
            tensors[name] = value.flatten()
        elif kind == "weight":
            tensors[name], tensors[part + ".scale"] = rows(value, 63)
        else:
            tensors[name] = value
    # A bias over all heads alike changes no tree.
    del tensors["arc_bias.bias"]
    return {k: v.contiguous() for k, v in tensors.items()}


def main():
    o = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    o.add_argument("folder", type=Path)
    o.add_argument("--train", nargs="+", required=True)
    o.add_argument("--out", type=Path, required=True)
    o = o.parse_args()
    network, vocabulary, names = T.load(o.folder)
    sentences = [s for path in o.train for s in conllu.read(path)]
    tags = tags_of(sentences)
    rules = lemmas.learn(lemma_pairs(sentences, tags))
    s = network.shape
    known = {penn(x) for x in names["xpos"].names}
    xpos = [penn(x) for x in names["xpos"].names]
    if len(known) != len(xpos):
        # The first of those that became XX stands for all.
        xpos = [x if x not in xpos[:i] else f"({i})" for i, x in enumerate(xpos)]
    config = {
        "layers": s.layers, "width": s.width, "heads": s.heads, "inner": s.inner, "positions": s.positions,
        "arc": s.arc, "relation": s.relation, "upos": names["upos"].names, "xpos": xpos,
        "relations": names["relations"].names, "tags": tags,
    }
    if s.types:
        config |= {"types": names["types"].names, "event": s.event, "argument": s.argument}
    tensors = tensors_of(network)
    tensors["vocabulary"] = torch.frombuffer(bytearray("\n".join(vocabulary).encode()), dtype=torch.uint8)
    tensors["lemmas"] = torch.frombuffer(bytearray(lemmas.encode(rules)), dtype=torch.uint8)
    contents = save(tensors, {"config": json.dumps(config)})
    header = b"SITREPLM" + struct.pack("<IQ", VERSION, len(contents)) + blake3.blake3(contents).digest()
    o.out.write_bytes(header + contents)
    print(f"{o.out}: {len(header) + len(contents)} bytes, {len(tags)} tags, {len(rules)} rules for lemmas")


if __name__ == "__main__":
    main()
