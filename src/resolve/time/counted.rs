//! Times counted from now or from the day spoken of: "three days ago", "the past 24 hours".

use super::calendar;
use super::read::{Reader, When};
use super::tense::Tense;
use super::words::{self, Unit};
use crate::model::TimePrecision;
use jiff::SignedDuration;

impl Reader<'_> {
    /// "three days ago", "two weeks earlier", "hours ago".
    pub(super) fn ago(&self, i: usize) -> Option<(usize, When)> {
        let modifier = usize::from(matches!(
            self.word(i),
            "almost" | "nearly" | "over" | "only" | "just" | "some"
        ));
        let (count, unit, end) = self.counted_unit(i + modifier)?;
        let (back, base) = match self.word(end) {
            "ago" => (true, self.today),
            "earlier" | "previously" => (true, self.spoken_of.or(self.today)),
            "later" => (false, self.spoken_of.or(self.today)),
            _ => return None,
        };
        let count = count.unwrap_or(0);
        let end = end + 1;
        let vague = count == 0;
        if matches!(unit, Unit::Minute | Unit::Hour) {
            if vague || count > 240 {
                return Some((end, When::new(base.map(|b| (b, b)), TimePrecision::Day)));
            }
            let minutes = if unit == Unit::Hour {
                60 * count
            } else {
                count
            };
            let exact = self
                .now
                .filter(|_| self.word(end - 1) == "ago")
                .and_then(|now| {
                    let start = now.checked_sub(SignedDuration::from_mins(minutes)).ok()?;
                    Some((
                        start,
                        start
                            .checked_add(SignedDuration::from_mins(59))
                            .ok()?
                            .min(now),
                    ))
                });
            return Some((
                end,
                When {
                    exact,
                    ..When::new(base.map(|b| (b, b)), TimePrecision::Hour)
                },
            ));
        }
        if vague {
            return Some((end, When::new(None, TimePrecision::Day)));
        }
        let sign = if back { -1 } else { 1 };
        let (days, precision) = match unit {
            Unit::Day => (
                base.map(|b| calendar::plus(b, sign * count))
                    .map(|d| (d, d)),
                TimePrecision::Day,
            ),
            Unit::Week => {
                let days = base
                    .map(|b| calendar::plus(b, sign * 7 * count))
                    .map(|d| (calendar::plus(d, -1), calendar::plus(d, 1)));
                (days, TimePrecision::Week)
            }
            Unit::Month => (
                base.map(|b| calendar::month(calendar::plus_months(b, sign * count))),
                TimePrecision::Month,
            ),
            _ => {
                let years = if unit == Unit::Decade {
                    10 * count
                } else {
                    count
                };
                let year = base
                    .and_then(|b| i16::try_from(i64::from(b.year()) + sign * years).ok())
                    .and_then(calendar::year);
                (year, TimePrecision::Year)
            }
        };
        Some((end, When::new(days, precision)))
    }

    /// "a", "two", "a few", "several", or nothing, and a unit: the count (none where vague), unit and the word after.
    fn counted_unit(&self, i: usize) -> Option<(Option<i64>, Unit, usize)> {
        let a = usize::from(matches!(self.word(i), "a" | "an" | "the"));
        let vague = matches!(self.word(i + a), "few" | "several" | "many" | "some");
        if vague {
            return words::unit(self.word(i + a + 1)).map(|u| (None, u, i + a + 2));
        }
        if self.word(i + a) == "couple" {
            let of = i + a + 1 + usize::from(self.word(i + a + 1) == "of");
            return words::unit(self.word(of)).map(|u| (Some(2), u, of + 1));
        }
        if let Some(count) = words::count(self.word(i)) {
            return words::unit(self.word(i + 1)).map(|u| (Some(count), u, i + 2));
        }
        // "days ago".
        words::unit(self.word(i))
            .filter(|_| self.word(i).ends_with('s'))
            .map(|u| (None, u, i + 1))
    }

    /// "the past 24 hours", "the last two weeks", "recent days", "the coming weeks", "within 48 hours".
    pub(super) fn rolling(&self, i: usize) -> Option<(usize, When)> {
        let the = usize::from(self.word(i) == "the");
        let at = i + the;
        let (ahead, from) = match self.word(at) {
            "past" | "last" | "previous" | "preceding" => (false, at + 1),
            "next" | "coming" => (true, at + 1),
            "recent" => (false, at + 1),
            "within" => (true, at + 1 + usize::from(self.word(at + 1) == "the")),
            _ => return None,
        };
        if self.word(at) == "within" && self.tense(i, i + 1) == Tense::Past {
            return None;
        }
        let (count, unit, end) = self.counted_unit(from).or_else(|| {
            // "the past week": one of it, up to now. Without "the", "last week" is the calendar's.
            let one = words::unit(self.word(from))
                .filter(|_| the == 1 && matches!(self.word(at), "past" | "last" | "coming"));
            one.map(|u| (Some(1), u, from + 1))
        })?;
        let today = self.today;
        let count = count.unwrap_or(match unit {
            Unit::Minute | Unit::Hour => 12,
            Unit::Day => 7,
            Unit::Week => 4,
            Unit::Month => 6,
            _ => 3,
        });
        let sign = if ahead { 1 } else { -1 };
        let far = match unit {
            Unit::Minute | Unit::Hour => {
                let hours = if unit == Unit::Hour {
                    count.min(1_000)
                } else {
                    1
                };
                let exact = self.now.and_then(|now| {
                    let other = now
                        .checked_add(SignedDuration::from_hours(sign * hours))
                        .ok()?;
                    Some((now.min(other), now.max(other)))
                });
                return Some((
                    end,
                    When {
                        exact,
                        ..When::new(today.map(|t| (t, t)), TimePrecision::Day)
                    },
                ));
            }
            Unit::Day => today.map(|t| (calendar::plus(t, sign * count), TimePrecision::Day)),
            Unit::Week => today.map(|t| (calendar::plus(t, sign * 7 * count), TimePrecision::Week)),
            Unit::Month => {
                today.map(|t| (calendar::plus_months(t, sign * count), TimePrecision::Month))
            }
            Unit::Year => today.map(|t| {
                (
                    calendar::plus_months(t, sign * 12 * count),
                    TimePrecision::Year,
                )
            }),
            Unit::Decade => today.map(|t| {
                (
                    calendar::plus_months(t, sign * 120 * count),
                    TimePrecision::Year,
                )
            }),
        };
        let days = far.zip(today).map(|((f, _), t)| (f.min(t), f.max(t)));
        Some((
            end,
            When::new(days, far.map_or(TimePrecision::Day, |f| f.1)),
        ))
    }
}
