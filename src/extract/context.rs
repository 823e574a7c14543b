//! What an event's sentence leaves out and its item says: the day, the place, who speaks.

use super::sides::{self, Foe};
use crate::lexicon::{Gazetteer, Lexicon};
use crate::model::{
    Actor, ActorKind, Category, Location, Part, PlacePrecision, Report, Span, Status, Time,
    TimePrecision,
};
use jiff::{Timestamp, ToSpan};

/// Characters back to which a place carries on.
const NEAR: u32 = 500;

/// What was read in an item around its events.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Days that the text names, in order.
    pub times: Vec<Time>,
    /// Who issued the item, where its source is itself somebody who acts: a ministry's or an army's release.
    pub issuer: Option<Actor>,
    /// Whom the item names as fought against, in order.
    pub foes: Vec<Foe>,
}

/// Fills what the reports of an item, in text order, leave open.
pub fn complete(
    reports: &mut [Report],
    context: &Context,
    published_at: Option<Timestamp>,
    lexicon: &Lexicon,
) {
    let places = &lexicon.places;
    for report in reports.iter_mut() {
        if report.time.is_none() {
            report.time = day(report, context, published_at);
        }
    }
    sides::complete(reports, &context.foes, lexicon);
    let mut last: Option<(Span, Location)> = None;
    for report in reports.iter_mut() {
        let speech = lexicon
            .ontology
            .get(&report.event_type)
            .is_some_and(|t| t.speech);
        if report.location.is_none() && !speech {
            let home = at_home(report, places);
            // What is shot down is shot down at home, wherever it was fired from.
            let intercepts = report.event_type == "military.interception";
            report.location = match carried(report, last.as_ref()) {
                Some(there)
                    if intercepts && home.as_ref().is_some_and(|h| h.country != there.country) =>
                {
                    home
                }
                Some(carried) => Some(carried),
                None => home,
            };
        } else if let Some(location) = &report.location {
            last = Some((report.trigger.clone(), location.clone()));
        }
    }
    sides::at_home(reports, lexicon);
    if let Some(issuer) = &context.issuer {
        for report in reports {
            speak(report, issuer);
        }
    }
}

/// The day that was named last before the event, else the day of the report, and said to be no more than that.
fn day(report: &Report, context: &Context, published_at: Option<Timestamp>) -> Option<Time> {
    let real = matches!(
        report.status,
        Status::Occurred | Status::Ongoing | Status::Claimed | Status::Denied | Status::Threatened
    );
    if !real {
        return None;
    }
    let trigger = &report.trigger;
    // In order of the text, the title first.
    let until = context.times.partition_point(|t| {
        (t.span.part != Part::Title, t.span.start) < (trigger.part != Part::Title, trigger.start)
    });
    let before = context.times[..until]
        .last()
        .filter(|t| t.span.part == report.trigger.part && t.span.start < report.trigger.start);
    if let Some(time) = before {
        return Some(time.clone());
    }
    let date = jiff::tz::Offset::UTC.to_datetime(published_at?).date();
    let start = jiff::tz::Offset::UTC
        .to_timestamp(date.at(0, 0, 0, 0))
        .ok()?;
    Some(Time {
        start,
        end: start.checked_add(23.hours().minutes(59).seconds(59)).ok()?,
        precision: TimePrecision::Reported,
        text: String::new(),
        span: Span {
            part: report.trigger.part,
            ..Span::default()
        },
    })
}

/// The place of the event before, a sentence or two back: fighting stays where it is, diplomats don't.
fn carried(report: &Report, last: Option<&(Span, Location)>) -> Option<Location> {
    let (trigger, location) = last?;
    // "Near Chamb": a name that no list holds is another place all the same.
    let mut words = report.evidence.text.split_whitespace();
    let mut locative = false;
    let own = words.any(|word| {
        let named = locative && word.starts_with(char::is_uppercase) && !is_calendar(word);
        locative = matches!(
            word.to_lowercase().as_str(),
            "in" | "at" | "near" | "outside" | "around"
        );
        named
    });
    let near = !own
        && report.category == Category::Military
        && trigger.part == report.trigger.part
        && report.trigger.start.saturating_sub(trigger.end) <= NEAR
        && report.trigger.part == Part::Text;
    near.then(|| location.clone())
}

/// "In March" names no place.
fn is_calendar(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let start: String = word.to_lowercase().chars().take(3).collect();
    MONTHS.contains(&start.as_str())
}

