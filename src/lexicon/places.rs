//! The gazetteer: places of the world by name, from `lexicon/places/`.

mod cues;
mod fold;
mod index;
mod read;
mod record;

pub use cues::{Cues, Descriptor};
pub use fold::{Folded, fold};

use super::strict::{self, Error};
use crate::model::Point;
use index::Index;
use std::collections::{HashMap, HashSet};

/// A row of the gazetteer. Good only for the gazetteer that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u32);

/// ISO 3166 alpha-3, and XKX for Kosovo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 3]);

impl Code {
    /// None where it is not three upper-case letters.
    pub fn new(code: &str) -> Option<Code> {
        record::parse_code(code)
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What kind of place a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A base, plant, crossing, camp, port, bridge or building.
    Site,
    /// A populated place or a part of one.
    City,
    /// A first-level administrative region.
    Admin1,
    Country,
    /// A sea, river, range, disputed or historic region.
    Region,
}

/// What a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SiteKind {
    Base,
    /// A power plant, dam, refinery, mine or works.
    Plant,
    Crossing,
    Camp,
    Airport,
    Port,
    Bridge,
    /// A building, or a quarter of a town.
    Building,
}

/// Words in the gazetteer's text.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: u32,
    len: u32,
}

#[derive(Debug, Clone)]
struct Row {
    name: Span,
    /// Separated by `|`.
    aliases: Span,
    /// Millionths of a degree.
    latitude: i32,
    longitude: i32,
    country: Option<Code>,
    admin1: Option<PlaceId>,
    /// Of a region the sum over its places; 0 where not known.
    population: u32,
    geonames_id: u32,
    kind: Kind,
    site: Option<SiteKind>,
}

impl Row {
    fn new(kind: Kind) -> Row {
        Row {
            name: Span::default(),
            aliases: Span::default(),
            latitude: 0,
            longitude: 0,
            country: None,
            admin1: None,
            population: 0,
            geonames_id: 0,
            kind,
            site: None,
        }
    }
}

/// One place, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub id: PlaceId,
    pub name: &'a str,
    pub kind: Kind,
    /// None for seas and regions of several countries.
    pub country: Option<Code>,
    pub admin1: Option<PlaceId>,
    pub point: Point,
    /// Of a region the sum over its places; 0 where not known.
    pub population: u32,
    /// 0 where there is none.
    pub geonames_id: u32,
    /// What it is, where it is a site.
    pub site: Option<SiteKind>,
    aliases: &'a str,
}

impl<'a> Place<'a> {
    /// Other spellings.
    pub fn aliases(&self) -> impl Iterator<Item = &'a str> {
        self.aliases.split('|').filter(|a| !a.is_empty())
    }
}

/// All places, with an index over their names. Immutable.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    /// The names of all rows, in one string; rows point into it.
    text: String,
    rows: Vec<Row>,
    index: Index,
    countries: HashMap<Code, PlaceId>,
    adjectives: HashMap<String, Code>,
    capitals: HashSet<PlaceId>,
    cues: Cues,
}

/// The longest name, in words, that a text is searched for.
pub const LONGEST_NAME: usize = 6;

impl Gazetteer {
    /// The gazetteer inside the binary.
    pub fn embedded() -> Result<Gazetteer, Error> {
        let files = crate::embedded::LEXICON;
        Gazetteer::load(|path| {
            files
                .iter()
                .find(|(name, _)| *name == path)
                .map(|(_, bytes)| *bytes)
        })
    }

