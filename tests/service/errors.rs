//! Every reason that an error can give: its code, its fields, its details.

use crate::house::{House, item};
use sitrep::feed::Cursor;
use sitrep::service::reason;
use sitrep::wire::v1::{self, subscribe_request::Start};
use std::collections::HashMap;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::StatusExt;

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";

/// Checks what every error has, and gives its metadata.
pub(crate) fn checked(status: &Status, reason: reason::Reason) -> HashMap<String, String> {
    let details = status.get_error_details();
    let info = details.error_info().expect("every error carries ErrorInfo");
    assert_eq!(info.reason, reason.name, "{status:?}");
    assert_eq!(info.domain, "sitrep");
    assert_eq!(status.code(), reason.code);
    assert!(!status.message().is_empty());
    info.metadata.clone()
}

fn fields(status: &Status) -> Vec<String> {
    checked(status, reason::FIELD_INVALID);
    let details = status.get_error_details();
    let violations = &details
        .bad_request()
        .expect("the fields are named")
        .field_violations;
    violations.iter().map(|v| v.field.clone()).collect()
}

pub(crate) fn retry(status: &Status) -> Duration {
    let details = status.get_error_details();
    details
        .retry_info()
        .and_then(|r| r.retry_delay)
        .expect("when to try again")
}

#[tokio::test]
async fn fields_at_fault_are_named_by_every_method() {
    let house = House::new().await;
    let submit = async |item| {
        let request = v1::SubmitNewsItemRequest { item };
        house.intake().submit_news_item(request).await.unwrap_err()
    };
    assert_eq!(fields(&submit(None).await), ["item"]);
    assert_eq!(fields(&submit(Some(item("a", ""))).await), ["item.text"]);
    let both = v1::NewsItem {
        url: "u".repeat(3000),
        ..item("a\n", "x")
    };
    assert_eq!(
        fields(&submit(Some(both)).await),
        ["item.item_id", "item.url"]
    );
    let large = item("a", &"word ".repeat(60_000));
    assert_eq!(fields(&submit(Some(large)).await), ["item.text"]);

    let analyze = v1::AnalyzeNewsItemRequest {
        item: Some(item("a", "")),
        explain: false,
    };
    let refused = house
        .analysis()
        .analyze_news_item(analyze)
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["item.text"]);

    let retract = v1::RetractNewsItemRequest::default();
    let refused = house.intake().retract_news_item(retract).await.unwrap_err();
    assert_eq!(fields(&refused), ["item_id"]);
    for (event_id, reason, field) in [
        ("", "false", "event_id"),
        ("port", " ", "reason"),
        ("port", "two\nlines", "reason"),
    ] {
        let retract = v1::RetractEventRequest {
            event_id: event_id.into(),
            reason: reason.into(),
        };
        let refused = house.intake().retract_event(retract).await.unwrap_err();
        assert_eq!(fields(&refused), [field]);
    }

    let subscribe = async |request| house.feed().subscribe(request).await.unwrap_err();
    let from = |start| v1::SubscribeRequest {
        start: Some(start),
        ..Default::default()
    };
    let cursor = |text: &str| from(Start::Cursor(text.into()));
    assert_eq!(fields(&subscribe(cursor("")).await), ["cursor"]);
    assert_eq!(fields(&subscribe(cursor("garbage")).await), ["cursor"]);
    let year_0 = pbjson_types::Timestamp {
        seconds: -62_135_596_800,
        nanos: 0,
    };
    assert_eq!(
        fields(&subscribe(from(Start::StartTime(year_0))).await),
        ["start_time"]
    );
    for (seconds, nanos) in [
        (0, 0),
        (0, 999_999_999),
        (61, 0),
        (60, 1),
        (-5, 0),
        (i64::MAX, 0),
    ] {
        let interval = Some(pbjson_types::Duration { seconds, nanos });
        let request = v1::SubscribeRequest {
            heartbeat_interval: interval,
            ..Default::default()
        };
        assert_eq!(
            fields(&subscribe(request).await),
            ["heartbeat_interval"],
            "{seconds} {nanos}"
        );
    }
    let filter = v1::Filter {
        event_types: vec!["weather".into()],
        ..Default::default()
    };
    let request = v1::SubscribeRequest {
        filter: Some(filter),
        ..Default::default()
    };
    assert_eq!(fields(&subscribe(request).await), ["filter.event_types[0]"]);

    let list = async |request| house.feed().list_events(request).await.unwrap_err();
    type List = v1::ListEventsRequest;
    let changes = v1::Filter {
        changes: vec![1],
        ..Default::default()
    };
    let request = List {
        filter: Some(changes),
        ..List::default()
    };
    assert_eq!(fields(&list(request).await), ["filter.changes"]);
    assert_eq!(
        fields(
            &list(List {
                page_size: 501,
                ..List::default()
            })
            .await
        ),
        ["page_size"]
    );
    assert_eq!(
        fields(
            &list(List {
                order_by: 9,
                ..List::default()
            })
            .await
        ),
        ["order_by"]
    );
    let request = List {
        page_token: "x".into(),
        ..List::default()
    };
    assert_eq!(fields(&list(request).await), ["page_token"]);
    let request = List {
        reported_before: Some(year_0),
        ..List::default()
    };
    assert_eq!(fields(&list(request).await), ["reported_before"]);

    let get = async |request| house.feed().get_event(request).await.unwrap_err();
    type Get = v1::GetEventRequest;
    assert_eq!(fields(&get(Get::default()).await), ["id"]);
    let request = Get {
        id: "x".into(),
        page_size: 101,
        ..Get::default()
    };
    assert_eq!(fields(&get(request).await), ["page_size"]);
    house.stop().await;
}

