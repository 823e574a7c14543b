//! Filters: bounds and vocabulary checked, terms folded for comparison.

use super::check::quoted;
use super::{Invalid, Vocabulary, update, v1};
use crate::feed::{BoundingBox, Criteria, Filter, Near};
use crate::store::fold;
use prost::Message;

/// Most terms in a filter, its `exclude` included.
const MAX_TERMS: usize = 64;
/// Longest filter as a message, in bytes.
const MAX_BYTES: usize = 2048;
/// Half the earth's circumference: no two points are further apart.
const MAX_RADIUS_KM: f64 = 20_040.0;

/// What a filter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListScope {
    /// Updates of a subscription.
    Updates,
    /// Events as they stand, which have no `changes`.
    Events,
}

/// A filter that was asked for, checked. Paths in the violations begin at `filter`.
pub fn filter(
    message: Option<v1::Filter>,
    scope: ListScope,
    vocabulary: &Vocabulary,
) -> Result<Filter, Invalid> {
    let Some(mut message) = message else {
        return Ok(Filter::default());
    };
    let bytes = message.encoded_len();
    if bytes > MAX_BYTES {
        return Err(Invalid::one(
            "filter",
            format!("expected at most {MAX_BYTES} bytes, found {bytes}"),
        ));
    }
    let exclude = message.exclude.take();
    let found = terms(&message) + exclude.as_deref().map_or(0, terms);
    if found > MAX_TERMS {
        return Err(Invalid::one(
            "filter",
            format!("expected at most {MAX_TERMS} terms in all, found {found}"),
        ));
    }
    let mut reader = Reader {
        invalid: Invalid::default(),
        scope,
        vocabulary,
    };
    let include = reader.criteria("filter", message);
    let exclude = exclude.map(|e| {
        if e.exclude.is_some() {
            reader.invalid.add(
                "filter.exclude.exclude",
                "expected a filter without an exclude of its own, found one",
            );
        }
        reader.criteria("filter.exclude", *e)
    });
    let exclude = exclude.filter(|e| !e.is_empty());
    reader.invalid.unless(Filter { include, exclude })
}

fn terms(message: &v1::Filter) -> usize {
    message.categories.len()
        + message.event_types.len()
        + message.countries.len()
        + message.initiator_countries.len()
        + message.target_countries.len()
        + message.actor_ids.len()
        + message.location_countries.len()
        + message.statuses.len()
        + message.changes.len()
        + message.sources.len()
        + message.text_contains.len()
        + usize::from(message.bounding_box.is_some())
        + usize::from(message.near.is_some())
        + usize::from(message.min_confidence != 0.0)
        + usize::from(message.min_independent_sources != 0)
}

struct Reader<'a> {
    invalid: Invalid,
    scope: ListScope,
    vocabulary: &'a Vocabulary,
}

