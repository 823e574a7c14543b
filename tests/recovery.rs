//! After a crash, and over files that are not what was written: everything acknowledged is there, and nothing wrong is
//! ever served.

#[path = "service/house.rs"]
mod house;

use house::{ByName, House, config, reader, whats};
use jiff::Timestamp;
use redb::{ReadableDatabase, ReadableTable};
use sitrep::app;
use sitrep::store::{self, FILE_NAME, LogRead, Settings, Store};
use sitrep::wire::v1::{self, subscribe_request::Start};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";

fn all() -> v1::SubscribeRequest {
    v1::SubscribeRequest {
        start: Some(Start::Earliest(true)),
        end_when_caught_up: true,
        ..Default::default()
    }
}

/// What a store says: item ids, and the encoded updates in order.
#[derive(Debug, Clone, PartialEq)]
struct Content {
    updates: Vec<bytes::Bytes>,
    items: Vec<String>,
}

fn content(directory: &Path, ids: &[String], verify: bool) -> Result<Content, store::Error> {
    let settings = Settings {
        verify,
        ..Settings::default()
    };
    let (store, _writer) = Store::open(directory, &settings, Timestamp::UNIX_EPOCH)?;
    let snapshot = store.snapshot()?;
    let LogRead::Entries(entries) = snapshot.log(0, usize::MAX, usize::MAX)? else {
        panic!("nothing is trimmed here");
    };
    let mut items = Vec::new();
    for id in ids {
        if let Some(item) = snapshot.item(id)? {
            assert_eq!(item.answer.item_id, *id);
            items.push(id.clone());
        }
    }
    snapshot.for_each_event(|event| assert!(!event.id.is_empty()))?;
    Ok(Content {
        updates: entries.into_iter().map(|e| e.update).collect(),
        items,
    })
}

/// A crash leaves the file as the last commits left it, without the orderly end. Its image is the file of a running
/// server, copied at a moment when every acknowledged item must be in it.
#[tokio::test]
async fn every_acknowledged_item_survives_a_crash_at_any_moment() {
    let house = House::new().await;
    let live = house.data();
    let mut images = Vec::new();
    let mut ids = Vec::new();
    for n in 0..12 {
        let id = format!("i{n}");
        house.submit(&id, PORT).await;
        ids.push(id);
        let image = tempfile::tempdir().unwrap();
        fs::copy(live.join(FILE_NAME), image.path().join(FILE_NAME)).unwrap();
        images.push((image, ids.clone()));
    }
    let everything = house.subscribe(all()).await.all().await;
    house.stop().await;
    for (image, ids) in images {
        let house = House::over(std::sync::Arc::new(image), |_| {}).await;
        let told = house.subscribe(all()).await.all().await;
        assert_eq!(
            told[..],
            everything[..ids.len()],
            "the same updates under the same cursors"
        );
        for id in &ids {
            assert!(
                house.submit(id, PORT).await.duplicate,
                "{id} was acknowledged"
            );
        }
        // The log goes on where it was: no position is given twice.
        house.submit("after", PORT).await;
        let told = house.subscribe(all()).await.all().await;
        let expected = format!("CORROBORATED port {}", ids.len() + 1);
        assert_eq!(whats(&told).last(), Some(&expected.as_str()));
        house.stop().await;
    }
}

#[tokio::test]
async fn a_server_that_was_dropped_without_its_end_leaves_a_store_that_opens() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let directory = house.kill().await;
    let house = House::over(directory, |_| {}).await;
    assert!(house.submit("a", PORT).await.duplicate);
    house.stop().await;
}

/// A store with a few items, closed in order; its file, and what it says.
async fn written() -> (tempfile::TempDir, Vec<u8>, Vec<String>, Content) {
    let house = House::new().await;
    let ids: Vec<String> = (0..6).map(|n| format!("i{n}")).collect();
    for (n, id) in ids.iter().enumerate() {
        house
            .submit(id, &PORT.replace("#port", &format!("#port{}", n / 2)))
            .await;
    }
    let live = house.stop().await;
    let directory = tempfile::tempdir().unwrap();
    fs::copy(
        live.path().join(FILE_NAME),
        directory.path().join(FILE_NAME),
    )
    .unwrap();
    let bytes = fs::read(directory.path().join(FILE_NAME)).unwrap();
    let content = content(directory.path(), &ids, true).unwrap();
    assert_eq!((content.updates.len(), content.items.len()), (6, 6));
    (directory, bytes, ids, content)
}

/// Opens a changed file and judges what it says: refused, or the truth, or the truth as of an earlier commit.
fn judge(directory: &Path, changed: &[u8], ids: &[String], truth: &Content, verify: bool) -> bool {
    fs::write(directory.join(FILE_NAME), changed).unwrap();
    // The service turns a panic of the database library into RECORD_DAMAGED; here it counts as a refusal too.
    let found = catch_unwind(AssertUnwindSafe(|| content(directory, ids, verify)));
    match found {
        Err(_) | Ok(Err(_)) => false,
        Ok(Ok(found)) => {
            let is_truth = truth.updates.starts_with(&found.updates)
                && found.items.iter().all(|id| truth.items.contains(id));
            assert!(is_truth, "served {found:?}");
            true
        }
    }
}

