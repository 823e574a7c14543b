//! The templates of the parser. The trainer and the parser both read them here, so they can't drift apart; a change
//! asks for new weights.

use super::linear::{Feature, feature};
use super::parse::{NOBODY, State, Tagged};

/// A word in the light of the parse so far; all zero where there is none.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Form.
    w: u32,
    /// Tag.
    p: u32,
    /// Label of its arc, plus one; 0 without an arc.
    l: u32,
}

fn seen(words: &[Tagged], state: &State, i: u16) -> Seen {
    match words.get(i as usize) {
        Some(word) if i != NOBODY => {
            let node = &state.nodes[i as usize];
            let l = if node.head == NOBODY {
                0
            } else {
                u32::from(node.label) + 1
            };
            Seen {
                w: word.form,
                p: word.tag,
                l,
            }
        }
        _ => Seen::default(),
    }
}

/// Distances in steps that grow: 1, 2, 3, 4, 5-7, 8-12, more.
fn distance(a: u16, b: u16) -> u32 {
    match a.abs_diff(b) {
        d @ 0..=4 => u32::from(d),
        5..=7 => 5,
        8..=12 => 6,
        _ => 7,
    }
}

fn fold(set: u64) -> u32 {
    (set ^ set >> 32) as u32 ^ ((set >> 32) as u32).rotate_left(13)
}

/// Two tags (or labels) as one value.
#[inline]
fn pair(a: u32, b: u32) -> u32 {
    a << 12 | b
}

