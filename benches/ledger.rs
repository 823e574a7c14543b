//! How fast the ledger merges, and what it holds in memory: `cargo bench --bench ledger`.
//!
//! One thread, no reading: synthetic readings of one report each, 20 a made-up happening with copies among them. First
//! 10,000 of them against the clock; then a soak of 200,000, with the open events and the resident memory every 20,000.
//! The windows move on with the readings' own times, a day every 2,000, so that the number of open events settles after
//! the first week, and memory with it: after 20,000 and at the end are what to compare.

use jiff::{SignedDuration, Timestamp};
use sitrep::embedded;
use sitrep::lexicon::{ontology::Ontology, sources::Sources};
use sitrep::merge::{Config, Ledger};
use sitrep::model::{
    Actor, ActorKind, Body, Category, Engine, Location, NewsItem, PlacePrecision, Point, Quantity,
    QuantityRole, Report, Span, Time, TimePrecision,
};
use std::sync::Arc;
use std::time::Instant;

/// Readings against the clock, and between two looks at memory.
const TIMED: usize = 10_000;
const SOAK: usize = 200_000;
const LOOK: usize = 20_000;
/// Readings of a day: with them go the windows.
const A_DAY: usize = 2_000;
/// Reports of one happening.
const TOLD: usize = 20;

fn main() {
    let mut ledger = ledger();
    let readings: Vec<(NewsItem, Report)> = (0..TIMED).map(reading).collect();
    let (began, worked) = (Instant::now(), cpu_seconds());
    let mut updates = 0;
    for (item, report) in readings {
        let received = item.published_at.expect("each has a time");
        updates += ledger.apply(&item, vec![report], received).len();
    }
    let rate = |seconds: f64| TIMED as f64 / seconds;
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{TIMED} readings in {seconds:.2} s on one thread: {:.0} a second, {updates} updates, {} open events",
        rate(seconds),
        ledger.len()
    );
    // What a machine that others use leaves of a core is not the ledger's doing.
    let core = cpu_seconds() - worked;
    println!("{core:.2} s of a core: {:.0} a second", rate(core));
    drop(ledger);
    soak();
}

fn soak() {
    let mut ledger = ledger();
    let mut early = 0.0;
    let began = Instant::now();
    for i in 0..SOAK {
        let (item, report) = reading(i);
        let received = item.published_at.expect("each has a time");
        ledger.apply(&item, vec![report], received);
        if (i + 1) % LOOK == 0 {
            let resident = resident_mib();
            if early == 0.0 {
                early = resident;
            }
            println!(
                "{:>7} readings: {:>6} open events, {resident:.1} MiB resident, {:.2} times that after {LOOK}",
                i + 1,
                ledger.len(),
                resident / early
            );
        }
    }
    println!("{SOAK} readings in {:.1} s", began.elapsed().as_secs_f64());
}

fn ledger() -> Ledger {
    let text = |name: &str| {
        let file = embedded::LEXICON.iter().find(|(path, _)| *path == name);
        let (_, bytes) = file.expect("the file is in the program");
        std::str::from_utf8(bytes).expect("it is UTF-8")
    };
    let ontology = Ontology::load(text("ontology.toml"), "ontology.toml").expect("it loads");
    let sources = Sources::load(text("sources.toml"), "sources.toml").expect("it loads");
    Ledger::new(
        Config::default(),
        Arc::new(ontology),
        Arc::new(sources),
        Engine::default(),
    )
}

const TYPES: [&str; 5] = [
    "military.strike.drone",
    "military.strike.air",
    "military.assault",
    "military.bombing",
    "military.strike.missile",
];
const STATES: [(&str, &str); 10] = [
    ("RUS", "Russia"),
    ("UKR", "Ukraine"),
    ("ISR", "Israel"),
    ("LBN", "Lebanon"),
    ("IRN", "Iran"),
    ("SYR", "Syria"),
    ("TUR", "Turkey"),
    ("IND", "India"),
    ("PAK", "Pakistan"),
    ("SDN", "Sudan"),
];

/// The `i`th reading; the same for the same `i`.
fn reading(i: usize) -> (NewsItem, Report) {
    // Reports of 40 happenings come in mixed, each from its own outlet or copied from the one before.
    let block = i / (40 * TOLD);
    let happening = block * 40 + i % 40;
    let telling = (i / 40) % TOLD;
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("it is a time");
    let at = |i: usize| start + SignedDuration::from_secs(i as i64 * 86_400 / A_DAY as i64);
    let published = at(i);
    let day = at(block * 40 * TOLD);
    let event_type = TYPES[happening % TYPES.len()];
    let doer = STATES[happening % STATES.len()];
    let other = STATES[(happening + 1 + happening / 7 % 8) % STATES.len()];
    let town = format!("Town {}", happening % 997);
    let teller = if telling % 3 == 2 {
        telling - 1
    } else {
        telling
    };
    let text = format!(
        "Outlet {teller} tells how {} hit {town} in {} with strike number {happening}, where {} people died that day",
        doer.1,
        other.1,
        telling / 4 + 1,
    );
    let id = format!("item-{i}");
    let item = NewsItem {
        item_id: id.clone(),
        version: 1,
        source: format!("outlet{}.example", i % 300),
        url: String::new(),
        title: String::new(),
        body: Body::Text(text.clone()),
        published_at: Some(published),
        language: "en".to_owned(),
    };
    let report = Report {
        item_id: id,
        item_version: 1,
        source: item.source.clone(),
        published_at: item.published_at,
        evidence: span(&text),
        trigger: span("hit"),
        category: Category::Military,
        event_type: event_type.to_owned(),
        initiators: vec![state(doer)],
        targets: vec![state(other)],
        location: Some(Location {
            name: town,
            country: other.0.to_owned(),
            point: Some(Point {
                latitude: (happening % 120) as f64 - 60.0,
                longitude: (happening % 340) as f64 - 170.0,
            }),
            precision: PlacePrecision::City,
            ..Location::default()
        }),
        time: Some(Time {
            start: day,
            end: day + SignedDuration::from_hours(24),
            precision: TimePrecision::Day,
            ..Time::default()
        }),
        quantities: vec![Quantity {
            value: (telling / 4 + 1) as f64,
            unit: "person".to_owned(),
            role: QuantityRole::Killed,
            ..Quantity::default()
        }],
        confidence: 0.8,
        ..Report::default()
    };
    (item, report)
}

fn state((id, name): (&str, &str)) -> Actor {
    Actor {
        id: id.to_owned(),
        name: name.to_owned(),
        surface: name.to_owned(),
        kind: ActorKind::State,
        country: id.to_owned(),
        ..Actor::default()
    }
}

fn span(text: &str) -> Span {
    Span {
        text: text.to_owned(),
        end: text.chars().count() as u32,
        ..Span::default()
    }
}

/// Seconds of a core that this thread has had.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = stat
        .split_whitespace()
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0.0);
    nanoseconds / 1e9
}

/// Resident memory of this process, 0 where the system does not tell.
fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:"));
    let kib: f64 = line
        .and_then(|l| l.split_whitespace().nth(1))
        .and_then(|n| n.parse().ok())
        .unwrap_or(0.0);
    kib / 1024.0
}
