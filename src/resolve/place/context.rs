//! What is known around a mention, and how much it speaks for each place of that name.

use super::{Candidate, PlaceMention, choose};
use crate::lexicon::places::{Code, Descriptor, Gazetteer, Kind, PlaceId, distance_km};
use std::collections::HashMap;

/// Countries and places of the item that a mention stands in.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    gazetteer: &'a Gazetteer,
    /// Weights from 0 to 1; several additions to one country keep the highest.
    countries: HashMap<Code, f64>,
    /// Decided places, with weights from 0 to 1.
    places: Vec<(PlaceId, f64)>,
    /// What a name meant before in this item, by folded name, and the noun that stood beside it.
    settled: HashMap<String, Vec<(PlaceId, Option<Descriptor>)>>,
}

/// Places kept as context: more would cost time and tell nothing.
const MOST_PLACES: usize = 64;
/// Mentions of one part that become context; the first of an item say what it is about.
const MOST_MENTIONS: usize = 500;

impl<'a> Context<'a> {
    /// A context that knows nothing yet.
    pub fn new(gazetteer: &'a Gazetteer) -> Self {
        Context {
            gazetteer,
            countries: HashMap::new(),
            places: Vec::new(),
            settled: HashMap::new(),
        }
    }

    /// The gazetteer that ids belong to.
    pub fn gazetteer(&self) -> &'a Gazetteer {
        self.gazetteer
    }

    /// Adds the country of an actor, or of the outlet, by its alpha-3 code; what is no code is left out.
    pub fn add_country(&mut self, code: &str, weight: f64) {
        if let Some(code) = Code::new(code) {
            let known = self.countries.entry(code).or_default();
            *known = known.max(weight.clamp(0.0, 1.0));
        }
    }

    /// Adds a place that the item is about.
    pub fn add_place(&mut self, id: PlaceId, weight: f64) {
        let weight = weight.clamp(0.0, 1.0);
        if self.places.len() < MOST_PLACES && !self.places.iter().any(|(known, _)| *known == id) {
            self.places.push((id, weight));
        }
        if let Some(code) = self.gazetteer.place(id).country {
            let known = self.countries.entry(code).or_default();
            *known = known.max(0.8 * weight);
        }
    }

    /// Remembers what a mention meant, so that the same name keeps its reading and others are drawn to it.
    pub fn settle(&mut self, mention: &PlaceMention, id: PlaceId) {
        if mention.unlisted {
            return;
        }
        let readings = self.settled.entry(mention.folded.clone()).or_default();
        if !readings.contains(&(id, mention.descriptor)) {
            readings.push((id, mention.descriptor));
        }
        self.add_place(id, 0.8);
        for outer in &mention.within {
            if self.gazetteer.contains(*outer, id) {
                self.add_place(*outer, 0.9);
            }
        }
    }

    /// Reads the mentions of an item, or of a part of it, before they are resolved: the clearest are decided first and
    /// draw the others.
    pub fn learn(&mut self, mentions: &[PlaceMention]) {
        let mut open: Vec<&PlaceMention> = mentions.iter().take(MOST_MENTIONS).collect();
        for only_clear in [true, false] {
            open.retain(|mention| {
                if only_clear && !self.is_clear(mention) {
                    return true;
                }
                self.settle(mention, choose(mention, self));
                false
            });
        }
    }

    /// Whether the mention can mean only one place, or one stands out by the words beside it.
    fn is_clear(&self, mention: &PlaceMention) -> bool {
        let mut scores: Vec<f64> = mention
            .candidates
            .iter()
            .map(|c| self.score(mention, *c))
            .collect();
        scores.sort_unstable_by(|a, b| b.total_cmp(a));
        scores.len() < 2 || scores[0] - scores[1] > 2.0
    }

    /// How much speaks for a candidate; comparable within one mention only.
    pub fn score(&self, mention: &PlaceMention, candidate: Candidate) -> f64 {
        let place = self.gazetteer.place(candidate.id);
        let newsworthy = place
            .country
            .is_some_and(|c| self.gazetteer.cues().newsworthy.contains(c.as_str()));
        let mut score = match place.kind {
            Kind::Country => 9.5,
            Kind::Region => 7.5,
            Kind::Site => 6.0,
            // "Kherson" is the city before it is the region around it; "Delaware" is the state before a town elsewhere.
            Kind::Admin1 if self.holds_namesake(mention, candidate) => {
                1.0 + 0.6 * size(place.population, 1000)
            }
            Kind::Admin1 => size(place.population, 1000) - 0.3,
            // Where no population is known the place is small, but it was worth recording.
            Kind::City => {
                size(place.population, 3000)
                    + if self.gazetteer.is_capital(candidate.id) {
                        1.2
                    } else {
                        0.0
                    }
            }
        };
        if newsworthy && matches!(place.kind, Kind::City | Kind::Admin1) {
            score += 0.6;
        }
        if candidate.main {
            score += 0.3;
        }
        // The noun beside an unlisted name tells of that, not of the place it hangs on.
        score += mention
            .descriptor
            .filter(|_| !mention.unlisted)
            .map_or(0.0, |d| fit(d, place.kind));
        if !mention.within.is_empty() {
            let inside = mention
                .within
                .iter()
                .any(|outer| self.gazetteer.contains(*outer, candidate.id));
            score += if inside { 6.0 } else { -2.0 };
        }
        if !mention.holds.is_empty()
            && mention
                .holds
                .iter()
                .any(|inner| self.gazetteer.contains(candidate.id, *inner))
        {
            score += 4.0;
        }
        if let Some(weight) = place.country.and_then(|c| self.countries.get(&c)) {
            // Where villages are not in the news, a small town gains little from its country: American envoys in Vienna
            // are not in Virginia.
            let rank = match place.kind {
                Kind::City if !newsworthy => {
                    ((size(place.population, 1000) - 3.0) / 3.0).clamp(0.0, 1.0)
                }
                _ => 1.0,
            };
            score += 2.5 * weight * rank;
        }
        score += self.nearness(candidate.id, place.kind);
        score += self.habit(mention, candidate.id);
        score
    }

    /// Whether another candidate of the mention lies in this one.
    fn holds_namesake(&self, mention: &PlaceMention, outer: Candidate) -> bool {
        mention
            .candidates
            .iter()
            .any(|inner| self.gazetteer.contains(outer.id, inner.id))
    }

    /// Up to 1.2 for a place of the item close by.
    fn nearness(&self, id: PlaceId, kind: Kind) -> f64 {
        if matches!(kind, Kind::Country | Kind::Region) {
            return 0.0;
        }
        let here = self.gazetteer.place(id).point;
        let near = |(other, weight): &(PlaceId, f64)| {
            let other = self.gazetteer.place(*other);
            if other.id == id || matches!(other.kind, Kind::Country | Kind::Region) {
                return 0.0;
            }
            match distance_km(here, other.point) {
                d if d < 60.0 => 1.2 * weight,
                d if d < 200.0 => 0.8 * weight,
                d if d < 500.0 => 0.3 * weight,
                _ => 0.0,
            }
        };
        self.places.iter().map(near).fold(0.0, f64::max)
    }

    /// What the same name meant before in this item.
    fn habit(&self, mention: &PlaceMention, id: PlaceId) -> f64 {
        let Some(readings) = self.settled.get(&mention.folded) else {
            return 0.0;
        };
        let country = self.gazetteer.place(id).country;
        // "Kharkiv" was the city; in "Kharkiv region" the noun decides, but the country stays.
        let same = |(known, noun): &(PlaceId, Option<Descriptor>)| {
            *known == id && (mention.unlisted || *noun == mention.descriptor)
        };
        if readings.iter().any(same) {
            5.0
        } else if readings
            .iter()
            .any(|(known, _)| self.gazetteer.place(*known).country == country)
        {
            2.0
        } else {
            0.0
        }
    }
}

/// The decimal logarithm of a population, of `unknown` where it is 0.
fn size(population: u32, unknown: u32) -> f64 {
    f64::from(if population == 0 {
        unknown
    } else {
        population.saturating_add(300)
    })
    .log10()
}

/// How well a kind of place goes with a noun beside its name.
fn fit(descriptor: Descriptor, kind: Kind) -> f64 {
    match (descriptor, kind) {
        (Descriptor::Area, Kind::Admin1) => 4.0,
        (Descriptor::Area, Kind::Region) => 2.0,
        (Descriptor::Settlement, Kind::City) => 3.0,
        (Descriptor::Settlement, Kind::Site) => 1.0,
        (Descriptor::Nature, Kind::Region) => 3.0,
        (Descriptor::Nature, Kind::Site) => 1.0,
        (Descriptor::Facility, Kind::Site) => 3.0,
        (Descriptor::Facility, Kind::City) => 1.5,
        _ => -2.0,
    }
}
