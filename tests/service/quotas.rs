//! How much one caller may have.

use crate::errors::{checked, retry};
use crate::fort::{Fort, token};
use crate::house::item;
use sitrep::access::Scope;
use sitrep::config::Quota;
use sitrep::service::reason;
use sitrep::wire::v1;
use std::time::{Duration, Instant};
use tonic::Status;
use tonic_types::StatusExt;
use v1::feed_service_client::FeedServiceClient;
use v1::intake_service_client::IntakeServiceClient;

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";

async fn fort(quota: Quota) -> (Fort, [String; 2]) {
    let mut tokens = Vec::new();
    let fort = Fort::with(|config, folder| {
        config.auth.credentials = folder.join("credentials.toml");
        config.quota = quota;
        for name in ["one", "two"] {
            let scopes = [Scope::Intake, Scope::Feed];
            tokens.push(token(&config.auth.credentials, name, &scopes));
        }
    })
    .await;
    (fort, tokens.try_into().unwrap())
}

/// Checks that a refusal says what there is too much of, and gives when to come back.
fn exceeded(status: &Status, quota: &str, bound: &str) -> Duration {
    let about = checked(status, reason::QUOTA_EXCEEDED);
    assert_eq!(
        (about["quota"].as_str(), about["bound"].as_str()),
        (quota, bound)
    );
    let details = status.get_error_details();
    let violations = &details.quota_failure().unwrap().violations;
    assert_eq!(violations[0].subject, quota);
    retry(status)
}

#[tokio::test]
async fn calls_past_the_quota_of_a_caller_are_refused_until_the_time_that_is_told() {
    let quota = Quota {
        calls_per_second: 2,
        ..Quota::default()
    };
    let (fort, [one, two]) = fort(quota).await;
    let asks = async |token: &str| {
        let mut feed = FeedServiceClient::new(fort.showing(token).await);
        feed.get_feed_info(v1::GetFeedInfoRequest {})
            .await
            .map(|_| ())
    };
    let mut refused = None;
    for _ in 0..10 {
        refused = asks(&one).await.err().or(refused);
    }
    let wait = exceeded(&refused.expect("ten at once are too many"), "calls", "2");
    assert!(
        wait > Duration::ZERO && wait <= Duration::from_millis(500),
        "{wait:?}"
    );
    // Somebody else is not touched by it, and the first may come again.
    asks(&two).await.unwrap();
    tokio::time::sleep(Duration::from_millis(510)).await;
    asks(&one).await.unwrap();
    fort.stop().await;
}

#[tokio::test]
async fn streams_past_the_quota_of_a_caller_are_refused_until_one_closes() {
    let quota = Quota {
        streams: 2,
        ..Quota::default()
    };
    let (fort, [one, two]) = fort(quota).await;
    let opens = async |token: &str| {
        let mut feed = FeedServiceClient::new(fort.showing(token).await);
        feed.subscribe(v1::SubscribeRequest::default()).await
    };
    let mut open = vec![opens(&one).await.unwrap(), opens(&one).await.unwrap()];
    let refused = opens(&one).await.unwrap_err();
    assert!(exceeded(&refused, "streams", "2") > Duration::ZERO);
    let _others = opens(&two).await.unwrap();
    // Calls of one answer are no streams.
    let mut feed = FeedServiceClient::new(fort.showing(&one).await);
    feed.get_feed_info(v1::GetFeedInfoRequest {}).await.unwrap();
    open.pop();
    crate::fort::eventually("the place is free", async || match opens(&one).await {
        Ok(stream) => {
            open.push(stream);
            true
        }
        Err(_) => false,
    })
    .await;
    fort.stop().await;
}

#[tokio::test]
async fn items_past_the_quota_are_refused_one_by_one_and_slowed_down_in_a_stream() {
    let quota = Quota {
        items_per_second: 10,
        ..Quota::default()
    };
    let (fort, [one, two]) = fort(quota).await;
    let mut intake = IntakeServiceClient::new(fort.showing(&one).await);
    let mut refused = None;
    for n in 0..30 {
        let request = v1::SubmitNewsItemRequest {
            item: Some(item(&format!("i{n}"), PORT)),
        };
        refused = intake.submit_news_item(request).await.err().or(refused);
    }
    exceeded(
        &refused.expect("thirty at once are too many"),
        "items",
        "10",
    );
    // Ten at once, and then ten a second: the last of twenty-five comes after one and a half seconds, and none is refused.
    let mut intake = IntakeServiceClient::new(fort.showing(&two).await);
    let items = (0..25).map(|n| v1::StreamNewsItemsRequest {
        item: Some(item(&format!("s{n}"), PORT)),
    });
    let begun = Instant::now();
    let stream = tokio_stream::iter(items.collect::<Vec<_>>());
    let mut answers = intake.stream_news_items(stream).await.unwrap().into_inner();
    let mut count = 0;
    while let Some(answer) = answers.message().await.unwrap() {
        let outcome = answer.outcome.unwrap();
        assert!(matches!(
            outcome,
            v1::stream_news_items_response::Outcome::Accepted(_)
        ));
        count += 1;
    }
    assert_eq!(count, 25);
    assert!(
        begun.elapsed() > Duration::from_millis(1300),
        "{:?}",
        begun.elapsed()
    );
    fort.stop().await;
}
