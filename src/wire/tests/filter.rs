//! Filters: what is refused, under which field.

use crate::feed::Criteria;
use crate::model::Change;
use crate::wire::{ListScope, Vocabulary, filter, v1};

fn vocabulary() -> Vocabulary {
    let words = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    Vocabulary::new(
        words(&["military.strike.drone", "diplomatic.meeting"]),
        words(&["UKR", "RUS", "EGY"]),
    )
}

/// Fields of a filter that are refused.
fn refused_filter(message: v1::Filter) -> Vec<String> {
    match filter(Some(message), ListScope::Updates, &vocabulary()) {
        Ok(_) => vec![],
        Err(invalid) => invalid.violations.into_iter().map(|v| v.field).collect(),
    }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

#[test]
fn unknown_words_and_odd_ranges_of_a_filter_name_their_field() {
    type F = v1::Filter;
    let cases: Vec<(F, &[&str])> = vec![
        (
            F {
                event_types: words(&["military.strike", "weather"]),
                ..F::default()
            },
            &["filter.event_types[1]"],
        ),
        (
            F {
                countries: words(&["ukr"]),
                ..F::default()
            },
            &["filter.countries[0]"],
        ),
        (
            F {
                location_countries: words(&["UKR", "XYZ"]),
                ..F::default()
            },
            &["filter.location_countries[1]"],
        ),
        (
            F {
                categories: vec![0],
                ..F::default()
            },
            &["filter.categories[0]"],
        ),
        (
            F {
                statuses: vec![99],
                ..F::default()
            },
            &["filter.statuses[0]"],
        ),
        (
            F {
                changes: vec![1, -1],
                ..F::default()
            },
            &["filter.changes[1]"],
        ),
        (
            F {
                min_confidence: f64::NAN,
                ..F::default()
            },
            &["filter.min_confidence"],
        ),
        (
            F {
                min_confidence: 1.5,
                ..F::default()
            },
            &["filter.min_confidence"],
        ),
        (
            F {
                text_contains: words(&["..."]),
                ..F::default()
            },
            &["filter.text_contains[0]"],
        ),
        (
            F {
                sources: words(&[" "]),
                ..F::default()
            },
            &["filter.sources[0]"],
        ),
        (
            F {
                bounding_box: Some(v1::BoundingBox {
                    south: 50.0,
                    north: 40.0,
                    west: -181.0,
                    east: f64::INFINITY,
                }),
                ..F::default()
            },
            &[
                "filter.bounding_box.west",
                "filter.bounding_box.east",
                "filter.bounding_box.south",
            ],
        ),
        (
            F {
                near: Some(v1::Near {
                    point: None,
                    radius_km: 0.0,
                }),
                ..F::default()
            },
            &["filter.near.point", "filter.near.radius_km"],
        ),
        (
            F {
                exclude: Some(Box::new(F {
                    countries: words(&["QQQ"]),
                    exclude: Some(Box::default()),
                    ..F::default()
                })),
                ..F::default()
            },
            &["filter.exclude.exclude", "filter.exclude.countries[0]"],
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(refused_filter(message.clone()), expected, "{message:?}");
    }
}

#[test]
fn a_filter_is_bounded_in_terms_and_bytes_with_its_exclude() {
    let many = |n: usize| v1::Filter {
        countries: vec!["UKR".into(); n],
        ..Default::default()
    };
    assert_eq!(refused_filter(many(64)), Vec::<String>::new());
    let mut split = many(40);
    split.exclude = Some(Box::new(many(25)));
    assert_eq!(refused_filter(split), ["filter"]);
    let long = v1::Filter {
        text_contains: vec!["a".repeat(2048)],
        ..Default::default()
    };
    assert_eq!(refused_filter(long), ["filter"]);
}

#[test]
fn changes_are_for_updates_only_and_an_empty_exclude_excludes_nothing() {
    let message = v1::Filter {
        changes: vec![5],
        exclude: Some(Box::default()),
        ..Default::default()
    };
    let found = filter(Some(message.clone()), ListScope::Updates, &vocabulary()).unwrap();
    assert_eq!(found.exclude, None);
    assert_eq!(
        found.include,
        Criteria {
            changes: vec![Change::Retracted],
            ..Default::default()
        }
    );
    let refused = filter(Some(message), ListScope::Events, &vocabulary()).unwrap_err();
    assert_eq!(refused.violations[0].field, "filter.changes");
}
