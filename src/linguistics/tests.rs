//! The room as a whole: whatever the text, tokens rebuild it and every sentence is a tree.

use super::*;
use proptest::prelude::*;
use std::collections::HashSet;
use std::sync::LazyLock;

static ENGLISH: LazyLock<Linguistics> =
    LazyLock::new(|| Linguistics::embedded(Profile::default()).expect("the embedded weights load"));

fn read(text: &str) -> Document {
    ENGLISH.read(text, std::slice::from_ref(&(0..text.len())))
}

fn forms(document: &Document) -> Vec<&str> {
    (0..document.len()).map(|i| document.form(i)).collect()
}

/// Panics unless tokens cover everything but white space, in order, and sentences are trees with one root.
fn check(document: &Document) {
    check_cut(document);
    let tokens = &document.tokens;
    for sentence in &document.sentences {
        let roots = sentence
            .clone()
            .filter(|&i| document.head(i).is_none())
            .count();
        assert_eq!(roots, 1);
        for i in sentence.clone() {
            assert_eq!(tokens.deprel[i] == Deprel::Root, document.head(i).is_none());
            let mut steps = 0;
            let mut node = i;
            while let Some(head) = document.head(node) {
                assert!(sentence.contains(&head));
                node = head;
                steps += 1;
                assert!(steps <= sentence.len(), "a circle");
            }
        }
    }
}

