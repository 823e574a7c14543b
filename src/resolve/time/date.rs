//! Calendar days: weekdays by tense, dates with and without their year, "today".

use super::calendar::{self, Days};
use super::read::Reader;
use super::tense::Tense;
use super::words;
use jiff::civil::Date;

/// How a day was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Day {
    /// Words after it.
    pub end: usize,
    pub days: Option<Days>,
}

impl Reader<'_> {
    /// A calendar day, or a few ("March 3-4"), at word `i`.
    pub(super) fn calendar_day(&self, i: usize) -> Option<Day> {
        self.named_day(i)
            .or_else(|| self.weekday(i))
            .or_else(|| self.date(i))
            .or_else(|| self.bare_ordinal(i))
    }

    /// "today", "the day before yesterday", "a day earlier", "the next day".
    fn named_day(&self, i: usize) -> Option<Day> {
        let from_today = |days: i64, end: usize| {
            let day = self.today.map(|t| calendar::plus(t, days));
            Some(Day {
                end,
                days: day.map(|d| (d, d)),
            })
        };
        let from_spoken = |days: i64, end: usize| {
            let day = self
                .spoken_of
                .or(self.today)
                .map(|t| calendar::plus(t, days));
            Some(Day {
                end,
                days: day.map(|d| (d, d)),
            })
        };
        match self.word(i) {
            "earlier" | "later" if matches!(self.word(i + 1), "today" | "tomorrow") => {
                self.named_day(i + 1)
            }
            "today" => from_today(0, i + 1),
            "yesterday" => from_today(-1, i + 1),
            "tomorrow" => from_today(1, i + 1),
            "the" if self.reads(i + 1, &["day", "before", "yesterday"]) => from_today(-2, i + 4),
            "the" if self.reads(i + 1, &["day", "after", "tomorrow"]) => from_today(2, i + 4),
            "the"
                if matches!(self.word(i + 1), "next" | "following")
                    && self.word(i + 2) == "day" =>
            {
                from_spoken(1, i + 3)
            }
            "the" if self.word(i + 1) == "previous" && self.word(i + 2) == "day" => {
                from_spoken(-1, i + 3)
            }
            "the" if self.reads(i + 1, &["day", "before"]) && self.ends_at(i + 3) => {
                from_spoken(-1, i + 3)
            }
            "the" if self.reads(i + 1, &["day", "after"]) && self.ends_at(i + 3) => {
                from_spoken(1, i + 3)
            }
            "the" | "that"
                if self.reads(i + usize::from(self.word(i) == "the"), &["same", "day"])
                    || self.reads(i, &["that", "day"]) =>
            {
                let day = self.spoken_of;
                Some(Day {
                    end: i + 2 + usize::from(self.word(i) == "the"),
                    days: day.map(|d| (d, d)),
                })
            }
            _ => None,
        }
    }

    /// Whether a phrase ends before word `i`: at the end, at punctuation, at a function word.
    fn ends_at(&self, i: usize) -> bool {
        matches!(
            self.word(i),
            "" | "."
                | ","
                | ";"
                | ")"
                | "”"
                | "\""
                | "and"
                | "but"
                | "in"
                | "at"
                | "by"
                | "when"
                | "as"
                | "to"
                | "that"
        )
    }

    fn weekday(&self, i: usize) -> Option<Day> {
        let (mut at, mut which) = (i, "");
        if matches!(self.word(i), "last" | "next" | "this" | "past" | "coming")
            && words::weekday(self.word(i + 1)).is_some()
        {
            which = self.word(i);
            at = i + 1;
        }
        // "Tue 3 Mar": shortened names only stand before a date.
        if words::short_weekday(self.word(at)) && self.is_capitalised(at) {
            let after = at + 1 + self.points(at + 1);
            return self.date(after);
        }
        let weekday = words::weekday(self.word(at))?;
        if !self.is_capitalised(at) || self.is_named_after_weekday(at) {
            return None;
        }
        // "Monday, March 2", "Tuesday (3 March 2026)".
        let comma = at + 1 + usize::from(matches!(self.word(at + 1), "," | "("));
        let the = comma + usize::from(self.word(comma) == "the");
        if let Some(date) = self.date(the) {
            let closed = self.word(at + 1) == "(" && self.word(date.end) == ")";
            return Some(Day {
                end: date.end + usize::from(closed),
                ..date
            });
        }
        let end = at + 1;
        let day = self.today.map(|today| {
            let last = calendar::last_weekday(today, weekday);
            let before_today = calendar::last_weekday(calendar::plus(today, -1), weekday);
            let coming = calendar::coming_weekday(today, weekday);
            match which {
                "last" | "past" => before_today,
                "next" | "coming" => calendar::coming_weekday(calendar::plus(today, 1), weekday),
                _ => match self.tense(i, end) {
                    // "will discuss Tuesday's attack": a thing that has a day of its own has mostly happened.
                    Tense::Future if self.word(end) != "'s" || self.is_planned_thing(end + 1) => {
                        coming
                    }
                    _ => last,
                },
            }
        });
        // "Monday last week", "Friday of next week".
        let of = end + usize::from(self.word(end) == "of");
        if self.word(of + 1) == "week" && matches!(self.word(of), "last" | "next" | "this") {
            let shift = match self.word(of) {
                "last" => -7,
                "next" => 7,
                _ => 0,
            };
            let day = self.today.map(|t| {
                let monday = calendar::week(calendar::plus(t, shift)).0;
                calendar::coming_weekday(monday, weekday)
            });
            return Some(Day {
                end: of + 2,
                days: day.map(|d| (d, d)),
            });
        }
        Some(Day {
            end,
            days: day.map(|d| (d, d)),
        })
    }

    /// "Sunday Times", "Bloody Sunday".
    fn is_named_after_weekday(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |b| self.word(b));
        matches!(
            before,
            "black"
                | "bloody"
                | "good"
                | "easter"
                | "palm"
                | "holy"
                | "ash"
                | "super"
                | "cyber"
                | "sheffield"
        ) || (matches!(
            self.word(at + 1),
            "times" | "mirror" | "telegraph" | "express" | "mail" | "post" | "guardian" | "world"
        ) && self.is_capitalised(at + 1))
    }

    fn is_planned_thing(&self, at: usize) -> bool {
        (at..at + 3).any(|i| {
            matches!(
                self.word(i),
                "talks"
                    | "meeting"
                    | "summit"
                    | "vote"
                    | "election"
                    | "elections"
                    | "visit"
                    | "deadline"
                    | "session"
                    | "call"
                    | "ceremony"
                    | "hearing"
                    | "conference"
                    | "round"
                    | "trip"
                    | "parade"
                    | "launch"
                    | "signing"
            )
        })
    }

    /// "March 3", "3 March 2026", "the 3rd of March", "3-4 March", "2026-03-03".
    fn date(&self, i: usize) -> Option<Day> {
        self.iso_date(i)
            .or_else(|| self.month_day(i))
            .or_else(|| self.day_month(i))
    }

    fn month_day(&self, i: usize) -> Option<Day> {
        let month = words::month(self.word(i)).filter(|_| self.is_capitalised(i))?;
        let at = i + 1 + self.points(i + 1);
        let at = at
            + usize::from(
                self.word(at) == "the" && words::ordinal_day(self.word(at + 1)).is_some(),
            );
        let first = words::day_number(self.word(at))?;
        if self.is_measure(at + 1) {
            return None;
        }
        let mut end = at + 1;
        let mut last = first;
        if let Some((day, after)) = self.second_day(end)
            && day > first
            && words::month(self.word(after)).is_none()
        {
            (last, end) = (day, after);
        }
        let (year, end) = self.year_after(end);
        Some(Day {
            end,
            days: self.dated(month, first, last, year, i, end),
        })
    }

    fn day_month(&self, i: usize) -> Option<Day> {
        let at = i + usize::from(self.word(i) == "the");
        let ordinal = words::ordinal_day(self.word(at));
        let first = words::day_number(self.word(at)).or(ordinal)?;
        // "the second of March", but not "second March".
        let spelled = words::day_number(self.word(at)).is_none();
        let (mut last, mut after) = (first, at + 1);
        if let Some((day, end)) = self.second_day(after)
            && day > first
        {
            (last, after) = (day, end);
        }
        let of = usize::from(self.word(after) == "of");
        if spelled && of == 0 {
            return None;
        }
        let month =
            words::month(self.word(after + of)).filter(|_| self.is_capitalised(after + of))?;
        let end = after + of + 1;
        let end = end
            + if self.word(end - 1).len() <= 4 {
                self.points(end)
            } else {
                0
            };
        let (year, end) = self.year_after(end);
        Some(Day {
            end,
            days: self.dated(month, first, last, year, i, end),
        })
    }

    /// "-4", "–4", "to 4", "and 4": the second day of a date.
    fn second_day(&self, i: usize) -> Option<(i8, usize)> {
        matches!(
            self.word(i),
            "-" | "–" | "—" | "to" | "and" | "or" | "through" | "/"
        )
        .then_some(())?;
        let day = words::day_number(self.word(i + 1))?;
        (!self.is_measure(i + 2)).then_some((day, i + 2))
    }

    /// "percent", "people" after a number: it was no day.
    fn is_measure(&self, i: usize) -> bool {
        matches!(
            self.word(i),
            "%" | "percent"
                | "per"
                | "km"
                | "million"
                | "billion"
                | "thousand"
                | "people"
                | "points"
                | ":"
                | "kilometers"
                | "kilometres"
        ) || self.word(i) == "°"
    }

    fn year_after(&self, i: usize) -> (Option<i16>, usize) {
        let at = i + usize::from(matches!(self.word(i), "," | "of"));
        match words::year(self.word(at)) {
            Some(year) => (Some(year), at + 1),
            None if self.reads(i, &["last", "year"]) => (self.today.map(|t| t.year() - 1), i + 2),
            None if self.reads(i, &["this", "year"]) => (self.today.map(|t| t.year()), i + 2),
            None if self.reads(i, &["next", "year"]) => (self.today.map(|t| t.year() + 1), i + 2),
            None => (None, i),
        }
    }

    /// The days of a month, in the year given or the one that the tense asks for.
    fn dated(
        &self,
        month: i8,
        first: i8,
        last: i8,
        year: Option<i16>,
        from: usize,
        to: usize,
    ) -> Option<Days> {
        let in_year = |year: i16| {
            Some((
                Date::new(year, month, first).ok()?,
                Date::new(year, month, last).ok()?,
            ))
        };
        if let Some(year) = year {
            return in_year(year);
        }
        let today = self.today?;
        let tense = self.tense(from, to);
        nearest(today, tense, in_year)
    }

    /// "on the 3rd", of this month or the one before.
    fn bare_ordinal(&self, i: usize) -> Option<Day> {
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let day = words::ordinal_day(self.word(i + 1)).filter(|_| self.word(i) == "the")?;
        let digits = self.word(i + 1).starts_with(|c: char| c.is_ascii_digit());
        if !digits || before != "on" || !self.ends_at(i + 2) {
            return None;
        }
        let days = self.today.and_then(|today| {
            let months: &[i64] = if self.tense(i, i + 2) == Tense::Future {
                &[0, 1]
            } else {
                &[0, -1]
            };
            months.iter().find_map(|m| {
                let first = calendar::plus_months(today.first_of_month(), *m);
                let date = Date::new(first.year(), first.month(), day).ok()?;
                let fits = if *m == 1 || months[1] == 1 {
                    date >= today
                } else {
                    date <= today
                };
                fits.then_some((date, date))
            })
        });
        Some(Day { end: i + 2, days })
    }

    /// "2026-03-03", "03.03.2026", whether or not the tokens are split at the hyphens.
    fn iso_date(&self, i: usize) -> Option<Day> {
        let date = numeric_date(self.word(i)).map(|d| (d, i + 1)).or_else(|| {
            let glued = (i + 1..i + 5).all(|n| self.is_glued(n))
                && self.word(i + 1) == "-"
                && self.word(i + 3) == "-";
            let written = format!("{}-{}-{}", self.word(i), self.word(i + 2), self.word(i + 4));
            glued
                .then(|| numeric_date(&written))
                .flatten()
                .map(|d| (d, i + 5))
        });
        date.map(|(d, end)| Day {
            end,
            days: Some((d, d)),
        })
    }

    /// Full stops of abbreviations that were cut off as tokens of their own.
    fn points(&self, i: usize) -> usize {
        usize::from(self.word(i) == "." && self.is_glued(i) && i + 1 < self.len())
    }
}