    /// Loads the files under `places/` and the names of states from `actors/states.toml` (where it exists). `read` gives
    /// the bytes of a path in the lexicon's folder. The first thing wrong in a file is the error.
    pub fn load<'a>(read: impl Fn(&str) -> Option<&'a [u8]>) -> Result<Gazetteer, Error> {
        let cues = Cues::load(&read)?;
        let read::Tables {
            text,
            rows,
            countries,
            adjectives,
            capitals,
            ..
        } = read::tables(read)?;
        let mut entries = Vec::with_capacity(rows.len() * 2);
        let mut folded = Folded::default();
        for (i, row) in rows.iter().enumerate() {
            let id = PlaceId(i as u32);
            let names = slice(&text, row.aliases)
                .split('|')
                .filter(|a| !a.is_empty());
            for name in std::iter::once(slice(&text, row.name)).chain(names) {
                folded.clear();
                folded.push(name);
                if folded.as_str().len() > 1 {
                    entries.push((index::hash(folded.as_str()), id));
                }
            }
        }
        let index = Index::new(&entries);
        let mut gazetteer = Gazetteer {
            text,
            rows,
            index,
            countries,
            adjectives,
            capitals: HashSet::new(),
            cues,
        };
        for (country, name) in capitals {
            let folded = fold(&name);
            let towns = gazetteer.named(&folded).map(|(id, _)| gazetteer.place(id));
            let towns = towns.filter(|p| p.kind == Kind::City && p.country == Some(country));
            if let Some(capital) = towns.max_by_key(|p| p.population).map(|p| p.id) {
                gazetteer.capitals.insert(capital);
            }
        }
        Ok(gazetteer)
    }

    /// Words that tell a place from something else.
    pub fn cues(&self) -> &Cues {
        &self.cues
    }

    /// The place of an id.
    pub fn place(&self, id: PlaceId) -> Place<'_> {
        let row = &self.rows[id.0 as usize];
        Place {
            id,
            name: slice(&self.text, row.name),
            kind: row.kind,
            country: row.country,
            admin1: row.admin1,
            point: Point {
                latitude: f64::from(row.latitude) / 1e6,
                longitude: f64::from(row.longitude) / 1e6,
            },
            population: row.population,
            geonames_id: row.geonames_id,
            site: row.site,
            aliases: slice(&self.text, row.aliases),
        }
    }

    /// Places with this folded name, in no order of merit, each with whether it is the place's main name.
    pub fn named<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (PlaceId, bool)> + 'a {
        let mut other = Folded::default();
        let mut last = None;
        self.index
            .rows(index::hash(folded))
            .iter()
            .filter_map(move |id| {
                // Two spellings of a place may fold alike.
                if last.replace(*id) == Some(*id) {
                    return None;
                }
                let mut same = |name: &str| {
                    other.clear();
                    other.push(name);
                    other.as_str() == folded
                };
                let place = self.place(*id);
                if same(place.name) {
                    return Some((*id, true));
                }
                place.aliases().any(same).then_some((*id, false))
            })
    }

    /// The place that a country is, by its alpha-3 code.
    pub fn country(&self, code: &str) -> Option<PlaceId> {
        self.countries.get(&Code::new(code)?).copied()
    }

    /// The country that an adjective ("Syrian") belongs to.
    pub fn country_of_adjective(&self, folded: &str) -> Option<Code> {
        self.adjectives.get(folded).copied()
    }

    /// Whether a town is the capital of its country.
    pub fn is_capital(&self, id: PlaceId) -> bool {
        self.capitals.contains(&id)
    }

    /// Whether `inner` lies in `outer`, as far as the gazetteer can tell: by country and region where `outer` is one of
    /// those, by distance where it is a region of another kind (500 km) or a town (60 km).
    pub fn contains(&self, outer: PlaceId, inner: PlaceId) -> bool {
        if outer == inner {
            return false;
        }
        let (outer, inner) = (self.place(outer), self.place(inner));
        match outer.kind {
            Kind::Country => inner.kind != Kind::Country && inner.country == outer.country,
            Kind::Admin1 => match inner.kind {
                Kind::Country | Kind::Admin1 => false,
                Kind::Region => {
                    inner.country == outer.country && distance_km(outer.point, inner.point) < 250.0
                }
                Kind::City | Kind::Site if inner.admin1.is_some() => inner.admin1 == Some(outer.id),
                Kind::City | Kind::Site => {
                    inner.country == outer.country && distance_km(outer.point, inner.point) < 150.0
                }
            },
            Kind::Region => {
                let same_country = outer.country.is_none() || outer.country == inner.country;
                same_country
                    && !matches!(inner.kind, Kind::Country)
                    && distance_km(outer.point, inner.point) < 500.0
            }
            Kind::City => {
                let small = inner.kind == Kind::Site
                    || inner.kind == Kind::City && inner.population < outer.population;
                small
                    && inner.country == outer.country
                    && distance_km(outer.point, inner.point) < 60.0
            }
            Kind::Site => false,
        }
    }

    /// Number of places and of names.
    pub fn sizes(&self) -> (usize, usize) {
        (self.rows.len(), self.index.len())
    }
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.start as usize..(span.start + span.len) as usize]
}

/// Distance along a great circle of a sphere.
pub fn distance_km(a: Point, b: Point) -> f64 {
    let (a_latitude, b_latitude) = (a.latitude.to_radians(), b.latitude.to_radians());
    let half_latitude = (b_latitude - a_latitude) / 2.0;
    let half_longitude = (b.longitude - a.longitude).to_radians() / 2.0;
    let h = half_latitude.sin().powi(2)
        + a_latitude.cos() * b_latitude.cos() * half_longitude.sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests;