/// Features that decide between SHIFT, LEFT and RIGHT.
pub fn move_features(words: &[Tagged], state: &State, out: &mut Vec<Feature>) {
    out.clear();
    let depth = state.stack.len();
    let on_stack = |k: usize| {
        if depth > k {
            state.stack[depth - 1 - k]
        } else {
            NOBODY
        }
    };
    let (i0, i1, i2) = (on_stack(0), on_stack(1), on_stack(2));
    let n = words.len() as u16;
    let ahead = |k: u16| {
        if state.next + k < n {
            state.next + k
        } else {
            NOBODY
        }
    };
    let b = ahead(0);
    let of = |i: u16| seen(words, state, i);
    let (s0, s1, s2) = (of(i0), of(i1), of(i2));
    let (b0, b1, b2) = (of(b), of(ahead(1)), of(ahead(2)));
    let child = |i: u16, right: bool, k: usize| {
        if i == NOBODY {
            return Seen::default();
        }
        let node = &state.nodes[i as usize];
        of(if right { node.right[k] } else { node.left[k] })
    };
    let (s0l, s0l2) = (child(i0, false, 0), child(i0, false, 1));
    let (s0r, s0r2) = (child(i0, true, 0), child(i0, true, 1));
    let (s1l, s1r, s1r2) = (child(i1, false, 0), child(i1, true, 0), child(i1, true, 1));
    let (b0l, b0l2) = (child(b, false, 0), child(b, false, 1));
    let counts = |i: u16, side: usize| {
        if i == NOBODY {
            0
        } else {
            u32::from(state.nodes[i as usize].count[side]) + 1
        }
    };
    let sets = |i: u16, side: usize| {
        if i == NOBODY {
            0
        } else {
            fold(state.nodes[i as usize].labels[side])
        }
    };
    let near = if i0 == NOBODY || b == NOBODY {
        0
    } else {
        distance(i0, b)
    };
    let deep = if i1 == NOBODY { 0 } else { distance(i1, i0) };
    // What the stack and buffer can't give any more belongs to every decision at the ends.
    let ends = (depth.min(3) as u32) << 2 | u32::from((n - state.next).min(3));

    let mut template = 1000;
    let mut put = |x: u32, y: u32, z: u32| {
        template += 1;
        out.push(feature(template, [x, y, z]));
    };
    put(ends, 0, 0);
    // Single words.
    put(s0.w, s0.p, 0);
    put(s0.w, 0, 0);
    put(s0.p, ends, 0);
    put(s1.w, s1.p, 0);
    put(s1.w, 0, 0);
    put(s1.p, 0, 0);
    put(b0.w, b0.p, 0);
    put(b0.w, 0, 0);
    put(b0.p, ends, 0);
    put(b1.w, b1.p, 0);
    put(b1.w, 0, 0);
    put(b1.p, 0, 0);
    put(b2.w, b2.p, 0);
    put(b2.p, 0, 0);
    put(s2.p, s2.w, 0);
    // Top of the stack and first of the buffer.
    put(s0.w, b0.w, pair(s0.p, b0.p));
    put(s0.w, b0.w, 0);
    put(s0.w, b0.p, s0.p);
    put(s0.p, b0.w, b0.p);
    put(s0.w, b0.p, 0);
    put(s0.p, b0.w, 0);
    put(s0.p, b0.p, 0);
    put(s0.p, b0.p, near);
    put(s0.w, b0.w, near);
    put(s0.w, near, 0);
    put(s0.p, near, 0);
    put(b0.w, near, 0);
    put(b0.p, near, 0);
    // The two on top of the stack.
    put(s1.w, s0.w, pair(s1.p, s0.p));
    put(s1.w, s0.w, 0);
    put(s1.w, s0.p, s1.p);
    put(s1.p, s0.w, s0.p);
    put(s1.p, s0.p, 0);
    put(s1.p, s0.p, deep);
    put(s1.w, s0.p, deep);
    put(s1.w, s0.w, deep);
    // Below the top and the buffer: who will get what comes?
    put(s1.w, b0.w, 0);
    put(s1.p, b0.w, 0);
    put(s1.w, b0.p, 0);
    put(s1.p, b0.p, 0);
    put(s1.w, s0.p, b0.w);
    put(s1.p, s0.w, b0.w);
    put(s1.p, s0.w, b0.p);
    put(s1.w, s0.p, b0.p);
    put(pair(s1.p, s0.p), b0.w, 0);
    put(pair(s1.p, s0.p), b0.w, b1.w);
    put(pair(s1.p, s0.p), b0.w, b1.p);
    // Three tags.
    put(s1.p, s0.p, b0.p);
    put(s0.p, b0.p, b1.p);
    put(b0.p, b1.p, b2.p);
    put(b0.p, b1.p, 0);
    put(b0.w, b1.p, s0.p);
    put(s0.w, b0.p, b1.p);
    put(b0.p, b1.w, s0.p);
    put(s2.p, s1.p, s0.p);
    put(pair(s2.p, s1.p), s0.p, b0.p);
    put(pair(s1.p, s0.p), b0.p, b1.p);
    put(pair(s0.p, b0.p), b1.p, b2.p);
    // Dependents.
    put(s0.p, s0l.p, b0.p);
    put(s0.p, s0l.w, b0.p);
    put(s0.p, pair(s0l.p, s0l.l), s0l2.l);
    put(s0.p, s0r.p, b0.p);
    put(s0.p, s0r.w, b0.p);
    put(s0.p, pair(s0r.p, s0r.l), s0r2.l);
    put(pair(s0.p, s0r.l), b0.p, b0.w);
    put(s0.p, b0.p, pair(b0l.p, b0l.l));
    put(s0.p, b0.p, b0l.w);
    put(s0.w, b0.p, b0l.w);
    put(b0.p, pair(b0l.p, b0l.l), b0l2.l);
    put(s1.p, s0.p, pair(s0l.p, s0l.l));
    put(s1.p, s0.p, s0l.w);
    put(s1.w, s0.p, s0l.w);
    put(s1.w, s0.w, s0l.w);
    put(s1.p, s0.w, s0l.w);
    put(s1.p, s0.p, pair(s0r.p, s0r.l));
    put(s1.p, s0.p, pair(s1r.p, s1r.l));
    put(s1.p, s0.p, s1r.w);
    put(pair(s1.p, s0.p), s1r.p, b0.p);
    put(s1.p, s0.p, pair(s1l.p, s1l.l));
    put(s1.p, pair(s1r.p, s1r.l), s1r2.l);
    put(s2.p, pair(s1.p, s0.p), s0l.w);
    put(s2.w, s0.p, s0l.w);
    put(pair(s0l.p, s0l.l), s0.w, 0);
    put(pair(s0r.p, s0r.l), s0.w, 0);
    put(pair(s1r.p, s1r.l), s1.w, 0);
    put(pair(b0l.p, b0l.l), b0.w, 0);
    put(s0l2.w, s0.p, b0.p);
    // How many dependents, and which.
    put(s0.w, counts(i0, 0), 1);
    put(s0.p, counts(i0, 0), 1);
    put(s0.w, counts(i0, 1), 2);
    put(s0.p, counts(i0, 1), b0.p);
    put(s1.w, counts(i1, 1), 0);
    put(s1.p, counts(i1, 1), s0.p);
    put(b0.w, counts(b, 0), 0);
    put(b0.p, counts(b, 0), s0.p);
    put(s0.p, sets(i0, 1), b0.p);
    put(s0.w, sets(i0, 1), 0);
    put(s0.p, sets(i0, 0), b0.p);
    put(s0.w, sets(i0, 0), 0);
    put(s1.p, sets(i1, 1), s0.p);
    put(s1.w, sets(i1, 1), 0);
    put(s1.p, sets(i1, 0), s0.p);
    put(b0.p, sets(b, 0), s0.p);
    put(b0.w, sets(b, 0), 0);
    put(pair(s1.p, s0.p), sets(i0, 0), b0.p);
}

