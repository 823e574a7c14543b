//! Sentences of our own; the tokens carry no tags unless a test gives them.

use super::*;
use crate::resolve::time::plain;

fn show(doc: &Document) -> String {
    let found = find(doc, 0..doc.len());
    let line = |m: &NumberMention| {
        let max = m.max_value.map_or(String::new(), |x| format!("-{x}"));
        let how = match m.approximation {
            Approximation::Exact => "",
            Approximation::AtLeast => "≥",
            Approximation::About => "~",
            Approximation::AtMost => "≤",
        };
        let kind = if m.kind == NumberKind::Count {
            String::new()
        } else {
            format!("{:?} ", m.kind)
        };
        format!(
            "{}: {kind}{how}{}{max} {}",
            doc.words(m.tokens.clone()),
            m.value,
            m.unit
        )
        .trim_end()
        .to_string()
    };
    found.iter().map(line).collect::<Vec<_>>().join("; ")
}

fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found = show(&plain(text));
        if found != *expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn things_are_counted_by_their_noun() {
    check(&[
        (
            "Russia launched 49 drones and two ballistic missiles at Ukraine.",
            "49: 49 drone; two: 2 ballistic missile",
        ),
        ("Russia launched 49 attack drones.", "49: 49 attack drone"),
        (
            "They seized three Iranian speedboats near Hormuz.",
            "three: 3 speedboat",
        ),
        ("Air defences shot down 32 of the drones.", "32: 32 drone"),
        ("One of the drones hit a house.", "One: 1 drone"),
        (
            "It launched 49 drones, of which 32 were shot down.",
            "49: 49 drone; 32: 32 drone",
        ),
        (
            "The army lost two Su-34 jets.",
            "two: 2 jet; 34: Designation 34",
        ),
        ("The navy received 14 aircraft.", "14: 14 aircraft"),
        ("Both missiles missed.", "Both: 2 missile"),
        ("Both Iran and Iraq have missiles.", ""),
        ("Both sides fired.", ""),
        ("An Iranian Shahed 129 drone fell.", "129: Designation 129"),
        (
            "Some 275 United States soldiers left.",
            "Some 275: ~275 soldier",
        ),
        ("They gave 200M pesos.", "200M: Money 200000000 peso"),
        ("The raid destroyed two arms depots.", "two: 2 depot"),
        ("They freed 157 prisoners of war each.", "157: 157 prisoner"),
        ("Germany will send 12 more tanks.", "12: 12 tank"),
        ("Twenty-three boats left port.", "Twenty-three: 23 boat"),
        (
            "Some two hundred and fifty trucks crossed.",
            "Some two hundred and fifty: ~250 truck",
        ),
    ]);
}

#[test]
fn people_are_counted_without_a_noun() {
    check(&[
        ("The blast killed 12.", "12: 12 person"),
        (
            "A strike killed 12 and wounded 30.",
            "12: 12 person; 30: 30 person",
        ),
        ("Five were wounded.", "Five: 5 person"),
        (
            "At least 15 people were killed and 58 injured.",
            "At least 15: ≥15 person; 58: 58 person",
        ),
        ("It left 12 dead.", "12: 12 person"),
        (
            "Three people died and 11 others were hurt.",
            "Three: 3 person; 11: 11 person",
        ),
        (
            "14 wounded, two of them children.",
            "14: 14 person; two: 2 child",
        ),
        ("Israel killed 12 Palestinians.", "12: 12 person"),
        (
            "The shelling killed five children and three women.",
            "five: 5 child; three: 3 woman",
        ),
        ("About 300 troops left.", "About 300: ~300 soldier"),
        (
            "Rebels killed three police officers.",
            "three: 3 police officer",
        ),
    ]);
}

#[test]
fn modifiers_and_ranges() {
    check(&[
        (
            "More than a dozen rockets fell.",
            "More than a dozen: ≥12 rocket",
        ),
        ("Up to 30 fighters surrendered.", "Up to 30: ≤30 fighter"),
        ("Nearly 100 houses burnt.", "Nearly 100: ~100 house"),
        (
            "Between 10 and 15 rockets fell.",
            "Between 10 and 15: 10-15 rocket",
        ),
        ("It fired 10-15 rockets.", "10-15: 10-15 rocket"),
        ("It fired 10 to 15 rockets.", "10 to 15: 10-15 rocket"),
        ("It fired two or three rockets.", "two or three: 2-3 rocket"),
        ("Some 1,200 soldiers arrived.", "Some 1,200: ~1200 soldier"),
        (
            "About 1.5 million people fled.",
            "About 1.5 million: ~1500000 person",
        ),
        (
            "Half a million people fled.",
            "Half a million: 500000 person",
        ),
        ("A hundred houses burnt.", "A hundred: 100 house"),
        (
            "2-3 million people fled.",
            "2-3 million: 2000000-3000000 person",
        ),
        (
            "No fewer than 40 shells fell.",
            "No fewer than 40: ≥40 shell",
        ),
        (
            "As many as 600 fighters crossed.",
            "As many as 600: ≤600 fighter",
        ),
        ("50 or more rockets fell.", "50 or more: ≥50 rocket"),
        ("A couple of rockets fell.", "A couple: ~2 rocket"),
        (
            "The toll rose from 10 to 15.",
            "10: 10 person; 15: 15 person",
        ),
        ("12 000 soldiers arrived.", "12 000: 12000 soldier"),
        ("Six or 600 shells fell.", "Six: Bare 6; 600: 600 shell"),
    ]);
}

