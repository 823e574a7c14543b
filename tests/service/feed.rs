//! Subscriptions: where they start, what they send, how they go on.

use crate::house::{House, whats};
use sitrep::wire::v1::{self, subscribe_request::Start};

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";
const TALKS: &str = "#talks diplomatic.meeting POL>UKR Warsaw occurred 0.9 : Ministers met";

fn from(start: Start) -> v1::SubscribeRequest {
    v1::SubscribeRequest {
        start: Some(start),
        ..Default::default()
    }
}

fn all() -> v1::SubscribeRequest {
    v1::SubscribeRequest {
        end_when_caught_up: true,
        ..from(Start::Earliest(true))
    }
}

#[tokio::test]
async fn live_updates_follow_history_on_one_stream() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let mut subscriber = house.subscribe(from(Start::Earliest(true))).await;
    assert_eq!(
        subscriber.say(3).await,
        ["behind", "CREATED port 1", "caught up"]
    );
    house.submit("b", TALKS).await;
    assert_eq!(subscriber.say(1).await, ["CREATED talks 1"]);
    let mut live = house.subscribe(v1::SubscribeRequest::default()).await;
    assert_eq!(live.say(1).await, ["caught up"]);
    house.submit("c", TALKS).await;
    assert_eq!(live.say(1).await, ["CORROBORATED talks 2"]);
    drop((subscriber, live));
    house.stop().await;
}

#[tokio::test]
async fn a_cursor_continues_exactly_there_across_a_restart() {
    let mut house = House::new().await;
    for n in 0..7 {
        house.submit(&format!("i{n}"), PORT).await;
    }
    let everything = house.subscribe(all()).await.all().await;
    assert_eq!(everything.len(), 7);
    // Read two at a time, each time with the cursor of the last message, with a restart in between.
    let mut found = Vec::new();
    let mut start = Start::Earliest(true);
    loop {
        let request = v1::SubscribeRequest {
            max_updates: 2,
            end_when_caught_up: true,
            ..from(start)
        };
        let told = house.subscribe(request).await.all().await;
        let Some(last) = told.last() else { break };
        start = Start::Cursor(last.cursor.clone());
        found.extend(told);
        house = house.restart().await;
    }
    assert_eq!(
        found, everything,
        "nothing lost, nothing repeated, the same bytes and cursors"
    );
    house.stop().await;
}

#[tokio::test]
async fn the_cursor_of_a_progress_is_good_too() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let nothing = v1::Filter {
        countries: vec!["USA".into()],
        ..Default::default()
    };
    let request = v1::SubscribeRequest {
        filter: Some(nothing),
        ..all()
    };
    let mut narrow = house.subscribe(request).await;
    assert_eq!(narrow.told().await.what, "behind");
    let caught_up = narrow.told().await;
    assert_eq!(caught_up.what, "caught up");
    house.submit("b", TALKS).await;
    let request = v1::SubscribeRequest {
        end_when_caught_up: true,
        ..from(Start::Cursor(caught_up.cursor))
    };
    assert_eq!(
        whats(&house.subscribe(request).await.all().await),
        ["CREATED talks 1"]
    );
    house.stop().await;
}

#[tokio::test]
async fn a_start_time_is_a_commit_time() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    house.submit("b", TALKS).await;
    let told = house.subscribe(all()).await.all().await;
    let second = told[1].update.as_ref().unwrap().committed_at.unwrap();
    let request = v1::SubscribeRequest {
        end_when_caught_up: true,
        ..from(Start::StartTime(second))
    };
    assert_eq!(
        whats(&house.subscribe(request).await.all().await),
        ["CREATED talks 1"]
    );
    let long_ago = pbjson_types::Timestamp {
        seconds: 0,
        nanos: 0,
    };
    let request = v1::SubscribeRequest {
        end_when_caught_up: true,
        ..from(Start::StartTime(long_ago))
    };
    assert_eq!(house.subscribe(request).await.all().await.len(), 2);
    house.stop().await;
}

#[tokio::test]
async fn max_updates_ends_the_stream() {
    let house = House::new().await;
    let request = v1::SubscribeRequest {
        max_updates: 2,
        ..Default::default()
    };
    let subscriber = house.subscribe(request).await;
    for n in 0..5 {
        house.submit(&format!("i{n}"), PORT).await;
    }
    let told = subscriber.all().await;
    assert_eq!(whats(&told), ["CREATED port 1", "CORROBORATED port 2"]);
    house.stop().await;
}

#[tokio::test]
async fn a_silent_stream_says_that_it_lives() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    let request = v1::SubscribeRequest {
        heartbeat_interval: Some(pbjson_types::Duration {
            seconds: 1,
            nanos: 0,
        }),
        ..Default::default()
    };
    let mut subscriber = house.subscribe(request).await;
    let begun = std::time::Instant::now();
    assert_eq!(
        subscriber.say(3).await,
        ["caught up", "caught up", "caught up"]
    );
    let waited = begun.elapsed().as_millis();
    assert!(
        (1900..8000).contains(&waited),
        "{waited} ms for two heartbeats"
    );
    drop(subscriber);
    house.stop().await;
}