/// Panics unless tokens cover everything but white space, in order, and sentences cover the tokens.
fn check_cut(document: &Document) {
    let tokens = &document.tokens;
    let mut at = 0;
    for i in 0..document.len() {
        let (start, end) = (tokens.start[i] as usize, tokens.end[i] as usize);
        assert!(document.text[at..start].chars().all(char::is_whitespace));
        assert!(start < end && end - start <= token::BYTES_MAX);
        assert!(!document.form(i).contains(char::is_whitespace));
        at = end;
    }
    assert!(document.text[at..].chars().all(char::is_whitespace));
    for list in [
        tokens.end.len(),
        tokens.upos.len(),
        tokens.xpos.len(),
        tokens.lemma.len(),
        tokens.head.len(),
    ] {
        assert_eq!(list, document.len());
    }
    let mut next = 0;
    for sentence in &document.sentences {
        assert_eq!(sentence.start, next);
        assert!(!sentence.is_empty() && sentence.len() <= sentence::TOKENS_MAX);
        next = sentence.end;
    }
    assert_eq!(next, document.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_covered_and_parsed(text in "\\PC{0,200}") {
        check(&read(&text));
    }

    #[test]
    fn marks_and_letters_in_any_order(text in "[ a-cA-C0-2.,'’\"“”!?/@:;&$%#+()\\n—–-]{0,200}") {
        check(&read(&text));
    }

    #[test]
    fn any_ranges_are_read_without_panic(text in "\\PC{0,80}", ranges in prop::collection::vec((0usize..120, 0usize..120), 0..4)) {
        let blocks: Vec<_> = ranges.into_iter().map(|(a, b)| a..b).collect();
        let document = ENGLISH.read(&text, &blocks);
        prop_assert!(document.tokens.end.iter().all(|&e| e as usize <= text.len()));
    }
}

#[test]
fn words_are_cut_as_the_treebanks_do() {
    let cases = [
        (
            "The U.S.-led coalition hit a Spanish-speaking unit.",
            "The|U.S.|-|led|coalition|hit|a|Spanish|-|speaking|unit|.",
        ),
        (
            "It isn't Kyiv's, they'll say; we’re sure.",
            "It|is|n't|Kyiv|'s|,|they|'ll|say|;|we|’re|sure|.",
        ),
        (
            "Gen. Oleksandr Syrskyi met Lt. Col. Smith.",
            "Gen.|Oleksandr|Syrskyi|met|Lt.|Col.|Smith|.",
        ),
        (
            "About 1,200 shells and 3.5 tons at 10:30.",
            "About|1,200|shells|and|3.5|tons|at|10:30|.",
        ),
        (
            "A $5m deal, a €2.3bn loan, US$40 a barrel",
            "A|$|5|m|deal|,|a|€|2.3|bn|loan|,|US$|40|a|barrel",
        ),
        (
            "F-16s, Su-34 and S-400; Shahed-136 drones",
            "F-16s|,|Su-34|and|S-400|;|Shahed-136|drones",
        ),
        (
            "an Iskander-M and a 155mm gun, 2S19",
            "an|Iskander-M|and|a|155|mm|gun|,|2S19",
        ),
        (
            "US-UK talks with al-Shabaab",
            "US|-|UK|talks|with|al|-|Shabaab",
        ),
        (
            "anti-tank, mid-March, a 26-year-old",
            "anti-tank|,|mid-March|,|a|26|-|year|-|old",
        ),
        (
            "See https://example.org/a?b=1, or mail a.b@example.com.",
            "See|https://example.org/a?b=1|,|or|mail|a.b@example.com|.",
        ),
        (
            "“We won’t,” he said… then left",
            "“|We|wo|n’t|,|”|he|said|…|then|left",
        ),
        (
            "2003–2004 and 10-15 km/h on 11/28/2000",
            "2003|–|2004|and|10|-|15|km/h|on|11/28/2000",
        ),
        (
            "10% of 1980s and/or cannot",
            "10|%|of|1980s|and|/|or|can|not",
        ),
        (
            "No. 2 said no. John F. Kennedy",
            "No.|2|said|no|.|John|F.|Kennedy",
        ),
        (
            "the soldiers' families -- and O'Neill's",
            "the|soldiers|'|families|--|and|O'Neill|'s",
        ),
        ("at 5 a.m. in the U.S.", "at|5|a.m.|in|the|U.S."),
        (
            "etc. They left in Sept. 2023.",
            "etc|.|They|left|in|Sept.|2023|.",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(forms(&read(text)).join("|"), expected, "{text}");
    }
}

#[test]
fn sentences_end_where_they_should() {
    let cases: [(&str, &[&str]); 8] = [
        (
            "U.S. President Joe Biden met Gen. Mark Milley. He flew home at 5 p.m. The talks go on.",
            &[
                "U.S. President Joe Biden met Gen. Mark Milley.",
                "He flew home at 5 p.m.",
                "The talks go on.",
            ],
        ),
        (
            "“We will not leave.” The minister spoke on Monday.",
            &["“We will not leave.”", "The minister spoke on Monday."],
        ),
        (
            "“Stop!” he said. \"Now.\" She left.",
            &["“Stop!” he said.", "\"Now.\"", "She left."],
        ),
        (
            "Army shells town\nThree die",
            &["Army shells town", "Three die"],
        ),
        (
            "It fell by 3.5 percent. In April it rose.",
            &["It fell by 3.5 percent.", "In April it rose."],
        ),
        (
            "J. K. Smith said so (on TV.) Others agreed.",
            &["J. K. Smith said so (on TV.)", "Others agreed."],
        ),
        (
            "He lives in the U.S. However, she does not.",
            &["He lives in the U.S.", "However, she does not."],
        ),
        (
            "Yahoo! said nothing... Nobody did?! No.",
            &["Yahoo! said nothing...", "Nobody did?!", "No."],
        ),
    ];
    for (text, expected) in cases {
        let document = read(text);
        let found: Vec<&str> = document
            .sentences
            .iter()
            .map(|s| document.words(s.clone()))
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn hostile_text_takes_time_in_proportion_to_its_length() {
    let begin = std::time::Instant::now();
    let none = HashSet::new();
    for (text, times) in [
        (".", 250_000),
        (". ", 100_000),
        ("x", 10_000_000),
        ("'", 50_000),
        ("a-", 50_000),
        ("1-", 50_000),
        ("U.", 50_000),
        ("a.b@", 20_000),
        ("é’", 20_000),
        ("bcdfg ", 50_000),
        ("«“\"'(", 20_000),
    ] {
        let text = text.repeat(times);
        check_cut(&ENGLISH.read_news(&text, std::slice::from_ref(&(0..text.len())), &none));
    }
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}

#[test]
fn long_sentences_are_read_in_pieces() {
    for text in [
        "rockets and ".repeat(2_500),
        "EVACUATE THE TOWN NOW ".repeat(1_200),
        "зима 冬 ".repeat(600),
        "x".repeat(30_000),
    ] {
        check(&read(&text));
    }
}

#[test]
fn a_sentence_is_read_alike_whatever_is_read_with_it() {
    let sentences = [
        "Two drones hit an oil depot near Feodosia overnight, the governor said.",
        "Talks in Doha resume on Sunday.",
        "No.",
        "Moscow denied it, Kyiv did not comment, and Ankara, which had mediated between the two since March, offered to host another round as early as next week.",
        "Army chief sacked after coup rumours",
    ];
    let cut = |text: &'static str| -> Vec<&'static str> {
        let document = read(text);
        let spans = document.tokens.start.iter().zip(&document.tokens.end);
        spans
            .map(|(&a, &b)| &text[a as usize..b as usize])
            .collect()
    };
    let sentences: Vec<Vec<&str>> = sentences.into_iter().map(cut).collect();
    let alone: Vec<Vec<Read>> = sentences
        .iter()
        .map(|s| ENGLISH.read_words(std::slice::from_ref(s)).remove(0))
        .collect();
    // Together, in other company, and on many threads at once.
    assert_eq!(ENGLISH.read_words(&sentences), alone);
    std::thread::scope(|scope| {
        for turn in 0..8 {
            let (sentences, alone) = (&sentences, &alone);
            scope.spawn(move || {
                let order: Vec<usize> = (0..20).map(|i| (i * 3 + turn) % sentences.len()).collect();
                let many: Vec<Vec<&str>> = order.iter().map(|&i| sentences[i].clone()).collect();
                for (&i, found) in order.iter().zip(ENGLISH.read_words(&many)) {
                    assert_eq!(found, alone[i]);
                }
            });
        }
    });
}

#[test]
fn every_profile_reads() {
    for profile in Profile::ALL {
        let linguistics = Linguistics::embedded(profile).unwrap();
        let words = ["Iran", "launched", "missiles", "."].to_vec();
        let read = linguistics.read_words(&[words]).remove(0);
        let relations: Vec<&str> = read.iter().map(|w| w.deprel.name()).collect();
        assert_eq!(relations, ["nsubj", "root", "obj", "punct"], "{profile}");
        assert_eq!(profile.name().parse(), Ok(profile));
    }
}

#[test]
fn a_weights_file_of_another_kind_is_refused() {
    let gate = file(crate::embedded::MODELS, "gate.bin").unwrap();
    let error = Linguistics::with_weights(gate).err().unwrap();
    assert_eq!(
        error.to_string(),
        "expected weights that begin with \"SITREPLM\", found \"SITREPGT\""
    );
    let weights = file(crate::embedded::MODELS, Profile::Fast.file()).unwrap();
    let cut = Linguistics::with_weights(&weights[..weights.len() / 2]);
    assert!(matches!(cut.err(), Some(Error::Length { .. })));
}

#[test]
fn the_gate_tells_war_and_diplomacy_from_the_rest() {
    let admitted = |text: &str| {
        let document = ENGLISH.read_news(
            text,
            std::slice::from_ref(&(0..text.len())),
            &HashSet::new(),
        );
        document.tokens.deprel.contains(&Deprel::Root)
    };
    for text in [
        "Israeli warplanes struck two buildings in Tyre on Sunday evening, killing nine people.",
        "The foreign ministers of Egypt and Turkey met in Cairo to discuss Libya.",
        "Rebels captured a border post.",
        "Poland expels three Russian diplomats.",
    ] {
        assert!(admitted(text), "{text}");
    }
    for text in [
        "The bakery on Elm Street has won a prize for its sourdough loaves.",
        "Scientists describe a new species of tree frog from Borneo.",
        "The singer's third album tops the charts for a second week.",
        "Shares in the chipmaker rose 4% after it raised its forecast.",
    ] {
        assert!(!admitted(text), "{text}");
    }
    let admits = HashSet::from(["sourdough".to_owned()]);
    let text = "The bakery on Elm Street has won a prize for its sourdough loaves.";
    let document = ENGLISH.read_news(text, std::slice::from_ref(&(0..text.len())), &admits);
    assert_eq!(document.tokens.upos[1], Upos::Noun);
}

#[test]
fn blocks_are_read_apart_and_the_rest_is_left_out() {
    let text = "Troops left\nIgnored line.\nThe town is quiet.";
    let document = ENGLISH.read(text, &[0..11, 26..44]);
    let found: Vec<&str> = document
        .sentences
        .iter()
        .map(|s| document.words(s.clone()))
        .collect();
    assert_eq!(found, ["Troops left", "The town is quiet."]);
    let last = document.sentences[1].clone();
    assert!(
        last.clone()
            .all(|i| document.head(i).is_none_or(|h| last.contains(&h)))
    );
}

/// "word/head/relation" of each word.
fn tree(text: &str) -> String {
    let document = read(text);
    let arcs = (0..document.len()).map(|i| {
        let head = document.head(i).map_or("-", |h| document.form(h));
        format!("{}/{head}/{}", document.form(i), document.tokens.deprel[i])
    });
    arcs.collect::<Vec<_>>().join(" ")
}

#[test]
fn plain_news_is_parsed() {
    assert_eq!(
        tree("Russian forces shelled Kherson on Tuesday."),
        "Russian/forces/amod forces/shelled/nsubj shelled/-/root Kherson/shelled/obj on/Tuesday/case \
         Tuesday/shelled/obl ./shelled/punct"
    );
    assert_eq!(
        tree("The army said two soldiers were killed by a mine."),
        "The/army/det army/said/nsubj said/-/root two/soldiers/nummod soldiers/killed/nsubj:pass \
         were/killed/aux:pass killed/said/ccomp by/mine/case a/mine/det mine/killed/obl:agent ./said/punct"
    );
}

#[test]
fn lemmas_and_tags_of_plain_news() {
    let document = read("The ministers' envoys flew to Geneva and met the rebels.");
    assert_eq!(
        document.tokens.lemma[1..8],
        ["minister", "'s", "envoy", "fly", "to", "Geneva", "and"]
    );
    assert_eq!(document.tokens.xpos[4], "VBD");
    assert_eq!(document.tokens.upos[6], Upos::Propn);
}
