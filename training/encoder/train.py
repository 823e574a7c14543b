"""Trains one network: the deep one on treebanks, a shallow one on treebanks and raw news under the eye of the deep one.

    python train.py --train a.conllu b.conllu --dev c.conllu d.conllu --words raw.txt --out deep
    python train.py --train a.conllu b.conllu --dev c.conllu d.conllu --teacher deep --layers 3 --raw raw.txt --out three

Deterministic by seed on one machine; goes on from its last checkpoint when it is started again. Test treebanks have no
place here.
"""

import argparse
import json
import random
import re
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import conllu
import data
import network as N
import pieces as P
import tree


def options():
    o = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    o.add_argument("--train", nargs="+", required=True)
    o.add_argument("--dev", nargs="+", required=True)
    o.add_argument("--words", nargs="*", default=[], help="texts whose words the vocabulary must hold")
    o.add_argument("--raw", nargs="*", default=[], help="sentences without trees, one a line, tokens between spaces")
    o.add_argument("--teacher", help="folder of a trained network")
    o.add_argument("--layers", type=int, default=6)
    o.add_argument("--epochs", type=float, default=8)
    o.add_argument("--batch", type=int, default=1400, help="pieces")
    o.add_argument("--encoder-rate", type=float, default=3e-4)
    o.add_argument("--head-rate", type=float, default=2e-3)
    o.add_argument("--average", type=float, default=0.998)
    o.add_argument("--headlines", type=float, default=0.0, help="share of the treebanks' sentences that become headlines")
    o.add_argument("--seed", type=int, default=1)
    o.add_argument("--threads", type=int, default=2)
    o.add_argument("--minutes-between-checkpoints", type=float, default=5)
    o.add_argument("--out", type=Path, required=True)
    return o.parse_args()


def measure(network, sentences, cutter, names):
    """Percent right, as `sitrep evaluate parser` counts."""
    network.eval()
    right = dict(upos=0, xpos=0, uas=0, las=0)
    total = 0
    sizes = [len(data.encode(s, cutter)[0]) for s in sentences]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in data.batches(sizes, 3000, None):
            chosen = [sentences[i] for i in group]
            batch = data.collate(chosen, cutter, names)
            out = network(batch)
            scores = out["arcs"].float().numpy()
            heads = torch.zeros_like(batch["heads"])
            for i, s in enumerate(chosen):
                n = len(s.forms)
                heads[i, :n] = torch.from_numpy(tree.decode(scores[i, :n, : n + 1].astype(np.float64)))
            relations = network.relations(out, heads).float()
            root = names["relations"].index["root"]
            relations[..., root] = -1e9
            relations = relations.argmax(-1)
            relations[heads == 0] = root
            known = batch["heads"] >= 0
            total += int(known.sum())
            same = (heads == batch["heads"]) & known
            right["uas"] += int(same.sum())
            right["las"] += int((same & (relations == batch["relations"])).sum())
            for key in ("upos", "xpos"):
                right[key] += int(((out[key].argmax(-1) == batch[key]) & known).sum())
    network.train()
    return {k: round(100 * v / total, 2) for k, v in right.items()}


def loss_gold(network, out, batch):
    flat = lambda scores, gold: F.cross_entropy(scores.float().flatten(0, 1), gold.flatten(), ignore_index=-100)
    heads = batch["heads"].clamp(min=0)
    return (
        flat(out["arcs"], batch["heads"])
        + flat(network.relations(out, heads), batch["relations"])
        + 0.5 * flat(out["upos"], batch["upos"])
        + 0.5 * flat(out["xpos"], batch["xpos"])
    )


def loss_taught(network, out, batch, taught, vectors=2.0):
    """Distance to the deep network's distributions, and to its vectors of the words."""
    seen = batch["heads_mask"][:, 1:]

    def distance(ours, theirs):
        ours, theirs = ours[seen].float(), theirs[seen].float()
        return -(F.softmax(theirs, -1) * F.log_softmax(ours, -1)).sum(-1).mean()

    words = batch["heads_mask"]
    apart = 1 - F.cosine_similarity(out["words"][words].float(), taught["words"][words].float()).mean()
    return (
        distance(out["arcs"], taught["arcs"])
        + distance(network.relations(out, taught["best"]), taught["relations"])
        + 0.5 * distance(out["upos"], taught["upos"])
        + 0.5 * distance(out["xpos"], taught["xpos"])
        + vectors * apart
    )


def teach(teacher, batch):
    with torch.no_grad():
        out = teacher(batch)
        out["best"] = out["arcs"].argmax(-1)
        out["relations"] = teacher.relations(out, out["best"])
    return out


def load(folder):
    """Network, vocabulary and names of a folder that this wrote."""
    saved = json.loads((folder / "network.json").read_text())
    network = N.Network(N.shape_of(saved["shape"]))
    network.load_state_dict(torch.load(folder / "best.pt", weights_only=True))
    names = {k: data.Names(v) for k, v in saved["names"].items()}
    return network, saved["vocabulary"], names


def begin(o, train):
    """The network to be trained, its vocabulary and names, and its teacher."""
    if o.teacher:
        teacher, vocabulary, names = load(Path(o.teacher))
        shape = N.Shape(**{**N.saved_shape(teacher.shape), "layers": o.layers})
        network = N.Network(shape)
        # The lower layers know the syntax; the heads begin where the deep network's ended.
        have = teacher.state_dict()
        network.load_state_dict({k: have[k] for k in network.state_dict()})
        teacher.eval()
        return network, vocabulary, names, teacher
    words = {form for s in train for form in s.forms}
    for path in o.words:
        words.update(re.findall(r"\w+|[^\w\s]", Path(path).read_text(encoding="utf-8")))
    _, full = N.pretrained()
    kept = P.prune(full, sorted(words))
    vocabulary = [full[i] for i in kept]
    listed = lambda key: data.Names(sorted({v for s in train for v in getattr(s, key)}))
    names = {"upos": listed("upos"), "xpos": listed("xpos"), "relations": listed("deprels")}
    shape = N.Shape(len(vocabulary), *(len(names[k].names) for k in ("upos", "xpos", "relations")), layers=o.layers)
    network = N.Network(shape)
    N.initialise(network, kept)
    return network, vocabulary, names, None


