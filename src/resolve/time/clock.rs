//! Parts of days and times of the clock, with the day that they belong to.

use super::calendar::{self, Days, Hours};
use super::read::{Reader, When};
use super::tense::Tense;
use crate::model::TimePrecision;

const EARLY: Hours = (0, 0, 8, 59);
const SMALL_HOURS: Hours = (0, 0, 5, 59);
const MORNING: Hours = (5, 0, 11, 59);
const MIDDAY: Hours = (11, 0, 13, 59);
const AFTERNOON: Hours = (12, 0, 17, 59);
const EVENING: Hours = (17, 0, 23, 59);
const LATE: Hours = (18, 0, 23, 59);
/// From one evening to the next morning: the days are two.
const NIGHT_THROUGH: Hours = (18, 0, 8, 59);

fn part(word: &str) -> Option<Hours> {
    Some(match word {
        "morning" => MORNING,
        "noon" | "midday" | "lunchtime" => MIDDAY,
        "afternoon" => AFTERNOON,
        "evening" => EVENING,
        "night" => LATE,
        "dawn" | "daybreak" | "sunrise" => (3, 0, 7, 59),
        "dusk" | "sunset" | "nightfall" => (17, 0, 20, 59),
        _ => return None,
    })
}

fn of_day(days: Option<Days>, hours: Hours) -> When {
    When::new(days, TimePrecision::PartOfDay).at(hours, TimePrecision::PartOfDay)
}

