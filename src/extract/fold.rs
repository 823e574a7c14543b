//! One event, however often an item repeats it: reports of the lead, the body and the summary become one.

use super::quantity;
use crate::lexicon::{Ontology, ontology};
use crate::model::{
    Actor, Category, Location, Part, PlacePrecision, QuantityRole, Report, Status, Time,
};

/// Folds the reports of an item, given in text order (title first). What stands in the text is kept before what stands in the title.
pub fn fold(reports: Vec<Report>, ontology: &Ontology) -> Vec<Report> {
    let mut out: Vec<Report> = Vec::new();
    for report in reports {
        match out.iter_mut().find(|known| same(known, &report, ontology)) {
            Some(known) => join(known, report, ontology),
            None => out.push(report),
        }
    }
    headlines(out)
}

/// Characters of the text that a headline tells of.
const LEAD: u32 = 700;

/// A headline that fits no event by its type still tells the lead in other words, and the lead tells it better: "Parliament votes for expulsion" over
/// "lawmakers called on the government to end the presence of foreign troops".
fn headlines(reports: Vec<Report>) -> Vec<Report> {
    let (titles, out): (Vec<Report>, Vec<Report>) = reports
        .into_iter()
        .partition(|r| r.evidence.part == Part::Title);
    let known = |r: &Report| {
        let all = sides(r).into_iter();
        let known = all.filter(|a| !a.id.is_empty() || !a.country.is_empty());
        known.cloned().collect::<Vec<Actor>>()
    };
    let mut apart = Vec::new();
    for title in titles {
        let parties = known(&title);
        let told = out.iter().any(|r| {
            r.category == title.category
                && r.evidence.part == Part::Text
                && r.evidence.start < LEAD
                && known(r).iter().any(|a| parties.iter().any(|b| agree(a, b)))
        });
        if !told {
            apart.push(title);
        }
    }
    apart.extend(out);
    apart
}

fn same(a: &Report, b: &Report, ontology: &Ontology) -> bool {
    if a.category != b.category || !related(&a.event_type, &b.event_type, ontology) {
        return false;
    }
    // A headline tells what the text tells, in fewer words: it needs no more than not to contradict it.
    if (a.evidence.part == Part::Title) != (b.evidence.part == Part::Title) {
        return times(a.time.as_ref(), b.time.as_ref())
            && (a.initiators.is_empty()
                || b.initiators.is_empty()
                || parties(&a.initiators, &b.initiators, true));
    }
    if refers_back(a, b) {
        return true;
    }
    if !statuses(a.status, b.status)
        || !times(a.time.as_ref(), b.time.as_ref())
        || !places(a.location.as_ref(), b.location.as_ref())
    {
        return false;
    }
    let symmetric = !a.participants.is_empty() || !b.participants.is_empty();
    if symmetric {
        let (x, y): (Vec<&Actor>, Vec<&Actor>) = (sides(a), sides(b));
        let common = x.iter().filter(|p| y.iter().any(|q| agree(p, q))).count();
        return common >= 2 || x.is_empty() || y.is_empty() || common == x.len().min(y.len());
    }
    let speech = ontology.get(&a.event_type).is_some_and(|t| t.speech)
        || ontology.get(&b.event_type).is_some_and(|t| t.speech);
    if speech {
        // One speaker making one point: the same type to the same address.
        return a.event_type == b.event_type
            && parties(&a.initiators, &b.initiators, false)
            && parties(&a.targets, &b.targets, true);
    }
    parties(&a.initiators, &b.initiators, true)
        && targets(a, b)
        && tolls(a, b)
        && acts_counted(a, b)
}

