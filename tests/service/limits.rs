//! Limits that take time or damage to reach: retention, stalled subscribers, a failed store, malformed messages.

use crate::errors::{checked, retry};
use crate::house::{House, item};
use jiff::Timestamp;
use sitrep::feed::Cursor;
use sitrep::service::reason;
use sitrep::store::{Limits, Settings, Store};
use sitrep::wire::v1::{self, subscribe_request::Start};
use std::time::Duration;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";

fn from(start: Start) -> v1::SubscribeRequest {
    v1::SubscribeRequest {
        start: Some(start),
        ..Default::default()
    }
}

#[tokio::test]
async fn what_retention_removed_is_expired_and_told_with_the_oldest_cursor() {
    let house = House::new().await;
    for n in 0..4 {
        house.submit(&format!("i{n}"), PORT).await;
    }
    let first = house
        .feed()
        .get_feed_info(v1::GetFeedInfoRequest {})
        .await
        .unwrap()
        .into_inner();
    let directory = house.stop().await;
    // A year later, as far as retention can tell.
    let later = Timestamp::now() + jiff::SignedDuration::from_hours(24 * 365);
    let (store, mut writer) = Store::open(directory.path(), &Settings::default(), later).unwrap();
    let limits = Limits {
        age: Duration::from_secs(86_400),
        bytes: u64::MAX,
    };
    while writer.trim(later, &limits).unwrap().unfinished {}
    drop((store, writer));

    let house = House::over(directory, |_| {}).await;
    let refused = async |start| house.feed().subscribe(from(start)).await.unwrap_err();
    let old = refused(Start::Cursor(first.oldest_cursor)).await;
    let oldest = checked(&old, reason::CURSOR_EXPIRED)["oldest_cursor"].clone();
    let old = refused(Start::StartTime(first.oldest_time.unwrap())).await;
    assert_eq!(
        checked(&old, reason::CURSOR_EXPIRED)["oldest_cursor"],
        oldest
    );
    assert_eq!(Cursor::decode(&oldest).unwrap().position, 4);
    // From there it goes on.
    house.submit("new", PORT).await;
    let request = v1::SubscribeRequest {
        max_updates: 1,
        ..from(Start::Cursor(oldest))
    };
    assert_eq!(
        house.subscribe(request).await.all().await[0].what,
        "CREATED port 1"
    );
    house.stop().await;
}

#[tokio::test]
async fn a_subscriber_that_accepts_nothing_is_ended_and_told_where_to_go_on() {
    let house = House::with(|config| config.feed.stall_seconds = 1).await;
    // More than all the buffers between the log and the client hold.
    let long = format!("{PORT} {}", "words ".repeat(20_000));
    let count = 30;
    for n in 0..count {
        house.submit(&format!("i{n}"), &long).await;
    }
    let everything = v1::SubscribeRequest {
        end_when_caught_up: true,
        ..from(Start::Earliest(true))
    };
    let mut subscriber = house.subscribe(everything.clone()).await;
    subscriber.told().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut found = Vec::new();
    let end = loop {
        match subscriber.next().await.expect("it is ended") {
            Ok(told) => found.push(told),
            Err(status) => break status,
        }
    };
    let cursor = checked(&end, reason::SUBSCRIBER_STALLED)["cursor"].clone();
    assert!(end.get_error_details_quota());
    assert!(
        found.len() < count,
        "{} of {count} fit into buffers",
        found.len()
    );
    // Nothing is lost by going on from there, and nothing comes twice.
    let request = v1::SubscribeRequest {
        end_when_caught_up: true,
        ..from(Start::Cursor(cursor))
    };
    found.extend(house.subscribe(request).await.all().await);
    let cursors: Vec<_> = found.into_iter().map(|t| t.cursor).collect();
    let all: Vec<_> = house
        .subscribe(everything)
        .await
        .all()
        .await
        .into_iter()
        .map(|t| t.cursor)
        .collect();
    assert_eq!(cursors, all);
    house.stop().await;
}

