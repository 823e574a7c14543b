//! Numbers: whether two reports' numbers can be of one happening, and which stand when reports disagree.

use super::support::{Voices, weight};
use super::time::told;
use crate::model::{Approximation, Dispute, Quantity, QuantityRole, Report, Side};
use std::collections::BTreeMap;

/// Numbers from here on are telling when they are equal: many strikes kill three, few launch 49 drones.
const TELLING: f64 = 10.0;

/// An earlier toll that is so many times the later one, and by more than a few, is of something else.
const FALLEN: f64 = 2.0;
const FEW: f64 = 8.0;

/// How well the numbers of two reports fit, -1 to 1; none when they share no role and unit.
pub(super) fn fit(a: &[Quantity], b: &[Quantity]) -> Option<f64> {
    let mut total = 0.0;
    let mut pairs = 0;
    for x in a {
        let fits = b
            .iter()
            .filter(|y| x.role == y.role && same_unit(&x.unit, &y.unit))
            .map(|y| fit_one(x, y));
        if let Some(best) = fits.reduce(f64::max) {
            total += best;
            pairs += 1;
        }
    }
    (pairs > 0).then(|| total / f64::from(pairs))
}

fn fit_one(x: &Quantity, y: &Quantity) -> f64 {
    if agree(x, y) {
        let telling = x.value >= TELLING && x.value == y.value;
        return if telling { 1.0 } else { 0.6 };
    }
    let (low, high) = (x.value.min(y.value), x.value.max(y.value));
    let ratio = if low > 0.0 { high / low } else { f64::INFINITY };
    if is_toll(x.role) {
        // Tolls grow in the hours after.
        return if ratio > 3.0 && high - low > 10.0 {
            -0.7
        } else {
            0.0
        };
    }
    match ratio {
        r if r <= 1.15 => 0.3,
        r if r <= 1.5 => -0.2,
        _ => -0.8,
    }
}

/// True if the dead of one report are far fewer than those of the one before, by the highest number of each: a report may
/// tell a part of them as well.
pub(super) fn falls(before: &[Quantity], after: &[Quantity]) -> bool {
    let dead = |list: &[Quantity], value: fn(&Quantity) -> f64| {
        let killed = list.iter().filter(|q| q.role == QuantityRole::Killed);
        killed.map(value).reduce(f64::max)
    };
    let low = dead(before, |q| q.value);
    let high = dead(after, |q| q.max_value.unwrap_or(q.value));
    matches!((low, high), (Some(low), Some(high)) if low > FALLEN * high && low - high > FEW)
}

/// True if two numbers can both be right: equal, or one a bound or an estimate that the other meets.
pub(super) fn agree(x: &Quantity, y: &Quantity) -> bool {
    let (low_x, high_x) = bounds(x);
    let (low_y, high_y) = bounds(y);
    low_x <= high_y && low_y <= high_x
}

fn bounds(q: &Quantity) -> (f64, f64) {
    let top = q.max_value.unwrap_or(q.value).max(q.value);
    match q.approximation {
        Approximation::Exact => (q.value, top),
        // "At least five" is not told of fifty.
        Approximation::AtLeast => (q.value, top * 1.5),
        Approximation::AtMost => (q.value * 0.5, top),
        Approximation::About => (q.value * 0.9, top * 1.1),
    }
}

fn is_toll(role: QuantityRole) -> bool {
    use QuantityRole::{Captured, Displaced, Killed, Wounded};
    matches!(role, Killed | Wounded | Captured | Displaced)
}

/// `drone` and `attack drone` may count the same things; `ballistic missile` and `cruise missile` do not.
pub(super) fn same_unit(a: &str, b: &str) -> bool {
    a == b || ends_with_word(a, b) || ends_with_word(b, a)
}

fn ends_with_word(long: &str, short: &str) -> bool {
    !short.is_empty()
        && long
            .strip_suffix(short)
            .is_some_and(|rest| rest.ends_with(' '))
}

/// What one number counts: role, unit, and whose where a report has several of one unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key(QuantityRole, String, String);

/// A number with the report that states it.
type Stated<'a> = (&'a Report, &'a Quantity);