/// "34 strikes in Syria ... near Palmyra, one strike": numbers of the act itself that differ tell of different acts.
fn acts_counted(a: &Report, b: &Report) -> bool {
    let count = |r: &Report| {
        let own = |unit: &str| {
            unit.split(' ')
                .any(|w| r.trigger.text.to_lowercase().contains(w))
        };
        let counts = r
            .quantities
            .iter()
            .filter(|q| q.role == QuantityRole::Other && q.max_value.is_none() && own(&q.unit));
        counts.map(|q| q.value).next()
    };
    match (count(a), count(b)) {
        (Some(x), Some(y)) => (x - y).abs() < 0.5,
        _ => true,
    }
}

/// "The strike took place at the airport", "five died in the exchange of fire": a definite noun comes back to the act of war
/// that was told, unless its day, doer or country is another.
fn refers_back(told: &Report, again: &Report) -> bool {
    let fighting = |r: &Report| r.category == Category::Military && r.status != Status::Planned;
    let apart = match (&told.location, &again.location) {
        (Some(x), Some(y)) => {
            let town = |l: &Location| l.precision == PlacePrecision::City;
            !x.country.is_empty() && !y.country.is_empty() && x.country != y.country
                || town(x) && town(y) && x.name != y.name
        }
        _ => false,
    };
    fighting(told)
        && fighting(again)
        && told.trigger.part == again.trigger.part
        && is_definite(again)
        && !apart
        && times(told.time.as_ref(), again.time.as_ref())
        && parties(&told.initiators, &again.initiators, true)
        && parties(&named(&told.targets), &named(&again.targets), true)
        && acts_counted(told, again)
}

/// Those of some actors that a lexicon knows; buildings and people are none.
fn named(actors: &[Actor]) -> Vec<Actor> {
    let known = actors.iter().filter(|a| !a.id.is_empty());
    known.cloned().collect()
}

/// Whether a definite word stands right before the trigger.
fn is_definite(report: &Report) -> bool {
    let from = report.trigger.start.saturating_sub(report.evidence.start) as usize;
    let before: String = report.evidence.text.chars().take(from).collect();
    let word = before.split_whitespace().last().unwrap_or_default();
    let single = !report.trigger.text.ends_with('s');
    single && matches!(word.to_lowercase().as_str(), "the" | "this" | "that")
}

/// One type above the other, or types of one family.
fn related(a: &str, b: &str, ontology: &Ontology) -> bool {
    if a == b || ontology::is_a(a, b) || ontology::is_a(b, a) {
        return true;
    }
    let (Some(a), Some(b)) = (ontology.get(a), ontology.get(b)) else {
        return false;
    };
    a.families.iter().any(|f| b.families.contains(f))
}

fn statuses(a: Status, b: Status) -> bool {
    let real = |s| matches!(s, Status::Occurred | Status::Ongoing | Status::Claimed);
    a == b || real(a) && real(b)
}

fn times(a: Option<&Time>, b: Option<&Time>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.start <= b.end && b.start <= a.end,
        _ => true,
    }
}

fn places(a: Option<&Location>, b: Option<&Location>) -> bool {
    let (Some(a), Some(b)) = (a, b) else {
        return true;
    };
    if a.name == b.name || a.admin1 == b.name || b.admin1 == a.name {
        return true;
    }
    let country = |l: &Location| l.precision == PlacePrecision::Country;
    (country(a) || country(b)) && (a.country == b.country)
        || a.precision == PlacePrecision::Unknown
        || b.precision == PlacePrecision::Unknown
}

fn sides(report: &Report) -> Vec<&Actor> {
    report
        .participants
        .iter()
        .chain(&report.initiators)
        .chain(&report.targets)
        .collect()
}

/// Two mentions that may be one party: the same id, the same state, or one of them nobody in particular.
fn agree(a: &Actor, b: &Actor) -> bool {
    if !a.id.is_empty() && a.id == b.id || a.name.eq_ignore_ascii_case(&b.name) {
        return true;
    }
    if !a.country.is_empty() || !b.country.is_empty() {
        // An armed group is not the state that it is based in.
        let group = |x: &Actor| x.id.starts_with("group.") || x.id.starts_with("org.");
        return a.country == b.country && group(a) == group(b) && (!group(a) || a.id == b.id);
    }
    false
}

