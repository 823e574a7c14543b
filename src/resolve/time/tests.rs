//! Sentences of our own, read on Tuesday, 3 March 2026.

use super::*;
use crate::linguistics::{Deprel, NO_HEAD, Tokens, Upos};

/// Tokens by white space, with punctuation and clitics split off; no tags.
pub(crate) fn plain(text: &str) -> Document {
    let mut tokens = Tokens::default();
    let mut push = |start: usize, end: usize| {
        tokens.start.push(start as u32);
        tokens.end.push(end as u32);
        tokens.upos.push(Upos::X);
        tokens.xpos.push("");
        tokens.lemma.push(text[start..end].to_lowercase());
        tokens.head.push(NO_HEAD);
        tokens.deprel.push(Deprel::Dep);
    };
    let mut at = 0;
    for word in text.split(' ') {
        let (mut start, end) = (at, at + word.len());
        at = end + 1;
        let mut stop = end;
        while text[start..stop].starts_with(['(', '“', '"']) {
            let len = text[start..].chars().next().unwrap().len_utf8();
            push(start, start + len);
            start += len;
        }
        let mut tail = Vec::new();
        let keeps_point = |w: &str| matches!(w, "a.m." | "p.m." | "Feb." | "Dec." | "U.S.");
        while stop > start
            && !keeps_point(&text[start..stop])
            && text[start..stop].ends_with(['.', ',', ')', ':', ';', '”', '"', '?'])
        {
            let len = text[start..stop].chars().next_back().unwrap().len_utf8();
            tail.push((stop - len, stop));
            stop -= len;
        }
        for clitic in ["'s", "’s"] {
            if text[start..stop].ends_with(clitic) {
                tail.push((stop - clitic.len(), stop));
                stop -= clitic.len();
            }
        }
        let mut from = start;
        for (n, c) in text[start..stop].char_indices() {
            if (c == '-' || c == '–') && n > 0 {
                let here = start + n;
                if here > from {
                    push(from, here);
                }
                push(here, here + c.len_utf8());
                from = here + c.len_utf8();
            }
        }
        if stop > from {
            push(from, stop);
        }
        for (a, b) in tail.into_iter().rev() {
            push(a, b);
        }
    }
    let sentences = std::iter::once(0..tokens.start.len()).collect();
    Document {
        text: text.to_string(),
        tokens,
        sentences,
        ..Document::default()
    }
}

fn at(now: &str) -> Option<Timestamp> {
    Some(now.parse().unwrap())
}

/// "words = first..last kind precision", days alone where whole days are meant.
fn read_at(text: &str, now: Option<Timestamp>) -> Vec<String> {
    let doc = plain(text);
    let mentions = find(&doc, 0..doc.len(), now);
    let show = |m: &TimeMention| {
        let words = doc.words(m.tokens.clone());
        let Some(v) = m.value else {
            return format!("{words} = ? {:?}", m.kind);
        };
        let (a, b) = (v.start.to_string(), v.end.to_string());
        let whole = a.ends_with("T00:00:00Z") && b.ends_with("T23:59:59Z");
        let value = match whole {
            true if a[..10] == b[..10] => a[..10].to_string(),
            true => format!("{}..{}", &a[..10], &b[..10]),
            false if a[..10] == b[..10] => format!("{} {}-{}", &a[..10], &a[11..16], &b[11..16]),
            false => format!("{} {}..{} {}", &a[..10], &a[11..16], &b[..10], &b[11..16]),
        };
        let kind = if m.kind == TimeKind::Within {
            String::new()
        } else {
            format!(" {:?}", m.kind)
        };
        format!(
            "{words} = {value}{kind} {:?}{}",
            v.precision,
            if m.background { " background" } else { "" }
        )
    };
    mentions.iter().map(show).collect()
}

fn read(text: &str) -> Vec<String> {
    read_at(text, at("2026-03-03T12:00:00Z"))
}

fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found = read(text).join("; ");
        if found != *expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn weekdays_follow_the_tense() {
    check(&[
        ("Russia attacked Kyiv on Monday.", "Monday = 2026-03-02 Day"),
        (
            "Russia attacked Kyiv on Tuesday.",
            "Tuesday = 2026-03-03 Day",
        ),
        (
            "Russia attacked Kyiv on Wednesday.",
            "Wednesday = 2026-02-25 Day",
        ),
        (
            "On Friday, the army shelled Bara.",
            "Friday = 2026-02-27 Day",
        ),
        (
            "The ministers will meet in Cairo on Friday.",
            "Friday = 2026-03-06 Day",
        ),
        (
            "On Friday, the ministers will meet in Cairo.",
            "Friday = 2026-03-06 Day",
        ),
        (
            "Envoys to meet in Cairo on Friday",
            "Friday = 2026-03-06 Day",
        ),
        (
            "They agreed to resume talks on Friday.",
            "Friday = 2026-03-06 Day",
        ),
        (
            "The talks are scheduled for Thursday.",
            "Thursday = 2026-03-05 Day",
        ),
        (
            "The vote was postponed until Thursday.",
            "until Thursday = 2026-03-05 Until Day",
        ),
        (
            "The talks will be held on Friday, he said.",
            "Friday = 2026-03-06 Day",
        ),
        (
            "It said the strike may have killed him on Sunday.",
            "Sunday = 2026-03-01 Day",
        ),
        (
            "The army used drones to hit the depot on Sunday.",
            "Sunday = 2026-03-01 Day",
        ),
        (
            "He told reporters on Monday that he will travel to Baku on Thursday.",
            "Monday = 2026-03-02 Day; Thursday = 2026-03-05 Day",
        ),
        ("They condemned Monday's attack.", "Monday = 2026-03-02 Day"),
        (
            "The council will discuss Monday's attack on Thursday.",
            "Monday = 2026-03-02 Day; Thursday = 2026-03-05 Day",
        ),
        (
            "He arrived ahead of Thursday's summit.",
            "Thursday = 2026-03-05 Day",
        ),
        ("He spoke last Tuesday.", "last Tuesday = 2026-02-24 Day"),
        ("They meet next Monday.", "next Monday = 2026-03-09 Day"),
        (
            "It happened on Monday last week.",
            "Monday last week = 2026-02-23 Day",
        ),
    ]);
}

#[test]
fn parts_of_days_and_nights() {
    check(&[
        (
            "Drones struck Odesa overnight.",
            "overnight = 2026-03-02 18:00..2026-03-03 08:59 PartOfDay",
        ),
        (
            "Drones struck Odesa overnight into Wednesday.",
            "overnight into Wednesday = 2026-02-24 18:00..2026-02-25 08:59 PartOfDay",
        ),
        (
            "Drones struck Odesa on the night of March 1.",
            "the night of March 1 = 2026-03-01 18:00-23:59 PartOfDay",
        ),
        (
            "During the night of 1-2 March drones struck.",
            "the night of 1-2 March = 2026-03-01 18:00..2026-03-02 08:59 PartOfDay",
        ),
        (
            "During the night of 1 to 2 March drones struck.",
            "the night of 1 to 2 March = 2026-03-01 18:00..2026-03-02 08:59 PartOfDay",
        ),
        (
            "Shells fell early on Monday.",
            "early on Monday = 2026-03-02 00:00-08:59 PartOfDay",
        ),
        (
            "Shells fell late Monday.",
            "late Monday = 2026-03-02 18:00-23:59 PartOfDay",
        ),
        (
            "Shells fell on Monday evening.",
            "Monday evening = 2026-03-02 17:00-23:59 PartOfDay",
        ),
        (
            "Shells fell this morning.",
            "this morning = 2026-03-03 05:00-11:59 PartOfDay",
        ),
        (
            "Shells fell last night.",
            "last night = 2026-03-02 18:00-23:59 PartOfDay",
        ),
        (
            "Shells fell in the early hours of Monday.",
            "the early hours of Monday = 2026-03-02 00:00-05:59 PartOfDay",
        ),
        (
            "Shells fell before dawn on Monday.",
            "before dawn on Monday = 2026-03-02 00:00-05:59 PartOfDay",
        ),
        (
            "It began on Sunday night into Monday.",
            "Sunday night into Monday = 2026-03-01 18:00..2026-03-02 08:59 PartOfDay",
        ),
        (
            "Shells fell at dawn.",
            "dawn = 2026-03-03 03:00-07:59 PartOfDay",
        ),
        (
            "Earlier on Monday, shells fell.",
            "Earlier on Monday = 2026-03-02 Day",
        ),
    ]);
}

#[test]
fn times_of_the_clock() {
    check(&[
        (
            "A drone hit the depot at 03:40.",
            "03:40 = 2026-03-03 03:40-03:59 Hour",
        ),
        (
            "A drone hit the depot at 5 a.m. local time.",
            "5 a.m. local time = 2026-03-03 05:00-05:59 Hour",
        ),
        (
            "A drone hit the depot at 5.30pm on Monday.",
            "5.30pm on Monday = 2026-03-02 17:30-17:59 Hour",
        ),
        (
            "A drone hit the depot on Monday at around 2 p.m. (1200 GMT).",
            "Monday at around 2 p.m. (1200 GMT) = 2026-03-02 14:00-14:59 Hour",
        ),
        (
            "On March 1, at 0600 GMT, sirens sounded.",
            "March 1, at 0600 GMT = 2026-03-01 06:00-06:59 Hour",
        ),
        (
            "The truce takes effect at midnight on Friday.",
            "midnight on Friday = 2026-02-27 00:00-00:59 Hour",
        ),
        (
            "The truce will take effect at noon on Friday.",
            "noon on Friday = 2026-03-06 12:00-12:59 Hour",
        ),
        (
            "Shells fell shortly after midnight on Sunday.",
            "after midnight on Sunday = 2026-03-01 00:00-00:59 Hour",
        ),
        ("The team won 3:2 at home.", ""),
        ("The team lost 12:30 at home.", ""),
    ]);
}

