//! Which events a reader wants.

use crate::model::Change;
use crate::store::{AFTER, BEFORE, Facets, Party, Place, Revision, Voice};

/// Which events a reader wants: everything that `include` matches and `exclude` does not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub include: Criteria,
    pub exclude: Option<Criteria>,
}

/// Alternatives inside a field, all fields together; an empty field means any. All terms are checked and folded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Criteria {
    /// Numbers of the protocol.
    pub categories: Vec<i32>,
    /// Dotted; a prefix stands for its subtree.
    pub event_types: Vec<String>,
    pub countries: Vec<String>,
    pub initiator_countries: Vec<String>,
    pub target_countries: Vec<String>,
    /// Dotted; a prefix stands for what belongs to it.
    pub actor_ids: Vec<String>,
    pub location_countries: Vec<String>,
    pub bounding_box: Option<BoundingBox>,
    pub near: Option<Near>,
    /// Numbers of the protocol.
    pub statuses: Vec<i32>,
    pub changes: Vec<Change>,
    /// Lower case.
    pub sources: Vec<String>,
    pub min_confidence: f64,
    pub min_independent_sources: u32,
    /// As [`crate::store::fold`] writes them.
    pub text_contains: Vec<String>,
}

/// Degrees; west greater than east crosses the antimeridian. Edges belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    pub south: f64,
    pub west: f64,
    pub north: f64,
    pub east: f64,
}

/// A circle on the earth, centre in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub latitude: f64,
    pub longitude: f64,
    pub radius_km: f64,
}

impl Filter {
    /// True when the event matches before or after the change. Every field but `changes` is tested on one revision at
    /// a time, so that a match is a match of that revision as a whole.
    pub fn matches_update(
        &self,
        change: Change,
        before: Option<&Facets>,
        after: &Facets,
        voices: &[Voice],
    ) -> bool {
        self.matches(Some(change), &Revision::new(after, voices, AFTER))
            || before.is_some_and(|before| {
                self.matches(Some(change), &Revision::new(before, voices, BEFORE))
            })
    }

    /// True when an event as it stands matches.
    pub fn matches_event(&self, facets: &Facets, voices: &[Voice]) -> bool {
        self.matches(None, &Revision::new(facets, voices, AFTER))
    }

    fn matches(&self, change: Option<Change>, revision: &Revision<'_>) -> bool {
        self.include.matches(change, revision)
            && !self
                .exclude
                .as_ref()
                .is_some_and(|e| e.matches(change, revision))
    }
}

impl Criteria {
    /// True when nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Criteria::default()
    }

    fn matches(&self, change: Option<Change>, revision: &Revision<'_>) -> bool {
        // Cheap tests first: most updates fail on one of them.
        let facets = revision.facets;
        any(&self.categories, |c| *c == facets.category)
            && any(&self.statuses, |s| *s == facets.status)
            && change.is_none_or(|change| any(&self.changes, |c| *c == change))
            && facets.confidence >= self.min_confidence
            && facets.independent_sources >= self.min_independent_sources
            && any(&self.event_types, |t| is_under(&facets.event_type, t))
            && any(&self.location_countries, |c| *c == facets.location_country)
            && any(&self.countries, |c| {
                *c == facets.location_country || in_any_role(facets, c)
            })
            && any(&self.initiator_countries, |c| {
                has_country(&facets.initiators, c) || has_country(&facets.participants, c)
            })
            && any(&self.target_countries, |c| {
                has_country(&facets.targets, c) || has_country(&facets.participants, c)
            })
            && any(&self.actor_ids, |id| {
                parties(facets).any(|p| is_under(&p.id, id))
            })
            && self
                .bounding_box
                .is_none_or(|b| facets.point.is_some_and(|p| b.holds(p)))
            && self
                .near
                .is_none_or(|n| facets.point.is_some_and(|p| n.holds(p)))
            && any(&self.sources, |s| revision.voices().any(|v| v.source == *s))
            && any(&self.text_contains, |t| {
                revision.voices().any(|v| v.evidence.contains(t.as_str()))
            })
    }
}

/// An empty list of alternatives means any.
fn any<T>(alternatives: &[T], test: impl FnMut(&T) -> bool) -> bool {
    alternatives.is_empty() || alternatives.iter().any(test)
}

