//! Reading without storing, and the ontology.

use crate::house::{House, item};
use sitrep::wire::v1;

#[tokio::test]
async fn an_analysis_answers_with_events_and_stores_nothing() {
    let house = House::new().await;
    let text = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";
    let request = v1::AnalyzeNewsItemRequest {
        item: Some(item("a", text)),
        explain: false,
    };
    let first = house
        .analysis()
        .analyze_news_item(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (first.item_id.as_str(), first.language.as_str()),
        ("a", "en")
    );
    assert_eq!(first.events[0].r#type, "military.strike");
    assert_eq!(first.events[0].reports.len(), 1);
    assert!(first.explanation.is_none());
    let explained = v1::AnalyzeNewsItemRequest {
        explain: true,
        ..request
    };
    let second = house
        .analysis()
        .analyze_news_item(explained)
        .await
        .unwrap()
        .into_inner();
    assert!(second.explanation.is_some());
    assert_eq!(
        second.events, first.events,
        "the same item gives the same answer"
    );
    let info = house
        .feed()
        .get_feed_info(v1::GetFeedInfoRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(info.newest_time, None);
    house.stop().await;
}

#[tokio::test]
async fn the_ontology_lists_every_type_with_its_parent_and_codes() {
    let house = House::new().await;
    let answer = house
        .analysis()
        .list_event_types(v1::ListEventTypesRequest {})
        .await;
    let types = answer.unwrap().into_inner().event_types;
    assert!(types.len() > 40);
    let strike = types
        .iter()
        .find(|t| t.name == "military.strike.drone")
        .unwrap();
    assert_eq!(strike.parent, "military.strike");
    assert_eq!(strike.category(), v1::Category::Military);
    assert!(!strike.definition.is_empty() && !strike.codes.as_ref().unwrap().cameo.is_empty());
    house.stop().await;
}