trait Quota {
    fn get_error_details_quota(&self) -> bool;
}

impl Quota for Status {
    fn get_error_details_quota(&self) -> bool {
        tonic_types::StatusExt::get_error_details(self)
            .quota_failure()
            .is_some()
    }
}

#[tokio::test]
async fn a_failed_store_refuses_intake_says_so_in_health_and_still_serves_what_it_has() {
    use tonic_health::pb::health_check_response::ServingStatus;
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    let house = House::new().await;
    house.submit("a", PORT).await;
    let submit = async |id: &str| {
        let request = v1::SubmitNewsItemRequest {
            item: Some(item(id, PORT)),
        };
        house.intake().submit_news_item(request).await.unwrap_err()
    };
    for id in ["breaks-the-ledger", "b"] {
        let refused = submit(id).await;
        checked(&refused, reason::STORE_FAILED);
        assert!(retry(&refused) > Duration::ZERO);
    }
    let mut health = HealthClient::new(house.channel.clone());
    for (service, expected) in [
        ("", ServingStatus::NotServing),
        ("sitrep.v1.IntakeService", ServingStatus::NotServing),
        ("sitrep.v1.FeedService", ServingStatus::Serving),
    ] {
        let request = HealthCheckRequest {
            service: service.into(),
        };
        let found = health.check(request).await.unwrap().into_inner().status();
        assert_eq!(found, expected, "{service}");
    }
    let request = v1::SubscribeRequest {
        end_when_caught_up: true,
        ..from(Start::Earliest(true))
    };
    assert_eq!(house.subscribe(request).await.all().await.len(), 1);
    let house = house.restart().await;
    assert!(house.submit("a", PORT).await.duplicate);
    house.submit("b", PORT).await;
    house.stop().await;
}

/// Calls a method with a message that the generated client would not send.
async fn call<M: prost::Message + 'static>(
    house: &House,
    path: &'static str,
    message: M,
) -> Status {
    let mut client = tonic::client::Grpc::new(house.channel.clone());
    client.ready().await.unwrap();
    let codec = ProstCodec::<M, v1::SubmitNewsItemResponse>::default();
    let path = PathAndQuery::from_static(path);
    client
        .unary(Request::new(message), path, codec)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn what_the_transport_refuses_says_why_too() {
    let house = House::new().await;
    let submit = "/sitrep.v1.IntakeService/SubmitNewsItem";
    let large = v1::SubmitNewsItemRequest {
        item: Some(item("a", &"word ".repeat(1_000_000))),
    };
    checked(
        &call(&house, submit, large).await,
        reason::MESSAGE_TOO_LARGE,
    );
    // A number where a message is expected.
    let other = v1::CausedUpdate {
        event_id: "\u{7f}\u{7f}".into(),
        ..Default::default()
    };
    checked(
        &call(&house, submit, other).await,
        reason::MESSAGE_UNREADABLE,
    );
    let nothing = v1::GetFeedInfoRequest {};
    let unknown = call(&house, "/sitrep.v1.IntakeService/Forget", nothing).await;
    checked(&unknown, reason::METHOD_UNKNOWN);
    let unknown = call(&house, "/weather.v1.Weather/Tell", nothing).await;
    checked(&unknown, reason::METHOD_UNKNOWN);
    house.submit("b", PORT).await;
    house.stop().await;
}

#[tokio::test]
async fn connections_past_the_bound_wait_until_one_closes() {
    let house = House::with(|config| config.server.max_connections = 1).await;
    house.submit("a", PORT).await;
    let waiting = tokio::time::timeout(Duration::from_millis(300), async {
        let channel = house.another_channel().await;
        let mut feed = v1::feed_service_client::FeedServiceClient::new(channel);
        feed.get_feed_info(v1::GetFeedInfoRequest {}).await
    });
    assert!(waiting.await.is_err(), "a second connection is not served");
    house.submit("b", PORT).await;
    house.stop().await;
}