/// What is fired at a state lands there; who shoots down, expels or votes does so at home, and an armed group fights and makes
/// its truce where it is at home.
fn at_home(report: &Report, places: &Gazetteer) -> Option<Location> {
    let of = |actors: &[Actor], kinds: &[ActorKind]| {
        let states = actors
            .iter()
            .filter(|a| !a.country.is_empty() && kinds.contains(&a.kind));
        states.map(|a| (a.country.clone(), a.span.clone())).next()
    };
    use ActorKind::{ArmedGroup, Government, Military, Person, Population, State};
    let is = |t: &str| crate::lexicon::ontology::is_a(&report.event_type, t);
    let (country, span) = if is("military.interception") {
        of(&report.initiators, &[State, Government, Military])
    } else if is("military.strike") || is("military.assault") || is("military.violation") {
        of(&report.targets, &[State, Government, Population])
    } else if is("diplomatic.downgrade") || is("diplomatic.vote") {
        of(&report.initiators, &[State, Government, Person])
    } else if is("diplomatic.ceasefire") || is("military.clash") || is("military.siege") {
        let of_groups = |actors| of(actors, &[ArmedGroup]);
        of_groups(&report.participants).or_else(|| of_groups(&report.initiators))
    } else {
        None
    }?;
    let place = places.place(places.country(&country)?);
    Some(Location {
        name: place.name.to_owned(),
        country,
        geonames_id: place.geonames_id,
        point: Some(place.point),
        precision: PlacePrecision::Country,
        span,
        ..Location::default()
    })
}

/// Of fighting, a release speaks for who issued it; what an army says of its own fighting is its claim.
fn speak(report: &mut Report, issuer: &Actor) {
    if report.attribution.is_some() || report.category != Category::Military {
        return;
    }
    report.attribution = Some(issuer.clone());
    let fights = matches!(issuer.kind, ActorKind::Military | ActorKind::ArmedGroup);
    if fights && matches!(report.status, Status::Occurred | Status::Ongoing) {
        report.status = Status::Claimed;
    }
}

/// Whether a time says of the events around it when they were.
pub fn carries(time: &Time, published_at: Option<Timestamp>) -> bool {
    // An hour is of one happening, a day of a whole story.
    let fine = matches!(
        time.precision,
        TimePrecision::PartOfDay | TimePrecision::Day
    );
    let recent = published_at.is_none_or(|now| {
        let age = now.duration_since(time.start).as_hours();
        (-24..24 * 21).contains(&age)
    });
    fine && recent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Files, Lexicon};

    fn at(start: u32) -> Span {
        Span {
            start,
            end: start + 5,
            ..Span::default()
        }
    }

    fn strike(start: u32) -> Report {
        Report {
            event_type: "military.strike".to_owned(),
            category: Category::Military,
            trigger: at(start),
            ..Report::default()
        }
    }

    fn state(code: &str) -> Actor {
        Actor {
            id: code.to_owned(),
            country: code.to_owned(),
            kind: ActorKind::State,
            ..Actor::default()
        }
    }

    fn completed(mut reports: Vec<Report>, context: &Context) -> Vec<Report> {
        let lexicon = Lexicon::load(&Files::embedded()).unwrap();
        let published = Some("2026-03-04T09:00:00Z".parse().unwrap());
        complete(&mut reports, context, published, &lexicon);
        reports
    }

    #[test]
    fn the_day_that_was_named_last_goes_on() {
        let tuesday = Time {
            start: "2026-03-03T00:00:00Z".parse().unwrap(),
            end: "2026-03-03T23:59:59Z".parse().unwrap(),
            precision: TimePrecision::Day,
            text: "on Tuesday".to_owned(),
            span: at(10),
        };
        let context = Context {
            times: vec![tuesday.clone()],
            ..Context::default()
        };
        let read = completed(vec![strike(0), strike(40)], &context);
        assert_eq!(read[1].time.as_ref(), Some(&tuesday));
        // What stands before it is of the report's day, and says that this is presumed.
        let presumed = read[0].time.as_ref().unwrap();
        assert_eq!(presumed.precision, TimePrecision::Reported);
        assert_eq!(presumed.start.to_string(), "2026-03-04T00:00:00Z");
        assert!(presumed.text.is_empty());
    }

    #[test]
    fn a_plan_has_no_day_unless_it_is_told() {
        let mut plan = strike(0);
        plan.status = Status::Planned;
        assert_eq!(completed(vec![plan], &Context::default())[0].time, None);
    }

    #[test]
    fn what_an_army_issues_of_the_fighting_is_its_claim() {
        let army = Actor {
            kind: ActorKind::Military,
            ..state("USA")
        };
        let context = Context {
            issuer: Some(army.clone()),
            ..Context::default()
        };
        let read = completed(vec![strike(0)], &context);
        assert_eq!(read[0].attribution.as_ref(), Some(&army));
        assert_eq!(read[0].status, Status::Claimed);
    }

    #[test]
    fn what_is_fired_at_a_state_lands_there() {
        let mut fired = strike(0);
        fired.targets = vec![state("SYR")];
        let read = completed(vec![fired], &Context::default());
        assert_eq!(read[0].location.as_ref().unwrap().country, "SYR");
    }

    #[test]
    fn who_expels_expels_from_home() {
        let expelled = Report {
            event_type: "diplomatic.downgrade".to_owned(),
            category: Category::Diplomatic,
            initiators: vec![state("BHR")],
            ..Report::default()
        };
        let read = completed(vec![expelled], &Context::default());
        assert_eq!(read[0].location.as_ref().unwrap().country, "BHR");
    }
}