/// The numbers that stand, and where reports disagree. A toll of more than `toll_hours` before the latest is out of date.
pub(super) fn settle(voices: &Voices<'_>, toll_hours: u32) -> (Vec<Quantity>, Vec<Dispute>) {
    if let Some(only) = voices.only() {
        return (only.quantities.clone(), Vec::new());
    }
    let mut quantities = Vec::new();
    let mut disputes = Vec::new();
    for (key, stated) in group(voices) {
        let current = current(&stated, is_toll(key.0), toll_hours);
        let sides = sides(voices, &current);
        let Some((best, _)) = sides.first() else {
            continue;
        };
        quantities.push((*best).clone());
        // What numbers without a role count is not known well enough to set them against each other.
        if sides.len() > 1 && key.0 != QuantityRole::Other {
            disputes.push(Dispute {
                field: format!("quantities.{}.{}", role_name(key.0), key.1),
                sides: sides
                    .into_iter()
                    .map(|(q, said_by)| Side {
                        value: value_text(q),
                        said_by,
                    })
                    .collect(),
            });
        }
    }
    (quantities, disputes)
}

fn group<'a>(voices: &Voices<'a>) -> BTreeMap<Key, Vec<Stated<'a>>> {
    let stated: Vec<Stated<'a>> = voices
        .reports()
        .flat_map(|r| r.quantities.iter().map(move |q| (r, q)))
        .collect();
    let mut units: Vec<(QuantityRole, &str)> = stated
        .iter()
        .map(|(_, q)| (q.role, q.unit.as_str()))
        .collect();
    units.sort_unstable();
    units.dedup();
    let several = |q: &Quantity| {
        voices.reports().any(|r| {
            r.quantities
                .iter()
                .filter(|p| p.role == q.role && p.unit == q.unit)
                .count()
                > 1
        })
    };
    let mut groups: BTreeMap<Key, Vec<Stated<'a>>> = BTreeMap::new();
    for (report, quantity) in &stated {
        // A bare unit means the specific one when there is just one such.
        let mut specific = units
            .iter()
            .filter(|(role, u)| *role == quantity.role && ends_with_word(u, &quantity.unit))
            .map(|(_, u)| *u);
        let unit = match (specific.next(), specific.next()) {
            (Some(one), None) => one,
            _ => &quantity.unit,
        };
        let of = if several(quantity) {
            quantity.of.clone()
        } else {
            String::new()
        };
        groups
            .entry(Key(quantity.role, unit.to_owned(), of))
            .or_default()
            .push((report, quantity));
    }
    groups
}

/// Drops tolls that later reports left behind, and of each report the smaller of two numbers of one thing (parts of it).
fn current<'a>(stated: &[Stated<'a>], toll: bool, toll_hours: u32) -> Vec<Stated<'a>> {
    let latest = stated
        .iter()
        .map(|(r, _)| told(r))
        .max()
        .unwrap_or_default()
        .as_second();
    let oldest = latest - i64::from(toll_hours) * 3_600;
    let mut kept: Vec<Stated<'a>> = Vec::new();
    for (report, quantity) in stated {
        if toll && told(report).as_second() < oldest {
            continue;
        }
        match kept.iter_mut().find(|(r, _)| std::ptr::eq(*r, *report)) {
            Some(other) if other.1.value < quantity.value => other.1 = quantity,
            Some(_) => {}
            None => kept.push((report, quantity)),
        }
    }
    kept
}

