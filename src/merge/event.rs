//! An event as its reports together tell it.

use super::support::Voices;
use super::time::told;
use super::{dispute, place, quantity, summary, time};
use crate::lexicon::ontology::{EventType, Ontology, is_a};
use crate::model::{
    Actor, Category, Codes, Engine, Event, Location, Quantity, Report, Status, Time, TimePrecision,
};

/// The event of a single report, as an analysis shows it.
pub fn event_of(report: &Report, ontology: &Ontology, engine: &Engine) -> Event {
    let mut event = compose(
        std::slice::from_ref(report),
        &[0],
        ontology,
        engine,
        u32::MAX,
    );
    event.id = id_of(report, 0);
    event.revision = 1;
    event.reports = vec![report.clone()];
    event
}

/// The id of the event that a report founds: from item, type and the trigger's place, and the item's version from the
/// second on. `salt` is 0, or counts up where that id is taken.
pub(super) fn id_of(report: &Report, salt: u32) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(report.item_id.as_bytes());
    part(report.event_type.as_bytes());
    part(&[report.trigger.part as u8]);
    part(&report.trigger.start.to_le_bytes());
    if report.item_version > 1 {
        part(&report.item_version.to_le_bytes());
    }
    if salt > 0 {
        part(&salt.to_be_bytes());
    }
    format!("evt-{}", &hasher.finalize().to_hex()[..16])
}

/// All fields of an event but `id`, `revision`, `reports`, `merged_into` and `retracted`, from its reports alone.
/// `labels` tells whose voice each report is. Per field the best-supported value stands; where voices disagree,
/// `disputes` names the sides.
pub(super) fn compose(
    reports: &[Report],
    labels: &[u32],
    ontology: &Ontology,
    engine: &Engine,
    toll_hours: u32,
) -> Event {
    let voices = Voices::new(reports, labels);
    let event_type = event_type(&voices, ontology);
    let known = ontology.get(event_type);
    let symmetric = known.is_some_and(|t| t.symmetric);
    let first = reports.first();
    let mut event = Event {
        category: known.map_or(first.map_or(Category::default(), |r| r.category), |t| {
            t.category
        }),
        event_type: event_type.to_owned(),
        codes: known.map_or_else(Codes::default, |t| t.codes.clone()),
        location: location(&voices).cloned(),
        time: happening(&voices).cloned(),
        status: status(&voices),
        confidence: confidence(&voices, known),
        first_reported: reports.iter().map(told).min().unwrap_or_default(),
        last_reported: reports.iter().map(told).max().unwrap_or_default(),
        report_count: reports.len() as u32,
        independent_source_count: distinct(labels),
        engine: engine.clone(),
        ..Event::default()
    };
    if symmetric {
        event.participants = voices.best_actors(everybody);
    } else {
        event.initiators = voices.best_actors(|r| r.initiators.clone());
        event.targets = voices.best_actors(|r| r.targets.clone());
        if event.initiators.is_empty() && event.targets.is_empty() {
            event.participants = voices.best_actors(|r| r.participants.clone());
        }
    }
    let (quantities, numbers) = quantity::settle(&voices, toll_hours);
    event.quantities = quantities;
    event.disputes = dispute::disputes(&voices, &event).chain(numbers).collect();
    let claimant = claimant(&voices, &event);
    event.summary = summary::summarise(&event, known, claimant);
    event
}

/// The names of the fields that differ, in the order of the protocol's fields. Where the words stood makes no difference.
pub(super) fn changed_fields(before: &Event, after: &Event) -> Vec<String> {
    let actors = |a: &[Actor], b: &[Actor]| !super::support::same_actors(a, b);
    let fields = [
        ("category", before.category != after.category),
        ("type", before.event_type != after.event_type),
        ("codes", before.codes != after.codes),
        ("summary", before.summary != after.summary),
        ("initiators", actors(&before.initiators, &after.initiators)),
        ("targets", actors(&before.targets, &after.targets)),
        (
            "participants",
            actors(&before.participants, &after.participants),
        ),
        (
            "location",
            bare_place(&before.location) != bare_place(&after.location),
        ),
        ("time", bare_time(&before.time) != bare_time(&after.time)),
        ("status", before.status != after.status),
        ("quantities", bare_numbers(before) != bare_numbers(after)),
        ("confidence", before.confidence != after.confidence),
        (
            "first_reported",
            before.first_reported != after.first_reported,
        ),
        ("last_reported", before.last_reported != after.last_reported),
        ("report_count", before.report_count != after.report_count),
        (
            "independent_source_count",
            before.independent_source_count != after.independent_source_count,
        ),
        ("disputes", before.disputes != after.disputes),
        ("merged_into", before.merged_into != after.merged_into),
        ("retracted", before.retracted != after.retracted),
    ];
    fields
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// True if these changes add nothing but weight.
pub(super) fn is_corroboration(changed: &[String]) -> bool {
    const WEIGHT: [&str; 5] = [
        "confidence",
        "first_reported",
        "last_reported",
        "report_count",
        "independent_source_count",
    ];
    changed.iter().all(|field| WEIGHT.contains(&field.as_str()))
}

fn bare_place(place: &Option<Location>) -> Option<Location> {
    place.as_ref().map(|p| Location {
        span: Default::default(),
        ..p.clone()
    })
}

fn bare_time(time: &Option<Time>) -> Option<(jiff::Timestamp, jiff::Timestamp, TimePrecision)> {
    time.as_ref().map(|t| (t.start, t.end, t.precision))
}

fn bare_numbers(event: &Event) -> Vec<Quantity> {
    event
        .quantities
        .iter()
        .map(|q| Quantity {
            span: Default::default(),
            ..q.clone()
        })
        .collect()
}

fn distinct(labels: &[u32]) -> u32 {
    let mut labels = labels.to_vec();
    labels.sort_unstable();
    labels.dedup();
    labels.len() as u32
}

/// A report of the parent type speaks for its children too; a type that yields stands only if no report states another.
fn event_type<'a>(voices: &Voices<'a>, ontology: &Ontology) -> &'a str {
    let yields = |name: &str| ontology.get(name).is_some_and(|t| t.yields);
    let firm = voices.reports().any(|r| !yields(&r.event_type));
    voices
        .best(
            |r| (!firm || !yields(&r.event_type)).then_some(&r.event_type),
            |name, r| is_a(name, &r.event_type),
            |name| name.matches('.').count() as i32,
        )
        .map_or("", String::as_str)
}

