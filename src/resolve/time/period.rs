//! Weeks, months, years, and stretches counted from now.

use super::calendar::{self, Days};
use super::date;
use super::read::{Reader, When};
use super::tense::Tense;
use super::words;
use crate::model::TimePrecision;
use jiff::civil::Date;

/// Which third of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Third {
    Early,
    Mid,
    Late,
}

impl Reader<'_> {
    /// A period at word `i`.
    pub(super) fn period(&self, i: usize) -> Option<(usize, When)> {
        self.ago(i)
            .or_else(|| self.rolling(i))
            .or_else(|| self.third_of(i))
            .or_else(|| self.this_or_last(i))
            .or_else(|| self.weekend(i))
            .or_else(|| self.season(i))
            .or_else(|| self.month_name(i))
            .or_else(|| self.year_number(i))
    }

    /// "early March", "mid-2024", "late last month", "the end of the year".
    fn third_of(&self, i: usize) -> Option<(usize, When)> {
        let (third, at) = match self.word(i) {
            "early" => (Third::Early, i + 1),
            "late" => (Third::Late, i + 1),
            "mid" => (Third::Mid, i + 1 + usize::from(self.word(i + 1) == "-")),
            "the" if self.word(i + 2) == "of" => match self.word(i + 1) {
                "start" | "beginning" => (Third::Early, i + 3),
                "middle" => (Third::Mid, i + 3),
                "end" | "close" => (Third::Late, i + 3),
                _ => return None,
            },
            word => {
                let (rest, at) = (word.strip_prefix("mid-")?, i + 1);
                let month = words::month(rest).map(|m| self.month_days(m, None, i, at));
                let days = month.or_else(|| words::year(rest).map(calendar::year))?;
                let precision = if words::year(rest).is_some() {
                    TimePrecision::Year
                } else {
                    TimePrecision::Month
                };
                return Some((
                    at,
                    When::new(days.map(|d| narrowed(d, Third::Mid)), precision),
                ));
            }
        };
        let at = at + usize::from(self.word(at) == "in");
        let at_the = at + usize::from(self.word(at) == "the");
        let (end, when) = if at_the > at && matches!(self.word(at_the), "week" | "month" | "year") {
            (at_the + 1, self.current(self.word(at_the), i, at_the + 1))
        } else {
            self.this_or_last(at_the)
                .or_else(|| self.month_name(at))
                .or_else(|| self.year_number(at))?
        };
        Some((
            end,
            When::new(when.days.map(|d| narrowed(d, third)), when.precision),
        ))
    }

    /// "last week", "earlier this month", "next year", "last March".
    fn this_or_last(&self, i: usize) -> Option<(usize, When)> {
        if matches!(self.word(i), "earlier" | "later") {
            let (end, when) = self.this_or_last(i + 1).or_else(|| {
                let at = i
                    + 1
                    + usize::from(self.word(i + 1) == "in")
                    + usize::from(self.word(i + 2) == "the");
                (at > i + 2 && self.unit_at(at))
                    .then(|| (at + 1, self.current(self.word(at), i, at + 1)))
            })?;
            let clipped = when.days.zip(self.today).map(|(d, today)| {
                if self.word(i) == "earlier" {
                    (d.0, d.1.min(today).max(d.0))
                } else {
                    (d.0.max(today).min(d.1), d.1)
                }
            });
            return Some((end, When::new(clipped, when.precision)));
        }
        let which = self.word(i);
        if !matches!(
            which,
            "last" | "this" | "next" | "past" | "previous" | "coming" | "current" | "following"
        ) {
            return None;
        }
        let (end, unit) = (i + 2, self.word(i + 1));
        let steps = match which {
            "last" | "past" | "previous" => -1,
            "next" | "coming" | "following" => 1,
            _ => 0,
        };
        if let Some(month) =
            words::month(unit).filter(|_| self.is_capitalised(i + 1) && words::is_full_month(unit))
        {
            // "last March" is over; "this March" is this year's.
            let days = self.today.and_then(|t| {
                let this = calendar::month(Date::new(t.year(), month, 1).ok()?);
                let shift = match which {
                    "last" | "past" | "previous" if this.1 >= t => -1,
                    "next" | "coming" if this.0 <= t => 1,
                    _ => 0,
                };
                Some(calendar::month(calendar::plus_months(this.0, 12 * shift)))
            });
            return Some((end, When::new(days, TimePrecision::Month)));
        }
        let when = match (unit, steps) {
            ("week" | "month" | "year", 0) => self.current(unit, i, end),
            ("week", n) => When::new(
                self.today.map(|t| calendar::week(calendar::plus(t, 7 * n))),
                TimePrecision::Week,
            ),
            ("month", n) => {
                let days = self
                    .today
                    .map(|t| calendar::month(calendar::plus_months(t, n)));
                When::new(days, TimePrecision::Month)
            }
            ("year", n) => When::new(
                self.today.and_then(|t| calendar::year(t.year() + n as i16)),
                TimePrecision::Year,
            ),
            _ => return None,
        };
        Some((end, when))
    }

    fn unit_at(&self, i: usize) -> bool {
        matches!(self.word(i), "day" | "week" | "month" | "year")
    }

    /// This week, month or year: up to today in the past tense, from today in the future.
    fn current(&self, unit: &str, from: usize, to: usize) -> When {
        let (days, precision) = match unit {
            "day" => (self.today.map(|t| (t, t)), TimePrecision::Day),
            "week" => (self.today.map(calendar::week), TimePrecision::Week),
            "month" => (self.today.map(calendar::month), TimePrecision::Month),
            _ => (
                self.today.and_then(|t| calendar::year(t.year())),
                TimePrecision::Year,
            ),
        };
        let third = matches!(
            self.word(from),
            "the" | "early" | "mid" | "late" | "earlier" | "later"
        );
        let clipped = days
            .zip(self.today)
            .map(|(d, today)| match self.tense(from, to) {
                _ if third => d,
                Tense::Past => (d.0, today.min(d.1)),
                Tense::Future => (today.max(d.0), d.1),
            });
        When::new(clipped, precision)
    }

    /// "the weekend", "last weekend": Saturday and Sunday.
    fn weekend(&self, i: usize) -> Option<(usize, When)> {
        if self.word(i + 1) != "weekend" {
            return None;
        }
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let ahead = match self.word(i) {
            "last" | "past" => false,
            "next" | "coming" => true,
            "this" | "the"
                if self.word(i) == "this"
                    || matches!(before, "over" | "at" | "on" | "during" | "of" | "by") =>
            {
                self.tense(i, i + 2) == Tense::Future
            }
            _ => return None,
        };
        let days = self.today.map(|t| {
            let saturday = match (ahead, self.word(i)) {
                (true, "next") => calendar::plus(
                    calendar::week(t).0,
                    5 + if t >= calendar::plus(calendar::week(t).0, 5) {
                        7
                    } else {
                        0
                    },
                ),
                (true, _) => calendar::plus(calendar::week(t).0, 5),
                (false, "last") => calendar::plus(
                    calendar::last_weekday(calendar::plus(t, -1), jiff::civil::Weekday::Sunday),
                    -1,
                ),
                (false, _) => calendar::last_weekday(t, jiff::civil::Weekday::Saturday),
            };
            let sunday = calendar::plus(saturday, 1);
            (
                saturday,
                if ahead {
                    sunday
                } else {
                    sunday.min(t).max(saturday)
                },
            )
        });
        Some((i + 2, When::new(days, TimePrecision::Day)))
    }

    /// "last summer", "the spring of 2024", "winter 2022".
    fn season(&self, i: usize) -> Option<(usize, When)> {
        let first_month = |word: &str| match word {
            "spring" => Some(3),
            "summer" => Some(6),
            "autumn" | "fall" => Some(9),
            "winter" => Some(12),
            _ => None,
        };
        let which = matches!(self.word(i), "last" | "this" | "next" | "the").then(|| self.word(i));
        let at = i + usize::from(which.is_some());
        let month = first_month(self.word(at))?;
        let of = at + 1 + usize::from(self.word(at + 1) == "of");
        let in_year = |year: i16| {
            let first = Date::new(year, month, 1).ok()?;
            Some((first, calendar::plus_months(first, 2).last_of_month()))
        };
        if let Some(year) = words::year(self.word(of)) {
            return Some((of + 1, When::new(in_year(year), TimePrecision::Month)));
        }
        let which = which.filter(|w| *w != "the")?;
        let days = self.today.and_then(|t| match which {
            "last" => [t.year(), t.year() - 1, t.year() - 2]
                .into_iter()
                .filter_map(in_year)
                .find(|d| d.1 < t),
            "next" => [t.year(), t.year() + 1]
                .into_iter()
                .filter_map(in_year)
                .find(|d| d.0 > t),
            _ => in_year(t.year()),
        });
        Some((at + 1, When::new(days, TimePrecision::Month)))
    }

    /// "March 2026", "March last year", and "March" where a preposition makes it one.
    fn month_name(&self, i: usize) -> Option<(usize, When)> {
        let word = self.word(i);
        let month = words::month(word).filter(|_| self.is_capitalised(i))?;
        let of = i
            + 1
            + usize::from(
                matches!(self.word(i + 1), "of" | ",")
                    || (word.len() <= 4 && self.word(i + 1) == "."),
            );
        let year = match (self.word(of), self.word(of + 1)) {
            ("last", "year") => Some((self.today.map(|t| t.year() - 1), of + 2)),
            ("this", "year") => Some((self.today.map(|t| t.year()), of + 2)),
            ("next", "year") => Some((self.today.map(|t| t.year() + 1), of + 2)),
            _ => words::year(self.word(of)).map(|y| (Some(y), of + 1)),
        };
        if let Some((year, end)) = year {
            let days = year
                .and_then(|y| Date::new(y, month, 1).ok())
                .map(calendar::month);
            return Some((end, When::new(days, TimePrecision::Month)));
        }
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let is_placed = matches!(
            before,
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "of"
                | "during"
                | "early"
                | "late"
                | "mid"
                | "-"
                | "from"
                | "between"
                | "to"
                | "before"
                | "after"
                | "through"
                | "and"
                | "around"
                | "throughout"
        );
        // A number after it would be its day, or it is a verb or a name: "of May and her cabinet".
        let is_month = words::is_full_month(word)
            && is_placed
            && words::day_number(self.word(i + 1)).is_none();
        let is_name = matches!(word, "may" | "april" | "june" | "august")
            && matches!(before, "by" | "to" | "and" | "of" | "from");
        (is_month && !is_name).then(|| {
            (
                i + 1,
                When::new(self.month_days(month, None, i, i + 1), TimePrecision::Month),
            )
        })
    }

    fn month_days(&self, month: i8, year: Option<i16>, from: usize, to: usize) -> Option<Days> {
        let in_year = |year: i16| Date::new(year, month, 1).ok().map(calendar::month);
        match year {
            Some(year) => in_year(year),
            None => date::nearest(self.today?, self.tense(from, to), in_year),
        }
    }

    /// "2019" after a preposition, "the 1990s".
    fn year_number(&self, i: usize) -> Option<(usize, When)> {
        if let Some(decade) = self.word(i).strip_suffix('s').and_then(words::year) {
            let days = calendar::year(decade)
                .zip(calendar::year(decade + 9))
                .map(|(a, b)| (a.0, b.1));
            return Some((i + 1, When::new(days, TimePrecision::Year)));
        }
        let year = words::year(self.word(i))?;
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let is_placed = matches!(
            before,
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "of"
                | "during"
                | "early"
                | "late"
                | "mid"
                | "-"
                | "–"
                | "from"
                | "between"
                | "to"
                | "before"
                | "after"
                | "through"
                | "and"
                | "throughout"
                | "year"
        );
        // "by 2000 votes", "of 2000 soldiers", "in 2000-strong"; a year ends its phrase.
        let counts = matches!(self.xpos(i + 1), "NNS" | "JJ")
            && !matches!(before, "in" | "since" | "during" | "until");
        let is_measure = matches!(
            self.word(i + 1),
            "%" | "percent"
                | "people"
                | "troops"
                | "soldiers"
                | "km"
                | "metres"
                | "meters"
                | "tons"
                | "tonnes"
        );
        let is_range = before == "-" || before == "–";
        (is_placed
            && !counts
            && !is_measure
            && (!is_range || i >= 2 && words::year(self.word(i - 2)).is_some()))
        .then(|| (i + 1, When::new(calendar::year(year), TimePrecision::Year)))
    }
}

/// A third of a stretch of days.
fn narrowed(days: Days, third: Third) -> Days {
    let length = calendar::days_between(days.0, days.1) + 1;
    let step = length / 3;
    match third {
        Third::Early => (days.0, calendar::plus(days.0, step)),
        Third::Mid => (calendar::plus(days.0, step), calendar::plus(days.1, -step)),
        Third::Late => (calendar::plus(days.1, -step), days.1),
    }
}
