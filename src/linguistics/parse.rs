//! The parser: arc-hybrid transitions under a beam. Every run of transitions it can take ends in a tree with one root,
//! so there is nothing to repair.
//!
//! The words lie in a buffer. SHIFT moves the first one onto the stack; LEFT hangs the top of the stack under the first
//! word of the buffer; RIGHT hangs it under the word below it. A sentence of n words takes 2n - 1 transitions and the
//! last word on the stack is the root.

use super::features::{label_features, move_features};
use super::linear::Feature;
use super::word::Word;

/// Index that stands for no word.
pub const NOBODY: u16 = u16::MAX;

/// Most words of a sentence.
pub const WORDS_MAX: usize = 1024;

/// A kind of transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Move {
    Shift,
    Left,
    Right,
}

/// A transition: a move and, where it draws an arc, the arc's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub kind: Move,
    pub label: u8,
}

impl Step {
    pub const SHIFT: Step = Step {
        kind: Move::Shift,
        label: 0,
    };
}

/// A word of a sentence to be parsed.
#[derive(Debug, Clone, Copy)]
pub struct Tagged {
    pub form: u32,
    pub suffix: u32,
    /// Number of the tag plus one.
    pub tag: u32,
}

impl Tagged {
    pub fn new(word: &Word, tag: u8) -> Self {
        Self {
            form: word.form,
            suffix: word.suffix[2],
            tag: u32::from(tag) + 1,
        }
    }
}

/// Scores moves and labels.
pub trait ArcScorer {
    /// Adds to the scores of SHIFT, LEFT and RIGHT.
    fn moves(&self, features: &[Feature], scores: &mut [i32; 3]);
    /// Adds to `scores`, one a label.
    fn labels(&self, features: &[Feature], scores: &mut [i32]);
}

/// What is known of a word during a parse.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    pub head: u16,
    pub label: u8,
    /// Number of dependents to the left and right.
    pub count: [u8; 2],
    /// The outermost and second outermost dependents to the left.
    pub left: [u16; 2],
    /// The same to the right.
    pub right: [u16; 2],
    /// Labels of the dependents to the left and right, a bit each.
    pub labels: [u64; 2],
}

const FREE: Node = Node {
    head: NOBODY,
    label: 0,
    count: [0; 2],
    left: [NOBODY; 2],
    right: [NOBODY; 2],
    labels: [0; 2],
};

/// A sentence on its way to a tree.
#[derive(Debug, Clone)]
pub struct State {
    pub nodes: Vec<Node>,
    pub stack: Vec<u16>,
    /// First word of the buffer.
    pub next: u16,
    pub score: i64,
}

impl State {
    /// The beginning, for `n` words.
    pub fn new(n: usize) -> Self {
        Self {
            nodes: vec![FREE; n],
            stack: Vec::with_capacity(n),
            next: 0,
            score: 0,
        }
    }

    fn copy_from(&mut self, other: &State) {
        self.nodes.clone_from(&other.nodes);
        self.stack.clone_from(&other.stack);
        self.next = other.next;
        self.score = other.score;
    }

    /// Whether a move may be made here.
    pub fn allows(&self, kind: Move) -> bool {
        let waiting = (self.next as usize) < self.nodes.len();
        match kind {
            Move::Shift => waiting,
            Move::Left => waiting && !self.stack.is_empty(),
            Move::Right => self.stack.len() >= 2,
        }
    }

    /// Head and dependent of the arc that LEFT or RIGHT would draw.
    pub fn arc(&self, kind: Move) -> (u16, u16) {
        let top = self.stack[self.stack.len() - 1];
        if kind == Move::Left {
            (self.next, top)
        } else {
            (self.stack[self.stack.len() - 2], top)
        }
    }

    /// Makes a move that is allowed.
    pub fn make(&mut self, step: Step) {
        if step.kind == Move::Shift {
            self.stack.push(self.next);
            self.next += 1;
            return;
        }
        let (head, dependent) = self.arc(step.kind);
        self.stack.pop();
        let node = &mut self.nodes[dependent as usize];
        (node.head, node.label) = (head, step.label);
        let node = &mut self.nodes[head as usize];
        let side = usize::from(step.kind == Move::Right);
        let outer = if side == 0 {
            &mut node.left
        } else {
            &mut node.right
        };
        *outer = [dependent, outer[0]];
        node.count[side] = node.count[side].saturating_add(1);
        node.labels[side] |= 1 << (step.label & 63);
    }

    /// True when only the root is left.
    pub fn done(&self) -> bool {
        self.next as usize == self.nodes.len() && self.stack.len() <= 1
    }
}

/// A way on from one of the states of the beam.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    pub from: u8,
    pub step: Step,
    pub score: i64,
}

/// The beam, with buffers that live through many sentences.
pub struct Beam {
    width: usize,
    labels: usize,
    pub states: Vec<State>,
    next: Vec<State>,
    pub candidates: Vec<Candidate>,
    features: Vec<Feature>,
    scores: Vec<i32>,
}

impl Beam {
    /// A beam of `width` states (at least 1) for a model with `labels` labels.
    pub fn new(width: usize, labels: usize) -> Self {
        Self {
            width: width.clamp(1, 64),
            labels,
            states: Vec::new(),
            next: Vec::new(),
            candidates: Vec::new(),
            features: Vec::with_capacity(128),
            scores: vec![0; labels],
        }
    }

