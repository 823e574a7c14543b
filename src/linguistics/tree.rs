//! The best tree with one root: the algorithm of Chu, Liu and Edmonds on scores in which arcs from the root pay a toll, so
//! that one of them is used and no more (Stanojević and Cohen, "A Root of a Problem", 2021).

/// Heads of words 1 to `n`, 0 standing for the root; `scores` holds, for each word in turn, the score of each head from 0
/// to `n`.
pub fn decode(scores: &[f32], n: usize) -> Vec<usize> {
    let size = n + 1;
    // s[dependent * size + head]
    let mut s = vec![f64::NEG_INFINITY; size * size];
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for dependent in 1..size {
        for head in 0..size {
            if head != dependent {
                let score = f64::from(scores[(dependent - 1) * size + head]);
                let score = if score.is_nan() {
                    -1e9
                } else {
                    score.clamp(-1e9, 1e9)
                };
                (low, high) = (low.min(score), high.max(score));
                s[dependent * size + head] = score;
            }
        }
    }
    let mut heads = best_heads(&s, size);
    let roots = heads[1..].iter().filter(|&&h| h == 0).count();
    if roots != 1 || cycle(&heads).is_some() {
        let toll = (high - low) * size as f64 + 1.0;
        for dependent in 1..size {
            s[dependent * size] -= toll;
        }
        heads = edmonds(&s, size);
    }
    heads.remove(0);
    heads
}

fn best_heads(s: &[f64], size: usize) -> Vec<usize> {
    let mut heads = vec![0; size];
    for (dependent, head) in heads.iter_mut().enumerate().skip(1) {
        let row = &s[dependent * size..][..size];
        for (h, score) in row.iter().enumerate() {
            if *score > row[*head] {
                *head = h;
            }
        }
    }
    heads
}

/// Heads of all nodes, 0 being the root.
fn edmonds(s: &[f64], size: usize) -> Vec<usize> {
    let mut heads = best_heads(s, size);
    let Some(cycle) = cycle(&heads) else {
        return heads;
    };
    // The cycle becomes one node, the last of a smaller graph.
    let mut inside = vec![false; size];
    for &node in &cycle {
        inside[node] = true;
    }
    let rest: Vec<usize> = (0..size).filter(|&node| !inside[node]).collect();
    let small = rest.len() + 1;
    let own: f64 = cycle.iter().map(|&d| s[d * size + heads[d]]).sum();
    let mut t = vec![f64::NEG_INFINITY; small * small];
    let mut leaves = vec![0; rest.len()];
    let mut enters = vec![0; rest.len()];
    for (i, &node) in rest.iter().enumerate() {
        for (j, &head) in rest.iter().enumerate() {
            t[i * small + j] = s[node * size + head];
        }
        let better = |a: f64, b: f64| a > b;
        let (mut leave, mut enter) = (cycle[0], cycle[0]);
        let into = |d: usize| s[d * size + node] - s[d * size + heads[d]];
        for &d in &cycle[1..] {
            if better(s[node * size + d], s[node * size + leave]) {
                leave = d;
            }
            if better(into(d), into(enter)) {
                enter = d;
            }
        }
        t[i * small + small - 1] = s[node * size + leave];
        t[(small - 1) * small + i] = into(enter) + own;
        (leaves[i], enters[i]) = (leave, enter);
    }
    // Nothing enters the root.
    let root = rest.iter().position(|&node| node == 0).unwrap_or(0);
    t[root * small..(root + 1) * small].fill(f64::NEG_INFINITY);
    let found = edmonds(&t, small);
    for (i, &node) in rest.iter().enumerate() {
        if node != 0 {
            heads[node] = if found[i] == small - 1 {
                leaves[i]
            } else {
                rest[found[i]]
            };
        }
    }
    let from = found[small - 1];
    heads[enters[from]] = rest[from];
    heads
}

/// Some cycle, if there is one.
fn cycle(heads: &[usize]) -> Option<Vec<usize>> {
    // 0: not seen, 1: on the path, 2: leads to the root.
    let mut state = vec![0u8; heads.len()];
    state[0] = 2;
    for start in 1..heads.len() {
        let mut path = Vec::new();
        let mut at = start;
        while state[at] == 0 {
            state[at] = 1;
            path.push(at);
            at = heads[at];
        }
        if state[at] == 1 {
            let begin = path.iter().position(|&p| p == at)?;
            return Some(path.split_off(begin));
        }
        for node in path {
            state[node] = 2;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best tree with one root, by trying all.
    fn by_force(scores: &[f32], n: usize) -> f32 {
        let size = n + 1;
        let mut best = f32::NEG_INFINITY;
        for code in 0..size.pow(n as u32) {
            let mut rest = code;
            let heads: Vec<usize> = (0..n)
                .map(|_| {
                    let head = rest % size;
                    rest /= size;
                    head
                })
                .collect();
            let all: Vec<usize> = std::iter::once(0).chain(heads.iter().copied()).collect();
            let own = heads.iter().enumerate().any(|(i, &h)| h == i + 1);
            let roots = heads.iter().filter(|&&h| h == 0).count();
            if !own && roots == 1 && cycle(&all).is_none() {
                best = best.max(total(scores, &heads));
            }
        }
        best
    }

    fn total(scores: &[f32], heads: &[usize]) -> f32 {
        let size = heads.len() + 1;
        heads
            .iter()
            .enumerate()
            .map(|(i, &h)| scores[i * size + h])
            .sum()
    }

    proptest! {
        #[test]
        fn no_tree_is_better(
            (n, scores) in (1usize..6).prop_flat_map(|n| {
                (Just(n), proptest::collection::vec(-9.0f32..9.0, n * (n + 1)))
            })
        ) {
            let heads = decode(&scores, n);
            let all: Vec<usize> = std::iter::once(0).chain(heads.iter().copied()).collect();
            prop_assert!(cycle(&all).is_none());
            prop_assert_eq!(heads.iter().filter(|&&h| h == 0).count(), 1);
            let (found, best) = (total(&scores, &heads), by_force(&scores, n));
            prop_assert!((found - best).abs() < 1e-3, "{} instead of {}", found, best);
        }
    }

    #[test]
    fn whatever_the_scores_there_is_a_tree() {
        for score in [0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
            let heads = decode(&vec![score; 40 * 41], 40);
            let all: Vec<usize> = std::iter::once(0).chain(heads.iter().copied()).collect();
            assert!(cycle(&all).is_none());
        }
        assert!(decode(&[], 0).is_empty());
    }
}
