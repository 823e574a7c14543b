//! How far two mentions mean the same party.

use crate::lexicon::sources::fold;
use crate::model::{Actor, ActorKind, Report};

/// From here on two actors count as one in an event: a government and its state, an office and its holder's state.
pub(super) const SAME: f64 = 0.8;

/// 1 for the same actor, 0 for strangers; between them a state and its parts.
pub(super) fn alike(a: &Actor, b: &Actor) -> f64 {
    if !a.id.is_empty() && a.id == b.id {
        return 1.0;
    }
    // Who holds an office is told by its name or by his own.
    let by_name = |x: &Actor| x.id.is_empty() || x.id.starts_with("person.");
    let two_persons =
        a.kind == ActorKind::Person && b.kind == ActorKind::Person && by_name(a) == by_name(b);
    if part_of(&a.id, &b.id) || part_of(&b.id, &a.id) {
        return 0.85;
    }
    // Names tell only where an id is missing.
    if a.id.is_empty() || b.id.is_empty() {
        let (name_a, name_b) = (fold(&a.name), fold(&b.name));
        if !name_a.is_empty() && name_a == name_b {
            return 1.0;
        }
        if words_within(&name_a, &name_b) || words_within(&name_b, &name_a) {
            return 0.7;
        }
    }
    if a.country.is_empty() || a.country != b.country {
        return 0.0;
    }
    match (acts_for_state(a.kind), acts_for_state(b.kind)) {
        (true, true) if two_persons => 0.3,
        (true, true) if a.kind == ActorKind::Person || b.kind == ActorKind::Person => 0.8,
        (true, true) => 0.85,
        _ if a.kind == b.kind && a.kind == ActorKind::Population => 0.8,
        _ if is_organised(a.kind) || is_organised(b.kind) => 0.2,
        _ => 0.5,
    }
}

/// How well the shorter list is found in the longer one, none when that can't be told: one is empty, or names nobody who
/// could be looked up ("fighters", "a convoy") and in other words.
pub(super) fn sides<'a, A, B>(a: A, b: B) -> Option<f64>
where
    A: IntoIterator<Item = &'a Actor>,
    B: IntoIterator<Item = &'a Actor>,
{
    let (a, b): (Vec<_>, Vec<_>) = (a.into_iter().collect(), b.into_iter().collect());
    let identified = |actors: &[&'a Actor]| -> Vec<&'a Actor> {
        actors
            .iter()
            .copied()
            .filter(|a| !a.id.is_empty() || !a.country.is_empty())
            .collect()
    };
    let (known_a, known_b) = (identified(&a), identified(&b));
    if known_a.is_empty() || known_b.is_empty() {
        return found_in(&a, &b).filter(|s| *s >= 0.5);
    }
    found_in(&known_a, &known_b)
}

fn found_in(a: &[&Actor], b: &[&Actor]) -> Option<f64> {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return None;
    }
    let best = |x: &Actor| long.iter().map(|y| alike(x, y)).fold(0.0, f64::max);
    Some(short.iter().map(|x| best(x)).sum::<f64>() / short.len() as f64)
}

/// All who take part, whatever their role.
pub(super) fn parties(report: &Report) -> impl Iterator<Item = &Actor> {
    report
        .initiators
        .iter()
        .chain(&report.targets)
        .chain(&report.participants)
}

fn part_of(part: &str, whole: &str) -> bool {
    !whole.is_empty()
        && part
            .strip_prefix(whole)
            .is_some_and(|rest| rest.starts_with('.'))
}

fn words_within(part: &str, whole: &str) -> bool {
    part.len() > 3 && whole.split(' ').count() > 1 && {
        let words: Vec<&str> = whole.split(' ').collect();
        part.split(' ').all(|w| words.contains(&w))
    }
}

fn acts_for_state(kind: ActorKind) -> bool {
    matches!(
        kind,
        ActorKind::State | ActorKind::Government | ActorKind::Military | ActorKind::Person
    )
}

fn is_organised(kind: ActorKind) -> bool {
    matches!(
        kind,
        ActorKind::ArmedGroup | ActorKind::Igo | ActorKind::Ngo
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{group, person, state};
    use super::*;

    #[test]
    fn a_state_and_its_parts_are_nearly_one_but_two_persons_are_not() {
        let russia = state("RUS", "Russia");
        let lavrov = person("person.sergei-lavrov", "Sergei Lavrov", "RUS");
        let putin = person("person.vladimir-putin", "Vladimir Putin", "RUS");
        assert!(alike(&russia, &lavrov) >= SAME);
        assert!(alike(&lavrov, &putin) < 0.5);
        assert_eq!(alike(&russia, &state("UKR", "Ukraine")), 0.0);
    }

    #[test]
    fn an_armed_group_is_not_the_state_it_is_based_in() {
        let hezbollah = group("group.hezbollah", "Hezbollah", "LBN");
        assert!(alike(&hezbollah, &state("LBN", "Lebanon")) < 0.35);
        let unnamed = Actor {
            name: "Hezbollah fighters".into(),
            kind: ActorKind::ArmedGroup,
            ..Actor::default()
        };
        assert!(alike(&hezbollah, &unnamed) >= 0.7);
    }

    #[test]
    fn the_shorter_list_is_looked_for_in_the_longer() {
        let [a, b, c] = [
            state("ARM", "Armenia"),
            state("AZE", "Azerbaijan"),
            state("TUR", "Turkey"),
        ];
        assert_eq!(sides([&a, &b], [&b, &a, &c]), Some(1.0));
        assert_eq!(sides([&a, &b], [&a, &c]), Some(0.5));
        assert_eq!(sides([], [&a]), None);
        let convoy = Actor {
            name: "a convoy".into(),
            ..Actor::default()
        };
        assert_eq!(sides([&convoy], [&a]), None);
        assert_eq!(sides([&convoy], [&convoy.clone()]), Some(1.0));
    }
}
