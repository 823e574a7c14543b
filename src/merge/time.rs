//! When a report says that it happened, as an interval that can be compared.

use crate::model::{Report, Status, TimePrecision};
use jiff::Timestamp;

const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 24 * HOUR;

/// Seconds since 1970, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) ground: Ground,
    /// Publication.
    pub(super) told: i64,
}

/// What an interval rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// Stated, to the day or better.
    Stated,
    /// Stated as several days, a week, a month or a year.
    Coarse,
    /// The report comes back to a happening of the days before.
    Revisited,
    /// Not stated: taken from the publication time.
    Assumed,
}

/// Publication time, the receive time where that is unknown.
pub(super) fn told(report: &Report) -> Timestamp {
    report
        .published_at
        .or(report.received_at)
        .unwrap_or_default()
}

/// A night and the day after it are one day; "the past five days" are not.
const LONGEST_DAY: i64 = 36 * HOUR;
/// Days that a report may come back to a happening after.
const FOLLOW_UP: i64 = 4 * DAY;

/// The interval of a report; `follow_up` if its words come back to an earlier happening.
pub(super) fn interval(report: &Report, follow_up: bool) -> Interval {
    let told = told(report).as_second();
    let ahead = matches!(
        report.status,
        Status::Planned | Status::Threatened | Status::Hypothetical
    );
    let stated = report.time.as_ref();
    let stated = stated.filter(|t| t.precision != TimePrecision::Reported);
    let (mut start, mut end, mut ground) = match stated {
        Some(time) => {
            let ground = match time.precision {
                TimePrecision::Hour | TimePrecision::PartOfDay | TimePrecision::Day
                    if time.end.as_second() - time.start.as_second() <= LONGEST_DAY =>
                {
                    Ground::Stated
                }
                TimePrecision::Hour | TimePrecision::PartOfDay | TimePrecision::Day => {
                    Ground::Coarse
                }
                TimePrecision::Week
                | TimePrecision::Month
                | TimePrecision::Year
                | TimePrecision::Reported => Ground::Coarse,
            };
            (time.start.as_second(), time.end.as_second(), ground)
        }
        None if ahead => (told, told + 14 * DAY, Ground::Assumed),
        None => (told - 30 * HOUR, told, Ground::Assumed),
    };
    end = end.max(start);
    if !ahead {
        // "On Tuesday", published on Tuesday morning, means no later than that. Local days are written as UTC, so a few
        // hours are left for the zone.
        end = end.min(told + 3 * HOUR).max(start);
    }
    if follow_up && !ahead && end > told - DAY {
        // "The toll rose to five on Wednesday" dates the toll.
        start = start.min(told - FOLLOW_UP);
        ground = Ground::Revisited;
    }
    if report.status == Status::Ongoing {
        start -= 3 * DAY;
    }
    Interval {
        start,
        end,
        ground,
        told,
    }
}

/// How well two intervals agree, 0 to 1; none when they can't be of one happening that lasts up to `lasting` days.
pub(super) fn agreement(a: &Interval, b: &Interval, lasting: u32) -> Option<f64> {
    let gap = (a.start.max(b.start) - a.end.min(b.end)).max(0);
    let assumed = a.ground == Ground::Assumed || b.ground == Ground::Assumed;
    let slack = if assumed { 12 * HOUR } else { 3 * HOUR };
    if gap > slack + i64::from(lasting) * DAY {
        return None;
    }
    let both = (a.ground, b.ground);
    let full = match both {
        (Ground::Stated, Ground::Stated) => 1.0,
        (Ground::Assumed, Ground::Assumed) => {
            let apart = (a.told - b.told).abs() as f64 / (48 * HOUR) as f64;
            (0.9 - apart).max(0.1)
        }
        (Ground::Coarse, _) | (_, Ground::Coarse) => 0.4,
        (Ground::Revisited, _) | (_, Ground::Revisited) => 0.6,
        _ => 0.75,
    };
    Some(if gap == 0 { full } else { full * 0.6 })
}

