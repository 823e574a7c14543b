//! Intake with a reader and a ledger that do what the text says.

use super::*;
use crate::merge::LedgerChange;
use crate::model::{Body, Change, Event, Report, Update, Warning};
use crate::store::LogRead;
use std::time::Duration;

/// Reads an item by its words: `slow` takes a while, `panic` panics, anything else is read at once.
fn reader() -> Read {
    Arc::new(|item: &NewsItem| {
        let text = item.body.as_str();
        if text.contains("slow") {
            std::thread::sleep(Duration::from_millis(60));
        }
        assert!(!text.contains("panic"), "as the text says");
        let report = Report {
            item_id: item.item_id.clone(),
            ..Report::default()
        };
        let warnings = vec![Warning {
            reason: "READ".into(),
            message: text.into(),
        }];
        Reading {
            reports: vec![report],
            warnings,
            language: "en".into(),
        }
    })
}

/// One event an item, revised by its corrections; panics at an item called `broken`.
#[derive(Default)]
struct OneEach(std::collections::HashMap<String, u32>);

impl OneEach {
    fn change(&mut self, item_id: &str, change: Change, reports: Vec<Report>) -> LedgerChange {
        let revision = self.0.entry(item_id.to_owned()).or_default();
        *revision += 1;
        let event = Event {
            id: format!("event-{item_id}"),
            revision: *revision,
            event_type: "diplomatic.meeting".into(),
            ..Event::default()
        };
        let update = Update {
            change,
            event,
            changed_fields: vec![],
            merged_into: String::new(),
            reason: String::new(),
            caused_by_item_id: item_id.to_owned(),
            committed_at: Timestamp::UNIX_EPOCH,
        };
        LedgerChange {
            update,
            reports,
            withdrawn: vec![],
        }
    }
}

impl Merge for OneEach {
    fn wants(&self, _: &Event, _: Timestamp) -> bool {
        true
    }

    fn holds(&self, event_id: &str) -> bool {
        self.0
            .keys()
            .any(|item_id| event_id == format!("event-{item_id}"))
    }

    fn restore(&mut self, _: Event) {
        panic!("every event is held");
    }

    fn apply(&mut self, item: &NewsItem, reports: Vec<Report>, _: Timestamp) -> Vec<LedgerChange> {
        assert_ne!(item.item_id, "broken", "as the id says");
        let change = if self.0.contains_key(&item.item_id) {
            Change::Revised
        } else {
            Change::Created
        };
        vec![self.change(&item.item_id, change, reports)]
    }

    fn retract(&mut self, item_id: &str, _: &str, _: Timestamp) -> Vec<LedgerChange> {
        vec![self.change(item_id, Change::Retracted, vec![])]
    }

    fn retract_event(&mut self, event_id: &str, _: &str, _: Timestamp) -> Option<LedgerChange> {
        let item_id = event_id.strip_prefix("event-")?;
        Some(self.change(item_id, Change::Retracted, vec![]))
    }
}

struct House {
    intake: Intake,
    running: Option<Running>,
    store: Store,
    _directory: tempfile::TempDir,
}

fn house(queue: usize, workers: usize) -> House {
    let directory = tempfile::tempdir().unwrap();
    let (store, writer) =
        Store::open(directory.path(), &Default::default(), Timestamp::now()).unwrap();
    let settings = Settings {
        queue,
        queue_bytes: 4 << 20,
        workers,
        group: 8,
        limits: Limits {
            age: Duration::from_secs(3600),
            bytes: u64::MAX,
        },
    };
    let merge = Box::<OneEach>::default();
    let (intake, running) = Intake::start(
        settings,
        reader(),
        merge,
        store.clone(),
        writer,
        Timestamp::now,
        Telemetry::default(),
    )
    .unwrap();
    House {
        intake,
        running: Some(running),
        store,
        _directory: directory,
    }
}

impl House {
    async fn take(&self, item: NewsItem) -> Result<Answer, Error> {
        self.intake.enqueue(item).await?.answer().await
    }

    fn close(&mut self) {
        self.intake.close();
        self.running.take().unwrap().join();
    }

    /// Items in the order of the updates that they caused.
    fn caused(&self) -> Vec<String> {
        let snapshot = self.store.snapshot().unwrap();
        let LogRead::Entries(entries) = snapshot.log(0, 1000, usize::MAX).unwrap() else {
            panic!("nothing is trimmed here");
        };
        let by = |bytes: &[u8]| wire::decode_update(bytes).unwrap().caused_by_item_id;
        entries.iter().map(|e| by(&e.update)).collect()
    }
}

fn item(id: &str, text: &str) -> NewsItem {
    NewsItem {
        item_id: id.into(),
        version: 1,
        source: String::new(),
        url: String::new(),
        title: String::new(),
        body: Body::Text(text.into()),
        published_at: None,
        language: String::new(),
    }
}

#[tokio::test]
async fn items_are_committed_in_order_of_arrival_however_long_each_takes_to_read() {
    let mut house = house(100, 4);
    let mut tickets = Vec::new();
    let mut expected = Vec::new();
    for n in 0..24 {
        let text = if n % 5 == 0 { "slow" } else { "quick" };
        let id = format!("i{n}");
        tickets.push(house.intake.offer(item(&id, text)).unwrap());
        expected.push(id);
    }
    for ticket in tickets {
        assert_eq!(ticket.answer().await.unwrap().updates.len(), 1);
    }
    house.close();
    assert_eq!(house.caused(), expected);
}

