//! Which place a text says another lies in: "Sumy, Ukraine", "Syria's Idlib province", "the Odesa region port of Izmail".

use super::neighbours::Neighbours;
use super::{PlaceMention, Sign};
use crate::lexicon::places::{Kind, PlaceId};
use std::ops::Range;

/// Tokens that may stand between the two.
const FARTHEST: usize = 7;

/// Joins neighbouring mentions where the gazetteer agrees that one can lie in the other.
pub fn join(near: &Neighbours<'_>, mentions: &mut [PlaceMention]) {
    for i in 0..mentions.len() {
        // "Rafah, Gaza Strip, Palestine": what lies in the second may lie in the third.
        for k in i + 1..mentions.len().min(i + 3) {
            if !are_linked(near, mentions, i, k) || !relate(near, mentions, i, k) {
                break;
            }
        }
    }
}

fn are_linked(near: &Neighbours<'_>, mentions: &[PlaceMention], i: usize, k: usize) -> bool {
    let (from, to) = (mentions[i].tokens.end, mentions[k].tokens.start);
    let between: Vec<usize> = (from..to)
        .filter(|t| !mentions[i + 1..k].iter().any(|m| m.tokens.contains(t)))
        .collect();
    from <= to && between.len() <= FARTHEST && between.iter().all(|t| is_link(near, *t))
}

/// Whether a token may stand between a place and the place that it lies in.
fn is_link(near: &Neighbours<'_>, t: usize) -> bool {
    let cues = near.gazetteer.cues();
    let word = near.folded(t);
    matches!(near.form(t), "," | "-" | "(")
        || cues.glue.contains(word)
        || cues.directions.contains(word)
        || cues.descriptors.contains_key(word)
        || near.gazetteer.country_of_adjective(word).is_some()
}

/// Whether a few tokens, and all of them, may stand between a place and the place that it lies in.
pub fn is_glue(near: &Neighbours<'_>, between: Range<usize>) -> bool {
    between.len() <= FARTHEST && between.into_iter().all(|t| is_link(near, t))
}

/// Notes which of two lies in the other; false where neither can.
fn relate(near: &Neighbours<'_>, mentions: &mut [PlaceMention], i: usize, k: usize) -> bool {
    // "Vienna, Tehran and Washington", "Washington, Vienna": a town near another is not in it.
    let between = mentions[i].tokens.end..mentions[k].tokens.start;
    let listed = between.clone().any(|t| near.folded(t) == "and");
    let paired = between.clone().all(|t| near.form(t) == ",");
    let is_town = |id: PlaceId| near.gazetteer.place(id).kind == Kind::City;
    let contains = |outer: &PlaceMention,
                    inner: &PlaceMention,
                    beside: bool|
     -> (Vec<PlaceId>, Vec<PlaceId>) {
        let mut outers = Vec::new();
        let mut inners = Vec::new();
        for o in &outer.candidates {
            for n in &inner.candidates {
                if near.gazetteer.contains(o.id, n.id) && !(beside && is_town(o.id)) {
                    outers.push(o.id);
                    inners.push(n.id);
                }
            }
        }
        (outers, inners)
    };
    for (inner, outer) in [(i, k), (k, i)] {
        let (outers, inners) = contains(
            &mentions[outer],
            &mentions[inner],
            listed || paired && outer == i,
        );
        if outers.is_empty() {
            continue;
        }
        // A name that is also an ordinary word needs more than a place after "in": "said Ali in Iraq".
        let close = near.form(mentions[i].tokens.end) == ","
            && mentions[i].tokens.end + 1 == mentions[k].tokens.start;
        let sure = |m: &PlaceMention| {
            close || m.sign > Sign::Known || !near.gazetteer.cues().wary.contains(&m.folded)
        };
        let both = sure(&mentions[inner]) && sure(&mentions[outer]);
        add(&mut mentions[inner].within, outers);
        add(&mut mentions[outer].holds, inners);
        if both {
            mentions[inner].sign = Sign::Contained;
            mentions[outer].sign = mentions[outer].sign.max(Sign::Listed);
        }
        return true;
    }
    false
}

fn add(known: &mut Vec<PlaceId>, more: Vec<PlaceId>) {
    for id in more {
        if !known.contains(&id) {
            known.push(id);
        }
    }
}
