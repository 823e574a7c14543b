//! The samples, read by the engine, against what was accepted: a change of lexicon or code shows here as the lines that it
//! changes, for a person to judge.
//!
//! Accepting is an act of its own: `SITREP_ACCEPT=1 cargo test --test corpus` writes the files, and the commit shows them.

use sitrep::engine::Engine;
use sitrep::model::{
    Actor, Approximation, Body, Location, NewsItem, Part, Quantity, Reading, Report, Status, Time,
};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn samples_are_read_as_accepted() {
    let engine = Engine::embedded().expect("the embedded lexicon loads");
    let accept = std::env::var("SITREP_ACCEPT").is_ok_and(|value| value == "1");
    let mut differences = String::new();
    for (path, items) in samples() {
        let mut found = String::new();
        for item in &items {
            rendered(&mut found, item, &engine.read(item));
        }
        let accepted_at = folder("tests/corpus").join(
            path.with_extension("txt")
                .file_name()
                .expect("a sample has a name"),
        );
        if accept {
            fs::write(&accepted_at, &found).expect("the folder of snapshots can be written");
            continue;
        }
        let accepted = fs::read_to_string(&accepted_at).unwrap_or_default();
        differences.push_str(&compare(&accepted_at, &accepted, &found));
    }
    assert!(
        differences.is_empty(),
        "readings differ from what was accepted (- accepted, + read now):\n{differences}\n\
         When every change is for the better: SITREP_ACCEPT=1 cargo test --test corpus"
    );
}

#[test]
fn every_value_points_at_its_words() {
    let engine = Engine::embedded().expect("the embedded lexicon loads");
    let mut spans = 0;
    for (_, items) in samples() {
        for item in items {
            let Body::Text(text) = &item.body else {
                continue;
            };
            let text: Vec<char> = text.chars().collect();
            let title: Vec<char> = item.title.chars().collect();
            for report in engine.read(&item).reports {
                for span in [&report.evidence, &report.trigger]
                    .into_iter()
                    .chain(report.quantities.iter().map(|q| &q.span))
                {
                    let part = if span.part == Part::Title {
                        &title
                    } else {
                        &text
                    };
                    let words: String = part[span.start as usize..span.end as usize]
                        .iter()
                        .collect();
                    let squeezed =
                        |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                    assert_eq!(
                        squeezed(&words),
                        squeezed(&span.text),
                        "a span of {} in {}",
                        report.event_type,
                        item.item_id
                    );
                    spans += 1;
                }
            }
        }
    }
    assert!(
        spans > 100,
        "expected the samples to hold more than {spans} spans"
    );
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The items of each sample file, by name.
fn samples() -> BTreeMap<PathBuf, Vec<NewsItem>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder("samples")).expect("the samples are there") {
        let path = entry.expect("the folder can be listed").path();
        if path.extension().is_some_and(|e| e == "jsonl") {
            let lines = fs::read_to_string(&path).expect("a sample file can be read");
            let item = |line: &str| {
                let message =
                    serde_json::from_str(line).expect("a sample is a NewsItem in ProtoJSON");
                sitrep::wire::item(message).expect("a sample is valid")
            };
            files.insert(
                path,
                lines
                    .lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(item)
                    .collect(),
            );
        }
    }
    assert!(!files.is_empty(), "expected sample files, found none");
    files
}

/// A reading as a linguist reviews it: an item's id, then a block an event.
fn rendered(out: &mut String, item: &NewsItem, reading: &Reading) {
    let _ = writeln!(out, "# {} | {}", item.item_id, item.title);
    for warning in &reading.warnings {
        let _ = writeln!(out, "! {}", warning.reason);
    }
    for report in &reading.reports {
        report_block(out, report);
    }
    out.push('\n');
}

fn report_block(out: &mut String, report: &Report) {
    let mut facts = vec![parties(report)];
    facts.extend(report.location.as_ref().map(place));
    facts.extend(report.time.as_ref().map(when));
    facts.push(status(report));
    let _ = writeln!(out, "{:<28} {}", report.event_type, facts.join(" | "));
    if !report.quantities.is_empty() {
        let numbers: Vec<String> = report.quantities.iter().map(quantity).collect();
        let _ = writeln!(out, "    {}", numbers.join(", "));
    }
    let start: String = report.evidence.text.chars().take(90).collect();
    let part = if report.evidence.part == Part::Title {
        "title "
    } else {
        ""
    };
    let _ = writeln!(out, "    {part}{}: \"{start}\"", report.evidence.start);
}

fn parties(report: &Report) -> String {
    if !report.participants.is_empty() {
        return actors(&report.participants).join(" + ");
    }
    format!(
        "{} -> {}",
        actors(&report.initiators).join(" + "),
        actors(&report.targets).join(" + ")
    )
}

/// Ids, or the words of those without one.
fn actors(actors: &[Actor]) -> Vec<String> {
    actors
        .iter()
        .map(|a| {
            if a.id.is_empty() {
                format!("'{}'", a.surface)
            } else {
                a.id.clone()
            }
        })
        .collect()
}

fn place(place: &Location) -> String {
    format!("{} {} {:?}", place.name, place.country, place.precision).replace("  ", " ")
}

fn when(time: &Time) -> String {
    let start = time.start.strftime("%Y-%m-%dT%H");
    let end = time.end.strftime("%Y-%m-%dT%H");
    format!("{start}/{end} {:?} ({})", time.precision, time.text)
}

fn status(report: &Report) -> String {
    let mut shown = format!("{:?}", report.status).to_uppercase();
    if let Some(claimant) = &report.attribution {
        let _ = write!(
            shown,
            " by {}",
            actors(std::slice::from_ref(claimant)).join("")
        );
    }
    match &report.status_cue {
        Some(cue) if report.status != Status::Occurred => format!("{shown} \"{}\"", cue.text),
        _ => shown,
    }
}

fn quantity(quantity: &Quantity) -> String {
    let how = match quantity.approximation {
        Approximation::Exact => "",
        Approximation::AtLeast => ">=",
        Approximation::About => "~",
        Approximation::AtMost => "<=",
    };
    let range = quantity
        .max_value
        .map(|max| format!("-{max}"))
        .unwrap_or_default();
    let of = if quantity.of.is_empty() {
        String::new()
    } else {
        format!(" of {}", quantity.of)
    };
    let role = format!("{:?}", quantity.role).to_lowercase();
    format!(
        "{role} {how}{}{range} {}{of}",
        quantity.value, quantity.unit
    )
}

/// The items whose blocks differ, line by line; empty when none does.
fn compare(path: &Path, accepted: &str, found: &str) -> String {
    let blocks =
        |text: &str| -> Vec<String> { text.split_inclusive("\n\n").map(str::to_string).collect() };
    let (before, after) = (blocks(accepted), blocks(found));
    let mut out = String::new();
    for index in 0..before.len().max(after.len()) {
        let none = String::new();
        let (old, new) = (
            before.get(index).unwrap_or(&none),
            after.get(index).unwrap_or(&none),
        );
        if old == new {
            continue;
        }
        let _ = writeln!(
            out,
            "{}",
            new.lines().chain(old.lines()).next().unwrap_or_default()
        );
        out.extend(
            old.lines()
                .filter(|line| !new.contains(line))
                .map(|line| format!("  - {line}\n")),
        );
        out.extend(
            new.lines()
                .filter(|line| !old.contains(line))
                .map(|line| format!("  + {line}\n")),
        );
    }
    if out.is_empty() {
        out
    } else {
        format!("{}\n{out}", path.display())
    }
}
