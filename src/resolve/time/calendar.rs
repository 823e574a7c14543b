//! Arithmetic of days. Out of the calendar's range there is no value, never a panic.

use super::Interval;
use crate::model::TimePrecision;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A stretch of whole days, both inclusive.
pub(super) type Days = (Date, Date);

/// Hours that days are narrowed to: first hour and minute, last hour and minute.
pub(super) type Hours = (i8, i8, i8, i8);

/// The local day, written as UTC.
pub(super) fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

pub(super) fn noon(date: Date) -> Option<Timestamp> {
    timestamp(date.at(12, 0, 0, 0))
}

pub(super) fn timestamp(at: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(at).ok()
}

pub(super) fn plus(date: Date, days: i64) -> Date {
    date.saturating_add(SignedDuration::from_hours(
        24 * days.clamp(-4_000_000, 4_000_000),
    ))
}

/// Days from `from` to `to`, negative when `to` is earlier.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

pub(super) fn plus_months(date: Date, months: i64) -> Date {
    let count = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as i8 + 1);
    let Some(first) = i16::try_from(year)
        .ok()
        .and_then(|y| Date::new(y, month, 1).ok())
    else {
        return date;
    };
    Date::new(first.year(), month, date.day().min(first.days_in_month())).unwrap_or(first)
}

/// Monday to Sunday.
pub(super) fn week(of: Date) -> Days {
    let monday = plus(of, -i64::from(of.weekday().to_monday_zero_offset()));
    (monday, plus(monday, 6))
}

pub(super) fn month(of: Date) -> Days {
    (of.first_of_month(), of.last_of_month())
}

pub(super) fn year(of: i16) -> Option<Days> {
    Some((Date::new(of, 1, 1).ok()?, Date::new(of, 12, 31).ok()?))
}

/// The last such weekday up to and including `today`.
pub(super) fn last_weekday(today: Date, weekday: Weekday) -> Date {
    let back = i64::from(today.weekday().to_monday_zero_offset())
        - i64::from(weekday.to_monday_zero_offset());
    plus(today, -back.rem_euclid(7))
}

/// The first such weekday from `today` on.
pub(super) fn coming_weekday(today: Date, weekday: Weekday) -> Date {
    let ahead = i64::from(weekday.to_monday_zero_offset())
        - i64::from(today.weekday().to_monday_zero_offset());
    plus(today, ahead.rem_euclid(7))
}

/// Days as an interval, narrowed to hours where given.
pub(super) fn interval(
    days: Days,
    hours: Option<Hours>,
    precision: TimePrecision,
) -> Option<Interval> {
    let (h0, m0, h1, m1) = hours.unwrap_or((0, 0, 23, 59));
    let start = timestamp(days.0.at(h0, m0, 0, 0))?;
    let end = timestamp(days.1.at(h1, m1, 59, 0))?;
    Some(Interval {
        start,
        end,
        precision,
    })
}