#[test]
fn dates_with_and_without_a_year() {
    check(
        &[
            ("He died on March 1.", "March 1 = 2026-03-01 Day"),
            ("He died on 3 March 2026.", "3 March 2026 = 2026-03-03 Day"),
            (
                "He died on Sunday, March 1, 2026, in Goma.",
                "Sunday, March 1, 2026 = 2026-03-01 Day",
            ),
            ("He died on Dec. 26.", "Dec. 26 = 2025-12-26 Background"),
            (
                "The summit will be held on May 20.",
                "May 20 = 2026-05-20 Day",
            ),
            ("They met on the 2nd.", "the 2nd = 2026-03-02 Day"),
            (
                "They met on the 24th of February.",
                "the 24th of February = 2026-02-24 Day",
            ),
            (
                "They met on March 1-2.",
                "March 1-2 = 2026-03-01..2026-03-02 Day",
            ),
            (
                "Talks were held between 3 and 5 February.",
                "between 3 and 5 February = 2026-02-03..2026-02-05 Day",
            ),
            (
                "Talks were held from February 26 to March 2.",
                "from February 26 to March 2 = 2026-02-26..2026-03-02 Day",
            ),
            (
                "Exercises ran from Friday to Monday.",
                "from Friday to Monday = 2026-02-27..2026-03-02 Day",
            ),
            (
                "Drones came on Sunday and Monday.",
                "Sunday and Monday = 2026-03-01..2026-03-02 Day",
            ),
            (
                "The report of 2026-03-01 says so.",
                "2026-03-01 = 2026-03-01 Day",
            ),
            (
                "The truce lasts until 15 May.",
                "until 15 May = 2026-05-15 Until Day",
            ),
            (
                "The attack of October 7, 2023, began it.",
                "October 7, 2023 = 2023-10-07 Day background",
            ),
        ]
        .map(|(a, b)| {
            (
                a,
                if b.ends_with("Background") {
                    "Dec. 26 = 2025-12-26 Day background"
                } else {
                    b
                },
            )
        }),
    );
}

#[test]
fn days_by_name_and_by_count() {
    check(&[
        ("The envoy arrived today.", "today = 2026-03-03 Day"),
        ("Yesterday the envoy left.", "Yesterday = 2026-03-02 Day"),
        (
            "The envoy will leave tomorrow.",
            "tomorrow = 2026-03-04 Day",
        ),
        (
            "The envoy left the day before yesterday.",
            "the day before yesterday = 2026-03-01 Day",
        ),
        (
            "The raid took place three days ago.",
            "three days ago = 2026-02-28 Day",
        ),
        (
            "The raid on Sunday came a day earlier.",
            "Sunday = 2026-03-01 Day; a day earlier = 2026-02-28 Day",
        ),
        (
            "The raid took place two weeks earlier.",
            "two weeks earlier = 2026-02-16..2026-02-18 Week",
        ),
        (
            "He left a year ago.",
            "a year ago = 2025-01-01..2025-12-31 Year background",
        ),
        (
            "Iraq carried out ten strikes in the past 24 hours.",
            "the past 24 hours = 2026-03-02 12:00..2026-03-03 12:00 Day",
        ),
        (
            "Over the last two days shells fell.",
            "the last two days = 2026-03-01..2026-03-03 Day",
        ),
        (
            "Shells fell in recent weeks.",
            "recent weeks = 2026-02-03..2026-03-03 Week",
        ),
        ("Shells fell days ago.", "days ago = ? Within"),
        (
            "Shells fell three hours ago.",
            "three hours ago = 2026-03-03 09:00-09:59 Hour",
        ),
    ]);
}

