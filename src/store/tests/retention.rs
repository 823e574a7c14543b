//! What goes, what stays, and what readers are told of it.

use super::*;

#[test]
fn retention_by_age_takes_updates_events_and_items_together_and_expires_positions() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    add(&mut writer, 0, "old");
    add(&mut writer, 10, "kept-alive");
    add(&mut writer, 5000, "new");
    writer
        .commit(at(5001), |group| {
            let second = change(
                "kept-alive",
                2,
                Change::Corroborated,
                vec![report("n", 5001)],
            );
            group.append(at(5001), vec![second])
        })
        .unwrap();
    let limits = Limits {
        age: Duration::from_secs(1000),
        bytes: u64::MAX,
    };
    assert_eq!(writer.trim(at(900), &limits).unwrap(), Trimmed::default());
    let trimmed = writer.trim(at(5500), &limits).unwrap();
    assert_eq!(trimmed.updates, 2);
    assert_eq!(trimmed.events, ["old"]);
    assert_eq!(
        trimmed.items, 1,
        "the item of an event that stays stays too"
    );
    let snapshot = store.snapshot().unwrap();
    assert!(matches!(
        snapshot.log(1, 9, 9).unwrap(),
        LogRead::Expired { oldest: 2 }
    ));
    assert_eq!(snapshot.position_before(at(10)).unwrap(), None);
    assert_eq!(snapshot.position_before(at(11)).unwrap(), Some(2));
    assert_eq!(snapshot.oldest_time().unwrap(), Some(at(5000)));
    assert!(snapshot.event("old").unwrap().is_none());
    assert_eq!(snapshot.event("kept-alive").unwrap().unwrap().revision, 2);
    assert_eq!(snapshot.reports("kept-alive", 0, 9).unwrap().1, 2);
    assert!(snapshot.item("old").unwrap().is_none());
    assert!(snapshot.item("kept-alive").unwrap().is_some());
    // Everything goes in the end, and positions go on where they were.
    while writer.trim(at(1_000_000), &limits).unwrap().unfinished {}
    let snapshot = store.snapshot().unwrap();
    assert_eq!((snapshot.oldest(), snapshot.newest()), (4, 4));
    assert_eq!(
        (snapshot.oldest_time().unwrap(), snapshot.newest_time()),
        (None, None)
    );
    assert!(snapshot.item("kept-alive").unwrap().is_none());
    assert_eq!(
        writer.bytes(),
        0,
        "every byte that was counted in was counted out"
    );
    add(&mut writer, 1_000_001, "after");
    assert_eq!(entries(&store, 4)[0].position, 5);
}

#[test]
fn retention_by_size_takes_the_oldest_first() {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut writer) = opened(directory.path());
    for n in 0..700 {
        add(&mut writer, n, &format!("e{n}"));
    }
    let limits = Limits {
        age: Duration::from_secs(1 << 30),
        bytes: writer.bytes() / 2,
    };
    while writer.trim(at(700), &limits).unwrap().unfinished {}
    assert!(writer.bytes() <= limits.bytes && writer.bytes() > limits.bytes / 100 * 90);
    let snapshot = store.snapshot().unwrap();
    let oldest = snapshot.oldest();
    assert!((300..420).contains(&oldest), "{oldest}");
    assert!(
        snapshot
            .item(&format!("e{}", oldest - 2))
            .unwrap()
            .is_none()
    );
    assert!(
        snapshot
            .item(&format!("e{}", oldest + 1))
            .unwrap()
            .is_some()
    );
}
