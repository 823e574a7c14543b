"""Goes on with a trained network so that it reads events too, beside trees: one encoder for both.

    python joint.py --network balanced --teacher accurate --train a.conllu b.conllu --dev c.conllu --events prepared.jsonl \\
        --out balanced-news [--gold-rounds 5] [--fold 0 --folds 5]

First a round over the treebanks and other news (labels and what frames found in it, which is half wrong and teaches much), then
rounds over the annotated sentences with every sixth batch from the treebanks, so that trees are not forgotten. The teacher
reads every batch beside it. With --fold, annotated sentences of one fold are left out, and figures on them are printed; a fold
holds whole items. Deterministic by seed on one machine.
"""

import argparse
import json
import random
import time
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F

import conllu
import data
import events as E
import network as N
import pieces as P
import train as T

# What a loss counts beside that of the trees.
TYPES, ARGUMENTS, STATUS, CATEGORY, SILVER = 8.0, 0.5, 0.3, 0.5, 0.5


def options():
    o = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    o.add_argument("--network", type=Path, required=True)
    o.add_argument("--teacher", type=Path, required=True)
    o.add_argument("--train", nargs="+", required=True)
    o.add_argument("--dev", nargs="*", default=[])
    o.add_argument("--events", required=True)
    o.add_argument("--news-rounds", type=float, default=1.0)
    o.add_argument("--gold-rounds", type=float, default=4.0)
    o.add_argument("--batch", type=int, default=1400, help="pieces")
    o.add_argument("--gold-batch", type=int, default=500, help="pieces of annotated sentences: few, for many steps")
    o.add_argument("--encoder-rate", type=float, default=2e-4)
    o.add_argument("--head-rate", type=float, default=2e-3)
    o.add_argument("--average", type=float, default=0.98)
    o.add_argument("--fold", type=int)
    o.add_argument("--folds", type=int, default=5)
    o.add_argument("--seed", type=int, default=1)
    o.add_argument("--threads", type=int, default=2)
    o.add_argument("--out", type=Path, required=True)
    return o.parse_args()


def fold_of(item, folds):
    """The fold of an item, by its id alone."""
    return zlib.crc32(item.encode()) % folds


def widen(network, names, types):
    """The network with heads for events, and the names of what they tell."""
    if network.shape.types:
        return network, names
    names = names | {
        "types": data.Names(["none", *types]),
        "roles": data.Names(E.ROLES),
        "statuses": data.Names(E.STATUSES),
        "categories": data.Names(E.CATEGORIES),
    }
    sizes = {key: len(names[key].names) for key in ("types", "roles", "statuses", "categories")}
    wide = N.Network(N.Shape(**(N.saved_shape(network.shape) | sizes)))
    wide.load_state_dict(wide.state_dict() | network.state_dict())
    return wide, names


def loss_events(network, out, batch, chosen, names):
    """Triggers with their types, parties, statuses, and the category of the sentence."""
    size, words = batch["heads"].shape
    gold = torch.full((size, words), -100)
    weight = torch.zeros(size, words)
    rows, at, statuses, roles, shares = [], [], [], [], []
    categories = torch.full((size,), -100)
    for i, s in enumerate(chosen):
        n = len(s.forms)
        if s.known:
            gold[i, :n] = 0
            weight[i, :n] = 1.0 if s.gold else SILVER
            gold[i, s.hush] = -100
        if s.label:
            categories[i] = names["categories"].index[s.label]
        for t in s.triggers:
            gold[i, t["word"]] = names["types"].index[t["type"]]
            rows.append(i), at.append(t["word"]), shares.append(1.0 if s.gold else SILVER)
            statuses.append(names["statuses"].index[t["status"]])
            wanted = torch.zeros(words, network.shape.roles)
            for role, word in t["arguments"]:
                wanted[word, role] = 1.0
            roles.append(wanted)
    each = F.cross_entropy(out["types"].float().flatten(0, 1), gold.flatten(), ignore_index=-100, reduction="none")
    loss = TYPES * (each * weight.flatten()).sum() / weight.sum().clamp(min=1)
    if (categories >= 0).any():
        loss = loss + CATEGORY * F.cross_entropy(out["categories"].float(), categories, ignore_index=-100)
    if rows:
        share = torch.tensor(shares)
        scores = network.arguments(out, rows, at).float()
        seen = batch["heads_mask"][rows, 1:, None]
        cost = F.binary_cross_entropy_with_logits(scores, torch.stack(roles), reduction="none") * seen
        loss = loss + ARGUMENTS * (cost.sum((1, 2)) * share).sum() / share.sum()
        cost = F.cross_entropy(out["statuses"][rows, at].float(), torch.tensor(statuses), reduction="none")
        loss = loss + STATUS * (cost * share).sum() / share.sum()
    return loss


