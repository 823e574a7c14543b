//! The end: everything durable is delivered, everybody is told, and it does not take long.

use crate::house::{House, item};
use sitrep::wire::v1::{self, subscribe_request::Start};
use std::time::{Duration, Instant};

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";

#[tokio::test]
async fn a_hundred_open_streams_end_within_seconds_with_all_that_was_committed() {
    let house = House::with(|config| config.server.max_streams_per_connection = 200).await;
    let mut subscribers = Vec::new();
    for _ in 0..100 {
        let mut subscriber = house.subscribe(v1::SubscribeRequest::default()).await;
        subscriber.told().await;
        subscribers.push(subscriber);
    }
    // Still in the queue when the end begins: taken in, so it is answered and delivered.
    let mut client = house.intake();
    let request = v1::SubmitNewsItemRequest {
        item: Some(item("a", &format!("slow\n{PORT}"))),
    };
    let submitted = tokio::spawn(async move { client.submit_news_item(request).await });
    tokio::time::sleep(Duration::from_millis(80)).await;
    let begun = Instant::now();
    let ending = house.begin_stop();
    let answer = submitted.await.unwrap().unwrap().into_inner();
    assert_eq!(answer.updates.len(), 1);
    for mut subscriber in subscribers {
        assert_eq!(subscriber.told().await.what, "CREATED port 1");
        assert_eq!(subscriber.end().await.code(), tonic::Code::Unavailable);
    }
    ending.await.unwrap().unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_client_that_never_reads_does_not_hold_up_the_end_past_its_deadline() {
    let house = House::with(|config| config.server.shutdown_seconds = 2).await;
    // More than any buffer on the way takes.
    let long = format!(
        "#port military.strike RUS>UKR Odesa claimed 0.8 : {}",
        "words ".repeat(20_000)
    );
    for n in 0..20 {
        house.submit(&format!("i{n}"), &long).await;
    }
    let request = v1::SubscribeRequest {
        start: Some(Start::Earliest(true)),
        ..Default::default()
    };
    let unread = house.feed().subscribe(request).await.unwrap();
    let begun = Instant::now();
    house.begin_stop().await.unwrap().unwrap();
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(8), "{waited:?}");
    drop(unread);
}

#[tokio::test]
async fn what_is_submitted_during_the_end_is_refused_or_answered_and_never_lost() {
    let house = House::new().await;
    let answered_one = std::sync::Arc::new(tokio::sync::Notify::new());
    let mut tasks = Vec::new();
    for n in 0..40 {
        let (mut client, first) = (house.intake(), answered_one.clone());
        tasks.push(tokio::spawn(async move {
            let request = v1::SubmitNewsItemRequest {
                item: Some(item(&format!("i{n}"), PORT)),
            };
            tokio::time::sleep(Duration::from_millis(n * 5)).await;
            let outcome = client.submit_news_item(request).await;
            first.notify_one();
            (n, outcome)
        }));
    }
    answered_one.notified().await;
    let directory = house.stop().await;
    let mut answered = Vec::new();
    for task in tasks {
        let (n, outcome) = task.await.unwrap();
        // Who comes too late is refused, by the service or by the connection that is gone.
        if outcome.is_ok() {
            answered.push(format!("i{n}"));
        }
    }
    assert!(!answered.is_empty());
    let settings = sitrep::store::Settings::default();
    let now = jiff::Timestamp::now();
    let (store, _writer) = sitrep::store::Store::open(directory.path(), &settings, now).unwrap();
    let snapshot = store.snapshot().unwrap();
    for id in answered {
        assert!(
            snapshot.item(&id).unwrap().is_some(),
            "{id} was acknowledged"
        );
    }
}
