//! Walks over a sentence and takes the longest expression at each word.

use super::calendar::{self, Days, Hours};
use super::{BACKGROUND_DAYS, Interval, TimeKind, TimeMention};
use crate::linguistics::Document;
use crate::model::TimePrecision;
use jiff::Timestamp;
use jiff::civil::Date;
use std::ops::Range;

/// A sentence with its reference.
pub(super) struct Reader<'a> {
    doc: &'a Document,
    sentence: Range<usize>,
    /// Lower case.
    words: Vec<String>,
    pub(super) now: Option<Timestamp>,
    /// The day of the reference.
    pub(super) today: Option<Date>,
    /// The day that was last spoken of, for "a day earlier".
    pub(super) spoken_of: Option<Date>,
}

/// What an expression means, before its place in the sentence is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct When {
    pub days: Option<Days>,
    pub hours: Option<Hours>,
    pub precision: TimePrecision,
    /// Exact ends, where hours were counted back from the reference.
    pub exact: Option<(Timestamp, Timestamp)>,
}

impl When {
    pub(super) fn new(days: Option<Days>, precision: TimePrecision) -> When {
        When {
            days,
            hours: None,
            precision,
            exact: None,
        }
    }

    pub(super) fn at(self, hours: Hours, precision: TimePrecision) -> When {
        When {
            hours: Some(hours),
            precision,
            ..self
        }
    }

    fn interval(&self) -> Option<Interval> {
        if let Some((start, end)) = self.exact {
            return Some(Interval {
                start,
                end,
                precision: self.precision,
            });
        }
        calendar::interval(self.days?, self.hours, self.precision)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        doc: &'a Document,
        sentence: Range<usize>,
        now: Option<Timestamp>,
    ) -> Reader<'a> {
        let end = sentence.end.min(doc.len());
        let sentence = sentence.start.min(end)..end;
        let words = sentence
            .clone()
            .map(|i| doc.form(i).to_lowercase().replace('’', "'"))
            .collect();
        Reader {
            doc,
            sentence,
            words,
            now,
            today: now.map(calendar::day),
            spoken_of: None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Word `i` of the sentence in lower case, empty outside of it.
    pub(super) fn word(&self, i: usize) -> &str {
        self.words.get(i).map_or("", String::as_str)
    }

    /// Word `i` as written, empty outside of the sentence.
    pub(super) fn form(&self, i: usize) -> &str {
        if i < self.len() {
            self.doc.form(self.sentence.start + i)
        } else {
            ""
        }
    }

    /// Penn tag of word `i`, empty where there is none.
    pub(super) fn xpos(&self, i: usize) -> &str {
        if i < self.len() {
            self.doc
                .tokens
                .xpos
                .get(self.sentence.start + i)
                .copied()
                .unwrap_or("")
        } else {
            ""
        }
    }

    pub(super) fn is_capitalised(&self, i: usize) -> bool {
        self.form(i).starts_with(char::is_uppercase)
    }

    /// Whether no white space stands before word `i`.
    pub(super) fn is_glued(&self, i: usize) -> bool {
        let tokens = &self.doc.tokens;
        let at = self.sentence.start + i;
        i > 0 && i < self.len() && tokens.start[at] == tokens.end[at - 1]
    }

    /// Whether words from `i` on are these.
    pub(super) fn reads(&self, i: usize, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(n, w)| self.word(i + n) == *w)
    }

    pub(super) fn mentions(mut self) -> Vec<TimeMention> {
        let mut mentions = Vec::new();
        let mut i = 0;
        while i < self.len() {
            match self.expression(i) {
                Some((range, when, kind)) => {
                    if let Some(days) = when.days {
                        self.spoken_of = Some(days.1);
                    }
                    i = range.end.max(i + 1);
                    mentions.push(self.mention(range, when, kind));
                }
                None => i += 1,
            }
        }
        mentions
    }

    fn mention(&self, range: Range<usize>, when: When, kind: TimeKind) -> TimeMention {
        let mut value = when.interval();
        if kind == TimeKind::Since
            && let (Some(v), Some(now)) = (&mut value, self.now)
            && v.start <= now
        {
            // It goes on: up to the end of the day of writing.
            let today = calendar::day(now);
            v.end = calendar::interval((today, today), None, v.precision)
                .map_or(now, |i| i.end)
                .max(v.end);
        }
        let began = if kind == TimeKind::Since {
            when.interval()
        } else {
            value
        };
        let background = match (began, self.today) {
            (Some(v), Some(today)) => {
                calendar::days_between(calendar::day(v.end), today) > BACKGROUND_DAYS
            }
            _ => false,
        };
        let tokens = self.sentence.start + range.start..self.sentence.start + range.end;
        TimeMention {
            tokens,
            value,
            kind,
            background,
        }
    }