#[tokio::test]
async fn a_page_token_is_good_for_its_own_request_only() {
    let house = House::new().await;
    for n in 0..3 {
        house
            .submit(&format!("{n}"), &PORT.replace("#port", &format!("#p{n}")))
            .await;
    }
    let mut request = v1::ListEventsRequest {
        page_size: 1,
        ..Default::default()
    };
    let page = house
        .feed()
        .list_events(request.clone())
        .await
        .unwrap()
        .into_inner();
    request.page_token = page.next_page_token;
    request.page_size = 2;
    assert_eq!(
        house
            .feed()
            .list_events(request.clone())
            .await
            .unwrap()
            .into_inner()
            .events
            .len(),
        2
    );
    request.show_retracted = true;
    assert_eq!(
        fields(&house.feed().list_events(request).await.unwrap_err()),
        ["page_token"]
    );
    house.stop().await;
}

#[tokio::test]
async fn unknown_items_and_events_are_not_found() {
    let house = House::new().await;
    let retract = v1::RetractNewsItemRequest {
        item_id: "nowhere".into(),
        ..Default::default()
    };
    let refused = house.intake().retract_news_item(retract).await.unwrap_err();
    assert_eq!(
        checked(&refused, reason::ITEM_UNKNOWN)["item_id"],
        "nowhere"
    );
    let retract = v1::RetractEventRequest {
        event_id: "nowhere".into(),
        reason: "false".into(),
    };
    let refused = house.intake().retract_event(retract).await.unwrap_err();
    assert_eq!(
        checked(&refused, reason::EVENT_UNKNOWN)["event_id"],
        "nowhere"
    );
    let get = v1::GetEventRequest {
        id: "nowhere".into(),
        ..Default::default()
    };
    let refused = house.feed().get_event(get).await.unwrap_err();
    assert_eq!(
        checked(&refused, reason::EVENT_UNKNOWN)["event_id"],
        "nowhere"
    );
    house.stop().await;
}

#[tokio::test]
async fn other_content_under_a_known_id_says_which_version_it_needs() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let request = v1::SubmitNewsItemRequest {
        item: Some(item("a", "other")),
    };
    let refused = house.intake().submit_news_item(request).await.unwrap_err();
    let metadata = checked(&refused, reason::ITEM_EXISTS);
    assert_eq!(
        (
            metadata["item_id"].as_str(),
            metadata["expected_version"].as_str()
        ),
        ("a", "2")
    );
    house.stop().await;
}

#[tokio::test]
async fn an_item_that_can_not_be_read_is_our_fault() {
    let house = House::new().await;
    let request = v1::SubmitNewsItemRequest {
        item: Some(item("a", "panic")),
    };
    let refused = house.intake().submit_news_item(request).await.unwrap_err();
    assert_eq!(checked(&refused, reason::ITEM_UNREADABLE)["item_id"], "a");
    let request = v1::AnalyzeNewsItemRequest {
        item: Some(item("a", "panic")),
        explain: false,
    };
    let refused = house
        .analysis()
        .analyze_news_item(request)
        .await
        .unwrap_err();
    checked(&refused, reason::ITEM_UNREADABLE);
    assert!(
        !refused.message().contains("as the text says"),
        "nothing internal leaks"
    );
    house.submit("b", PORT).await;
    house.stop().await;
}

#[tokio::test]
async fn a_full_queue_says_when_to_try_again() {
    let house = House::with(|config| {
        config.intake.queue = 1;
        config.intake.workers = 1;
    })
    .await;
    let submit = |id: &str| {
        let mut client = house.intake();
        let request = v1::SubmitNewsItemRequest {
            item: Some(item(id, "slow")),
        };
        async move { client.submit_news_item(request).await }
    };
    let (one, two) = tokio::join!(submit("a"), submit("b"));
    let refused = one.err().or(two.err()).expect("one of two is refused");
    assert_eq!(checked(&refused, reason::INTAKE_FULL)["bound"], "1");
    assert!(refused.get_error_details().quota_failure().is_some());
    assert!(retry(&refused) > Duration::ZERO);
    house.stop().await;
}