#[tokio::test]
async fn a_full_queue_refuses_an_offer_and_makes_a_stream_wait() {
    let house = house(2, 1);
    let one = house.intake.offer(item("1", "slow")).unwrap();
    let two = house.intake.offer(item("2", "slow")).unwrap();
    assert_eq!(
        house.intake.offer(item("3", "x")).err(),
        Some(Error::Full { bound: 2 })
    );
    let waited = house.intake.enqueue(item("4", "x")).await.unwrap();
    one.answer().await.unwrap();
    two.answer().await.unwrap();
    waited.answer().await.unwrap();
    assert_eq!(house.caused(), ["1", "2", "4"]);
}

#[tokio::test]
async fn texts_in_the_queue_are_bounded_by_bytes_too() {
    let house = house(100, 1);
    let large = "slow ".repeat(400_000);
    let first = house.intake.offer(item("1", &large)).unwrap();
    let second = house.intake.offer(item("2", &large)).unwrap();
    let third = house.intake.offer(item("3", &large));
    assert_eq!(third.err(), Some(Error::Full { bound: 100 }));
    first.answer().await.unwrap();
    second.answer().await.unwrap();
}

#[tokio::test]
async fn a_panic_while_reading_rejects_that_item_and_nothing_else() {
    let house = house(100, 2);
    let before = house.intake.offer(item("a", "x")).unwrap();
    let bad = house.intake.offer(item("b", "panic")).unwrap();
    let after = house.intake.offer(item("c", "x")).unwrap();
    assert!(before.answer().await.is_ok());
    assert_eq!(
        bad.answer().await,
        Err(Error::Unreadable {
            item_id: "b".into()
        })
    );
    assert!(after.answer().await.is_ok());
    assert!(house.store.snapshot().unwrap().item("b").unwrap().is_none());
    // Its sender may try again, and then it is a new item.
    assert!(!house.take(item("b", "x")).await.unwrap().duplicate);
}

#[tokio::test]
async fn the_same_item_answers_as_the_first_time_and_other_content_needs_a_higher_version() {
    let house = house(100, 2);
    let first = house.take(item("a", "x")).await.unwrap();
    let again = house.take(item("a", "x")).await.unwrap();
    assert_eq!(
        again,
        Answer {
            duplicate: true,
            ..first
        }
    );
    let exists = |expected, found| Error::Exists {
        item_id: "a".into(),
        expected,
        found,
    };
    assert_eq!(house.take(item("a", "y")).await, Err(exists(2, 1)));
    let corrected = house
        .take(NewsItem {
            version: 5,
            ..item("a", "y")
        })
        .await
        .unwrap();
    assert_eq!(
        (corrected.updates[0].revision, corrected.updates[0].change),
        (2, Change::Revised)
    );
    let older = house
        .take(NewsItem {
            version: 5,
            ..item("a", "x")
        })
        .await;
    assert_eq!(older, Err(exists(6, 5)));
    assert_eq!(house.caused().len(), 2);
}

#[tokio::test]
async fn a_withdrawn_item_answers_so_and_comes_back_with_a_higher_version() {
    let house = house(100, 2);
    let retract = async |id: &str| {
        house
            .intake
            .retract(id.into(), "why".into())
            .unwrap()
            .answer()
            .await
    };
    assert_eq!(
        retract("a").await,
        Err(Error::Unknown {
            item_id: "a".into()
        })
    );
    house.take(item("a", "x")).await.unwrap();
    let first = retract("a").await.unwrap();
    assert_eq!(first.updates[0].change, Change::Retracted);
    assert_eq!(
        retract("a").await.unwrap(),
        Answer {
            duplicate: true,
            ..first
        }
    );
    let again = house.take(item("a", "x")).await.unwrap();
    assert!(again.duplicate);
    assert_eq!(again.warnings.last().unwrap().reason, "ITEM_RETRACTED");
    let back = house
        .take(NewsItem {
            version: 2,
            ..item("a", "x")
        })
        .await
        .unwrap();
    assert!(!back.duplicate);
    assert_eq!(retract("a").await.unwrap().updates[0].revision, 4);
}

#[tokio::test]
async fn closing_finishes_what_was_taken_in_and_refuses_the_rest() {
    let mut house = house(100, 2);
    let tickets: Vec<_> = (0..6)
        .map(|n| house.intake.offer(item(&format!("{n}"), "slow")).unwrap())
        .collect();
    house.intake.close();
    assert_eq!(
        house.intake.offer(item("late", "x")).err(),
        Some(Error::Draining)
    );
    assert_eq!(
        house.intake.enqueue(item("late", "x")).await.err(),
        Some(Error::Draining)
    );
    house.close();
    for ticket in tickets {
        assert!(ticket.answer().await.is_ok());
    }
    assert_eq!(house.caused().len(), 6);
    assert!(
        house.store.tail().borrow().closed,
        "readers know that nothing follows"
    );
}

#[tokio::test]
async fn after_a_failure_nothing_is_acknowledged_that_is_not_durable() {
    let mut house = house(100, 2);
    house.take(item("a", "x")).await.unwrap();
    assert_eq!(house.take(item("broken", "x")).await, Err(Error::Failed));
    assert_eq!(*house.intake.condition().borrow(), Condition::Failed);
    assert_eq!(house.take(item("b", "x")).await, Err(Error::Failed));
    house.close();
    assert_eq!(house.caused(), ["a"]);
}
