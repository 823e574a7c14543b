//! The store as its owner uses it: groups, readers, lists, retention, and files that are not what they should be.

mod retention;

use super::*;
use crate::merge::LedgerChange;
use crate::model::{Answer, Change, Event, Report, Time, Update};
use jiff::Timestamp;
use std::path::Path;
use std::time::Duration;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + second).unwrap()
}

fn opened(directory: &Path) -> (Store, Writer) {
    Store::open(directory, &Settings::default(), at(0)).unwrap()
}

fn report(item: &str, second: i64) -> Report {
    let mut report = Report {
        item_id: item.into(),
        source: "wire.example".into(),
        published_at: Some(at(second)),
        ..Report::default()
    };
    report.evidence.text = format!("words of {item}");
    report
}

/// A change of an event; its event is told apart by id and revision.
fn change(id: &str, revision: u32, change: Change, reports: Vec<Report>) -> LedgerChange {
    let event = Event {
        id: id.into(),
        revision,
        event_type: "military.strike".into(),
        time: Some(Time {
            start: at(0),
            end: at(i64::from(revision)),
            ..Time::default()
        }),
        first_reported: at(0),
        last_reported: reports
            .iter()
            .filter_map(|r| r.published_at)
            .max()
            .unwrap_or(at(0)),
        reports: reports.clone(),
        ..Event::default()
    };
    let update = Update {
        change,
        event,
        changed_fields: vec![],
        merged_into: String::new(),
        reason: String::new(),
        caused_by_item_id: "i".into(),
        committed_at: Timestamp::UNIX_EPOCH,
    };
    LedgerChange {
        update,
        reports,
        withdrawn: vec![],
    }
}

fn item(id: &str, received: Timestamp) -> StoredItem {
    StoredItem {
        version: 1,
        received_at: received,
        content_hash: [7; 32],
        answer: Answer {
            item_id: id.into(),
            ..Answer::default()
        },
        retracted: false,
        withdrawal: vec![],
        item: None,
    }
}

/// One item and the one new event that it reports, committed.
fn add(writer: &mut Writer, second: i64, name: &str) {
    writer
        .commit(at(second), |group| {
            let changes = vec![change(name, 1, Change::Created, vec![report(name, second)])];
            group.append(at(second), changes)?;
            group.put_item(&item(name, at(second)))
        })
        .unwrap();
}

fn entries(store: &Store, position: u64) -> Vec<LogEntry> {
    match store
        .snapshot()
        .unwrap()
        .log(position, 1000, usize::MAX)
        .unwrap()
    {
        LogRead::Entries(entries) => entries,
        other => panic!("expected entries, found {other:?}"),
    }
}

#[test]
fn what_is_committed_is_there_after_opening_again_and_the_log_id_stays() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    add(&mut writer, 1, "a");
    add(&mut writer, 2, "b");
    let id = store.log_id().to_owned();
    drop((store, writer));
    let (store, _writer) = opened(directory.path());
    assert_eq!(store.log_id(), id);
    assert_eq!(store.tail().borrow().position, 2);
    let found: Vec<_> = entries(&store, 0).iter().map(|e| e.position).collect();
    assert_eq!(found, [1, 2]);
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.item("a").unwrap().unwrap(), item("a", at(1)));
    let mut ledger = Vec::new();
    snapshot
        .for_each_event(|e| ledger.push((e.id.clone(), e.reports.len())))
        .unwrap();
    assert_eq!(ledger, [("a".to_owned(), 1), ("b".to_owned(), 1)]);
}

#[test]
fn a_group_is_all_or_nothing_and_a_failed_writer_writes_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    let failed: Result<(), Error> = writer.commit(at(1), |group| {
        group.append(at(1), vec![change("a", 1, Change::Created, vec![])])?;
        Err(Error::Failed)
    });
    assert!(failed.is_err());
    assert_eq!(store.tail().borrow().position, 0);
    assert_eq!(entries(&store, 0).len(), 0);
    let again = writer.commit(at(2), |_| Ok(()));
    assert!(matches!(again, Err(Error::Failed)));
    drop((store, writer));
    let (_, mut writer) = opened(directory.path());
    add(&mut writer, 3, "a");
}

#[test]
fn commit_times_grow_strictly_even_when_the_clock_goes_back() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    for (second, name) in [(5, "a"), (5, "b"), (1, "c"), (6, "d")] {
        add(&mut writer, second, name);
    }
    let times: Vec<i64> = entries(&store, 0).iter().map(|e| e.committed_us).collect();
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.position_before(at(0)).unwrap(), Some(0));
    assert_eq!(snapshot.position_before(at(5)).unwrap(), Some(0));
    assert_eq!(snapshot.position_before(at(6)).unwrap(), Some(3));
    assert_eq!(snapshot.position_before(at(7)).unwrap(), Some(4));
}

#[test]
fn reads_of_the_log_are_bounded_by_count_and_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    for n in 0..10 {
        add(&mut writer, n, &format!("e{n}"));
    }
    let snapshot = store.snapshot().unwrap();
    let count = |position, most, bytes| match snapshot.log(position, most, bytes).unwrap() {
        LogRead::Entries(found) => found.len(),
        LogRead::Expired { .. } => panic!("nothing was trimmed"),
    };
    assert_eq!(count(0, 4, usize::MAX), 4);
    assert_eq!(count(8, 4, usize::MAX), 2);
    assert_eq!(count(0, 100, 1), 1, "one at least, however small the room");
    assert_eq!(count(10, 100, 1), 0);
}