async fn matching(house: &House, filter: v1::Filter) -> Vec<String> {
    let request = v1::SubscribeRequest {
        filter: Some(filter),
        ..all()
    };
    let told = house.subscribe(request).await.all().await;
    told.into_iter().map(|t| t.what).collect()
}

#[tokio::test]
async fn filters_choose_and_who_saw_an_event_hears_of_its_end() {
    let house = House::new().await;
    house.submit("a", PORT).await;
    house.submit("b", TALKS).await;
    house
        .submit(
            "c",
            "#port military.strike RUS>UKR Odesa denied 0.3 : It was no strike",
        )
        .await;
    let request = v1::RetractNewsItemRequest {
        item_id: "b".into(),
        ..Default::default()
    };
    house.intake().retract_news_item(request).await.unwrap();

    type F = v1::Filter;
    let words = |w: &str| vec![w.to_owned()];
    let port = ["CREATED port 1", "REVISED port 2"];
    let talks = ["CREATED talks 1", "RETRACTED talks 2"];
    let both = [
        "CREATED port 1",
        "CREATED talks 1",
        "REVISED port 2",
        "RETRACTED talks 2",
    ];
    let odesa = v1::Point {
        latitude: 46.5,
        longitude: 30.7,
    };
    let cases: Vec<(F, &[&str])> = vec![
        (F::default(), &both),
        (
            F {
                categories: vec![2],
                ..F::default()
            },
            &port,
        ),
        (
            F {
                event_types: words("military"),
                ..F::default()
            },
            &port,
        ),
        (
            F {
                countries: words("UKR"),
                ..F::default()
            },
            &both,
        ),
        (
            F {
                initiator_countries: words("POL"),
                ..F::default()
            },
            &talks,
        ),
        (
            F {
                target_countries: words("RUS"),
                ..F::default()
            },
            &[],
        ),
        (
            F {
                location_countries: words("POL"),
                ..F::default()
            },
            &talks,
        ),
        (
            F {
                actor_ids: words("RUS"),
                ..F::default()
            },
            &port,
        ),
        // The claim was seen: its denial is told.
        (
            F {
                statuses: vec![4],
                ..F::default()
            },
            &port,
        ),
        (
            F {
                statuses: vec![5],
                ..F::default()
            },
            &["REVISED port 2"],
        ),
        (
            F {
                min_confidence: 0.85,
                ..F::default()
            },
            &talks,
        ),
        (
            F {
                min_independent_sources: 2,
                ..F::default()
            },
            &["REVISED port 2"],
        ),
        (
            F {
                changes: vec![5],
                ..F::default()
            },
            &["RETRACTED talks 2"],
        ),
        (
            F {
                sources: words("WIRE.example"),
                ..F::default()
            },
            &both,
        ),
        (
            F {
                text_contains: words("hit THE port"),
                ..F::default()
            },
            &port,
        ),
        (
            F {
                text_contains: words("minister"),
                ..F::default()
            },
            &[],
        ),
        (
            F {
                near: Some(v1::Near {
                    point: Some(odesa),
                    radius_km: 50.0,
                }),
                ..F::default()
            },
            &port,
        ),
        (
            F {
                exclude: Some(Box::new(F {
                    categories: vec![2],
                    ..F::default()
                })),
                ..F::default()
            },
            &talks,
        ),
        (
            F {
                exclude: Some(Box::default()),
                ..F::default()
            },
            &both,
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(
            matching(&house, filter.clone()).await,
            expected,
            "{filter:?}"
        );
    }
    house.stop().await;
}

#[tokio::test]
async fn feed_info_tells_where_the_log_begins_and_ends() {
    let house = House::new().await;
    let info = async || {
        house
            .feed()
            .get_feed_info(v1::GetFeedInfoRequest {})
            .await
            .unwrap()
            .into_inner()
    };
    let empty = info().await;
    assert_eq!(empty.oldest_cursor, empty.newest_cursor);
    assert_eq!((empty.oldest_time, empty.newest_time), (None, None));
    assert_eq!(empty.engine.as_ref().unwrap().version, "test");
    house.submit("a", PORT).await;
    house.submit("b", PORT).await;
    let told = house.subscribe(all()).await.all().await;
    let full = info().await;
    assert_eq!(full.log_id, empty.log_id);
    assert_eq!(full.newest_cursor, told[1].cursor);
    assert_eq!(full.oldest_cursor, empty.oldest_cursor);
    assert_eq!(
        full.oldest_time,
        told[0].update.as_ref().unwrap().committed_at
    );
    assert_eq!(
        full.newest_time,
        told[1].update.as_ref().unwrap().committed_at
    );
    house.stop().await;
}