impl Reader<'_> {
    fn criteria(&mut self, at: &str, message: v1::Filter) -> Criteria {
        if self.scope == ListScope::Events && !message.changes.is_empty() {
            self.invalid.add(
                format!("{at}.changes"),
                "expected none here (events as they stand have no change), found some",
            );
        }
        if !(0.0..=1.0).contains(&message.min_confidence) {
            self.invalid.add(
                format!("{at}.min_confidence"),
                format!("expected 0 to 1, found {}", message.min_confidence),
            );
        }
        let changes: Vec<i32> = self.numbers(at, "changes", &message.changes, |n| {
            v1::Change::try_from(n).is_ok()
        });
        Criteria {
            categories: self.numbers(at, "categories", &message.categories, |n| {
                v1::Category::try_from(n).is_ok()
            }),
            event_types: self.types(at, message.event_types),
            countries: self.countries(at, "countries", message.countries),
            initiator_countries: self.countries(
                at,
                "initiator_countries",
                message.initiator_countries,
            ),
            target_countries: self.countries(at, "target_countries", message.target_countries),
            actor_ids: self.words(at, "actor_ids", message.actor_ids, |s| s.to_owned()),
            location_countries: self.countries(
                at,
                "location_countries",
                message.location_countries,
            ),
            bounding_box: message.bounding_box.map(|b| self.bounding_box(at, b)),
            near: message.near.map(|n| self.near(at, n)),
            statuses: self.numbers(at, "statuses", &message.statuses, |n| {
                v1::Status::try_from(n).is_ok()
            }),
            changes: changes
                .into_iter()
                .filter_map(|n| update::change_back(v1::Change::try_from(n).ok()?))
                .collect(),
            sources: self.words(at, "sources", message.sources, str::to_lowercase),
            min_confidence: message.min_confidence,
            min_independent_sources: message.min_independent_sources,
            text_contains: self.words(at, "text_contains", message.text_contains, fold),
        }
    }

    fn numbers(
        &mut self,
        at: &str,
        name: &str,
        numbers: &[i32],
        is_known: fn(i32) -> bool,
    ) -> Vec<i32> {
        for (index, number) in numbers.iter().enumerate() {
            if *number == 0 || !is_known(*number) {
                self.invalid.add(
                    format!("{at}.{name}[{index}]"),
                    format!("expected a named value other than UNSPECIFIED, found {number}"),
                );
            }
        }
        numbers.to_vec()
    }

    fn types(&mut self, at: &str, names: Vec<String>) -> Vec<String> {
        for (index, name) in names.iter().enumerate() {
            if !self.vocabulary.has_type(name) {
                self.invalid.add(
                    format!("{at}.event_types[{index}]"),
                    format!(
                        "expected a type of the ontology (ListEventTypes lists them) or a dotted prefix of one, \
                         found {}",
                        quoted(name)
                    ),
                );
            }
        }
        names
    }

    fn countries(&mut self, at: &str, name: &str, codes: Vec<String>) -> Vec<String> {
        for (index, code) in codes.iter().enumerate() {
            if !self.vocabulary.has_country(code) {
                self.invalid.add(
                    format!("{at}.{name}[{index}]"),
                    format!(
                        "expected an ISO 3166 alpha-3 code such as UKR, found {}",
                        quoted(code)
                    ),
                );
            }
        }
        codes
    }

    /// Free words: whatever they are, nothing must not be left of them.
    fn words(
        &mut self,
        at: &str,
        name: &str,
        words: Vec<String>,
        folded: impl Fn(&str) -> String,
    ) -> Vec<String> {
        let mut kept = Vec::with_capacity(words.len());
        for (index, word) in words.iter().enumerate() {
            let word = folded(word.trim());
            if word.is_empty() {
                self.invalid.add(
                    format!("{at}.{name}[{index}]"),
                    "expected at least one letter or digit, found none",
                );
            }
            kept.push(word);
        }
        kept
    }

    fn bounding_box(&mut self, at: &str, b: v1::BoundingBox) -> BoundingBox {
        let at = format!("{at}.bounding_box");
        self.degrees(&at, "south", b.south, 90.0);
        self.degrees(&at, "north", b.north, 90.0);
        self.degrees(&at, "west", b.west, 180.0);
        self.degrees(&at, "east", b.east, 180.0);
        if b.south > b.north {
            self.invalid.add(
                format!("{at}.south"),
                format!("expected at most north ({}), found {}", b.north, b.south),
            );
        }
        BoundingBox {
            south: b.south,
            west: b.west,
            north: b.north,
            east: b.east,
        }
    }

    fn near(&mut self, at: &str, near: v1::Near) -> Near {
        let at = format!("{at}.near");
        if near.point.is_none() {
            self.invalid
                .add(format!("{at}.point"), "expected a point, found none");
        }
        let point = near.point.unwrap_or_default();
        self.degrees(&at, "point.latitude", point.latitude, 90.0);
        self.degrees(&at, "point.longitude", point.longitude, 180.0);
        if !(near.radius_km > 0.0 && near.radius_km <= MAX_RADIUS_KM) {
            self.invalid.add(
                format!("{at}.radius_km"),
                format!(
                    "expected above 0 and at most {MAX_RADIUS_KM}, found {}",
                    near.radius_km
                ),
            );
        }
        Near {
            latitude: point.latitude,
            longitude: point.longitude,
            radius_km: near.radius_km,
        }
    }

    fn degrees(&mut self, at: &str, name: &str, found: f64, most: f64) {
        if !(-most..=most).contains(&found) {
            self.invalid.add(
                format!("{at}.{name}"),
                format!("expected -{most} to {most}, found {found}"),
            );
        }
    }
}
