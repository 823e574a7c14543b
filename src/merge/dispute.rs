//! Fields on which reports disagree. Nothing is averaged: each side is named with who says so.

use super::actor::sides;
use super::place;
use super::support::Voices;
use crate::model::{Actor, Dispute, Event, Report, Side, Status};

/// The disputes about who did it, where, and whether; those about numbers come with the numbers.
pub(super) fn disputes(voices: &Voices<'_>, event: &Event) -> impl Iterator<Item = Dispute> {
    [
        initiators(voices, event),
        location(voices, event),
        status(voices, event),
    ]
    .into_iter()
    .flatten()
}

/// One side for the value that stands, one for each other value that can't be true beside it.
fn dispute<'a>(
    voices: &Voices<'a>,
    field: &str,
    standing: String,
    value: impl Fn(&'a Report) -> Option<String>,
    against: impl Fn(&Report) -> bool,
) -> Option<Dispute> {
    let mut sides = vec![Side {
        value: standing,
        said_by: Vec::new(),
    }];
    let mut opposed = false;
    for report in voices.ranked() {
        let Some(text) = value(report) else { continue };
        let against = against(report);
        let slot = if !against {
            Some(0)
        } else {
            sides
                .iter()
                .skip(1)
                .position(|s| s.value == text)
                .map(|i| i + 1)
        };
        let who = Voices::said_by(report);
        opposed |= against;
        match slot {
            Some(i) if sides[i].said_by.contains(&who) => {}
            Some(i) => sides[i].said_by.push(who),
            None => sides.push(Side {
                value: text,
                said_by: vec![who],
            }),
        }
    }
    for side in &mut sides {
        side.said_by.sort();
    }
    sides[1..].sort_by(|a, b| {
        b.said_by
            .len()
            .cmp(&a.said_by.len())
            .then_with(|| a.value.cmp(&b.value))
    });
    opposed.then(|| Dispute {
        field: field.to_owned(),
        sides,
    })
}

fn names(actors: &[Actor]) -> String {
    let name = |a: &Actor| {
        if a.id.is_empty() {
            a.name.clone()
        } else {
            a.id.clone()
        }
    };
    actors.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn initiators(voices: &Voices<'_>, event: &Event) -> Option<Dispute> {
    let strangers = |r: &Report| sides(&r.initiators, &event.initiators).is_some_and(|s| s < 0.35);
    let value = |r: &Report| (!r.initiators.is_empty()).then(|| names(&r.initiators));
    dispute(
        voices,
        "initiators",
        names(&event.initiators),
        value,
        strangers,
    )
}

fn location(voices: &Voices<'_>, event: &Event) -> Option<Dispute> {
    let standing = event.location.as_ref()?;
    let apart = |r: &Report| {
        place::of(r).is_some_and(|l| place::compare(l, standing) == place::Nearness::Apart)
    };
    let value = |r: &Report| place::of(r).map(|l| l.name.clone());
    dispute(voices, "location", standing.name.clone(), value, apart)
}

/// A plan that came true is no dispute; a denial of what others report is.
fn status(voices: &Voices<'_>, event: &Event) -> Option<Dispute> {
    let asserted = |s: Status| matches!(s, Status::Occurred | Status::Ongoing | Status::Claimed);
    let opposed = |r: &Report| match event.status {
        Status::Denied => asserted(r.status),
        s if asserted(s) => r.status == Status::Denied,
        _ => false,
    };
    let value = |r: &Report| {
        (asserted(r.status) || r.status == Status::Denied).then(|| status_text(r.status))
    };
    dispute(voices, "status", status_text(event.status), value, opposed)
}

fn status_text(status: Status) -> String {
    let name = match status {
        Status::Occurred => "OCCURRED",
        Status::Ongoing => "ONGOING",
        Status::Planned => "PLANNED",
        Status::Claimed => "CLAIMED",
        Status::Denied => "DENIED",
        Status::Threatened => "THREATENED",
        Status::Hypothetical => "HYPOTHETICAL",
    };
    format!("STATUS_{name}")
}