#[tokio::test]
async fn a_file_cut_short_is_refused_or_recovered_and_never_served_wrong() {
    let (directory, bytes, ids, truth) = written().await;
    let mut refused = 0;
    for part in 0..40 {
        let length = bytes.len() * part / 40;
        // An empty file is a new store by design; everything longer must not pass for one.
        if length > 0 && !judge(directory.path(), &bytes[..length], &ids, &truth, true) {
            refused += 1;
        }
    }
    assert!(refused > 30, "{refused} refused");
}

#[tokio::test]
async fn flipped_bits_are_never_served() {
    let (directory, bytes, ids, truth) = written().await;
    let mut refused = 0;
    // Much of the file is pages of earlier commits, in which a flip is harmless.
    let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    for n in 0..160 {
        let at = used[used.len() * n / 160];
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (n % 8);
        refused += usize::from(!judge(directory.path(), &changed, &ids, &truth, n % 2 == 0));
    }
    assert!(refused > 0, "no flip hit anything");
    // Every copy of an update in the file, the one in use among them.
    for update in &truth.updates {
        let copies: Vec<usize> = (0..bytes.len() - update.len())
            .filter(|at| bytes[*at..].starts_with(update))
            .collect();
        assert!(!copies.is_empty());
        for verify in [true, false] {
            let mut changed = bytes.clone();
            for at in &copies {
                changed[at + update.len() / 3] ^= 8;
            }
            assert!(
                !judge(directory.path(), &changed, &ids, &truth, verify),
                "verify: {verify}"
            );
        }
    }
}

/// Flips one bit in the value of a record, behind the back of the store.
fn flip(directory: &Path, table: &str, position: u64) {
    let log: redb::TableDefinition<u64, &[u8]> = redb::TableDefinition::new(table);
    let database = redb::Database::open(directory.join(FILE_NAME)).unwrap();
    let mut value = {
        let read = database.begin_read().unwrap();
        let table = read.open_table(log).unwrap();
        assert!(table.iter().unwrap().count() > 0);
        table.get(position).unwrap().unwrap().value().to_vec()
    };
    let middle = value.len() / 2;
    value[middle] ^= 4;
    let write = database.begin_write().unwrap();
    write
        .open_table(log)
        .unwrap()
        .insert(position, value.as_slice())
        .unwrap();
    write.commit().unwrap();
}

#[tokio::test]
async fn a_damaged_update_ends_the_stream_before_it_and_is_told_as_data_loss() {
    use tonic_types::StatusExt;
    let house = House::new().await;
    for n in 0..4 {
        house.submit(&format!("i{n}"), PORT).await;
    }
    let directory = house.stop().await;
    flip(directory.path(), "log", 3);
    let house = House::over(directory, |_| {}).await;
    // Start behind the damage: the rest is served.
    let mut subscriber = house.subscribe(all()).await;
    let mut said = Vec::new();
    let end = loop {
        match subscriber.next().await.expect("an error ends the stream") {
            Ok(told) => said.push(told.what),
            Err(status) => break status,
        }
    };
    assert!(
        !said
            .iter()
            .any(|what| what.ends_with(" 3") || what.ends_with(" 4")),
        "{said:?}"
    );
    assert_eq!(end.code(), tonic::Code::DataLoss);
    assert_eq!(
        end.get_details_error_info().unwrap().reason,
        "RECORD_DAMAGED"
    );
    house.stop().await;
}

#[tokio::test]
async fn a_store_of_another_format_or_of_something_else_is_refused_with_what_was_found() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        Store::open(
            directory.path(),
            &Settings::default(),
            Timestamp::UNIX_EPOCH,
        )
    };
    fs::write(
        directory.path().join(FILE_NAME),
        b"this is no database at all",
    )
    .unwrap();
    let message = open().err().unwrap().to_string();
    assert!(message.contains(FILE_NAME), "{message}");

    fs::remove_file(directory.path().join(FILE_NAME)).unwrap();
    let other: redb::TableDefinition<u64, u64> = redb::TableDefinition::new("something");
    let database = redb::Database::create(directory.path().join(FILE_NAME)).unwrap();
    let write = database.begin_write().unwrap();
    write.open_table(other).unwrap().insert(1, 1).unwrap();
    write.commit().unwrap();
    drop(database);
    let message = open().err().unwrap().to_string();
    assert!(message.contains("something else"), "{message}");
}

#[tokio::test]
async fn a_service_does_not_start_over_a_store_that_it_can_not_trust() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(FILE_NAME), vec![0xa5; 20_000]).unwrap();
    let (_connect, incoming) =
        tokio::sync::mpsc::channel::<std::io::Result<tokio::io::DuplexStream>>(1);
    let served = app::serve(
        config(directory.path()),
        reader(),
        Box::<ByName>::default(),
        tokio_stream::wrappers::ReceiverStream::new(incoming),
        std::future::pending(),
    );
    let error = served.await.unwrap_err().to_string();
    assert!(error.contains(FILE_NAME), "{error}");
    let bytes = fs::read(directory.path().join(FILE_NAME)).unwrap();
    assert_eq!(
        bytes,
        vec![0xa5; 20_000],
        "what was refused is left as it was"
    );
}
