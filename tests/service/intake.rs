//! Items in: idempotency, corrections, retractions, streams.

use crate::house::{House, item, whats};
use sitrep::wire::v1::{self, subscribe_request::Start};
use v1::stream_news_items_response::Outcome;

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";

fn history() -> v1::SubscribeRequest {
    v1::SubscribeRequest {
        start: Some(Start::Earliest(true)),
        end_when_caught_up: true,
        ..Default::default()
    }
}

#[tokio::test]
async fn an_item_is_answered_with_the_updates_that_the_feed_then_holds() {
    let house = House::new().await;
    let text = format!("{PORT}\n#talks diplomatic.meeting POL>UKR Warsaw occurred 0.9 : They met");
    let answer = house.submit("a", &text).await;
    assert_eq!(answer.item_id, "a");
    assert!(!answer.duplicate && answer.warnings.is_empty());
    let caused: Vec<_> = answer
        .updates
        .iter()
        .map(|u| {
            (
                u.event_id.as_str(),
                u.revision,
                u.change(),
                u.r#type.as_str(),
            )
        })
        .collect();
    let created = v1::Change::Created;
    let expected = [
        ("port", 1, created, "military.strike"),
        ("talks", 1, created, "diplomatic.meeting"),
    ];
    assert_eq!(caused, expected);
    let told = house.subscribe(history()).await.all().await;
    assert_eq!(whats(&told), ["CREATED port 1", "CREATED talks 1"]);
    let update = told[0].update.as_ref().unwrap();
    assert_eq!(update.caused_by_item_id, "a");
    assert!(update.committed_at.is_some());
    let event = update.event.as_ref().unwrap();
    assert_eq!(
        event.reports[0].evidence.as_ref().unwrap().text,
        "Drones hit the port"
    );
    house.stop().await;
}

#[tokio::test]
async fn the_same_item_twice_answers_as_the_first_time_also_after_a_restart() {
    let house = House::new().await;
    let first = house.submit("a", PORT).await;
    let again = house.submit("a", PORT).await;
    assert_eq!(
        again,
        v1::SubmitNewsItemResponse {
            duplicate: true,
            ..first.clone()
        }
    );
    let house = house.restart().await;
    let again = house.submit("a", PORT).await;
    assert_eq!(
        again,
        v1::SubmitNewsItemResponse {
            duplicate: true,
            ..first
        }
    );
    assert_eq!(house.subscribe(history()).await.all().await.len(), 1);
    house.stop().await;
}

#[tokio::test]
async fn without_an_id_one_is_derived_and_the_same_text_is_the_same_item() {
    let house = House::new().await;
    let first = house.submit("", PORT).await;
    assert_eq!(first.item_id.len(), 32);
    let again = house.submit("", PORT).await;
    assert!(again.duplicate && again.item_id == first.item_id);
    house.stop().await;
}

#[tokio::test]
async fn a_correction_takes_the_place_of_the_older_version() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    house.submit("b", PORT).await;
    let corrected = v1::NewsItem {
        version: 2,
        ..item(
            "a",
            "#depot military.strike RUS>UKR Odesa denied 0.5 : No, a depot",
        )
    };
    let request = v1::SubmitNewsItemRequest {
        item: Some(corrected),
    };
    let answer = house
        .intake()
        .submit_news_item(request)
        .await
        .unwrap()
        .into_inner();
    let caused: Vec<_> = answer
        .updates
        .iter()
        .map(|u| (u.event_id.as_str(), u.change()))
        .collect();
    assert_eq!(
        caused,
        [
            ("port", v1::Change::Revised),
            ("depot", v1::Change::Created)
        ]
    );
    let port = v1::GetEventRequest {
        id: "port".into(),
        ..Default::default()
    };
    let event = house
        .feed()
        .get_event(port)
        .await
        .unwrap()
        .into_inner()
        .event
        .unwrap();
    let items: Vec<_> = event.reports.iter().map(|r| r.item_id.as_str()).collect();
    assert_eq!(items, ["b"]);
    house.stop().await;
}

#[tokio::test]
async fn a_retraction_takes_reports_away_and_is_told_on_the_feed() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    house.submit("b", PORT).await;
    let retract = async |id: &str| {
        let request = v1::RetractNewsItemRequest {
            item_id: id.into(),
            reason: "wrong".into(),
        };
        house
            .intake()
            .retract_news_item(request)
            .await
            .unwrap()
            .into_inner()
    };
    let first = retract("a").await;
    assert!(!first.already_retracted);
    assert_eq!(first.updates[0].change(), v1::Change::Revised);
    let again = retract("a").await;
    assert!(again.already_retracted);
    assert_eq!(again.updates, first.updates);
    retract("b").await;
    let told = house.subscribe(history()).await.all().await;
    let expected = [
        "CREATED port 1",
        "CORROBORATED port 2",
        "REVISED port 3",
        "RETRACTED port 4",
    ];
    assert_eq!(whats(&told), expected);
    let last = told[3].update.as_ref().unwrap();
    assert_eq!(
        (last.reason.as_str(), last.caused_by_item_id.as_str()),
        ("wrong", "b")
    );
    assert!(last.event.as_ref().unwrap().retracted);
    house.stop().await;
}

