//! Ordinary bad input is data: each case is a clear field error or a reading, perhaps with a warning; none is a panic, and none
//! takes long.

use sitrep::engine::Engine;
use sitrep::model::Reading;
use sitrep::wire::{self, v1};
use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Processor time that the slowest case may take, in a build for tests.
const LIMIT: Duration = Duration::from_secs(5);

/// When to stop waiting: other tests and programs use the same cores.
const PATIENCE: Duration = Duration::from_secs(60);

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::embedded().expect("the embedded lexicon loads"))
}

fn text(text: impl Into<String>) -> v1::NewsItem {
    v1::NewsItem {
        item_id: "bad-1".into(),
        source: "wire.example".into(),
        published_at: Some(pbjson_types::Timestamp {
            seconds: 1_772_520_120,
            nanos: 0,
        }),
        language: "en".into(),
        body: Some(v1::news_item::Body::Text(text.into())),
        ..Default::default()
    }
}

fn html(html: impl Into<String>) -> v1::NewsItem {
    v1::NewsItem {
        body: Some(v1::news_item::Body::Html(html.into())),
        ..text("")
    }
}

/// The reading of an item that is valid, within the time limit and on a small stack.
fn read(message: v1::NewsItem) -> Reading {
    let item = wire::item(message).expect("a valid item");
    engine();
    let (sender, receiver) = channel();
    let reader = std::thread::Builder::new().stack_size(2 << 20);
    let reading = reader.spawn(move || {
        let start = busy();
        let reading = engine().read(&item);
        sender.send((reading, busy().saturating_sub(start)))
    });
    let reading = reading.expect("a thread starts");
    match receiver.recv_timeout(PATIENCE) {
        Ok((found, took)) => {
            assert!(took < LIMIT, "reading took {took:?}");
            found
        }
        Err(RecvTimeoutError::Timeout) => panic!("reading took over {PATIENCE:?}"),
        Err(RecvTimeoutError::Disconnected) => {
            reading
                .join()
                .expect("reading does not panic")
                .expect("it is sent");
            unreachable!("a reading was sent")
        }
    }
}