#[test]
fn vague_words_have_no_value() {
    check(&[
        ("Dozens of rockets fell.", "Dozens: Vague 0 rocket"),
        ("Scores were wounded.", "Scores: Vague 0 person"),
        (
            "Tens of thousands of people fled.",
            "Tens of thousands: Vague 0 person",
        ),
        (
            "Several hundred fighters came.",
            "Several hundred: Vague 0 fighter",
        ),
        ("He scores goals.", ""),
    ]);
}

#[test]
fn other_numbers_say_what_they_are() {
    check(&[
        ("The aid is worth $300m.", "$300m: Money 300000000 dollar"),
        ("It paid €2 bn for jets.", "€2 bn: Money 2000000000 euro"),
        (
            "It cost 40 million dollars.",
            "40 million: Money 40000000 dollar",
        ),
        ("Prices rose 3.5 percent.", "3.5: Percentage 3.5 percent"),
        (
            "Two thirds of the town is gone.",
            "Two: Percentage 2 percent",
        ),
        ("They fought for three hours.", "three: Duration 3"),
        ("A 24-hour truce began.", "24: Duration 24"),
        ("A 12-year-old was hurt.", "12: Age 12"),
        ("Ali Hassan, 34, was hurt.", "34: Age 34"),
        ("He shot a woman of 61.", "61: Age 61"),
        ("The base is 12 km from Goma.", "12: Measure 12 kilometre"),
        ("It fired 155mm shells.", "155mm: Measure 155 millimetre"),
        ("It landed 300m away.", "300m: Measure 300 metre"),
        (
            "It landed 10 nautical miles off Oman.",
            "10: Measure 10 mile",
        ),
        ("He was born in 1967.", "1967: Date 1967"),
        ("On March 3 they met.", "3: Date 3"),
        ("They met on 3 March 2026.", "3: Date 3; 2026: Date 2026"),
        ("They met at 03:40.", ""),
        ("They met at 5 a.m. on Monday.", "5: Date 5"),
        (
            "The council adopted Resolution 1701.",
            "1701: Designation 1701",
        ),
        ("They rejected the 28-point plan.", "28: Designation 28"),
        (
            "The 47th Mechanized Brigade held Sumy.",
            "47th: Designation 47",
        ),
        ("It invoked Article 5 in Brussels.", "5: Designation 5"),
        ("An S-300 battery was hit.", "300: Designation 300"),
        ("It was the third attack.", "third: Ordinal 3"),
        ("They met the Group of 20 envoys.", "20: Designation 20"),
        ("No one was hurt.", ""),
        ("They accused one another.", ""),
    ]);
}

#[test]
fn a_single_thing_is_one() {
    let doc =
        plain("Ukraine shot down an Iranian attack drone and captured a pilot near the bridge.");
    let token = |w: &str| (0..doc.len()).find(|i| doc.form(*i) == w).unwrap();
    let drone = single(&doc, token("drone")).unwrap();
    assert_eq!((drone.value, drone.unit.as_str()), (1.0, "attack drone"));
    assert_eq!(doc.words(drone.tokens), "an");
    assert_eq!(single(&doc, token("pilot")).unwrap().unit, "pilot");
    assert_eq!(single(&doc, token("bridge")), None);
    let doc = plain("It lost a dozen boats and two drones.");
    assert_eq!(single(&doc, doc.len() - 2), None);
    assert_eq!(single(&doc, 4), None);
    assert_eq!(single(&doc, 999), None);
}

#[test]
fn wrong_tags_do_not_mislead() {
    let mut doc = plain("Russia launched 49 drones and killed 12 on Monday.");
    for i in 0..doc.len() {
        doc.tokens.upos[i] = Upos::Propn;
        doc.tokens.xpos[i] = "NNP";
        doc.tokens.head[i] = 0;
    }
    assert_eq!(show(&doc), "49: 49 drone; 12: 12 person");
}

#[test]
fn long_and_odd_numbers_are_no_trouble() {
    for text in [
        "99999999999999999999999999 drones",
        "1,2,3,4 and 1.2.3.4 or 1..2",
        "million million million million million million million million million million",
        "one hundred hundred thousand and and five-five twenty-twenty",
        "- 5 - - 6 $ € % 7",
        "between and between 5 and from to 5",
        "٣ ½ ² 5² 1e400",
    ] {
        show(&plain(text));
    }
    let long = plain(&"9 million ".repeat(1_000));
    assert!(
        find(&long, 0..long.len())
            .iter()
            .all(|m| m.value.is_finite())
    );
    let many = plain(&"two or 3 of the ".repeat(4_000));
    let begun = std::time::Instant::now();
    find(&many, 0..many.len());
    assert!(begun.elapsed().as_secs() < 1);
}
