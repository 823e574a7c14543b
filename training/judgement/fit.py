"""Fits the judgement that weighs what the voices say, and writes models/judgement.toml.

    python fit.py --gold gold.jsonl --candidates candidates.jsonl... --out ../../models/judgement.toml

Gold are annotated items; candidates are what `candidates.rs` prints for them, read by networks that did not see them: a file a
fold. Prints log loss and F1 of candidates by cross-validation over items, and F1 at several thresholds.
"""

import argparse
import json
import re
import zlib
from pathlib import Path

import numpy as np

FOLDS = 5


def rows(path):
    return [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]


def names():
    """Names of the features, as the service numbers them."""
    source = (Path(__file__).parents[2] / "src/extract/judgement.rs").read_text()
    listed = re.search(r"FEATURES: \[&str; \d+\] = \[(.*?)\]", source, re.S)[1]
    return re.findall(r'"(\w+)"', listed)


def near(a, b):
    return a.split(".")[:2] == b.split(".")[:2]


def judged(candidate, events):
    """Whether a candidate is an annotated event: 1, 0, or none where it is only recalled there."""
    touching = []
    for event in events:
        spans = [event["trigger"], *event.get("also", [])]
        if any(candidate["start"] < s["end"] and s["start"] < candidate["end"] for s in spans):
            touching.append(event)
    right = [e for e in touching if near(e["type"], candidate["type"])]
    if right:
        return None if all(e.get("background") for e in right) else 1.0
    # Another word for an event of the sentence: neither right nor wrong, later rules join them.
    if any(e["type"] == candidate["type"] for e in events):
        return None
    return 0.0


def fit(x, y, penalty=1.0):
    """Logistic regression with a penalty on all but the first weight, by Newton's method."""
    w = np.zeros(x.shape[1])
    ridge = penalty * np.eye(len(w))
    ridge[0, 0] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + ridge, x.T @ (y - p) - ridge @ w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def main():
    o = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    o.add_argument("--gold", nargs="+", required=True)
    o.add_argument("--candidates", nargs="+", required=True)
    o.add_argument("--threshold", type=float, default=0.32)
    o.add_argument("--without", nargs="*", default=[], help="features to leave out: frame, type ...")
    o.add_argument("--out", type=Path)
    o = o.parse_args()
    features = names()
    gold = {item["id"]: item["events"] for path in o.gold for item in rows(path)}
    x, y, folds = [], [], []
    for path in o.candidates:
        for item in rows(path):
            for c in item["candidates"]:
                right = judged(c, gold[item["id"]])
                if right is not None:
                    x.append(c["features"])
                    y.append(right)
                    folds.append(zlib.crc32(item["id"].encode()) % FOLDS)
    x, y, folds = np.array(x), np.array(y), np.array(folds)
    for name in o.without:
        x[:, features.index(name)] = 0.0
    print(f"{len(y)} candidates, {int(y.sum())} right")
    guess = np.zeros(len(y))
    for fold in range(FOLDS):
        guess[folds == fold] = 1 / (1 + np.exp(-x[folds == fold] @ fit(x[folds != fold], y[folds != fold])))
    loss = -np.mean(y * np.log(guess + 1e-9) + (1 - y) * np.log(1 - guess + 1e-9))
    print(f"log loss {loss:.4f}")
    for t in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        hits = y[guess >= t].sum()
        print(f"threshold {t}: precision {hits / max(1, (guess >= t).sum()):.3f} recall {hits / y.sum():.3f} F1 {2 * hits / ((guess >= t).sum() + y.sum()):.3f}")
    edges = np.quantile(guess, np.linspace(0, 1, 11))
    for a, b in zip(edges, edges[1:]):
        inside = (guess >= a) & (guess <= b)
        print(f"said {guess[inside].mean():.2f}, right {y[inside].mean():.2f}")
    weights = fit(x, y)
    lines = [
        "# How the voices are weighed: each unit of a feature adds so much to the logarithm of the odds. Fitted by",
        "# training/judgement/fit.py on candidates that were read by networks that had not seen them.",
        f"threshold = {o.threshold}",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in zip(features, weights)),
    ]
    print("\n".join(lines[5:]))
    if o.out:
        o.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