#[tokio::test]
async fn too_many_subscriptions_are_refused_until_one_ends() {
    let house = House::with(|config| config.feed.max_subscriptions = 1).await;
    let first = house.subscribe(v1::SubscribeRequest::default()).await;
    let refused = house
        .feed()
        .subscribe(v1::SubscribeRequest::default())
        .await
        .unwrap_err();
    assert_eq!(checked(&refused, reason::SUBSCRIPTIONS_FULL)["bound"], "1");
    assert!(retry(&refused) > Duration::ZERO);
    drop(first);
    let mut tries = 0;
    while house
        .feed()
        .subscribe(v1::SubscribeRequest::default())
        .await
        .is_err()
    {
        tries += 1;
        assert!(tries < 100, "the place of the one that went is free again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    house.stop().await;
}

#[tokio::test]
async fn cursors_of_another_log_and_past_the_end_are_foreign() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let info = house
        .feed()
        .get_feed_info(v1::GetFeedInfoRequest {})
        .await
        .unwrap()
        .into_inner();
    let subscribe = async |cursor: Cursor| {
        let start = Some(Start::Cursor(cursor.encode()));
        let request = v1::SubscribeRequest {
            start,
            ..Default::default()
        };
        house.feed().subscribe(request).await.unwrap_err()
    };
    let other = "01948f3a-0000-7000-8000-0000000000aa";
    let refused = subscribe(Cursor::new(other, 0)).await;
    assert_eq!(
        checked(&refused, reason::CURSOR_FOREIGN)["log_id"],
        info.log_id
    );
    let refused = subscribe(Cursor::new(&info.log_id, 2)).await;
    let metadata = checked(&refused, reason::CURSOR_FOREIGN);
    assert_eq!(metadata["newest_cursor"], info.newest_cursor);
    house.stop().await;
}

#[tokio::test]
async fn the_end_of_the_service_is_told_to_subscribers_and_streams_with_where_to_go_on() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let mut subscriber = house.subscribe(v1::SubscribeRequest::default()).await;
    let caught_up = subscriber.told().await;
    let (send, items) = tokio::sync::mpsc::channel(4);
    let items = tokio_stream::wrappers::ReceiverStream::new(items);
    let mut answers = house
        .intake()
        .stream_news_items(items)
        .await
        .unwrap()
        .into_inner();
    send.send(v1::StreamNewsItemsRequest {
        item: Some(item("b", PORT)),
    })
    .await
    .unwrap();
    assert!(answers.message().await.unwrap().is_some());
    assert_eq!(subscriber.told().await.what, "CORROBORATED port 2");
    let ending = house.begin_stop();
    let end = subscriber.end().await;
    let cursor = checked(&end, reason::DRAINING)["cursor"].clone();
    assert_ne!(cursor, caught_up.cursor);
    assert!(retry(&end) > Duration::ZERO);
    let end = answers.message().await.unwrap_err();
    checked(&end, reason::DRAINING);
    assert!(retry(&end) > Duration::ZERO);
    ending.await.unwrap().unwrap();
}

#[test]
fn codes_and_names_are_those_of_the_manual() {
    let found: Vec<_> = reason::ALL.iter().map(|r| (r.name, r.code)).collect();
    let expected = [
        ("FIELD_INVALID", Code::InvalidArgument),
        ("MESSAGE_TOO_LARGE", Code::InvalidArgument),
        ("MESSAGE_UNREADABLE", Code::InvalidArgument),
        ("METHOD_UNKNOWN", Code::Unimplemented),
        ("ITEM_EXISTS", Code::AlreadyExists),
        ("ITEM_UNKNOWN", Code::NotFound),
        ("EVENT_UNKNOWN", Code::NotFound),
        ("CURSOR_EXPIRED", Code::OutOfRange),
        ("CURSOR_FOREIGN", Code::FailedPrecondition),
        ("INTAKE_FULL", Code::ResourceExhausted),
        ("SUBSCRIPTIONS_FULL", Code::ResourceExhausted),
        ("QUOTA_EXCEEDED", Code::ResourceExhausted),
        ("SUBSCRIBER_STALLED", Code::ResourceExhausted),
        ("CREDENTIALS_MISSING", Code::Unauthenticated),
        ("CREDENTIALS_INVALID", Code::Unauthenticated),
        ("CREDENTIALS_EXPIRED", Code::Unauthenticated),
        ("SCOPE_MISSING", Code::PermissionDenied),
        ("KEYS_UNAVAILABLE", Code::Unavailable),
        ("DRAINING", Code::Unavailable),
        ("STORE_FAILED", Code::Unavailable),
        ("RECORD_DAMAGED", Code::DataLoss),
        ("ITEM_UNREADABLE", Code::Internal),
        ("INTERNAL", Code::Internal),
    ];
    assert_eq!(found, expected);
}
