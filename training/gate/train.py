"""Trains the gate: says which sentences may hold an event and go to the encoder.

    cargo run --release --example sentences < portal.jsonl > items.jsonl
    cargo run --release --example sentences < events.jsonl > gold.jsonl
    python train.py --items items.jsonl --gold gold.jsonl --encoder WORK/accurate --out ../../models/gate.bin

Of an item: "id", "text", "label" ("neither" or another; labels may be noisy). Of gold: "id", "text", "events". First five folds,
each measured by a gate that has not seen it: the share of annotated events that are kept, and of items filed as neither
that are turned away; then the gate of all. Items are of one to three sentences; the service judges each sentence with the
one before and the one behind it.

The gate: vectors of word pieces as the trained encoder has them (not learnt further), a convolution over three pieces,
for each channel its greatest value in the sentence, a linear layer; and a weight for each word and pair of words, hashed.
`src/linguistics/gate.rs` computes the same with whole numbers.
"""

import argparse
import json
import random
import struct
import sys
from pathlib import Path

import blake3
import torch
from safetensors.torch import save

sys.path.insert(0, str(Path(__file__).parent.parent / "encoder"))
import pieces as P

VERSION = 1
BUCKETS = 1 << 17
CHANNELS = 48
LONGEST = 200
KEPT = 0.993  # more than the 99 % that are asked for, because the threshold is itself an estimate


def fnv(data):
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def buckets(words):
    """Buckets of the words and of the pairs of neighbours, each once; digits are alike."""
    flat = ["".join("0" if c in "123456789" else c for c in P.normal(w)) for w in words]
    flat = ["<", *flat, ">"]
    found = {fnv(w.encode()) % BUCKETS for w in flat}
    return sorted(found | {fnv(f"{a} {b}".encode()) % BUCKETS for a, b in zip(flat, flat[1:])})


class Window:
    """A few sentences, judged as one."""

    def __init__(self, words, cutter, target, weight):
        ids = [P.CLS] + [piece for word in words for piece in cutter.cut(word)]
        self.pieces = torch.tensor(ids[: LONGEST - 1] + [P.SEP])
        self.buckets = torch.tensor(buckets(words))
        self.target, self.weight = target, weight


class Gate(torch.nn.Module):
    def __init__(self, table):
        super().__init__()
        self.table = torch.nn.Embedding.from_pretrained(table, freeze=True)
        self.convolution = torch.nn.Conv1d(table.shape[1], CHANNELS, 3, padding=1)
        self.out = torch.nn.Linear(CHANNELS, 1)
        self.bag = torch.nn.EmbeddingBag(BUCKETS, 1, mode="sum")
        torch.nn.init.zeros_(self.bag.weight)

    def forward(self, sentences):
        ids = torch.nn.utils.rnn.pad_sequence([s.pieces for s in sentences], batch_first=True, padding_value=P.PAD)
        x = self.table(ids) * (ids != P.PAD)[:, :, None]
        h = torch.relu(self.convolution(x.transpose(1, 2)))
        h = h.masked_fill((ids == P.PAD)[:, None, :], 0.0).amax(2)
        h = torch.nn.functional.dropout(h, 0.3, self.training)
        starts = torch.tensor([0] + [len(s.buckets) for s in sentences[:-1]]).cumsum(0)
        return (self.out(h) + self.bag(torch.cat([s.buckets for s in sentences]), starts)).squeeze(1)


def fit(sentences, table, seed):
    torch.manual_seed(seed)
    gate = Gate(table)
    bag = list(gate.bag.parameters())
    rest = [*gate.convolution.parameters(), *gate.out.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": bag, "lr": 0.01, "weight_decay": 0.02}, {"params": rest, "lr": 2e-3, "weight_decay": 0.01}]
    )
    order, rng = list(sentences), random.Random(seed)
    for epoch in range(3):
        rng.shuffle(order)
        for at in range(0, len(order), 128):
            group = order[at : at + 128]
            targets = torch.tensor([s.target for s in group])
            weights = torch.tensor([s.weight for s in group])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(gate(group), targets, weight=weights)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return gate.eval()