def optimizer_of(network, heads, encoder_rate, head_rate):
    """AdamW with a rate for the encoder and one for the heads, which are given by the beginnings of their names."""
    bare = lambda name: "norm" in name or name.endswith("bias")
    groups = []
    for head in (False, True):
        for plain in (False, True):
            chosen = [p for n, p in network.named_parameters() if n.startswith(heads) == head and bare(n) == plain]
            rate = head_rate if head else encoder_rate
            groups.append({"params": chosen, "lr": rate, "peak": rate, "weight_decay": 0.0 if plain else 0.01})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def main():
    o = options()
    torch.manual_seed(o.seed)
    torch.set_num_threads(o.threads)
    o.out.mkdir(parents=True, exist_ok=True)
    train = [s for path in o.train for s in conllu.read(path)]
    dev = {Path(path).stem: conllu.read(path) for path in o.dev}
    network, vocabulary, names, teacher = begin(o, train)
    gold = len(train)
    train += [s for path in o.raw for s in conllu.read_raw(path)]
    cutter = P.Pieces(vocabulary)
    sizes = [len(data.encode(s, cutter)[0]) for s in train]
    keep = [i for i, n in enumerate(sizes) if n <= data.SENTENCE_MAX]
    train, sizes = [train[i] for i in keep], [sizes[i] for i in keep]
    saved = {"shape": N.saved_shape(network.shape), "vocabulary": vocabulary, "names": {k: v.names for k, v in names.items()}}
    (o.out / "network.json").write_text(json.dumps(saved))
    print(f"{gold} sentences with trees, {len(train)} in all, {sum(sizes)} pieces, vocabulary {len(vocabulary)}", flush=True)

    optimizer = optimizer_of(network, ("upos", "xpos", "arc", "relation", "spelling"), o.encoder_rate, o.head_rate)
    mean = {k: v.clone() for k, v in network.state_dict().items()}
    per_epoch = len(data.batches(sizes, o.batch, random.Random(o.seed)))
    steps = int(o.epochs * per_epoch)
    state = {"step": 0, "best": -1.0}
    checkpoint = o.out / "checkpoint.pt"
    if checkpoint.exists():
        found = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(found["network"])
        optimizer.load_state_dict(found["optimizer"])
        mean, state = found["mean"], found["state"]
        torch.set_rng_state(found["rng"])
        print(f"goes on at step {state['step']} of {steps}", flush=True)
    network.train()
    begun, from_step, saved_at, running = time.time(), state["step"], time.time(), 0.0
    queue, epoch = [], -1
    while state["step"] < steps:
        step = state["step"]
        if step // per_epoch != epoch or not queue:
            epoch = step // per_epoch
            rng = random.Random(o.seed * 1000 + epoch)
            queue = data.batches(sizes, o.batch, rng)[step % per_epoch :]
        if not queue:
            state["step"] += 1
            continue
        group = queue.pop(0)
        batch = data.collate([train[i] for i in group], cutter, names, random.Random(o.seed + 7 * step), o.headlines)
        warm = max(1, int(0.06 * steps))
        scale = min((step + 1) / warm, (steps - step) / max(1, steps - warm))
        for g in optimizer.param_groups:
            g["lr"] = g["peak"] * scale
        with torch.autocast("cpu", torch.bfloat16):
            out = network(batch)
            loss = 0.0
            if (batch["heads"] >= 0).any():
                loss = loss_gold(network, out, batch) * (0.5 if teacher else 1.0)
            if teacher:
                loss = loss + loss_taught(network, out, batch, teach(teacher, batch))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        # Averaged weights; the mean forgets faster while the run is young.
        decay = min(o.average, (step + 1) / (step + 10))
        with torch.no_grad():
            now = network.state_dict()
            torch._foreach_lerp_(list(mean.values()), [now[k] for k in mean], 1 - decay)
        running = 0.98 * running + 0.02 * loss.item() if step else loss.item()
        state["step"] += 1
        if state["step"] % 50 == 0:
            pace = (time.time() - begun) / (state["step"] - from_step)
            left = pace * (steps - state["step"]) / 60
            print(f"step {state['step']}/{steps} loss {running:.3f} {pace:.2f} s a step, {left:.0f} min left", flush=True)
        if state["step"] % per_epoch == 0 or state["step"] == steps:
            last = {k: v.clone() for k, v in network.state_dict().items()}
            network.load_state_dict(mean)
            figures = {name: measure(network, s, cutter, names) for name, s in dev.items()}
            score = sum(f["las"] for f in figures.values()) / len(figures)
            print(f"epoch {state['step'] / per_epoch:.1f} {json.dumps(figures)}", flush=True)
            if score > state["best"]:
                state["best"] = score
                torch.save(network.state_dict(), o.out / "best.pt")
            network.load_state_dict(last)
        if time.time() - saved_at > 60 * o.minutes_between_checkpoints or state["step"] % per_epoch == 0:
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "mean": mean,
                    "state": state,
                    "rng": torch.get_rng_state(),
                },
                o.out / "checkpoint.tmp",
            )
            (o.out / "checkpoint.tmp").rename(checkpoint)
            saved_at = time.time()


if __name__ == "__main__":
    main()