/// Values that can't all be right, best supported first, each with who says so. A value that a side can agree with
/// (an estimate, a bound) joins it.
fn sides<'a>(voices: &Voices<'a>, stated: &[Stated<'a>]) -> Vec<(&'a Quantity, Vec<String>)> {
    let mut order: Vec<(f64, &Stated<'a>)> = stated
        .iter()
        .map(|s| {
            (
                voices.support(|r| {
                    stated
                        .iter()
                        .any(|t| std::ptr::eq(t.0, r) && t.1.value == s.1.value)
                }),
                s,
            )
        })
        .collect();
    order.sort_by(|(support_a, (r_a, q_a)), (support_b, (r_b, q_b))| {
        let exact = |q: &Quantity| q.approximation == Approximation::Exact && q.max_value.is_none();
        support_b
            .total_cmp(support_a)
            .then(exact(q_b).cmp(&exact(q_a)))
            .then(told(r_b).cmp(&told(r_a)))
            .then(q_b.value.total_cmp(&q_a.value))
            .then(weight(r_b).total_cmp(&weight(r_a)))
            .then_with(|| r_a.item_id.cmp(&r_b.item_id))
    });
    let mut sides: Vec<(&Quantity, Vec<String>)> = Vec::new();
    for (_, (report, quantity)) in order {
        let who = Voices::said_by(report);
        match sides.iter_mut().find(|(q, _)| agree(q, quantity)) {
            Some((_, said_by)) if said_by.contains(&who) => {}
            Some((_, said_by)) => said_by.push(who),
            None => sides.push((quantity, vec![who])),
        }
    }
    for (_, said_by) in &mut sides {
        said_by.sort();
    }
    sides
}

fn value_text(q: &Quantity) -> String {
    let prefix = match q.approximation {
        Approximation::Exact => "",
        Approximation::AtLeast => "at least ",
        Approximation::About => "about ",
        Approximation::AtMost => "up to ",
    };
    match q.max_value {
        Some(max) => format!("{prefix}{}-{}", q.value, max),
        None => format!("{prefix}{}", q.value),
    }
}

fn role_name(role: QuantityRole) -> &'static str {
    match role {
        QuantityRole::Launched => "launched",
        QuantityRole::Intercepted => "intercepted",
        QuantityRole::Hit => "hit",
        QuantityRole::Killed => "killed",
        QuantityRole::Wounded => "wounded",
        QuantityRole::Captured => "captured",
        QuantityRole::Displaced => "displaced",
        QuantityRole::Deployed => "deployed",
        QuantityRole::Amount => "amount",
        QuantityRole::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{actor, report};
    use super::*;
    use crate::model::ActorKind;

    const DAY_ONE: &str = "2026-03-03T08:00:00Z";
    const TYPE: &str = "military.interception";

    fn settled(reports: &[Report]) -> (Vec<Quantity>, Vec<Dispute>) {
        let labels: Vec<u32> = (0..reports.len() as u32).collect();
        settle(&Voices::new(reports, &labels), 12)
    }

    #[test]
    fn a_different_count_is_a_dispute_with_both_sides_named() {
        let air_force = actor(
            "UKR.air-force",
            "Ukrainian air force",
            "UKR",
            ActorKind::Military,
        );
        let a = report(TYPE, "a")
            .told(DAY_ONE)
            .count(QuantityRole::Intercepted, 32.0, "drone")
            .according_to(air_force);
        let b =
            report(TYPE, "b")
                .told(DAY_ONE)
                .count(QuantityRole::Intercepted, 35.0, "attack drone");
        let c = report(TYPE, "c")
            .told(DAY_ONE)
            .count(QuantityRole::Intercepted, 32.0, "drone");
        let (quantities, disputes) = settled(&[a.build(), b.build(), c.build()]);
        assert_eq!(quantities.len(), 1);
        assert_eq!(quantities[0].value, 32.0);
        assert_eq!(disputes.len(), 1);
        assert_eq!(disputes[0].field, "quantities.intercepted.attack drone");
        let sides: Vec<_> = disputes[0]
            .sides
            .iter()
            .map(|s| (s.value.as_str(), s.said_by.join("+")))
            .collect();
        assert_eq!(
            sides,
            [
                ("32", "Ukrainian air force+c.example".to_owned()),
                ("35", "b.example".to_owned())
            ]
        );
    }

    #[test]
    fn a_later_toll_takes_the_place_of_an_earlier_one() {
        let early = report("military.strike", "a")
            .told("2026-04-07T09:00:00Z")
            .killed(2.0)
            .build();
        let also_early = report("military.strike", "b")
            .told("2026-04-07T10:00:00Z")
            .killed(2.0)
            .build();
        let late = report("military.strike", "c")
            .told("2026-04-08T08:00:00Z")
            .killed(5.0)
            .build();
        let (quantities, disputes) = settled(&[early, also_early, late]);
        assert_eq!((quantities.len(), quantities[0].value), (1, 5.0));
        assert!(disputes.is_empty(), "{disputes:?}");
    }

    #[test]
    fn bounds_and_estimates_are_no_dispute() {
        let mut at_least = report("military.strike", "a")
            .told(DAY_ONE)
            .killed(3.0)
            .build();
        at_least.quantities[0].approximation = Approximation::AtLeast;
        let exact = report("military.strike", "b")
            .told(DAY_ONE)
            .killed(4.0)
            .build();
        let (quantities, disputes) = settled(&[at_least, exact]);
        assert_eq!(quantities[0].value, 4.0);
        assert!(disputes.is_empty());
    }

    #[test]
    fn large_equal_numbers_are_telling_and_unlike_ones_speak_against() {
        let of = |value: f64, unit: &str| {
            report("x", "i")
                .count(QuantityRole::Launched, value, unit)
                .build()
                .quantities
        };
        assert_eq!(
            fit(&of(49.0, "drone"), &of(49.0, "attack drone")),
            Some(1.0)
        );
        assert_eq!(fit(&of(49.0, "drone"), &of(120.0, "drone")), Some(-0.8));
        assert_eq!(fit(&of(49.0, "drone"), &of(2.0, "ballistic missile")), None);
        let toll = |value: f64| report("x", "i").killed(value).build().quantities;
        assert_eq!(fit(&toll(2.0), &toll(5.0)), Some(0.0));
        assert_eq!(fit(&toll(3.0), &toll(60.0)), Some(-0.7));
    }
}
