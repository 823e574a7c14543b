//! What the room promises, by example; under abuse, and for any input, in [`abuse`].

mod abuse;

use super::*;
use unicode_normalization::UnicodeNormalization;

fn item(title: &str, body: Body) -> NewsItem {
    NewsItem {
        item_id: "t".into(),
        version: 1,
        source: "test.example".into(),
        url: String::new(),
        title: title.into(),
        body,
        published_at: Some("2026-03-03T12:00:00Z".parse().unwrap()),
        language: "en".into(),
    }
}

fn text(body: &str) -> Normalised {
    normalise(&item("", Body::Text(body.into())))
}

fn html(body: &str) -> Normalised {
    normalise(&item("", Body::Html(body.into())))
}

/// Paragraphs with the first letter of their kind.
fn blocks(n: &Normalised) -> Vec<String> {
    let part = n.parts.last().unwrap();
    let kind = |k| match k {
        BlockKind::Body => 'B',
        BlockKind::Heading => 'H',
        BlockKind::Caption => 'C',
        BlockKind::Boilerplate => 'x',
    };
    part.blocks
        .iter()
        .map(|b| format!("{} {}", kind(b.kind), &part.text[b.range.clone()]))
        .collect()
}

fn source_words(source: &str, range: Range<u32>) -> String {
    source
        .chars()
        .skip(range.start as usize)
        .take(range.len())
        .collect()
}

/// The map is monotone and in bounds, and every character stands where it says.
fn assert_map(part: &NormalisedPart, source: &str) {
    let source: Vec<char> = source.chars().collect();
    assert_eq!(part.source.len(), part.text.len() + 1);
    assert_eq!(part.source_end.len(), part.text.len());
    assert!(
        part.source.windows(2).all(|w| w[0] <= w[1]),
        "starts go back"
    );
    assert!(
        part.source_end.windows(2).all(|w| w[0] <= w[1]),
        "ends go back"
    );
    assert!(
        part.source
            .iter()
            .chain(&part.source_end)
            .all(|p| *p as usize <= source.len())
    );
    let mut end = 0;
    for b in &part.blocks {
        assert!(
            b.range.start >= end && b.range.start < b.range.end && b.range.end <= part.text.len()
        );
        assert!(
            part.text.is_char_boundary(b.range.start) && part.text.is_char_boundary(b.range.end)
        );
        end = b.range.end;
    }
    for (at, c) in part.text.char_indices() {
        assert!(
            !matches!(c, '\u{0}'..='\u{9}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{a0}')
        );
        let (from, to) = (part.source[at] as usize, part.source_end[at] as usize);
        if c == ' ' || c == '\n' {
            continue;
        }
        let written: String = source[from..to].iter().collect();
        let folded: String = written.nfkc().collect();
        let hyphen = c == '-' && matches!(written.as_str(), "\u{2010}" | "\u{2011}" | "\u{2212}");
        assert!(
            written.starts_with('&')
                || written == "\0"
                || written.contains(c)
                || folded.contains(c)
                || hyphen,
            "{c:?} at {at} is mapped to {written:?}"
        );
    }
}

#[test]
fn offsets_lead_back_through_entities_and_markup() {
    let source = "<p>The &laquo;5&nbsp;&ndash;\u{200b}km&raquo; zone in <b>Kyiv</b>&#8217;s Pe<i>cher</i>sk&#x2014;was hit&semi; T&ouml;rk&amp</p>";
    let n = html(source);
    let part = &n.parts[0];
    assert_eq!(
        part.text.trim_end(),
        "The «5 –km» zone in Kyiv’s Pechersk—was hit; Törk&"
    );
    assert_map(part, source);
    for (word, expected) in [
        ("Kyiv", "Kyiv"),
        ("5", "5"),
        ("«5", "&laquo;5"),
        ("Kyiv’s", "Kyiv</b>&#8217;s"),
        ("Pechersk—", "Pe<i>cher</i>sk&#x2014;"),
        ("hit;", "hit&semi;"),
        ("Törk&", "T&ouml;rk&amp"),
    ] {
        let at = part.text.find(word).unwrap();
        let span = part.span(at..at + word.len());
        assert_eq!(source_words(source, span.start..span.end), expected);
        assert_eq!(span.text, word);
    }
}