    /// Begins a sentence.
    pub fn begin(&mut self, n: usize) {
        self.states.clear();
        self.states.push(State::new(n));
    }

    /// Ranks the ways on from here and keeps the best in `candidates`, best first.
    pub fn look(&mut self, words: &[Tagged], scorer: &impl ArcScorer) {
        self.candidates.clear();
        for from in 0..self.states.len() {
            let state = &self.states[from];
            move_features(words, state, &mut self.features);
            let mut moves = [0; 3];
            scorer.moves(&self.features, &mut moves);
            let state = &self.states[from];
            if state.allows(Move::Shift) {
                let score = state.score + i64::from(moves[Move::Shift as usize]);
                self.candidates.push(Candidate {
                    from: from as u8,
                    step: Step::SHIFT,
                    score,
                });
            }
            for kind in [Move::Left, Move::Right] {
                let state = &self.states[from];
                if !state.allows(kind) {
                    continue;
                }
                let (head, dependent) = state.arc(kind);
                label_features(words, state, head, dependent, &mut self.features);
                self.scores.fill(0);
                scorer.labels(&self.features, &mut self.scores);
                let base = state.score + i64::from(moves[kind as usize]);
                for label in two_best(&self.scores) {
                    let step = Step {
                        kind,
                        label: label as u8,
                    };
                    let score = base + i64::from(self.scores[label]);
                    self.candidates.push(Candidate {
                        from: from as u8,
                        step,
                        score,
                    });
                }
            }
        }
        // A stable sort: among equals the older state and the earlier kind of move win, on every machine.
        self.candidates.sort_by_key(|c| std::cmp::Reverse(c.score));
        self.candidates.truncate(self.width);
    }

    /// Follows the kept candidates.
    pub fn follow(&mut self) {
        while self.next.len() < self.candidates.len() {
            self.next.push(State::new(0));
        }
        for (slot, candidate) in self.next.iter_mut().zip(&self.candidates) {
            slot.copy_from(&self.states[candidate.from as usize]);
            slot.make(candidate.step);
            slot.score = candidate.score;
        }
        self.next.truncate(self.candidates.len().max(self.width));
        std::mem::swap(&mut self.states, &mut self.next);
        self.states.truncate(self.candidates.len());
    }

    /// Parses a sentence of at most [`WORDS_MAX`] words: head (none for the root) and label of each.
    pub fn parse(&mut self, words: &[Tagged], scorer: &impl ArcScorer) -> &[Node] {
        debug_assert!(words.len() <= WORDS_MAX);
        self.begin(words.len());
        for _ in 1..2 * words.len() {
            self.look(words, scorer);
            self.follow();
        }
        &self.states[0].nodes
    }

    pub fn label_count(&self) -> usize {
        self.labels
    }
}

/// The labels with the highest and second highest score.
fn two_best(scores: &[i32]) -> [usize; 2] {
    let mut best = [0, 1.min(scores.len() - 1)];
    if scores[best[1]] > scores[best[0]] {
        best.swap(0, 1);
    }
    for (label, &score) in scores.iter().enumerate().skip(2) {
        if score > scores[best[0]] {
            best = [label, best[0]];
        } else if score > scores[best[1]] {
            best[1] = label;
        }
    }
    best
}

/// The transitions that lead to a projective tree with one root (`heads` with [`NOBODY`] for it); none where the tree
/// is not projective. Arcs are drawn as soon as they can be.
pub fn oracle(heads: &[u16], labels: &[u8]) -> Option<Vec<Step>> {
    let n = heads.len();
    let mut missing = vec![0u32; n];
    for &head in heads {
        if let Some(count) = missing.get_mut(head as usize) {
            *count += 1;
        }
    }
    let mut state = State::new(n);
    let mut steps = Vec::with_capacity(2 * n);
    while !state.done() {
        let ready = |kind| {
            state.allows(kind) && {
                let (head, dependent) = state.arc(kind);
                heads[dependent as usize] == head && missing[dependent as usize] == 0
            }
        };
        let kind = if ready(Move::Left) {
            Move::Left
        } else if ready(Move::Right) {
            Move::Right
        } else if state.allows(Move::Shift) {
            Move::Shift
        } else {
            return None;
        };
        let step = if kind == Move::Shift {
            Step::SHIFT
        } else {
            let (head, dependent) = state.arc(kind);
            missing[head as usize] -= 1;
            Step {
                kind,
                label: labels[dependent as usize],
            }
        };
        state.make(step);
        steps.push(step);
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oracle_rebuilds_a_projective_tree() {
        let heads = [1, NOBODY, 3, 1, 3, 1];
        let labels = [1, 0, 2, 3, 4, 5];
        let steps = oracle(&heads, &labels).unwrap();
        assert_eq!(steps.len(), 11);
        let mut state = State::new(6);
        for step in steps {
            assert!(state.allows(step.kind));
            state.make(step);
        }
        assert!(state.done());
        let found: Vec<u16> = state.nodes.iter().map(|n| n.head).collect();
        assert_eq!(found, heads);
        assert_eq!(oracle(&[2, 3, NOBODY, 2], &[0; 4]), None);
    }

    #[test]
    fn the_two_best_labels() {
        assert_eq!(two_best(&[1, 5, 3, 9, 9]), [3, 4]);
        assert_eq!(two_best(&[7]), [0, 0]);
        assert_eq!(two_best(&[2, 8, 1]), [1, 0]);
    }
}
