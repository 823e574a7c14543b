//! Events for a person's eyes: one line each.

use super::time;
use crate::wire::v1::{self, Actor, Category, Change, Event, Location, Status, Time, Update};
use anstyle::{AnsiColor, Style};
use std::fmt::{self, Write};

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// An update: what happened to which event, the event itself, and what one wants to know before trusting it.
pub fn update(update: &Update) -> String {
    let none = Event::default();
    let event = update.event.as_ref().unwrap_or(&none);
    let (word, style) = change(update.change());
    let mut line = format!("{style}{word:<12}{style:#} {}", self::event(event));
    let detail = match update.change() {
        Change::Revised => update.changed_fields.join(", "),
        Change::Merged => format!("into {}", update.merged_into),
        Change::Retracted => update.reason.clone(),
        _ => String::new(),
    };
    if !detail.is_empty() {
        let _ = write!(line, " {DIM}({}){DIM:#}", plain(&detail));
    }
    line
}

/// An event: its type, its summary, and where, when, whether, how sure and how often.
pub fn event(event: &Event) -> String {
    let style = kind(event.category());
    let mut facts: Vec<String> = Vec::new();
    facts.extend(event.location.as_ref().map(place));
    facts.extend(event.time.as_ref().map(when));
    facts.push(status(event));
    facts.push(format!("{:.2}", event.confidence));
    if event.report_count > 1 {
        facts.push(format!(
            "{} reports, {}",
            event.report_count,
            counted(event.independent_source_count, "source")
        ));
    }
    format!(
        "{style}{:<28}{style:#} {BOLD}{}{BOLD:#} {DIM}[{}]{DIM:#}",
        plain(&event.r#type),
        plain(&event.summary),
        plain(&facts.join(" · "))
    )
}

fn change(change: Change) -> (&'static str, Style) {
    match change {
        Change::Created => ("created", AnsiColor::Green.on_default()),
        Change::Corroborated => ("corroborated", DIM),
        Change::Revised => ("revised", AnsiColor::Yellow.on_default()),
        Change::Merged => ("merged", AnsiColor::Blue.on_default()),
        Change::Retracted => ("retracted", AnsiColor::Magenta.on_default()),
        Change::Unspecified => ("unknown", DIM),
    }
}

fn kind(category: Category) -> Style {
    match category {
        Category::Military => AnsiColor::Red.on_default(),
        Category::Diplomatic => AnsiColor::Cyan.on_default(),
        Category::Unspecified => Style::new(),
    }
}

/// "Kyiv, UKR".
pub fn place(place: &Location) -> String {
    match place.country.as_str() {
        "" => place.name.clone(),
        country => format!("{}, {country}", place.name),
    }
}

/// "2026-03-03", "2026-03-01 to 2026-03-07", "2026-03", by precision.
pub fn when(when: &Time) -> String {
    use v1::time::Precision;
    let bound = |bound: &Option<pbjson_types::Timestamp>| {
        let moment = bound.as_ref().and_then(time::from_proto)?;
        Some(match when.precision() {
            Precision::Hour | Precision::PartOfDay => moment.strftime("%Y-%m-%d %H:%M").to_string(),
            Precision::Month => moment.strftime("%Y-%m").to_string(),
            Precision::Year => moment.strftime("%Y").to_string(),
            _ => moment.strftime("%Y-%m-%d").to_string(),
        })
    };
    match (bound(&when.start), bound(&when.end)) {
        (Some(start), Some(end)) if start != end => format!("{start} to {end}"),
        (Some(start), _) => start,
        (None, Some(end)) => format!("until {end}"),
        (None, None) => when.text.clone(),
    }
}

/// "occurred", "claimed by Ukraine's air force": with the claimants of the reports at hand.
fn status(event: &Event) -> String {
    let word = status_word(event.status());
    if event.status() != Status::Claimed {
        return word.to_string();
    }
    let mut claimants: Vec<&str> = Vec::new();
    for report in &event.reports {
        let name = report.attribution.as_ref().map_or("", actor);
        if !name.is_empty() && !claimants.contains(&name) {
            claimants.push(name);
        }
    }
    if claimants.is_empty() {
        word.to_string()
    } else {
        format!("{word} by {}", claimants.join(", "))
    }
}

/// The status in lower case.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Unspecified => "status unknown",
        Status::Occurred => "occurred",
        Status::Ongoing => "ongoing",
        Status::Planned => "planned",
        Status::Claimed => "claimed",
        Status::Denied => "denied",
        Status::Threatened => "threatened",
        Status::Hypothetical => "hypothetical",
    }
}

/// The name of an actor, else its words.
pub fn actor(actor: &Actor) -> &str {
    if actor.name.is_empty() {
        &actor.surface
    } else {
        &actor.name
    }
}

/// "1 source", "3 sources".
pub fn counted<N: fmt::Display + From<u8> + PartialEq>(count: N, noun: &str) -> String {
    let ending = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// Text from outside without what would move the cursor or turn the writing direction of a terminal.
pub fn plain(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars()
        .map(|c| if hidden(c) { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strike() -> Event {
        let actor = Actor {
            name: "Ukraine's air force".into(),
            ..Default::default()
        };
        Event {
            r#type: "military.strike.drone".into(),
            category: Category::Military.into(),
            summary: "Russia launched 49 drones at Ukraine".into(),
            status: Status::Claimed.into(),
            confidence: 0.9,
            report_count: 3,
            independent_source_count: 1,
            location: Some(Location {
                name: "Kyiv".into(),
                country: "UKR".into(),
                ..Default::default()
            }),
            time: Some(Time {
                start: Some(time::to_proto(time::parse("2026-03-03").unwrap())),
                end: Some(time::to_proto(time::parse("2026-03-03T23:59:59Z").unwrap())),
                precision: v1::time::Precision::Day.into(),
                ..Default::default()
            }),
            reports: vec![
                v1::Report {
                    attribution: Some(actor),
                    ..Default::default()
                };
                2
            ],
            ..Default::default()
        }
    }

    fn without_colours(line: &str) -> String {
        anstream::adapter::strip_str(line).to_string()
    }

    #[test]
    fn an_update_is_one_line_with_what_changed() {
        let update = Update {
            change: Change::Revised.into(),
            event: Some(strike()),
            changed_fields: vec!["status".into(), "quantities".into()],
            ..Default::default()
        };
        assert_eq!(
            without_colours(&self::update(&update)),
            "revised      military.strike.drone        Russia launched 49 drones at Ukraine \
             [Kyiv, UKR · 2026-03-03 · claimed by Ukraine's air force · 0.90 · 3 reports, 1 source] (status, quantities)"
        );
    }

    #[test]
    fn words_from_outside_cannot_steer_the_terminal() {
        let event = Event {
            summary: "a\u{1b}[2Jb\nc\u{202e}d".into(),
            ..strike()
        };
        assert!(without_colours(&self::event(&event)).contains(" a [2Jb c d "));
    }
}