/// The date among last, this and next year that the tense asks for.
pub(super) fn nearest(
    today: Date,
    tense: Tense,
    in_year: impl Fn(i16) -> Option<Days>,
) -> Option<Days> {
    let years = [today.year() + 1, today.year(), today.year() - 1];
    match tense {
        // The latest that is not ahead. A date within the next two weeks is rather an announced one than a year old.
        Tense::Past => {
            let days = years.iter().filter_map(|y| in_year(*y));
            days.into_iter()
                .find(|d| calendar::days_between(today, d.0) <= 14)
        }
        // The next; but what was ahead a month ago is not a year away.
        Tense::Future => {
            let days = years.iter().rev().filter_map(|y| in_year(*y));
            days.into_iter()
                .find(|d| calendar::days_between(d.1, today) <= 31)
        }
    }
}

/// A date on its own, for datelines: with a year, or in the year that brings it closest to `near`.
pub(super) fn written(text: &str, near: Option<Date>) -> Option<Date> {
    let words: Vec<String> = text
        .split([' ', ','])
        .map(|w| w.trim_matches('.').to_lowercase())
        .filter(|w| !w.is_empty() && words::weekday(w).is_none() && !words::short_weekday(w))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (month, day, year) = match words.as_slice() {
        [one] => return numeric_date(one),
        [a, b, rest @ ..] => {
            let year = rest.first().and_then(|y| words::year(y));
            match (words::month(a), words::day_number(b)) {
                (Some(month), Some(day)) => (month, day, year),
                _ => (words::month(b)?, words::day_number(a)?, year),
            }
        }
        [] => return None,
    };
    match (year, near) {
        (Some(year), _) => Date::new(year, month, day).ok(),
        (None, Some(near)) => (-1..=1)
            .filter_map(|y| Date::new(near.year() + y, month, day).ok())
            .min_by_key(|d| calendar::days_between(*d, near).abs()),
        (None, None) => None,
    }
}

/// "2026-03-03", "03.03.2026".
fn numeric_date(word: &str) -> Option<Date> {
    let parts: Vec<&str> = word.split(['-', '.']).collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    let two = |w: &str| {
        (1..=2)
            .contains(&w.len())
            .then(|| w.parse::<i8>().ok())
            .flatten()
    };
    match words::year(a) {
        Some(year) => Date::new(year, two(b)?, two(c)?).ok(),
        None => Date::new(words::year(c)?, two(b)?, two(a)?).ok(),
    }
}