#[test]
fn carriage_returns_before_an_entity_do_not_shift_it() {
    let source = "<p>a\r\n&amp;\r\r\n b&ZeroWidthSpace;c</p>\r\n<p>&eacute;t\u{e9} 😀&eacute;</p>";
    let n = html(source);
    assert_eq!(n.parts[0].text, "a & bc\nété 😀é\n");
    assert_map(&n.parts[0], source);
    let at = n.parts[0].text.find('&').unwrap();
    assert_eq!(
        source_words(source, n.parts[0].source_range(at..at + 1)),
        "&amp;"
    );
}

#[test]
fn unicode_is_folded_composed_and_mapped() {
    let source = "O\u{308}zil\u{a0}met\u{202f}\u{2009} the \u{fb01}ne\u{200d}st \u{ff21}\u{ff2b}\u{2011}47 \u{202e}men\u{202c} caf\u{65}\u{301}\u{ad}s";
    let n = text(source);
    assert_eq!(n.parts[0].text, "Özil met the finest AK-47 men cafés\n");
    assert_map(&n.parts[0], source);
    let at = n.parts[0].text.find("finest").unwrap();
    let range = n.parts[0].source_range(at..at + 6);
    assert_eq!(source_words(source, range), "\u{fb01}ne\u{200d}st");
}

#[test]
fn what_frames_a_page_is_left_out() {
    let n = html(
        "<html><head><title>x</title><style>p{}</style></head><body><header><p>Head</p></header><nav><ul><li>Home</ul></nav>
        <article><h1>Army shells Bara</h1><p hidden>no</p><p style='display: none'>no</p><div aria-hidden=true>no <div>no</div> no</div>
        <p>Shells fell on Bara, residents said.<script>if (a<b) {'</p>'}</script> Nobody was hurt.
        <p>The army denied it.<br>It spoke of <br><br> provocation by the militia.
        <figure><img src=a><figcaption>Smoke over Bara</figcaption></figure><h2>Talks</h2>
        <div class='share'>Share <a href=#>X</a></div><ul><li><a href=#>Five dead in Nyala</a></li></ul>
        <svg><style/><text>no</text></svg><aside><p>Aside</p></aside><p>Talks go on.</p></article><footer>(c)</footer></body></html>",
    );
    assert_eq!(
        blocks(&n),
        [
            "H Army shells Bara",
            "B Shells fell on Bara, residents said. Nobody was hurt.",
            "B The army denied it. It spoke of",
            "B provocation by the militia.",
            "C Smoke over Bara",
            "H Talks",
            "x Share X",
            "x Five dead in Nyala",
            "B Talks go on.",
        ]
    );
}

#[test]
fn a_head_that_nobody_closed_ends_at_the_body() {
    let n =
        html("<head><title>x</title><body><p>Iran tested a missile.<p hidden>no<p>Oman reacted.");
    assert_eq!(blocks(&n), ["B Iran tested a missile.", "B Oman reacted."]);
}

#[test]
fn a_page_wholly_inside_a_form_is_still_read() {
    let n = html(
        "<body><form id=aspnet><div class='content has-sidebar'><p>Iran tested a missile on Monday, state television said.</p></div></form></body>",
    );
    assert_eq!(
        blocks(&n),
        ["B Iran tested a missile on Monday, state television said."]
    );
}

