"""The best tree with one root: Chu-Liu-Edmonds on scores in which arcs from the root pay a toll (Stanojević and Cohen 2021)."""

import numpy as np


def decode(scores):
    """Heads of words 1..n (0: root); `scores` is (n, n + 1), for each word the score of each head."""
    n = scores.shape[0]
    s = np.full((n + 1, n + 1), -np.inf)
    s[1:, :] = scores
    s[np.arange(1, n + 1), np.arange(1, n + 1)] = -np.inf
    heads = s[1:].argmax(1)
    if (heads == 0).sum() == 1 and _cycle([0, *heads]) is None:
        return heads
    finite = s[1:][np.isfinite(s[1:])]
    s[1:, 0] -= (finite.max() - finite.min()) * (n + 1) + 1
    return _edmonds(s)[1:]


def _edmonds(s):
    """Heads for all nodes, 0 the root; s[d, h]."""
    n = s.shape[0]
    heads = s.argmax(1)
    heads[0] = 0
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.zeros(n, bool)
    inside[cycle] = True
    rest = np.flatnonzero(~inside)
    cyc = np.array(cycle)
    own = s[cyc, heads[cyc]]
    # The cycle becomes one node, the last.
    m = len(rest) + 1
    t = np.full((m, m), -np.inf)
    t[:-1, :-1] = s[np.ix_(rest, rest)]
    out = s[np.ix_(rest, cyc)]
    out_best = out.argmax(1)
    t[:-1, -1] = out[np.arange(len(rest)), out_best]
    into = s[np.ix_(cyc, rest)] - own[:, None]
    into_best = into.argmax(0)
    t[-1, :-1] = into[into_best, np.arange(len(rest))] + own.sum()
    found = _edmonds(t)
    heads = heads.copy()
    for k, d in enumerate(rest):
        if d != 0:
            heads[d] = cyc[out_best[k]] if found[k] == m - 1 else rest[found[k]]
    enter = found[-1]
    heads[cyc[into_best[enter]]] = rest[enter]
    return heads


def _cycle(heads):
    color = [0] * len(heads)
    color[0] = 2
    for start in range(1, len(heads)):
        path, at = [], start
        while color[at] == 0:
            color[at] = 1
            path.append(at)
            at = heads[at]
        if color[at] == 1:
            return path[path.index(at):]
        for p in path:
            color[p] = 2
    return None