#[test]
fn weeks_months_and_years() {
    check(&[
        (
            "He resigned last week.",
            "last week = 2026-02-23..2026-03-01 Week",
        ),
        (
            "He resigned earlier this week.",
            "earlier this week = 2026-03-02..2026-03-03 Week",
        ),
        (
            "He will resign later this week.",
            "later this week = 2026-03-03..2026-03-08 Week",
        ),
        (
            "He resigned earlier this month.",
            "earlier this month = 2026-03-01..2026-03-03 Month",
        ),
        (
            "He resigned last month.",
            "last month = 2026-02-01..2026-02-28 Month",
        ),
        (
            "They met over the weekend.",
            "the weekend = 2026-02-28..2026-03-01 Day",
        ),
        (
            "They will meet at the weekend.",
            "the weekend = 2026-03-07..2026-03-08 Day",
        ),
        (
            "They met in January.",
            "January = 2026-01-01..2026-01-31 Month",
        ),
        (
            "They met in early February.",
            "early February = 2026-02-01..2026-02-10 Month",
        ),
        (
            "They met in mid-February.",
            "mid-February = 2026-02-10..2026-02-19 Month",
        ),
        (
            "They met in November.",
            "November = 2025-11-01..2025-11-30 Month background",
        ),
        (
            "They will meet in May.",
            "May = 2026-05-01..2026-05-31 Month",
        ),
        (
            "The border was drawn in 1923.",
            "1923 = 1923-01-01..1923-12-31 Year background",
        ),
        (
            "The war has gone on since 2022.",
            "since 2022 = 2022-01-01..2026-03-03 Since Year background",
        ),
        (
            "The army has held it since Sunday.",
            "since Sunday = 2026-03-01..2026-03-03 Since Day",
        ),
        (
            "The deal ran from 2014 to 2019.",
            "from 2014 to 2019 = 2014-01-01..2019-12-31 Year background",
        ),
        (
            "He demanded that they leave by Friday.",
            "by Friday = 2026-03-06 Until Day",
        ),
        (
            "It was built in the 1990s.",
            "1990s = 1990-01-01..1999-12-31 Year background",
        ),
        (
            "He was killed in March last year.",
            "March last year = 2025-03-01..2025-03-31 Month background",
        ),
        (
            "It failed in the summer of 2023.",
            "the summer of 2023 = 2023-06-01..2023-08-31 Month background",
        ),
        (
            "It was signed at the end of January.",
            "the end of January = 2026-01-21..2026-01-31 Month",
        ),
    ]);
}

#[test]
fn what_is_no_time_of_an_event() {
    check(&[
        ("Theresa May visited the base.", ""),
        ("The army may attack.", ""),
        ("Troops march towards Goma.", ""),
        ("A 5-year-old was hurt.", ""),
        ("The visit lasted three days.", ""),
        ("He fought for three hours.", ""),
        ("The second wave came.", ""),
        ("The Sunday Times reported it.", ""),
        ("They marked the 1967 borders.", ""),
        ("Some 2000 soldiers left.", ""),
        ("The 28-point plan was rejected.", ""),
        ("Resolution 1701 was cited.", ""),
        ("About 10 people died.", ""),
        ("A price of 3 dollars was paid.", ""),
        ("He spoke of May and her cabinet.", ""),
    ]);
}

#[test]
fn without_a_reference_only_full_dates_have_a_value() {
    let found = read_at("He died on Monday, after the deal of 3 March 2025.", None);
    assert_eq!(
        found,
        ["Monday = ? Within", "3 March 2025 = 2025-03-03 Day"]
    );
}

#[test]
fn the_reference_is_the_dateline_where_it_is_close() {
    let published = at("2026-03-04T01:30:00Z");
    assert_eq!(
        reference(published, Some("March 3")),
        at("2026-03-03T12:00:00Z")
    );
    assert_eq!(reference(published, Some("Feb. 3")), published);
    assert_eq!(reference(published, None), published);
    assert_eq!(reference(None, Some("March 3")), None);
    assert_eq!(
        reference(None, Some("Tuesday, 3 March 2026")),
        at("2026-03-03T12:00:00Z")
    );
    assert_eq!(
        reference(at("2026-01-01T02:00:00Z"), Some("Dec 31")),
        at("2025-12-31T12:00:00Z")
    );
    assert_eq!(reference(None, None), None);
}

#[test]
fn odd_references_and_numbers_are_no_trouble() {
    for now in [
        "-009999-01-02T01:59:59Z",
        "9999-12-30T22:00:00Z",
        "0000-03-01T00:00:00Z",
        "2024-02-29T00:00:00Z",
    ] {
        for text in [
            "On Monday and Tuesday, last year, next year, 9999 years ago, 60 decades later, a month ago, next month, the next 9999 weeks.",
            "February 30, 31 April 2026, 99:99, at 24:00, 0000-00-00, the 31st, from 2022 to 2021, between 9 and 3 March, until until.",
            "since since 2022 by by Friday the the night of of mid- mid-March early early late Monday 1 a.m. 13 p.m. 5 May 5 May",
            "The day a year earlier. Last 0 days. In the past 9999 hours. the weekend the week last",
        ] {
            read_at(text, Some(now.parse().unwrap()));
        }
    }
    let long = plain(&"on Monday and 3 March to ".repeat(2_000));
    let begun = std::time::Instant::now();
    find(&long, 0..long.len(), at("2026-03-03T12:00:00Z"));
    assert!(begun.elapsed().as_secs() < 1);
}