#[test]
fn hard_wrapped_text_is_joined_and_other_lines_are_not() {
    let wrapped = "GOMA, Congo (Sample) - Rebels took the town of Walikale on Wednesday after\ntwo days of fighting with the army, residents and a United Nations source\nsaid, in the furthest advance since the fighting flared up again in January\nthis year.\nThe army did not comment. A spokesman for the rebels said that they would\nhold the town \"for the time being\" and called on civilians to stay in their\nhouses.\n\n- one\n- two\n";
    let n = text(wrapped);
    assert_eq!(
        blocks(&n),
        [
            "B Rebels took the town of Walikale on Wednesday after two days of fighting with the army, residents and a United Nations source said, in the furthest advance since the fighting flared up again in January this year.",
            "B The army did not comment. A spokesman for the rebels said that they would hold the town \"for the time being\" and called on civilians to stay in their houses.",
            "B one",
            "B two",
        ]
    );
    assert_map(&n.parts[0], wrapped);
    let lines = text(
        "Two drones were shot down over Sumy.\nOne fell on a farm near Konotop.\nNobody was hurt, the governor said.\nThe alert lasted two hours.",
    );
    assert_eq!(blocks(&lines).len(), 4);
    let broken =
        text("The minister will travel to Ankara and\nmeet his counterpart there, he said.");
    assert_eq!(blocks(&broken).len(), 1);
}

#[test]
fn datelines_are_found_and_left_out() {
    let cases = [
        (
            "KYIV, March 3 (Sample Wire) - Russia attacked.",
            Some("KYIV"),
            Some("March 3"),
            Some("Sample Wire"),
        ),
        (
            "WASHINGTON (AP) — The president spoke.",
            Some("WASHINGTON"),
            None,
            Some("AP"),
        ),
        (
            "Beirut, 7 April 2026 /Agency/ -- Israel struck.",
            Some("Beirut"),
            Some("7 April 2026"),
            Some("Agency"),
        ),
        (
            "MOSCOW. March 3. SAMPLEFAX - The ministry said so.",
            Some("MOSCOW"),
            Some("March 3"),
            Some("SAMPLEFAX"),
        ),
        (
            "MOSCOW, March 3. /SASS/. The ministry said so.",
            Some("MOSCOW"),
            Some("March 3"),
            Some("SASS"),
        ),
        (
            "(Reuters) - Two ships collided.",
            None,
            None,
            Some("Reuters"),
        ),
        (
            "KHARKIV, Ukraine (AP) — A missile fell.",
            Some("KHARKIV, Ukraine"),
            None,
            Some("AP"),
        ),
        (
            "BRUSSELS/PRISTINA, Feb. 27 — Negotiators met.",
            Some("BRUSSELS/PRISTINA"),
            Some("Feb. 27"),
            None,
        ),
        (
            "UNITED NATIONS, March 10 (Sample Wire) - Russia vetoed it.",
            Some("UNITED NATIONS"),
            Some("March 10"),
            Some("Sample Wire"),
        ),
        (
            "SRINAGAR / ISLAMABAD: Troops exchanged fire.",
            Some("SRINAGAR / ISLAMABAD"),
            None,
            None,
        ),
        (
            "PORT-AU-PRINCE, Haiti, June 2 (Agency)- Gangs attacked.",
            Some("PORT-AU-PRINCE, Haiti"),
            Some("June 2"),
            Some("Agency"),
        ),
        (
            "BAMAKO, Feb 21 - Fighters ambushed a convoy.",
            Some("BAMAKO"),
            Some("Feb 21"),
            None,
        ),
    ];
    for (body, place, date, agency) in cases {
        let n = text(body);
        let part = &n.parts[0];
        let d = part
            .dateline
            .clone()
            .unwrap_or_else(|| panic!("no dateline in {body:?}"));
        let words = |r: Option<Range<usize>>| r.map(|r| part.text[r].to_string());
        assert_eq!(
            (
                words(d.place).as_deref(),
                words(d.date).as_deref(),
                words(d.agency).as_deref()
            ),
            (place, date, agency),
            "{body}"
        );
        assert_eq!(part.blocks[0].range.start, d.range.end);
        assert!(part.text[d.range.end..].starts_with(|c: char| c.is_uppercase()));
    }
}

