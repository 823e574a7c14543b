//! Events as they stand.

use crate::house::{House, item};
use sitrep::wire::v1;

fn port(n: i64) -> String {
    format!("#port{n} military.strike RUS>UKR Odesa claimed 0.8 : Drones hit port {n}")
}

async fn submit_at(house: &House, id: &str, second: i64, text: &str) {
    let published = pbjson_types::Timestamp {
        seconds: 1_772_000_000 + second,
        nanos: 0,
    };
    let item = v1::NewsItem {
        published_at: Some(published),
        ..item(id, text)
    };
    let request = v1::SubmitNewsItemRequest { item: Some(item) };
    house.intake().submit_news_item(request).await.unwrap();
}

async fn list(house: &House, mut request: v1::ListEventsRequest) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let page = house
            .feed()
            .list_events(request.clone())
            .await
            .unwrap()
            .into_inner();
        found.extend(page.events.into_iter().map(|e| e.id));
        if page.next_page_token.is_empty() {
            return found;
        }
        request.page_token = page.next_page_token;
    }
}

#[tokio::test]
async fn events_are_listed_newest_report_first_a_page_at_a_time() {
    let house = House::new().await;
    for n in [3, 1, 5, 2, 4] {
        submit_at(&house, &format!("i{n}"), n, &port(n)).await;
    }
    let request = v1::ListEventsRequest {
        page_size: 2,
        ..Default::default()
    };
    let first = house
        .feed()
        .list_events(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.events.len(), 2);
    assert_eq!(
        first.events[0].reports.len(),
        1,
        "each with its latest report"
    );
    let expected = ["port5", "port4", "port3", "port2", "port1"];
    assert_eq!(list(&house, request.clone()).await, expected);
    let since = pbjson_types::Timestamp {
        seconds: 1_772_000_004,
        nanos: 0,
    };
    let bounded = v1::ListEventsRequest {
        reported_after: Some(since),
        ..request.clone()
    };
    assert_eq!(list(&house, bounded).await, ["port5", "port4"]);
    let words = v1::Filter {
        text_contains: vec!["port 3".into()],
        ..Default::default()
    };
    let filtered = v1::ListEventsRequest {
        filter: Some(words),
        ..request
    };
    assert_eq!(list(&house, filtered).await, ["port3"]);
    house.stop().await;
}

#[tokio::test]
async fn retracted_events_are_listed_on_request_only() {
    let house = House::new().await;
    house.submit("a", &port(1)).await;
    house.submit("b", &port(2)).await;
    let request = v1::RetractNewsItemRequest {
        item_id: "a".into(),
        ..Default::default()
    };
    house.intake().retract_news_item(request).await.unwrap();
    assert_eq!(
        list(&house, v1::ListEventsRequest::default()).await,
        ["port2"]
    );
    let request = v1::ListEventsRequest {
        show_retracted: true,
        ..Default::default()
    };
    assert_eq!(list(&house, request).await.len(), 2);
    house.stop().await;
}

#[tokio::test]
async fn an_event_comes_with_its_reports_paged_and_its_history() {
    let house = House::new().await;
    for n in 0..7 {
        submit_at(&house, &format!("i{n}"), 10 - n, &port(1)).await;
    }
    let mut request = v1::GetEventRequest {
        id: "port1".into(),
        history: true,
        page_size: 3,
        ..Default::default()
    };
    let mut items = Vec::new();
    let mut histories = Vec::new();
    loop {
        let answer = house
            .feed()
            .get_event(request.clone())
            .await
            .unwrap()
            .into_inner();
        let event = answer.event.unwrap();
        assert_eq!((event.report_count, event.revision), (7, 7));
        items.extend(event.reports.into_iter().map(|r| r.item_id));
        histories.push(answer.history.len());
        if answer.next_page_token.is_empty() {
            break;
        }
        request.page_token = answer.next_page_token;
    }
    assert_eq!(
        items,
        ["i6", "i5", "i4", "i3", "i2", "i1", "i0"],
        "oldest first"
    );
    assert_eq!(histories, [7, 0, 0], "history comes with the first page");
    house.stop().await;
}
