//! Subscriptions over a real log, with paused time.

use super::*;
use crate::merge::LedgerChange;
use crate::model::{Change, Event, Update};
use crate::store::{Limits, Settings, Store, Writer};
use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use std::pin::Pin;
use std::time::Duration;

type Feed = Pin<Box<dyn Stream<Item = Result<Delivery, End>> + Send>>;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + second).unwrap()
}

fn opened() -> (tempfile::TempDir, Store, Writer) {
    let directory = tempfile::tempdir().unwrap();
    let (store, writer) = Store::open(directory.path(), &Settings::default(), at(0)).unwrap();
    (directory, store, writer)
}

/// Appends one update of a new event of this type.
fn append(writer: &mut Writer, second: i64, event_type: &str) {
    let event = Event {
        id: format!("{event_type}-{second}"),
        revision: 1,
        event_type: event_type.into(),
        ..Event::default()
    };
    let update = Update {
        change: Change::Created,
        event,
        changed_fields: vec![],
        merged_into: String::new(),
        reason: String::new(),
        caused_by_item_id: String::new(),
        committed_at: Timestamp::UNIX_EPOCH,
    };
    let change = LedgerChange {
        update,
        reports: vec![],
        withdrawn: vec![],
    };
    writer
        .commit(at(second), |group| group.append(at(second), vec![change]))
        .unwrap();
}

fn from(start: Start) -> Request {
    Request {
        filter: Filter::default(),
        start,
        max_updates: 0,
        end_when_caught_up: false,
        heartbeat: Duration::from_secs(10),
        stall: Duration::from_secs(30),
    }
}

fn only(event_type: &str) -> Filter {
    let include = Criteria {
        event_types: vec![event_type.into()],
        ..Criteria::default()
    };
    Filter {
        include,
        exclude: None,
    }
}

async fn subscribed(store: &Store, request: Request) -> Feed {
    Box::pin(subscribe(store.clone(), request).await.unwrap())
}

/// The next delivery in short: `7` for the update at position 7, `p7` for a progress there, `P7` when caught up.
async fn next(feed: &mut Feed) -> String {
    match feed.next().await {
        None => "end".into(),
        Some(Ok(Delivery::Update { position, .. })) => position.to_string(),
        Some(Ok(Delivery::Progress {
            position,
            caught_up: true,
        })) => format!("P{position}"),
        Some(Ok(Delivery::Progress {
            position,
            caught_up: false,
        })) => format!("p{position}"),
        Some(Err(End::Expired { oldest })) => format!("expired {oldest}"),
        Some(Err(End::BeyondEnd { asked, newest })) => format!("beyond {asked} {newest}"),
        Some(Err(End::Stalled { position })) => format!("stalled {position}"),
        Some(Err(End::Draining { position })) => format!("draining {position}"),
        Some(Err(End::Failed(error))) => panic!("{error}"),
    }
}

async fn many(feed: &mut Feed, count: usize) -> Vec<String> {
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(next(feed).await);
    }
    found
}

#[tokio::test(start_paused = true)]
async fn history_and_live_are_one_path() {
    let (_directory, store, mut writer) = opened();
    append(&mut writer, 1, "a");
    append(&mut writer, 2, "a");
    let mut feed = subscribed(&store, from(Start::Earliest)).await;
    assert_eq!(many(&mut feed, 4).await, ["p0", "1", "2", "P2"]);
    append(&mut writer, 3, "a");
    assert_eq!(next(&mut feed).await, "3");
    assert_eq!(next(&mut feed).await, "P3", "a heartbeat, after silence");
    drop(writer);
    assert_eq!(many(&mut feed, 2).await, ["draining 3", "end"]);
}

#[tokio::test(start_paused = true)]
async fn a_start_is_a_cursor_a_time_the_beginning_or_the_end() {
    let (_directory, store, mut writer) = opened();
    for second in [10, 20, 30] {
        append(&mut writer, second, "a");
    }
    for (start, expected) in [
        (Start::After(2), ["p2", "3", "P3"]),
        (Start::At(at(20)), ["p1", "2", "3"]),
        (Start::At(at(21)), ["p2", "3", "P3"]),
        (Start::At(at(0)), ["p0", "1", "2"]),
        (Start::Live, ["P3", "P3", "P3"]),
    ] {
        let mut feed = subscribed(&store, from(start)).await;
        assert_eq!(many(&mut feed, 3).await, expected, "{start:?}");
    }
    // Of a time to come, nothing before it.
    let mut feed = subscribed(&store, from(Start::At(at(50)))).await;
    assert_eq!(next(&mut feed).await, "P3");
    append(&mut writer, 40, "a");
    append(&mut writer, 50, "a");
    assert_eq!(next(&mut feed).await, "5");
    let beyond = subscribe(store.clone(), from(Start::After(6))).await.err();
    assert!(matches!(
        beyond,
        Some(End::BeyondEnd {
            asked: 6,
            newest: 5
        })
    ));
}