#[test]
fn sentences_with_dashes_are_no_datelines() {
    for body in [
        "Iran — which denies it — launched a missile.",
        "On March 3 (a Tuesday) - the day of the vote - shells fell.",
        "Russia attacked Kyiv - again - on Monday.",
        "The U.S. said - and Israel confirmed - that talks began.",
        "Zelensky: We will not give up.",
        "Kyiv - The capital was hit.",
        "F-16s of Turkey took off.",
    ] {
        let n = text(body);
        assert_eq!(n.parts[0].dateline, None, "{body}");
        assert_eq!(n.parts[0].blocks[0].range.start, 0, "{body}");
    }
    let transcript =
        text("QUESTION: Will you go to Kyiv?\n\nANSWER: We will see.\n\nQUESTION: When?");
    assert_eq!(transcript.parts[0].dateline, None);
}

#[test]
fn a_dateline_may_stand_on_its_own_line() {
    let n = text(
        "FOR IMMEDIATE RELEASE\nAddis Ababa, 16 April 2026 (press text)\n\nThe envoy met both sides.",
    );
    assert_eq!(blocks(&n)[2], "B The envoy met both sides.");
    let part = &n.parts[0];
    let d = part.dateline.clone().unwrap();
    assert_eq!(&part.text[d.place.unwrap()], "Addis Ababa");
    assert_eq!(&part.text[d.date.unwrap()], "16 April 2026");
}

#[test]
fn stamps_bullets_and_labels_are_left_out() {
    for (body, expected) in [
        ("09:41 GMT – Drones over Sumy.", "Drones over Sumy."),
        ("[10:15] Drones over Sumy.", "Drones over Sumy."),
        ("9.41am: Drones over Sumy.", "Drones over Sumy."),
        ("03:40 Drones over Sumy.", "Drones over Sumy."),
        ("⚡\u{fe0f}Drones over Sumy.", "Drones over Sumy."),
        ("• 11:05 – Drones over Sumy.", "Drones over Sumy."),
        ("BREAKING: Drones over Sumy.", "Drones over Sumy."),
        ("2) Drones over Sumy.", "Drones over Sumy."),
        ("12.30 million people fled.", "12.30 million people fled."),
        ("Live and let die, he said.", "Live and let die, he said."),
        ("10 March 2026 was quiet.", "10 March 2026 was quiet."),
    ] {
        assert_eq!(blocks(&text(body)), [format!("B {expected}")], "{body}");
    }
    let title = normalise(&item(
        "UPDATE 2-Iran fires missiles at Erbil - Sample News",
        Body::Text("x".into()),
    ));
    let part = &title.parts[0];
    assert_eq!(
        &part.text[part.blocks[0].range.clone()],
        "Iran fires missiles at Erbil"
    );
}

#[test]
fn furniture_is_not_read() {
    for line in [
        "By Staff Reporter in Beirut",
        "Reporting by the Sample desk in Kyiv; Editing by the night desk",
        "(Reporting by Sample Wire staff in Kyiv and Odesa; Editing by the Sample Wire desk)",
        "Read more: how Tuesday’s strike unfolded",
        "Subscribe from £1 a week. Cancel any time.",
        "Sign up for our newsletter",
        "This is a developing story and will be updated.",
        "Follow us on Telegram and X",
        "ADVERTISEMENT",
        "© 2026 Kyiv Daybook. All rights reserved.",
        "(Corrects number of drones launched to 51, not 49, after the air force revised its tally)",
        "***",
        "12:21",
        "Thu 5 Mar 2026",
    ] {
        let n = text(&format!(
            "A drone hit a house in Sumy.\n\n{line}\n\nNobody was hurt."
        ));
        assert_eq!(blocks(&n)[1], format!("x {line}"));
    }
    for line in [
        "By Tuesday evening the toll had risen to 12.",
        "By Tuesday the toll had risen",
        "Reporting by state media suggests that the army has left the town of Bara, in what would be its second retreat in a week.",
        "Commentators on state television praised the strike.",
        "Share prices fell after the attack.",
        "Sources said that two officers had been killed.",
        "The rebels released 12 soldiers (and kept their officers).",
    ] {
        let n = text(&format!(
            "A drone hit a house in Sumy.\n\n{line}\n\nNobody was hurt."
        ));
        assert!(!blocks(&n)[1].starts_with('x'), "{line}");
    }
}