/// True if neither report states a day or comes back to one, and they were published more than 18 hours apart: then time
/// tells nothing.
pub(super) fn is_vague(a: &Interval, b: &Interval) -> bool {
    let loose = |i: &Interval| matches!(i.ground, Ground::Assumed | Ground::Coarse);
    loose(a) && loose(b) && (a.told - b.told).abs() > 18 * HOUR
}

/// The calendar days (since 1970) that an interval touches, some more at each side, at most 32.
pub(super) fn days(interval: &Interval, margin: u32) -> std::ops::RangeInclusive<i64> {
    let margin = i64::from(margin) * DAY;
    let first = (interval.start - margin).div_euclid(DAY);
    let last = (interval.end + margin).div_euclid(DAY);
    // A year's interval is looked for around its publication, where its news is.
    if last - first < 32 {
        return first..=last;
    }
    let first = (interval.told.div_euclid(DAY) - 15).clamp(first, last - 30);
    first..=first + 30
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, day, report, span};
    use super::*;

    fn night(from: &str, to: &str, told: &str) -> Interval {
        let mut r = report("military.strike", "i").told(told).build();
        r.time = Some(span(from, to, TimePrecision::PartOfDay));
        interval(&r, false)
    }

    #[test]
    fn consecutive_nights_are_apart_and_the_day_told_of_one_is_not() {
        let first = night(
            "2026-03-02T20:00:00Z",
            "2026-03-03T06:00:00Z",
            "2026-03-03T07:00:00Z",
        );
        let second = night(
            "2026-03-03T20:00:00Z",
            "2026-03-04T06:00:00Z",
            "2026-03-04T07:00:00Z",
        );
        assert_eq!(agreement(&first, &second, 0), None);
        let mut tuesday = report("military.strike", "i")
            .told("2026-03-03T09:00:00Z")
            .build();
        tuesday.time = Some(day("2026-03-03"));
        let tuesday = interval(&tuesday, false);
        assert_eq!(agreement(&first, &tuesday, 0), Some(1.0));
        assert_eq!(agreement(&second, &tuesday, 0), None);
    }

    #[test]
    fn a_plan_reaches_ahead() {
        let mut plan = report("diplomatic.meeting", "i")
            .told("2026-03-16T09:00:00Z")
            .build();
        plan.status = Status::Planned;
        let held = report("diplomatic.meeting", "j")
            .told("2026-03-19T15:00:00Z")
            .build();
        assert!(agreement(&interval(&plan, false), &interval(&held, false), 0).is_some());
        let past = report("diplomatic.meeting", "j")
            .told("2026-03-14T15:00:00Z")
            .build();
        assert_eq!(
            agreement(&interval(&plan, false), &interval(&past, false), 0),
            None
        );
    }

    #[test]
    fn a_later_toll_reaches_back_to_the_attack() {
        let first = night(
            "2026-03-02T20:00:00Z",
            "2026-03-03T06:00:00Z",
            "2026-03-03T07:00:00Z",
        );
        let mut toll = report("military.casualties", "i")
            .told("2026-03-04T09:00:00Z")
            .build();
        toll.time = Some(day("2026-03-04"));
        assert_eq!(agreement(&first, &interval(&toll, false), 0), None);
        assert_eq!(agreement(&first, &interval(&toll, true), 0), Some(0.6));
    }

    #[test]
    fn days_are_bounded() {
        let mut year = report("military.strike", "i")
            .told("2026-03-03T09:00:00Z")
            .build();
        year.time = Some(span(
            "2020-01-01T00:00:00Z",
            "2026-12-31T00:00:00Z",
            TimePrecision::Year,
        ));
        let days = days(&interval(&year, false), 1);
        assert!(days.clone().count() <= 32);
        assert!(days.contains(&at("2026-03-03T00:00:00Z").as_second().div_euclid(DAY)));
    }
}