def measure(network, sentences, cutter, names):
    """How triggers are found at one half: found, and with the right type."""
    network.eval()
    found = typed = said = wanted = right = known = 0
    sizes = [len(data.encode(s, cutter)[0]) for s in sentences]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in data.batches(sizes, 3000, None):
            chosen = [sentences[i] for i in group]
            out = network(data.collate(chosen, cutter, names))
            odds = out["types"].float().softmax(-1)
            for i, s in enumerate(chosen):
                gold = {t["word"]: names["types"].index[t["type"]] for t in s.triggers}
                guess = {w: int(odds[i, w, 1:].argmax()) + 1 for w in range(len(s.forms)) if odds[i, w, 0] < 0.5 and w not in s.hush}
                said, wanted = said + len(guess), wanted + len(gold)
                found += len(gold.keys() & guess.keys())
                typed += sum(guess.get(w) == t for w, t in gold.items())
                if s.label:
                    known += 1
                    right += int(out["categories"][i].argmax()) == names["categories"].index[s.label]
    network.train()
    f1 = lambda n: round(2 * n / max(1, said + wanted), 3)
    return {"found": f1(found), "typed": f1(typed), "precision": round(found / max(1, said), 3), "category": round(right / max(1, known), 3)}


def run(o, network, teacher, cutter, names, queue, held, label):
    """One course over a queue of batches: (kind, sentences)."""
    heads = ("upos", "xpos", "arc", "relation", "spelling", "event", "argument", "category")
    optimizer = T.optimizer_of(network, heads, o.encoder_rate, o.head_rate)
    mean = {k: v.clone() for k, v in network.state_dict().items()}
    begun, running, steps = time.time(), 0.0, len(queue)
    network.train()
    for step, (with_trees, group) in enumerate(queue):
        rng = random.Random(o.seed + 7 * step)
        batch = data.collate(group, cutter, names, rng, 0.06 if with_trees else 0.0)
        warm = max(1, int(0.06 * steps))
        for g in optimizer.param_groups:
            g["lr"] = g["peak"] * min((step + 1) / warm, (steps - step) / max(1, steps - warm))
        with torch.autocast("cpu", torch.bfloat16):
            out = network(batch)
            # Not the teacher's vectors: it knows nothing of events, and what is to be learnt must find room in them.
            loss = T.loss_taught(network, out, batch, T.teach(teacher, batch), vectors=0.0)
            if with_trees:
                loss = loss + T.loss_gold(network, out, batch) * 0.5
            else:
                loss = loss + loss_events(network, out, batch, group, names)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        decay = min(o.average, (step + 1) / (step + 10))
        with torch.no_grad():
            now = network.state_dict()
            torch._foreach_lerp_(list(mean.values()), [now[k] for k in mean], 1 - decay)
        running = 0.98 * running + 0.02 * loss.item() if step else loss.item()
        if (step + 1) % 50 == 0 or step + 1 == steps:
            pace = (time.time() - begun) / (step + 1)
            print(f"{label} {step + 1}/{steps} loss {running:.3f} {pace:.2f} s a step, {pace * (steps - step) / 60:.0f} min left", flush=True)
    network.load_state_dict(mean)
    if held:
        print(f"{label} held out: {json.dumps(measure(network, held, cutter, names))}", flush=True)


def main():
    o = options()
    torch.manual_seed(o.seed)
    torch.set_num_threads(o.threads)
    o.out.mkdir(parents=True, exist_ok=True)
    trees = [s for path in o.train for s in conllu.read(path)]
    news = E.read(o.events)
    held = [s for s in news if s.gold and o.fold is not None and fold_of(s.id, o.folds) == o.fold]
    gold = [s for s in news if s.gold and not (o.fold is not None and fold_of(s.id, o.folds) == o.fold)]
    rest = [s for s in news if not s.gold]
    network, vocabulary, names = T.load(o.network)
    teacher, _, _ = T.load(o.teacher)
    teacher.eval()
    network, names = widen(network, names, sorted({t["type"] for s in news for t in s.triggers}))
    cutter = P.Pieces(vocabulary)
    saved = {"shape": N.saved_shape(network.shape), "vocabulary": vocabulary, "names": {k: v.names for k, v in names.items()}}
    (o.out / "network.json").write_text(json.dumps(saved))
    print(f"{len(trees)} sentences with trees, {len(gold)} annotated, {len(held)} held out, {len(rest)} others", flush=True)

    def cut(sentences, seed, batch=None):
        sizes = [len(data.encode(s, cutter)[0]) for s in sentences]
        fits = [i for i, n in enumerate(sizes) if n <= data.SENTENCE_MAX]
        groups = data.batches([sizes[i] for i in fits], batch or o.batch, random.Random(seed))
        return [[sentences[fits[i]] for i in group] for group in groups]

    tree_batches = cut(trees, o.seed)
    if o.news_rounds:
        queue = [(True, b) for b in tree_batches]
        for round_ in range(max(1, round(o.news_rounds))):
            queue += [(False, b) for b in cut(rest, o.seed + round_)]
        random.Random(o.seed).shuffle(queue)
        queue = queue[: int(len(queue) * min(1.0, o.news_rounds))]
        run(o, network, teacher, cutter, names, queue, held, "news")
        torch.save(network.state_dict(), o.out / "news.pt")
    if o.gold_rounds:
        queue = [(False, b) for round_ in range(int(o.gold_rounds)) for b in cut(gold, o.seed + 100 + round_, o.gold_batch)]
        mixed = []
        for k, step in enumerate(queue):
            mixed.append(step)
            if k % 5 == 4:
                mixed.append((True, tree_batches[(k // 5) % len(tree_batches)]))
        run(o, network, teacher, cutter, names, mixed, held, "gold")
    torch.save(network.state_dict(), o.out / "best.pt")
    figures = {Path(path).stem: T.measure(network, conllu.read(path), cutter, names) for path in o.dev}
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