#[tokio::test(start_paused = true)]
async fn heartbeats_come_by_the_clock_also_when_nothing_matches() {
    let (_directory, store, mut writer) = opened();
    append(&mut writer, 1, "a");
    let request = Request {
        filter: only("b"),
        ..from(Start::Earliest)
    };
    let mut feed = subscribed(&store, request).await;
    assert_eq!(many(&mut feed, 2).await, ["p0", "P1"]);
    let begun = tokio::time::Instant::now();
    // An update that doesn't match every three seconds: the heartbeat comes all the same, with the newest position.
    let writing = tokio::spawn(async move {
        for second in 2..9 {
            tokio::time::sleep(Duration::from_secs(3)).await;
            append(&mut writer, second, "a");
        }
        writer
    });
    let first = next(&mut feed).await;
    let waited = begun.elapsed();
    assert_eq!(first, "P4");
    assert!((10..=11).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(next(&mut feed).await, "P7");
    let writer = writing.await.unwrap();
    drop(writer);
    assert_eq!(next(&mut feed).await, "draining 8");
}

#[tokio::test(start_paused = true)]
async fn a_subscription_ends_after_its_updates_or_when_caught_up() {
    let (_directory, store, mut writer) = opened();
    for second in 1..6 {
        append(&mut writer, second, if second % 2 == 0 { "b" } else { "a" });
    }
    let request = Request {
        max_updates: 2,
        filter: only("a"),
        ..from(Start::Earliest)
    };
    let mut feed = subscribed(&store, request).await;
    assert_eq!(many(&mut feed, 4).await, ["p0", "1", "3", "end"]);
    let request = Request {
        end_when_caught_up: true,
        filter: only("b"),
        ..from(Start::Earliest)
    };
    let mut feed = subscribed(&store, request).await;
    assert_eq!(many(&mut feed, 5).await, ["p0", "2", "4", "P5", "end"]);
    let request = Request {
        end_when_caught_up: true,
        ..from(Start::Live)
    };
    let mut feed = subscribed(&store, request).await;
    assert_eq!(many(&mut feed, 2).await, ["P5", "end"]);
}

#[tokio::test(start_paused = true)]
async fn who_accepts_nothing_for_too_long_is_ended_and_who_merely_waits_is_not() {
    let (_directory, store, mut writer) = opened();
    append(&mut writer, 1, "a");
    append(&mut writer, 2, "a");
    let mut feed = subscribed(&store, from(Start::Earliest)).await;
    assert_eq!(many(&mut feed, 2).await, ["p0", "1"]);
    tokio::time::sleep(Duration::from_secs(29)).await;
    assert_eq!(next(&mut feed).await, "2");
    assert_eq!(
        many(&mut feed, 5).await,
        ["P2"; 5],
        "fifty seconds of silence are no stall"
    );
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(many(&mut feed, 2).await, ["stalled 2", "end"]);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_retention_overtakes_is_told_and_never_skips() {
    let (_directory, store, mut writer) = opened();
    for second in 0..600 {
        append(&mut writer, second, "a");
    }
    let mut feed = subscribed(&store, from(Start::Earliest)).await;
    assert_eq!(many(&mut feed, 2).await, ["p0", "1"]);
    let limits = Limits {
        age: Duration::from_secs(50),
        bytes: u64::MAX,
    };
    while writer.trim(at(600), &limits).unwrap().unfinished {}
    let mut last = String::new();
    for expected in 2..=600 {
        last = next(&mut feed).await;
        if last != expected.to_string() {
            break;
        }
    }
    assert_eq!(last, "expired 550");
    let expired = subscribe(store.clone(), from(Start::After(549)))
        .await
        .err();
    assert!(matches!(expired, Some(End::Expired { oldest: 550 })));
    let mut feed = subscribed(&store, from(Start::After(550))).await;
    assert_eq!(many(&mut feed, 2).await, ["p550", "551"]);
}