/// Processor time of this thread so far; zero where the system doesn't say.
fn busy() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat
        .split_whitespace()
        .next()
        .and_then(|first| first.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

/// The one field that is refused, with what is said about it.
fn refused(message: v1::NewsItem) -> (String, String) {
    let invalid = wire::item(message).expect_err("an item that is refused");
    let violation = invalid.violations.first().expect("it says what is wrong");
    assert!(
        violation.description.contains("expected"),
        "{}",
        violation.description
    );
    (violation.field.clone(), violation.description.clone())
}

fn reasons(reading: &Reading) -> Vec<&str> {
    reading
        .warnings
        .iter()
        .map(|warning| warning.reason.as_str())
        .collect()
}

const NEWS: &str = "Russia launched 49 drones at Ukraine overnight, killing three people in Kyiv, Ukrainian officials said on Tuesday.";

#[test]
fn an_item_without_words_is_refused() {
    for empty in ["", "   \n\t ", "\u{200b}\u{feff}\u{202e}"] {
        assert_eq!(refused(text(empty)).0, "text");
        assert_eq!(refused(html(empty)).0, "html");
    }
    assert_eq!(
        refused(v1::NewsItem {
            body: None,
            ..text("")
        })
        .0,
        "text"
    );
}

#[test]
fn over_long_fields_are_refused_by_name() {
    let (field, said) = refused(text("word ".repeat(60_000)));
    assert_eq!(field, "text");
    assert!(said.contains("262144") && said.contains("300000"), "{said}");
    assert_eq!(refused(html("<p>word</p>".repeat(200_000))).0, "html");
    assert_eq!(
        refused(v1::NewsItem {
            title: "t".repeat(1_025),
            ..text(NEWS)
        })
        .0,
        "title"
    );
    assert_eq!(
        refused(v1::NewsItem {
            source: "s".repeat(257),
            ..text(NEWS)
        })
        .0,
        "source"
    );
    assert_eq!(
        refused(v1::NewsItem {
            url: "u".repeat(2_049),
            ..text(NEWS)
        })
        .0,
        "url"
    );
    assert_eq!(
        refused(v1::NewsItem {
            item_id: "i".repeat(257),
            ..text(NEWS)
        })
        .0,
        "item_id"
    );
}

#[test]
fn ids_with_control_characters_are_refused() {
    for id in ["a\nb", "a\u{0}b", "a\u{1b}[2Jb", "a\u{202e}b", "a\u{200b}b"] {
        assert_eq!(
            refused(v1::NewsItem {
                item_id: id.into(),
                ..text(NEWS)
            })
            .0,
            "item_id",
            "{id:?}"
        );
    }
}

#[test]
fn times_far_away_are_refused() {
    // 0000-01-01, 9999-12-31, and what no calendar has.
    for seconds in [-62_167_219_200, 253_402_300_799, i64::MAX, i64::MIN] {
        let published_at = Some(pbjson_types::Timestamp { seconds, nanos: 0 });
        assert_eq!(
            refused(v1::NewsItem {
                published_at,
                ..text(NEWS)
            })
            .0,
            "published_at",
            "{seconds}"
        );
    }
    let published_at = Some(pbjson_types::Timestamp {
        seconds: 0,
        nanos: i32::MIN,
    });
    assert_eq!(
        refused(v1::NewsItem {
            published_at,
            ..text(NEWS)
        })
        .0,
        "published_at.nanos"
    );
}

#[test]
fn languages_that_are_not_read_are_named_in_a_warning() {
    for tag in ["ru", "zh-Hant", "x-klingon", "qaa"] {
        let reading = read(v1::NewsItem {
            language: tag.into(),
            ..text(NEWS)
        });
        assert!(
            reasons(&reading).contains(&"LANGUAGE_UNSUPPORTED"),
            "{tag}: {:?}",
            reading.warnings
        );
        assert!(reading.reports.is_empty(), "{tag}");
    }
    let russian =
        "Министр иностранных дел провёл переговоры со своим коллегой в столице страны во вторник.";
    let reading = read(v1::NewsItem {
        language: String::new(),
        ..text(russian)
    });
    assert!(
        reasons(&reading).contains(&"LANGUAGE_UNSUPPORTED"),
        "{:?}",
        reading.warnings
    );
}

#[test]
fn an_item_without_a_time_is_read_with_a_warning() {
    let reading = read(v1::NewsItem {
        published_at: None,
        ..text(NEWS)
    });
    assert!(
        reasons(&reading).contains(&"PUBLISHED_AT_MISSING"),
        "{:?}",
        reading.warnings
    );
    assert!(!reading.reports.is_empty());
}

#[test]
fn a_bomb_of_nested_elements_is_read_in_bounded_time() {
    for element in ["div", "b", "table", "blockquote", "a", "svg"] {
        let open = format!("<{element}>").repeat(100_000);
        read(html(format!("{open}{NEWS}")));
    }
    let closed = format!("{}{NEWS}{}", "<i>".repeat(100_000), "</i>".repeat(100_000));
    read(html(closed));
}

#[test]
fn broken_markup_is_read() {
    for broken in [
        "<",
        "<p",
        "<p a=\"",
        "<!--",
        "<![CDATA[",
        "&#x110000; &#0; &bogus; &",
        "<script>",
        "<style>x",
        "<p>a</q></p></p>",
        "\u{0}<p>\u{0}</p>",
    ] {
        read(html(format!("{NEWS}{broken}")));
        read(html(format!("{broken}{NEWS}")));
    }
    read(html(format!(
        "<p {}>{NEWS}</p>",
        "a=\"b\" ".repeat(100_000)
    )));
}

#[test]
fn entities_without_end_are_read() {
    read(html("&amp;".repeat(400_000)));
    read(html("&lt;".repeat(400_000)));
}

#[test]
fn characters_that_cannot_be_seen_do_not_hide_the_news() {
    let hidden = NEWS.replace(' ', " \u{200b}\u{202e}\u{2066}");
    let reading = read(text(hidden.replace("drones", "dro\u{ad}nes")));
    assert!(
        !reading.reports.is_empty(),
        "expected the event to be found between invisible characters"
    );
    for report in &reading.reports {
        assert!(
            !report
                .evidence
                .text
                .contains(['\u{200b}', '\u{202e}', '\u{2066}']),
            "{:?}",
            report.evidence.text
        );
    }
}

#[test]
fn one_endless_word_is_read() {
    read(text("a".repeat(200 * 1024)));
    read(text("é".repeat(100 * 1024)));
    read(text("-".repeat(200 * 1024)));
    read(text("1".repeat(200 * 1024)));
    read(text("A-".repeat(100 * 1024)));
}

#[test]
fn endless_punctuation_is_read() {
    read(text(".".repeat(250_000)));
    read(text(". ".repeat(125_000)));
    read(text("\"".repeat(250_000)));
    read(text("(".repeat(250_000)));
    read(text("\n".repeat(200_000) + NEWS));
    read(text("a\n".repeat(120_000)));
}

#[test]
fn one_endless_sentence_is_read() {
    read(text("Russia attacked Ukraine and ".repeat(9_000)));
    read(text("the president of ".repeat(15_000)));
    read(text("killing 3 people, ".repeat(14_000)));
    read(text("\"Iran said ".repeat(20_000)));
    read(text("Kyiv, ".repeat(40_000)));
    read(text("1,000 ".repeat(40_000)));
}

#[test]
fn many_events_in_one_item_are_bounded() {
    let reading = read(text(format!("{NEWS} ").repeat(2_000)));
    assert!(
        reading.reports.len() <= 1_000,
        "found {}",
        reading.reports.len()
    );
}

#[test]
fn numbers_out_of_range_are_read() {
    for number in [
        "99999999999999999999999999999999",
        "1e400",
        "0x41",
        "-0",
        "0.000000000000000001",
        "٤٩",
        "½",
    ] {
        let reading = read(text(NEWS.replace("49", number)));
        for quantity in reading.reports.iter().flat_map(|report| &report.quantities) {
            assert!(quantity.value.is_finite(), "{number}: {}", quantity.value);
        }
    }
    read(text(format!(
        "At least {} people were killed in Kyiv.",
        "twenty-two hundred thousand million ".repeat(5_000)
    )));
}

#[test]
fn dates_out_of_range_are_read() {
    for date in [
        "on February 31",
        "on March 99",
        "in 0000",
        "in 99999",
        "on 13/13/2026",
        "1,000,000 years ago",
        "in 9999",
    ] {
        read(text(format!(
            "Russian forces attacked Kharkiv {date}, officials said."
        )));
    }
}