    /// The expression at word `i`: its words, meaning and kind.
    fn expression(&self, i: usize) -> Option<(Range<usize>, When, TimeKind)> {
        let whole = |end, when, kind| Some((i..end, when, kind));
        match self.word(i) {
            "from" | "between" => {
                if let Some((end, when)) = self.stretch(i + 1, self.word(i)) {
                    return whole(end, when, TimeKind::Within);
                }
                let (end, when) = self.point(i + 1)?;
                // "between 3 and 5 April" has both days in one date.
                if when.days.is_some_and(|d| d.0 < d.1) && when.precision == TimePrecision::Day {
                    return whole(end, when, TimeKind::Within);
                }
                (self.word(i) == "from").then_some(())?;
                whole(end, when, TimeKind::Since)
            }
            "since" => {
                let from = i
                    + 1
                    + usize::from(
                        matches!(self.word(i + 1), "about" | "around" | "at")
                            || self.reads(i + 1, &["as"]),
                    );
                let (end, when) = self.point(from)?;
                whole(end, when, TimeKind::Since)
            }
            "until" | "till" | "by" | "pending" => {
                let from = i + 1 + usize::from(self.word(i + 1) == "at");
                let (end, when) = self.point(from)?;
                // "by Monday's strike" is an agent.
                (self.word(end) != "'s").then_some(())?;
                whole(end, when, TimeKind::Until)
            }
            "before" | "after" => {
                let (end, when) = self.point(i + 1)?;
                // "after Tuesday's attack": the day is the attack's.
                if self.word(end) == "'s" {
                    return Some((i + 1..end, when, TimeKind::Within));
                }
                // "before dawn on Tuesday", "after midnight" are parts of that day.
                if self.word(i + 1) == "dawn" || when.precision == TimePrecision::Hour {
                    return whole(end, when, TimeKind::Within);
                }
                let kind = if self.word(i) == "before" {
                    TimeKind::Before
                } else {
                    TimeKind::After
                };
                whole(end, when, kind)
            }
            _ => {
                let (end, when) = self.stretch(i, "").or_else(|| self.point(i))?;
                whole(end, when, TimeKind::Within)
            }
        }
    }

    /// Two points and what is between them: "Monday to Thursday", "3 and 5 April", "2014-2022". `opened_by` is the
    /// preposition in front, with which "and" joins the ends.
    fn stretch(&self, i: usize, opened_by: &str) -> Option<(usize, When)> {
        let (end, first) = self.point(i)?;
        let joined = match self.word(end) {
            "to" | "through" | "till" | "until" | "thru" => {
                !opened_by.is_empty() || self.word(end) != "until"
            }
            "-" | "–" | "—" => {
                self.is_glued(end) || self.is_glued(end + 1) || opened_by == "from"
            }
            "and" => {
                opened_by == "between" || (opened_by.is_empty() && self.is_next_day(end, &first))
            }
            _ => false,
        };
        if !joined {
            return None;
        }
        let (end, mut last) = self.point(end + 1)?;
        let (Some(mut from), Some(to)) = (first.days, last.days) else {
            return (first.precision == last.precision)
                .then_some((end, When::new(None, first.precision)));
        };
        // "from Saturday to Tuesday": the first day is the one before the last.
        if from.0 > to.1 {
            let behind = calendar::days_between(to.1, from.0);
            if behind < 7 {
                from.0 = calendar::plus(from.0, -7);
            } else {
                return None;
            }
        }
        if calendar::days_between(from.0, to.1) > 7 && first.precision == TimePrecision::PartOfDay {
            return None;
        }
        if let (Some(begin), Some(finish)) = (first.hours, last.hours) {
            last.hours = Some((begin.0, begin.1, finish.2, finish.3));
        } else {
            last.hours = None;
        }
        last.exact = None;
        Some((
            end,
            When {
                days: Some((from.0, to.1)),
                precision: first.precision.max(last.precision),
                ..last
            },
        ))
    }

    /// "on Monday and Tuesday": two days, one after the other.
    fn is_next_day(&self, and: usize, first: &When) -> bool {
        let Some((_, second)) = self.point(and + 1) else {
            return false;
        };
        let (Some(a), Some(b)) = (first.days, second.days) else {
            return false;
        };
        first.precision == TimePrecision::Day
            && second.precision == TimePrecision::Day
            && calendar::days_between(a.1, b.0) == 1
    }

    /// One point in time, without a preposition in front of it.
    pub(super) fn point(&self, i: usize) -> Option<(usize, When)> {
        let i = i + usize::from(
            matches!(self.word(i), "about" | "around" | "shortly" | "just")
                && self.word(i + 1) != "the",
        );
        self.part_first(i)
            .or_else(|| self.clock_first(i))
            .or_else(|| self.day_first(i))
            .or_else(|| self.period(i))
    }
}