fn parties(a: &[Actor], b: &[Actor], empty_fits: bool) -> bool {
    if a.is_empty() || b.is_empty() {
        return empty_fits;
    }
    a.iter().any(|x| b.iter().any(|y| agree(x, y)))
}

/// Targets may be told by what was hit and by whom it belonged to; only two known and different owners keep apart.
fn targets(a: &Report, b: &Report) -> bool {
    let owners = |r: &Report| {
        r.targets
            .iter()
            .filter(|t| !t.country.is_empty() || !t.id.is_empty())
            .cloned()
            .collect::<Vec<_>>()
    };
    let (x, y) = (owners(a), owners(b));
    x.is_empty() || y.is_empty() || parties(&x, &y, true)
}

fn tolls(a: &Report, b: &Report) -> bool {
    let figures = [
        QuantityRole::Killed,
        QuantityRole::Launched,
        QuantityRole::Intercepted,
    ];
    // Different figures for one role at different places or times were told apart above; here only wild ones speak against.
    a.quantities
        .iter()
        .filter(|q| figures.contains(&q.role))
        .all(|q| b.quantities.iter().all(|p| quantity::compatible(q, p)))
        || a.location.is_some() && b.location.is_some()
        || a.time.is_some() && b.time.is_some()
}

/// Adds to a report what another of the same event knows more.
fn join(known: &mut Report, other: Report, ontology: &Ontology) {
    let title = known.evidence.part == Part::Title && other.evidence.part == Part::Text;
    let (mut base, more) = if title {
        (other, std::mem::take(known))
    } else {
        (std::mem::take(known), other)
    };
    // The more specific type; a toll by itself gives way to the act.
    let weak = |t: &str| matches!(t, "military.casualties" | "military.damage");
    if weak(&base.event_type) && !weak(&more.event_type)
        || ontology::is_a(&more.event_type, &base.event_type)
    {
        base.event_type.clone_from(&more.event_type);
        // The words of the text stand, whatever the headline adds.
        if base.initiators.is_empty() && more.evidence.part == base.evidence.part {
            base.trigger = more.trigger.clone();
            base.evidence = more.evidence.clone();
        }
    }
    let named = |list: &[Actor]| list.iter().any(|a| !a.id.is_empty());
    if base.initiators.is_empty() || !named(&base.initiators) && named(&more.initiators) {
        base.initiators = more.initiators;
    }
    if base.targets.is_empty()
        || !named(&base.targets) && named(&more.targets) && base.category == Category::Diplomatic
    {
        base.targets = more.targets;
    }
    for party in more.participants {
        if base.participants.len() < 12 && !base.participants.iter().any(|p| agree(p, &party)) {
            base.participants.push(party);
        }
    }
    let finer = |l: &Location| match l.precision {
        PlacePrecision::Site => 0,
        PlacePrecision::City => 1,
        PlacePrecision::Admin1 => 2,
        PlacePrecision::Region => 3,
        PlacePrecision::Country => 4,
        PlacePrecision::Unknown => 5,
    };
    base.location = match (base.location.take(), more.location) {
        (Some(a), Some(b)) => Some(if finer(&b) < finer(&a) { b } else { a }),
        (a, b) => a.or(b),
    };
    base.time = match (base.time.take(), more.time) {
        (Some(a), Some(b)) => Some(if b.precision < a.precision { b } else { a }),
        (a, b) => a.or(b),
    };
    if base.attribution.is_none() && base.status == more.status {
        base.attribution = more.attribution;
    }
    let _ = ontology;
    quantity::merge(&mut base.quantities, &more.quantities);
    base.confidence = (base.confidence + 0.1 * more.confidence)
        .min(0.99)
        .max(more.confidence);
    *known = base;
}