fn everybody(report: &Report) -> Vec<Actor> {
    let mut all: Vec<Actor> = Vec::new();
    for actor in report
        .participants
        .iter()
        .chain(&report.initiators)
        .chain(&report.targets)
    {
        if !all.iter().any(|a| super::actor::alike(a, actor) >= 1.0) {
            all.push(actor.clone());
        }
    }
    all
}

fn location<'a>(voices: &Voices<'a>) -> Option<&'a Location> {
    let best = |place: fn(&Report) -> Option<&Location>| {
        voices.best(
            place,
            |value, r| place(r).is_some_and(|other| place::supports(other, value)),
            |value| -i32::from(place::size(value.precision)),
        )
    };
    best(place::of).or_else(|| best(|r| r.location.as_ref()))
}

fn stated(report: &Report) -> Option<&Time> {
    let time = report.time.as_ref();
    time.filter(|t| t.precision != TimePrecision::Reported)
}

fn happening<'a>(voices: &Voices<'a>) -> Option<&'a Time> {
    let overlap = |a: &Time, b: &Time| a.start <= b.end && b.start <= a.end;
    let best = |time: fn(&Report) -> Option<&Time>| {
        voices.best(
            time,
            |value, r| time(r).is_some_and(|other| overlap(value, other)),
            |value| -(value.precision as i32),
        )
    };
    best(stated).or_else(|| best(|r| r.time.as_ref()))
}

/// What happened outweighs what is claimed, that outweighs plans, and those threats and conditions. Between a claim and a
/// denial the better supported one stands; between "has happened" and "is going on" the later word.
fn status(voices: &Voices<'_>) -> Status {
    let support = |status: Status| voices.support(|r| r.status == status);
    let facts = voices
        .reports()
        .filter(|r| matches!(r.status, Status::Occurred | Status::Ongoing));
    if let Some(latest) = facts.max_by_key(|r| (told(r), r.status == Status::Occurred)) {
        // A plan announced after the last word of it: what was taken for the happening is still to come.
        return latest.status;
    }
    let (claimed, denied) = (support(Status::Claimed), support(Status::Denied));
    if claimed > 0.0 || denied > 0.0 {
        return if denied > claimed {
            Status::Denied
        } else {
            Status::Claimed
        };
    }
    [Status::Planned, Status::Threatened, Status::Hypothetical]
        .into_iter()
        .find(|s| support(*s) > 0.0)
        .unwrap_or_default()
}

/// How sure we are, 0 to 0.99 in two decimals. Each voice counts once, with its surest report times a factor for its
/// status; the surest voice counts in full and every other with half its weight, as the voices err together now and then:
/// `1 - (1 - p1) * product(1 - p_i / 2)`. More support never lowers it.
fn confidence(voices: &Voices<'_>, event_type: Option<&EventType>) -> f64 {
    let inherent = event_type.and_then(|t| t.headline.inherent);
    let factor = |status: Status| match status {
        _ if Some(status) == inherent => 1.0,
        Status::Occurred | Status::Ongoing => 1.0,
        Status::Claimed | Status::Planned => 0.95,
        Status::Denied | Status::Threatened => 0.9,
        Status::Hypothetical => 0.6,
    };
    let mut sure = voices.surest(|r| r.confidence.clamp(0.0, 1.0) * factor(r.status));
    sure.sort_by(|a, b| b.total_cmp(a));
    let mut wrong = 1.0;
    for (i, p) in sure.iter().enumerate() {
        wrong *= if i == 0 { 1.0 - p } else { 1.0 - p / 2.0 };
    }
    ((1.0 - wrong) * 100.0).round().min(99.0) / 100.0
}

/// Who stands behind the event: the claimant of most voices when none tells it in its own.
fn claimant<'a>(voices: &Voices<'a>, event: &Event) -> Option<&'a Actor> {
    let own_voice = |r: &Report| r.attribution.is_none() && r.status == event.status;
    if event.status != Status::Claimed && voices.reports().any(own_voice) {
        return None;
    }
    voices.best(
        |r| r.attribution.as_ref().filter(|_| r.status == event.status),
        |value, r| {
            r.attribution
                .as_ref()
                .is_some_and(|other| super::actor::alike(value, other) >= super::actor::SAME)
        },
        |_| 0,
    )
}

/// Seconds since 1970 until which a planned event is awaited, none for any other.
pub(super) fn awaited_until(event: &Event, planned_days: u32) -> Option<i64> {
    let time = event
        .time
        .as_ref()
        .filter(|_| event.status == Status::Planned)?;
    Some(time.end.as_second() + i64::from(planned_days) * time::DAY)
}