/// Features that name an arc.
pub fn label_features(
    words: &[Tagged],
    state: &State,
    head: u16,
    dependent: u16,
    out: &mut Vec<Feature>,
) {
    out.clear();
    let side = u32::from(head < dependent);
    let of = |i: u16| seen(words, state, i);
    let (h, d) = (of(head), of(dependent));
    let (hn, dn) = (
        &state.nodes[head as usize],
        &state.nodes[dependent as usize],
    );
    let beside = |i: u16, by: i32| of(u16::try_from(i32::from(i) + by).unwrap_or(NOBODY));
    let (hb, ha) = (beside(head, -1), beside(head, 1));
    let (db, da) = (beside(dependent, -1), beside(dependent, 1));
    let (dl, dl2) = (of(dn.left[0]), of(dn.left[1]));
    let dr = of(dn.right[0]);
    let hs = of(if side == 1 { hn.right[0] } else { hn.left[0] });
    let far = distance(head, dependent);
    let (h_suffix, d_suffix) = (
        words[head as usize].suffix,
        words[dependent as usize].suffix,
    );
    let (d_left, d_right) = (fold(dn.labels[0]), fold(dn.labels[1]));
    let (h_left, h_right) = (fold(hn.labels[0]), fold(hn.labels[1]));

    let mut template = if side == 1 { 3000 } else { 2000 };
    let mut put = |x: u32, y: u32, z: u32| {
        template += 1;
        out.push(feature(template, [x, y, z]));
    };
    put(0, 0, 0);
    put(h.p, d.p, 0);
    put(h.p, d.p, far);
    put(h.w, d.w, 0);
    put(h.w, d.p, 0);
    put(h.p, d.w, 0);
    put(d.w, d.p, 0);
    put(d.p, d_suffix, h.p);
    put(h.p, h_suffix, d.p);
    put(h.w, h.p, 0);
    put(d.p, dl.w, h.p);
    put(d.p, dl.w, h.w);
    put(d.w, dl.w, h.p);
    put(d.p, dl.w, dl2.w);
    put(d.p, pair(dl.p, dl.l), h.p);
    put(d.p, pair(dr.p, dr.l), h.p);
    put(d.p, dr.w, h.p);
    put(d.p, d_left, h.p);
    put(d.p, d_left, h.w);
    put(d.p, d_right, h.p);
    put(d.w, d_left, 0);
    put(h.p, h_left, d.p);
    put(h.w, h_left, d.p);
    put(h.p, h_right, d.p);
    put(h.w, h_right, d.p);
    put(pair(h.p, d.p), h_left, d_left);
    put(pair(h.p, d.p), pair(hs.p, hs.l), 0);
    put(pair(h.p, d.p), hs.w, 0);
    put(pair(h.p, d.p), db.p, da.p);
    put(pair(h.p, d.p), hb.p, ha.p);
    put(pair(h.p, d.p), db.w, 0);
    put(pair(h.p, d.p), da.w, 0);
    put(d.w, db.w, h.p);
    put(d.w, da.p, h.p);
}