#[test]
fn captions_and_repeats_are_told_apart() {
    let n = normalise(&item(
        "Drone hits Sumy",
        Body::Text("Drone hits Sumy\n\nA view of the burnt house in Sumy, March 3. [Photo: Sample]\n\nFILE PHOTO: A drone flies over Sumy\n\n“We ran to the cellar,” said a neighbour.\n\nNobody was hurt.\n\n“We ran to the cellar,” said a neighbour.".into()),
    ));
    let kinds: String = blocks(&n).iter().map(|b| &b[..1]).collect();
    assert_eq!(kinds, "xCCBBx");
}

#[test]
fn languages_are_told_and_warned_of() {
    let detect = |title: &str, body: &str| {
        let n = normalise(&NewsItem {
            language: String::new(),
            ..item(title, Body::Text(body.into()))
        });
        (n.language.clone(), n.is_supported(), n.warnings.len())
    };
    let en = |s: &str| (s.to_string(), true, 0);
    assert_eq!(
        detect(
            "",
            "Russia launched 49 drones at Ukraine overnight, the air force said on Tuesday."
        ),
        en("en")
    );
    assert_eq!(detect("Zelenskyy, Macron hold talks", "Kyiv."), en("und"));
    assert_eq!(detect("", ""), en("und"));
    let mixed = "The ministry said: «Мы нанесли удар» and added that the strike was a reply to an attack on Belgorod by the enemy.";
    assert_eq!(detect("", mixed), en("en"));
    let (language, supported, warnings) = detect(
        "",
        "Le ministre des Affaires étrangères a rencontré lundi à Paris son homologue allemand pour discuter de la situation.",
    );
    assert_eq!((language.as_str(), supported, warnings), ("fr", false, 1));
    let (language, supported, _) = detect(
        "",
        "Вночі російські війська атакували Київ ударними безпілотниками, повідомляє міська військова адміністрація.",
    );
    assert_eq!((language.as_str(), supported), ("uk", false));
    let given = normalise(&NewsItem {
        language: "uk-UA".into(),
        ..item("", Body::Text("The text.".into()))
    });
    assert_eq!(given.language, "uk-UA");
    assert_eq!(given.warnings[0].reason, "LANGUAGE_UNSUPPORTED");
    let given = normalise(&NewsItem {
        language: "EN-gb".into(),
        published_at: None,
        ..item("", Body::Text("Le texte.".into()))
    });
    assert_eq!(
        given
            .warnings
            .iter()
            .map(|w| w.reason.as_str())
            .collect::<Vec<_>>(),
        ["PUBLISHED_AT_MISSING"]
    );
}

#[test]
fn long_texts_are_cut_at_a_space_with_a_warning() {
    let long = "Shells fell on the town. ".repeat(3_000);
    let n = text(&long);
    assert_eq!(n.warnings[0].reason, "TEXT_TRUNCATED");
    let read = &n.parts[0].text;
    assert!(
        read.chars().count() <= TEXT_BOUND && read.len() > TEXT_BOUND - 30,
        "{}",
        read.len()
    );
    assert!(
        read.ends_with("town.")
            || read.ends_with("the")
            || read.ends_with("fell")
            || read.ends_with("on"),
        "{:?}",
        &read[read.len() - 20..]
    );
    assert_map(&n.parts[0], &long);
    let many = "Shells fell on the town.\n\n".to_string();
    let distinct: String = (0..4_000)
        .map(|i| format!("{i} shells fell.\n\n{many}"))
        .collect();
    assert_eq!(text(&distinct).warnings[0].reason, "TEXT_TRUNCATED");
}
