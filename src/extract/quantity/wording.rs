//! Roles of numbers by the words beside them, where the tree does not tell: "15 people are killed and 58 injured",
//! "wounds over 14 others", "the dead include 52 rebels and one soldier".

use super::{Counted, state_role, verb_role};
use crate::extract::scene::Scene;
use crate::linguistics::Upos;
use crate::model::QuantityRole;
use std::ops::Range;

/// Most words between a number and what tells its role.
const REACH: usize = 6;

/// The role that the words right behind or before a number give it, and the word that does.
pub fn role(scene: &Scene, number: Range<usize>, head: usize) -> Option<(QuantityRole, usize)> {
    behind(scene, &number).or_else(|| before(scene, &number, head))
}

/// "58 injured", "14 civilians and 16 militants dead", "nine soldiers were wounded".
fn behind(scene: &Scene, number: &Range<usize>) -> Option<(QuantityRole, usize)> {
    let end = scene.sentence(number.start).end;
    for at in number.end..end.min(number.end + REACH) {
        if let Some(role) = toll_role(scene, at) {
            // "Two gunmen killed 12": here the number is of those who act.
            let acts = (at + 1..end.min(at + 3)).any(|t| {
                matches!(
                    scene.doc.tokens.upos[t],
                    Upos::Num | Upos::Det | Upos::Propn
                ) || scene.word_class(t, "human")
            });
            let passive = at > number.end && scene.doc.tokens.upos[at - 1] == Upos::Aux;
            return (!acts || passive || scene.doc.tokens.upos[at] == Upos::Adj)
                .then_some((role, at));
        }
        let form = scene.doc.form(at).to_lowercase();
        let goes_on = matches!(
            scene.doc.tokens.upos[at],
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Aux | Upos::Num
        ) || matches!(
            form.as_str(),
            "and" | "others" | "more" | "of" | "them" | "reported"
        );
        if !goes_on {
            return None;
        }
    }
    None
}

/// "Killing at least 11", "wounds over 14 others", "lost nine soldiers".
fn before(scene: &Scene, number: &Range<usize>, head: usize) -> Option<(QuantityRole, usize)> {
    let begin = scene.sentence(number.start).start;
    for at in (begin.max(number.start.saturating_sub(REACH))..number.start).rev() {
        let form = scene.doc.form(at).to_lowercase();
        if matches!(
            form.as_str(),
            "at" | "least"
                | "over"
                | "more"
                | "than"
                | "another"
                | "about"
                | "around"
                | "some"
                | "as"
                | "many"
                | "up"
                | "to"
                | "nearly"
                | "almost"
                | "a"
                | "an"
                | "further"
                | "estimated"
                | "the"
                | "other"
                | "additional"
                | "roughly"
                | "approximately"
        ) {
            continue;
        }
        // "The dead include 52 rebels".
        if matches!(
            form.as_str(),
            "including" | "include" | "includes" | "included"
        ) {
            if at == begin {
                return None;
            }
            let whole = toll_role(scene, at - 1);
            return whole.map(|role| (role, at - 1));
        }
        // A headline's verb may look like a noun to the tagger: "wounds over 14 others".
        let harms = scene.word_class(at, "act.wound")
            || matches!(form.as_str(), "kills" | "killing" | "wounding" | "injuring");
        if scene.doc.tokens.upos[at] != Upos::Verb && !harms {
            return None;
        }
        if scene.doc.tokens.lemma[at] == "lose" && scene.is(head, "human") {
            return Some((QuantityRole::Killed, at));
        }
        let role = verb_role(scene, at, true, head)?;
        let people = matches!(
            role,
            QuantityRole::Killed | QuantityRole::Wounded | QuantityRole::Captured
        );
        return people.then_some((role, at));
    }
    None
}

fn toll_role(scene: &Scene, at: usize) -> Option<QuantityRole> {
    let role = state_role(scene, at)?;
    let told = matches!(
        role,
        QuantityRole::Killed | QuantityRole::Wounded | QuantityRole::Captured
    );
    told.then_some(role)
}

/// "The dead include 52 rebels and one soldier": a part takes the role of its whole, a list that of its first member.
pub fn inherit(scene: &Scene, counted: &mut [Counted], numbers: &[Range<usize>]) {
    for i in 1..counted.len() {
        if counted[i].quantity.role != QuantityRole::Other || !scene.is(counted[i].head, "human") {
            continue;
        }
        let before = &counted[i - 1];
        let people = matches!(
            before.quantity.role,
            QuantityRole::Killed | QuantityRole::Wounded | QuantityRole::Captured
        );
        let (from, to) = (before.head.max(numbers[i - 1].end), numbers[i].start);
        if !people || from > to || to - from > 6 {
            continue;
        }
        let joins = (from..to).any(|t| {
            matches!(
                scene.doc.form(t).to_lowercase().as_str(),
                "including" | "and" | "among" | "include" | "includes" | "included"
            )
        });
        let verb = (from..to).any(|t| {
            matches!(scene.doc.tokens.upos[t], Upos::Verb)
                && !matches!(
                    scene.doc.tokens.lemma[t].as_str(),
                    "include" | "kill" | "wound" | "injure"
                )
        });
        if joins && !verb {
            let (role, governor) = (before.quantity.role, before.governor);
            counted[i].quantity.role = role;
            counted[i].governor = governor;
        }
    }
}