#[tokio::test]
async fn an_operator_retracts_an_event_and_the_feed_says_why() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let retract = async |house: &House| {
        let request = v1::RetractEventRequest {
            event_id: "port".into(),
            reason: "a film set".into(),
        };
        let answer = house.intake().retract_event(request).await;
        answer.unwrap().into_inner()
    };
    let first = retract(&house).await;
    assert!(!first.already_retracted);
    let update = first.update.clone().unwrap();
    assert_eq!(
        (update.revision, update.change()),
        (2, v1::Change::Retracted)
    );
    let house = house.restart().await;
    let again = retract(&house).await;
    assert!(again.already_retracted);
    assert_eq!(again.update, first.update);
    let told = house.subscribe(history()).await.all().await;
    assert_eq!(whats(&told), ["CREATED port 1", "RETRACTED port 2"]);
    let last = told[1].update.as_ref().unwrap();
    assert_eq!(
        (last.reason.as_str(), last.caused_by_item_id.as_str()),
        ("a film set", "")
    );
    house.stop().await;
}

#[tokio::test]
async fn what_an_old_item_said_is_known_after_a_restart() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let house = house.restart().await;
    house.submit("b", PORT).await;
    let request = v1::RetractNewsItemRequest {
        item_id: "a".into(),
        ..Default::default()
    };
    house.intake().retract_news_item(request).await.unwrap();
    let told = house.subscribe(history()).await.all().await;
    assert_eq!(
        whats(&told),
        ["CREATED port 1", "CORROBORATED port 2", "REVISED port 3"]
    );
    house.stop().await;
}

#[tokio::test]
async fn a_stream_answers_every_item_in_order_and_a_bad_one_does_not_end_it() {
    let house = House::new().await;
    let mut items = vec![
        item("a", PORT),
        item("bad\u{7}id", PORT),
        item("b", "slow"),
        item("c", "panic"),
        item("a", PORT),
        item("a", "other words"),
        item("d", ""),
        item("e", "x"),
    ];
    items[7].published_at = None;
    let mut requests: Vec<_> = items
        .into_iter()
        .map(|i| v1::StreamNewsItemsRequest { item: Some(i) })
        .collect();
    requests.push(v1::StreamNewsItemsRequest { item: None });
    let stream = tokio_stream::iter(requests);
    let mut answers = house
        .intake()
        .stream_news_items(stream)
        .await
        .unwrap()
        .into_inner();
    let mut found = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        assert_eq!(answer.index as usize, found.len());
        found.push(match answer.outcome.unwrap() {
            Outcome::Accepted(a) if a.duplicate => format!("{} again", a.item_id),
            Outcome::Accepted(a) if !a.warnings.is_empty() => a.warnings[0].reason.clone(),
            Outcome::Accepted(a) => format!("{} {}", a.item_id, a.updates.len()),
            Outcome::Rejected(r) => format!("{} {} {}", r.code, r.reason, r.field),
        });
    }
    let expected = [
        "a 1",
        "3 FIELD_INVALID item.item_id",
        "b 0",
        "13 ITEM_UNREADABLE ",
        "a again",
        "6 ITEM_EXISTS ",
        "3 FIELD_INVALID item.text",
        "PUBLISHED_AT_MISSING",
        "3 FIELD_INVALID item",
    ];
    assert_eq!(found, expected);
    house.stop().await;
}

#[tokio::test]
async fn a_stream_of_many_items_is_slowed_and_never_refused() {
    let house = House::with(|config| {
        config.intake.queue = 4;
        config.intake.in_flight_per_stream = 64;
    })
    .await;
    let requests: Vec<_> = (0..200)
        .map(|n| v1::StreamNewsItemsRequest {
            item: Some(item(&format!("i{n}"), PORT)),
        })
        .collect();
    let stream = tokio_stream::iter(requests);
    let mut answers = house
        .intake()
        .stream_news_items(stream)
        .await
        .unwrap()
        .into_inner();
    let mut accepted = 0;
    while let Some(answer) = answers.message().await.unwrap() {
        assert!(
            matches!(answer.outcome, Some(Outcome::Accepted(_))),
            "{answer:?}"
        );
        accepted += 1;
    }
    assert_eq!(accepted, 200);
    let told = house.subscribe(history()).await.all().await;
    let items: Vec<_> = told
        .iter()
        .map(|t| t.update.as_ref().unwrap().caused_by_item_id.clone())
        .collect();
    assert_eq!(items, (0..200).map(|n| format!("i{n}")).collect::<Vec<_>>());
    house.stop().await;
}