/// True for `name` itself and for everything below it.
fn is_under(found: &str, name: &str) -> bool {
    found
        .strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn parties(facets: &Facets) -> impl Iterator<Item = &Party> {
    facets
        .initiators
        .iter()
        .chain(&facets.targets)
        .chain(&facets.participants)
}

fn in_any_role(facets: &Facets, country: &str) -> bool {
    parties(facets).any(|p| p.country == country)
}

fn has_country(parties: &[Party], country: &str) -> bool {
    parties.iter().any(|p| p.country == country)
}

impl BoundingBox {
    fn holds(&self, point: Place) -> bool {
        let in_longitude = if self.west <= self.east {
            (self.west..=self.east).contains(&point.longitude)
        } else {
            point.longitude >= self.west || point.longitude <= self.east
        };
        (self.south..=self.north).contains(&point.latitude) && in_longitude
    }
}

impl Near {
    /// Great-circle distance on a sphere of the earth's mean radius.
    fn holds(&self, point: Place) -> bool {
        const EARTH_RADIUS_KM: f64 = 6371.0088;
        let half_lat = (point.latitude - self.latitude).to_radians() / 2.0;
        let half_lon = (point.longitude - self.longitude).to_radians() / 2.0;
        let chord = half_lat.sin().powi(2)
            + self.latitude.to_radians().cos()
                * point.latitude.to_radians().cos()
                * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin() <= self.radius_km
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strike() -> Facets {
        Facets {
            category: 2,
            event_type: "military.strike.drone".into(),
            initiators: vec![Party {
                id: "RUS.military".into(),
                country: "RUS".into(),
            }],
            targets: vec![Party {
                id: "UKR".into(),
                country: "UKR".into(),
            }],
            location_country: "UKR".into(),
            point: Some(Place {
                latitude: 50.45,
                longitude: 30.52,
            }),
            status: 4,
            confidence: 0.8,
            independent_sources: 2,
            ..Facets::default()
        }
    }

    fn voices() -> Vec<Voice> {
        let voice = |source: &str, text: &str, revisions| Voice {
            source: source.into(),
            evidence: crate::store::fold(text),
            revisions,
        };
        vec![
            voice("early.example", "Drones struck a depot", BEFORE),
            voice("wire.example", "Missiles hit the port", AFTER),
        ]
    }

    fn wants(include: Criteria) -> bool {
        Filter {
            include,
            exclude: None,
        }
        .matches_event(&strike(), &voices())
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|s| (*s).to_owned()).collect()
    }

    #[test]
    fn a_prefix_stands_for_its_subtree_and_not_for_longer_words() {
        for (name, expected) in [
            ("military", true),
            ("military.strike", true),
            ("military.strike.drone", true),
            ("military.strike.drone.swarm", false),
            ("military.str", false),
            ("diplomatic", false),
        ] {
            let found = wants(Criteria {
                event_types: words(&[name]),
                ..Default::default()
            });
            assert_eq!(found, expected, "{name}");
        }
        for (id, expected) in [
            ("RUS", true),
            ("RUS.military", true),
            ("RU", false),
            ("UKR", true),
        ] {
            let found = wants(Criteria {
                actor_ids: words(&[id]),
                ..Default::default()
            });
            assert_eq!(found, expected, "{id}");
        }
    }

    #[test]
    fn roles_are_told_apart() {
        let with = |f: fn(&mut Criteria, Vec<String>), c: &str| {
            let mut criteria = Criteria::default();
            f(&mut criteria, words(&[c]));
            wants(criteria)
        };
        assert!(with(|c, v| c.initiator_countries = v, "RUS"));
        assert!(!with(|c, v| c.initiator_countries = v, "UKR"));
        assert!(with(|c, v| c.target_countries = v, "UKR"));
        assert!(!with(|c, v| c.target_countries = v, "RUS"));
        assert!(with(|c, v| c.countries = v, "RUS"));
        assert!(!with(|c, v| c.location_countries = v, "RUS"));
    }

    #[test]
    fn all_fields_must_match_and_any_of_their_terms() {
        let criteria = Criteria {
            statuses: vec![1, 4],
            target_countries: words(&["POL", "UKR"]),
            min_confidence: 0.8,
            min_independent_sources: 2,
            ..Default::default()
        };
        assert!(wants(criteria.clone()));
        assert!(!wants(Criteria {
            min_confidence: 0.81,
            ..criteria.clone()
        }));
        assert!(!wants(Criteria {
            min_independent_sources: 3,
            ..criteria
        }));
    }

    #[test]
    fn boxes_cross_the_antimeridian_and_circles_measure_the_globe() {
        let fiji = Place {
            latitude: -17.7,
            longitude: 178.0,
        };
        let samoa = Place {
            latitude: -13.8,
            longitude: -171.8,
        };
        let kyiv = Place {
            latitude: 50.45,
            longitude: 30.52,
        };
        let pacific = BoundingBox {
            south: -30.0,
            west: 170.0,
            north: 0.0,
            east: -170.0,
        };
        assert!(pacific.holds(fiji) && pacific.holds(samoa) && !pacific.holds(kyiv));
        // Kyiv and Chernihiv lie 128 km apart.
        let chernihiv = |radius_km| Near {
            latitude: 51.4982,
            longitude: 31.2893,
            radius_km,
        };
        assert!(chernihiv(130.0).holds(kyiv) && !chernihiv(125.0).holds(kyiv));
        let beside = Near {
            latitude: -17.7,
            longitude: -179.0,
            radius_km: 400.0,
        };
        assert!(beside.holds(fiji), "the antimeridian is no wall");
    }

    #[test]
    fn words_and_sources_are_those_of_the_revision() {
        let now = |text: &str| {
            wants(Criteria {
                text_contains: vec![crate::store::fold(text)],
                ..Default::default()
            })
        };
        assert!(now("hit the PORT"));
        assert!(!now("hit the por"));
        assert!(!now("depot"), "the report that said so is gone");
        assert!(wants(Criteria {
            sources: words(&["wire.example"]),
            ..Default::default()
        }));
        assert!(!wants(Criteria {
            sources: words(&["early.example"]),
            ..Default::default()
        }));
    }

    #[test]
    fn an_update_matches_by_either_revision_but_by_one_as_a_whole() {
        let before = strike();
        let mut after = strike();
        after.status = 5;
        after.confidence = 0.3;
        let update = |include: Criteria, exclude: Option<Criteria>| {
            Filter { include, exclude }.matches_update(
                Change::Revised,
                Some(&before),
                &after,
                &voices(),
            )
        };
        let claimed = Criteria {
            statuses: vec![4],
            ..Default::default()
        };
        assert!(
            update(claimed.clone(), None),
            "who saw the claim hears of the denial"
        );
        let mixed = Criteria {
            statuses: vec![5],
            min_confidence: 0.8,
            ..Default::default()
        };
        assert!(!update(mixed, None), "no single revision is both");
        let revised = Criteria {
            changes: vec![Change::Revised],
            ..Default::default()
        };
        assert!(!update(claimed.clone(), Some(revised)));
        let denied = Criteria {
            statuses: vec![5],
            ..Default::default()
        };
        assert!(
            update(claimed, Some(denied)),
            "the revision before is not excluded"
        );
    }
}