def scores(gate, sentences):
    with torch.no_grad():
        parts = [gate(sentences[i : i + 256]) for i in range(0, len(sentences), 256)]
    return torch.cat(parts).tolist() if parts else []


def read(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def export(gate, vocabulary, threshold):
    w = gate.convolution.weight.detach()
    # For each of the three places, what a piece adds to each channel.
    parts = torch.stack([gate.table.weight @ w[:, :, place].T for place in range(3)])
    step = parts.abs().amax((0, 1)).clamp(min=1e-8) / 127
    bag = gate.bag.weight.detach().squeeze(1)
    bag_step = bag.abs().max() / 127
    tensors = {
        "pieces": (parts / step).round().to(torch.int8),
        "bias": (gate.convolution.bias.detach() / step).round().to(torch.int32),
        "out": gate.out.weight.detach().squeeze(0) * step,
        "bag": (bag / bag_step).round().to(torch.int8),
        "vocabulary": torch.frombuffer(bytearray("\n".join(vocabulary).encode()), dtype=torch.uint8),
    }
    config = {"bag": bag_step.item(), "threshold": threshold - gate.out.bias.item()}
    contents = save({k: v.contiguous() for k, v in tensors.items()}, {"config": json.dumps(config)})
    return b"SITREPGT" + struct.pack("<IQ", VERSION, len(contents)) + blake3.blake3(contents).digest() + contents


def main():
    o = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    o.add_argument("--items", required=True)
    o.add_argument("--gold", required=True)
    o.add_argument("--encoder", type=Path, required=True, help="folder of the trained encoder")
    o.add_argument("--out", type=Path, required=True)
    o = o.parse_args()
    vocabulary = json.loads((o.encoder / "network.json").read_text())["vocabulary"]
    table = torch.load(o.encoder / "best.pt", weights_only=True)["piece.weight"].float()
    table = table / table.norm(dim=1, keepdim=True).clamp(min=0.1)
    cutter = P.Pieces(vocabulary)
    gold = read(o.gold)
    annotated = {g["id"] for g in gold}
    items = [i for i in read(o.items) if i["id"] not in annotated and i["sentences"]]
    words = lambda item: [w for s in item["sentences"] for w in s["words"]]
    # People's word counts more than a heading's, and a missed event more than a sentence read in vain.
    events = [len(g["events"]) for g in gold] + [0] * len(items)
    neither = [False] * len(gold) + [i["label"] == "neither" for i in items]
    all_ = [Window(words(g), cutter, float(bool(g["events"])), 12.0 if g["events"] else 4.0) for g in gold]
    for item, other in zip(items, neither[len(gold) :]):
        all_.append(Window(words(item), cutter, float(not other), 1.0 if other else 3.0))
    fold = [random.Random(7 * i).randrange(5) for i in range(len(all_))]
    held = [0.0] * len(all_)
    for k in range(5):
        gate = fit([w for w, f in zip(all_, fold) if f != k], table, k)
        mine = [i for i, f in enumerate(fold) if f == k]
        for i, s in zip(mine, scores(gate, [all_[i] for i in mine])):
            held[i] = s
        print(f"fold {k + 1} of 5", flush=True)

    def threshold(chosen):
        found = sorted((held[i] for i in chosen for _ in range(events[i])), reverse=True)
        return found[int(KEPT * len(found))]

    # The honest figure: each fold's threshold from the other folds.
    kept = away = 0
    for k in range(5):
        t = threshold([i for i, f in enumerate(fold) if f != k])
        kept += sum(n for n, s, f in zip(events, held, fold) if f == k and s >= t)
        away += sum(s < t for s, n, f in zip(held, neither, fold) if f == k and n)
    print(f"kept {100 * kept / sum(events):.2f} % of {sum(events)} events, ", end="")
    print(f"turned away {100 * away / sum(neither):.2f} % of {sum(neither)} items filed as neither", flush=True)
    gate = fit(all_, table, 9)
    o.out.write_bytes(export(gate, vocabulary, threshold(range(len(all_)))))
    print(f"{o.out}: {o.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