impl Reader<'_> {
    /// "overnight into Wednesday", "the night of March 3", "early on Tuesday", "this morning", "before dawn".
    pub(super) fn part_first(&self, i: usize) -> Option<(usize, When)> {
        let today = self.today.map(|t| (t, t));
        match self.word(i) {
            "overnight" => Some(self.overnight(i)),
            "tonight" => Some((i + 1, of_day(today, LATE))),
            "last" if self.word(i + 1) == "night" => {
                let yesterday = self.today.map(|t| calendar::plus(t, -1));
                Some((i + 2, of_day(yesterday.map(|y| (y, y)), LATE)))
            }
            "this" | "yesterday" | "tomorrow" if part(self.word(i + 1)).is_some() => {
                let hours = part(self.word(i + 1))?;
                let shift = match self.word(i) {
                    "yesterday" => -1,
                    "tomorrow" => 1,
                    _ => 0,
                };
                let day = self.today.map(|t| calendar::plus(t, shift));
                Some((i + 2, of_day(day.map(|d| (d, d)), hours)))
            }
            "early" | "late" | "earlier" | "later" | "in" => self.early_or_late(i),
            "the"
                if matches!(
                    self.word(i + 1),
                    "early" | "small" | "pre-dawn" | "predawn" | "wee"
                ) && self.word(i + 2) == "hours" =>
            {
                Some(self.hours_of(i + 3, SMALL_HOURS))
            }
            "the" if self.reads(i + 1, &["pre", "-", "dawn", "hours"]) => {
                Some(self.hours_of(i + 5, SMALL_HOURS))
            }
            "the" if self.word(i + 1) == "night" => self.night_of(i + 2, i),
            "the" if part(self.word(i + 1)).is_some() && self.word(i + 2) == "of" => {
                let (end, when) = self.part_day(i + 3, part(self.word(i + 1))?)?;
                Some((end, when))
            }
            "dawn" | "daybreak" | "sunrise" | "dusk" | "sunset" | "nightfall" => {
                let before = i.checked_sub(1).map_or("", |b| self.word(b));
                let hours = match before {
                    "before" => SMALL_HOURS,
                    "at" | "around" | "after" | "since" | "until" | "by" | "about" => {
                        part(self.word(i))?
                    }
                    _ => return None,
                };
                Some(self.hours_of(i + 1, hours))
            }
            _ => None,
        }
    }

    /// A calendar day, with the part or hour of it that follows.
    pub(super) fn day_first(&self, i: usize) -> Option<(usize, When)> {
        let day = self.calendar_day(i)?;
        let plain = When::new(day.days, TimePrecision::Day);
        let end = day.end;
        let is_one = day.days.is_none_or(|d| d.0 == d.1);
        if !is_one {
            return Some((end, plain));
        }
        if let Some(hours) = part(self.word(end)) {
            // "Monday night into Tuesday".
            if self.word(end) == "night"
                && matches!(self.word(end + 1), "into" | "to")
                && let Some(next) = self.calendar_day(end + 2)
            {
                let days = day
                    .days
                    .zip(next.days)
                    .map(|(a, b)| (a.0, b.1))
                    .filter(|d| d.0 <= d.1);
                let through = usize::from(self.word(next.end) == "morning");
                return Some((next.end + through, of_day(days, NIGHT_THROUGH)));
            }
            return Some((end + 1, of_day(day.days, hours)));
        }
        let at = end + usize::from(self.word(end) == ",");
        if matches!(self.word(at), "in" | "at" | "during") {
            let the = at + 1 + usize::from(self.word(at + 1) == "the");
            if self.reads(the, &["early", "hours"]) || self.reads(the, &["small", "hours"]) {
                return Some((the + 2, of_day(day.days, SMALL_HOURS)));
            }
            let early = the + usize::from(matches!(self.word(the), "early" | "late"));
            if let Some(hours) = part(self.word(early)) {
                return Some((early + 1, of_day(day.days, hours)));
            }
        }
        let clock = at + usize::from(matches!(self.word(at), "at" | "around" | "about" | "from"));
        let clock =
            clock + usize::from(clock > at && matches!(self.word(clock), "around" | "about"));
        if clock > end
            && let Some((hour, minute, end)) = self.clock(clock)
        {
            return Some((end, hour_of(day.days, hour, minute)));
        }
        Some((end, plain))
    }

    /// A time of the clock, with the day that follows, else of the day spoken of.
    pub(super) fn clock_first(&self, i: usize) -> Option<(usize, When)> {
        let (hour, minute, end) = self.clock(i)?;
        let on = end + usize::from(self.word(end) == ",");
        let on = on + usize::from(matches!(self.word(on), "on" | "of"));
        if let Some(day) = self.calendar_day(on)
            && day.days.is_none_or(|d| d.0 == d.1)
        {
            let part_after = usize::from(part(self.word(day.end)).is_some());
            return Some((day.end + part_after, hour_of(day.days, hour, minute)));
        }
        let day = self.spoken_of.or(self.today);
        Some((end, hour_of(day.map(|d| (d, d)), hour, minute)))
    }

    fn overnight(&self, i: usize) -> (usize, When) {
        let night_to = |days: Option<Days>| {
            of_day(days.map(|d| (calendar::plus(d.0, -1), d.1)), NIGHT_THROUGH)
        };
        let next = i + 1;
        if matches!(self.word(next), "into" | "to" | "on" | "of")
            && let Some(day) = self.calendar_day(next + 1)
        {
            return (
                day.end + usize::from(self.word(day.end) == "morning"),
                night_to(day.days),
            );
        }
        if self.word(next) == "from"
            && let Some(first) = self.calendar_day(next + 1)
            && matches!(self.word(first.end), "to" | "into" | "-" | "–")
            && let Some(last) = self.calendar_day(first.end + 1)
        {
            let days = first
                .days
                .zip(last.days)
                .map(|(a, b)| (a.0, b.1))
                .filter(|d| d.0 <= d.1);
            return (last.end, of_day(days, NIGHT_THROUGH));
        }
        if let Some(day) = self.calendar_day(next) {
            return (day.end, night_to(day.days));
        }
        let ahead = i64::from(self.tense(i, next) == Tense::Future);
        let morning = self.today.map(|t| calendar::plus(t, ahead));
        (next, night_to(morning.map(|m| (m, m))))
    }

    /// "of March 3", "of 3-4 March", "from Monday to Tuesday" after "the night".
    fn night_of(&self, i: usize, from: usize) -> Option<(usize, When)> {
        if matches!(self.word(i), "of" | "from" | "to" | "on")
            && let Some(first) = self.calendar_day(i + 1)
        {
            if matches!(self.word(first.end), "to" | "into" | "-" | "–")
                && let Some(last) = self.calendar_day(first.end + 1)
            {
                let days = first
                    .days
                    .zip(last.days)
                    .map(|(a, b)| (a.0, b.1))
                    .filter(|d| d.0 <= d.1);
                return Some((last.end, of_day(days, NIGHT_THROUGH)));
            }
            let hours = if first.days.is_some_and(|d| d.0 < d.1) {
                NIGHT_THROUGH
            } else {
                LATE
            };
            return Some((first.end, of_day(first.days, hours)));
        }
        let before = from.checked_sub(1).map_or("", |b| self.word(b));
        matches!(before, "during" | "in" | "through" | "throughout").then_some(())?;
        let night = self.today.map(|t| (calendar::plus(t, -1), t));
        Some((i, of_day(night, NIGHT_THROUGH)))
    }

    /// "early on Tuesday", "late Monday night", "earlier on Tuesday", "early in the morning of March 3".
    fn early_or_late(&self, i: usize) -> Option<(usize, When)> {
        let word = self.word(i);
        if word == "in" {
            return None;
        }
        let on = i + 1 + usize::from(self.word(i + 1) == "on");
        if let Some(day) = self.calendar_day(on) {
            if let Some(hours) = part(self.word(day.end)) {
                return Some((day.end + 1, of_day(day.days, hours)));
            }
            return Some(match word {
                "early" => (day.end, of_day(day.days, EARLY)),
                "late" => (day.end, of_day(day.days, LATE)),
                // "earlier on Tuesday" only says before something else.
                _ => (day.end, When::new(day.days, TimePrecision::Day)),
            });
        }
        let the =
            i + 1 + usize::from(self.word(i + 1) == "in") + usize::from(self.word(i + 2) == "the");
        let hours = part(self.word(the)).filter(|_| the > i + 1 || self.word(the + 1) == "of")?;
        Some(self.hours_of(the + 1, hours))
    }

    /// Hours of the day that follows after "of", "on" or nothing, else of today.
    fn hours_of(&self, i: usize, hours: Hours) -> (usize, When) {
        let of = i + usize::from(matches!(self.word(i), "of" | "on"));
        self.part_day(of, hours).unwrap_or_else(|| {
            let day = self.spoken_of.or(self.today);
            (i, of_day(day.map(|d| (d, d)), hours))
        })
    }

    fn part_day(&self, i: usize, hours: Hours) -> Option<(usize, When)> {
        let day = self.calendar_day(i)?;
        let morning = usize::from(part(self.word(day.end)).is_some());
        Some((day.end + morning, of_day(day.days, hours)))
    }

    /// Hour, minute, and the word after it with its time zone: "03:40", "5 a.m. local time", "0600 GMT", "noon".
    fn clock(&self, i: usize) -> Option<(i8, i8, usize)> {
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let is_placed = matches!(
            before,
            "at" | "around"
                | "about"
                | "by"
                | "since"
                | "until"
                | "till"
                | "from"
                | "to"
                | "between"
                | "before"
                | "after"
                | "and"
        );
        match self.word(i) {
            "noon" | "midday" if is_placed => return Some((12, 0, i + 1)),
            "midnight" if is_placed => return Some((0, 0, i + 1)),
            _ => {}
        }
        let (mut hour, minute, mut end, mut is_clock) = self.digits_of_clock(i)?;
        let half = self.word(end).trim_end_matches('.').replace('.', "");
        if half == "am" || half == "pm" {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if half == "pm" { 12 } else { 0 };
            end += 1;
            is_clock = true;
        } else if self.word(end) == "o'clock" {
            end += 1;
            is_clock = true;
        }
        if let Some(after) = self.zone(end) {
            end = after;
            is_clock = true;
        }
        // "(0200 GMT)" repeats it for readers elsewhere.
        if self.word(end) == "("
            && let Some(close) = (end + 1..end + 6).find(|c| self.word(*c) == ")")
            && (end + 1..close).any(|w| matches!(self.word(w), "gmt" | "utc" | "et"))
        {
            end = close + 1;
        }
        let colon = self.word(i).contains(':') || self.word(i + 1) == ":";
        ((is_clock || (colon && is_placed)) && hour <= 23 && minute <= 59)
            .then_some((hour, minute, end))
    }

    /// The digits, and whether they already say that they are a time of the clock ("5am").
    fn digits_of_clock(&self, i: usize) -> Option<(i8, i8, usize, bool)> {
        let word = self.word(i);
        let two = |w: &str| {
            (1..=2)
                .contains(&w.len())
                .then(|| w.parse::<i8>().ok())
                .flatten()
        };
        let is_minute = |w: &str| w.len() == 2;
        for (suffix, shift) in [("am", 0), ("pm", 12)] {
            if let Some(digits) = word.strip_suffix(suffix) {
                let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "00"));
                let hour = two(hour).filter(|h| (1..=12).contains(h))?;
                return Some((hour % 12 + shift, two(minute)?, i + 1, true));
            }
        }
        if let Some((hour, minute)) = word.split_once([':', '.'])
            && is_minute(minute)
        {
            return Some((two(hour)?, two(minute)?, i + 1, false));
        }
        if self.word(i + 1) == ":" && is_minute(self.word(i + 2)) && self.is_glued(i + 1) {
            return Some((two(word)?, two(self.word(i + 2))?, i + 3, false));
        }
        // "0600" needs a zone or "hours" after it.
        if word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) {
            let (hour, minute) = (two(&word[..2])?, two(&word[2..])?);
            let said = self.zone(i + 1).is_some()
                || (self.word(i + 1) == "hours" && word.starts_with('0'));
            return said.then_some((
                hour,
                minute,
                i + 1 + usize::from(self.word(i + 1) == "hours"),
                true,
            ));
        }
        two(word).map(|hour| (hour, 0, i + 1, false))
    }

    /// The word after a time zone.
    fn zone(&self, i: usize) -> Option<usize> {
        match self.word(i) {
            "gmt" | "utc" | "est" | "edt" | "cet" | "cest" | "eet" | "eest" | "msk" | "bst"
            | "kst" | "jst" => Some(i + 1),
            "local" if self.word(i + 1) == "time" => Some(i + 2),
            _ if self.is_capitalised(i) && self.word(i + 1) == "time" => Some(i + 2),
            _ => None,
        }
    }
}

fn hour_of(days: Option<Days>, hour: i8, minute: i8) -> When {
    let hours = (hour, minute, hour, 59);
    When::new(days, TimePrecision::Hour).at(hours, TimePrecision::Hour)
}