#[test]
fn a_second_opener_is_refused_while_the_first_lives() {
    let directory = tempfile::tempdir().unwrap();
    let first = opened(directory.path());
    let second = Store::open(directory.path(), &Settings::default(), at(0));
    assert!(matches!(second, Err(Error::Locked { .. })));
    drop(first);
    opened(directory.path());
}

#[test]
fn facets_hold_the_revision_before_and_the_words_of_withdrawn_reports() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    add(&mut writer, 1, "a");
    writer
        .commit(at(2), |group| {
            let mut second = change("a", 2, Change::Revised, vec![report("b", 2)]);
            second.update.event.confidence = 0.5;
            second.withdrawn = vec!["a".into()];
            group.append(at(2), vec![second])
        })
        .unwrap();
    let found = entries(&store, 1).remove(0);
    assert_eq!(found.before.unwrap().confidence, 0.0);
    assert_eq!(found.after.confidence, 0.5);
    let voices: Vec<_> = found
        .voices
        .iter()
        .map(|v| (v.evidence.as_str(), v.revisions))
        .collect();
    assert_eq!(voices, [(" words of b ", AFTER), (" words of a ", BEFORE)]);
    let (reports, total) = store.snapshot().unwrap().reports("a", 0, 10).unwrap();
    assert_eq!((reports[0].item_id.as_str(), total), ("b", 1));
    let history = |most, bytes| {
        let snapshot = store.snapshot().unwrap();
        snapshot.history("a", most, bytes).unwrap().len()
    };
    assert_eq!(history(9, usize::MAX), 2);
    assert_eq!(history(1, usize::MAX), 1);
    assert_eq!(history(9, 1), 0);
}

fn query() -> Query {
    Query {
        order: Order::LastReported,
        occurred_after: None,
        occurred_before: None,
        reported_after: None,
        reported_before: None,
        show_retracted: false,
        page_size: 2,
        after: None,
    }
}

fn listed(store: &Store, mut query: Query) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let page = store.snapshot().unwrap().list(&query, |_, _| true).unwrap();
        assert!(page.events.len() <= query.page_size);
        found.extend(page.events.into_iter().map(|e| e.id));
        match page.next {
            None => return found,
            next => query.after = next,
        }
    }
}

#[test]
fn lists_are_paged_in_order_and_within_bounds() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    for (second, name) in [(3, "c"), (1, "a"), (5, "e"), (2, "b"), (4, "d")] {
        add(&mut writer, second, name);
    }
    writer
        .commit(at(6), |group| {
            // An event of unknown time, an event that ends late, and one that is withdrawn.
            let mut unknown = change("b", 2, Change::Revised, vec![report("x", 2)]);
            unknown.update.event.time = None;
            let late = change("a", 9, Change::Revised, vec![report("y", 1)]);
            let mut gone = change("d", 2, Change::Retracted, vec![report("z", 4)]);
            gone.update.event.retracted = true;
            group.append(at(6), vec![unknown, late, gone])
        })
        .unwrap();
    assert_eq!(listed(&store, query()), ["e", "c", "b", "a"]);
    let all = Query {
        show_retracted: true,
        ..query()
    };
    assert_eq!(listed(&store, all), ["e", "d", "c", "b", "a"]);
    let by_time = Query {
        order: Order::EventTime,
        ..query()
    };
    assert_eq!(listed(&store, by_time.clone()), ["a", "e", "c", "b"]);
    let us = |second| Some(at(second).as_microsecond());
    assert_eq!(
        listed(
            &store,
            Query {
                occurred_after: us(2),
                ..by_time
            }
        ),
        ["a"]
    );
    assert_eq!(
        listed(
            &store,
            Query {
                reported_after: us(3),
                ..query()
            }
        ),
        ["e", "c"]
    );
    assert_eq!(
        listed(
            &store,
            Query {
                reported_before: us(0),
                ..query()
            }
        ),
        [""; 0]
    );
    assert_eq!(
        listed(
            &store,
            Query {
                occurred_before: us(0),
                ..query()
            }
        ),
        [""; 0]
    );
    let latest = store
        .snapshot()
        .unwrap()
        .list(&query(), |_, _| true)
        .unwrap();
    assert_eq!(latest.events[0].reports[0].item_id, "e");
    let none = store
        .snapshot()
        .unwrap()
        .list(&query(), |_, _| false)
        .unwrap();
    assert!(none.events.is_empty() && none.next.is_none());
}

#[test]
fn texts_are_kept_only_where_asked_for() {
    for keep_texts in [true, false] {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings {
            keep_texts,
            ..Settings::default()
        };
        let (store, mut writer) = Store::open(directory.path(), &settings, at(0)).unwrap();
        let text = crate::model::NewsItem {
            item_id: "i".into(),
            version: 1,
            source: String::new(),
            url: String::new(),
            title: String::new(),
            body: crate::model::Body::Text("Talks began.".into()),
            published_at: None,
            language: String::new(),
        };
        let stored = StoredItem {
            item: Some(text.clone()),
            ..item("i", at(1))
        };
        writer
            .commit(at(1), |group| group.put_item(&stored))
            .unwrap();
        let found = store.snapshot().unwrap().item("i").unwrap().unwrap();
        assert_eq!(found.item, keep_texts.then_some(text));
    }
}
