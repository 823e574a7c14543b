//! Reads the files under `lexicon/places/`; anything unexpected is an error with file and line.

use super::record::{angle, error, filled, integer, line_of, microdegrees, parse_code, records};
use super::{Code, Error, Kind, PlaceId, Row, SiteKind, Span, strict};
use serde::Deserialize;
use std::collections::HashMap;

const CITIES: &str = "places/cities.tsv";
const ADMIN1: &str = "places/admin1.tsv";
const COUNTRIES: &str = "places/countries.tsv";
const REGIONS: &str = "places/regions.toml";
const SITES: &str = "places/sites.toml";
const STATES: &str = "actors/states.toml";

/// Rows of all kinds and the text that they point into.
#[derive(Default)]
pub struct Tables {
    pub text: String,
    pub rows: Vec<Row>,
    /// Alpha-3 code and the row of that country.
    pub countries: HashMap<Code, PlaceId>,
    /// Adjectives of states ("Syrian"), folded.
    pub adjectives: HashMap<String, Code>,
    /// Names of capitals.
    pub capitals: Vec<(Code, String)>,
    regions_of: HashMap<(Code, String), PlaceId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regions {
    region: Vec<toml::Spanned<Region>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    latitude: f64,
    longitude: f64,
    country: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sites {
    site: Vec<toml::Spanned<Site>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Site {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    latitude: f64,
    longitude: f64,
    country: String,
    admin1: String,
    kind: SiteKind,
}

/// The names of states, which stand with the actors. Other keys are checked where actors are loaded.
#[derive(Deserialize)]
struct States {
    #[serde(default)]
    state: Vec<State>,
}

#[derive(Deserialize)]
struct State {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    adjectives: Vec<String>,
    #[serde(default)]
    capital: String,
}

/// Reads all files; `read` gives the bytes of a path, none where there is no such file.
pub fn tables<'a>(read: impl Fn(&str) -> Option<&'a [u8]>) -> Result<Tables, Error> {
    let content = |path: &str| -> Result<&'a str, Error> {
        let bytes = read(path).ok_or_else(|| error(path, 0, "expected this file, found none"))?;
        std::str::from_utf8(bytes).map_err(|e| {
            error(
                path,
                0,
                format!("expected UTF-8, found something else: {e}"),
            )
        })
    };
    let mut tables = Tables::default();
    // Countries come first, then regions: the others refer to them.
    let states = match read(STATES) {
        Some(_) => {
            toml::from_str::<States>(content(STATES)?)
                .map_err(|e| strict_error(STATES, content(STATES), e))?
                .state
        }
        None => Vec::new(),
    };
    tables.read_countries(content(COUNTRIES)?, &states)?;
    tables.read_admin1(content(ADMIN1)?)?;
    tables.read_regions(content(REGIONS)?)?;
    tables.read_sites(content(SITES)?)?;
    tables.read_cities(content(CITIES)?)?;
    Ok(tables)
}

impl Tables {
    fn read_countries(&mut self, text: &str, states: &[State]) -> Result<(), Error> {
        for record in records(
            COUNTRIES,
            text,
            "country\tname\tlatitude\tlongitude\tgeonames_id",
        )? {
            let (line, [code, name, latitude, longitude, geonames]) = record?;
            let code = parse_code(code).ok_or_else(|| {
                error(
                    COUNTRIES,
                    line,
                    format!("expected an alpha-3 code, found {code:?}"),
                )
            })?;
            let state = states.iter().find(|s| parse_code(&s.id) == Some(code));
            let (name, aliases) = state.map_or((name, String::new()), |s| {
                (s.name.as_str(), joined(name, &s.name, &s.aliases))
            });
            let row = Row {
                name: self.keep(name),
                aliases: self.keep(&aliases),
                latitude: angle(COUNTRIES, line, latitude, 90)?,
                longitude: angle(COUNTRIES, line, longitude, 180)?,
                country: Some(code),
                geonames_id: integer(COUNTRIES, line, "a geonames_id", geonames)?,
                ..Row::new(Kind::Country)
            };
            let id = self.push(row);
            if self.countries.insert(code, id).is_some() {
                return Err(error(
                    COUNTRIES,
                    line,
                    "expected each country once, found it again",
                ));
            }
        }
        for state in states {
            if let Some(code) =
                parse_code(&state.id).filter(|code| self.countries.contains_key(code))
            {
                let adjectives = state.adjectives.iter().map(|a| (super::fold(a), code));
                self.adjectives.extend(adjectives);
                if !state.capital.is_empty() {
                    self.capitals.push((code, state.capital.clone()));
                }
            }
        }
        Ok(())
    }

    fn read_admin1(&mut self, text: &str) -> Result<(), Error> {
        for record in records(ADMIN1, text, "name\tlatitude\tlongitude\tcountry\taliases")? {
            let (line, [name, latitude, longitude, country, aliases]) = record?;
            let row = Row {
                name: self.keep(filled(ADMIN1, line, name)?),
                aliases: self.keep(aliases),
                latitude: angle(ADMIN1, line, latitude, 90)?,
                longitude: angle(ADMIN1, line, longitude, 180)?,
                country: Some(self.country(ADMIN1, line, country)?),
                ..Row::new(Kind::Admin1)
            };
            let key = (row.country.expect("just set"), name.to_owned());
            let id = self.push(row);
            if self.regions_of.insert(key, id).is_some() {
                return Err(error(
                    ADMIN1,
                    line,
                    format!("expected each region of a country once, found {name:?} again"),
                ));
            }
        }
        Ok(())
    }

    fn read_regions(&mut self, text: &str) -> Result<(), Error> {
        for spanned in strict::read::<Regions>(text, REGIONS)?.region {
            let line = line_of(text, spanned.span().start);
            let region = spanned.into_inner();
            let country = match region.country.as_str() {
                "" => None,
                code => Some(self.country(REGIONS, line, code)?),
            };
            let row = Row {
                name: self.keep(filled(REGIONS, line, &region.name)?),
                aliases: self.keep(&region.aliases.join("|")),
                latitude: microdegrees(REGIONS, line, region.latitude, 90.0)?,
                longitude: microdegrees(REGIONS, line, region.longitude, 180.0)?,
                country,
                ..Row::new(Kind::Region)
            };
            self.push(row);
        }
        Ok(())
    }

    fn read_sites(&mut self, text: &str) -> Result<(), Error> {
        for spanned in strict::read::<Sites>(text, SITES)?.site {
            let line = line_of(text, spanned.span().start);
            let site = spanned.into_inner();
            let country = match site.country.as_str() {
                "" => None,
                code => Some(self.country(SITES, line, code)?),
            };
            let row = Row {
                name: self.keep(filled(SITES, line, &site.name)?),
                aliases: self.keep(&site.aliases.join("|")),
                latitude: microdegrees(SITES, line, site.latitude, 90.0)?,
                longitude: microdegrees(SITES, line, site.longitude, 180.0)?,
                country,
                admin1: self.region(SITES, line, country, &site.admin1)?,
                site: Some(site.kind),
                ..Row::new(Kind::Site)
            };
            self.push(row);
        }
        Ok(())
    }

    fn read_cities(&mut self, text: &str) -> Result<(), Error> {
        // The names stay where they are: the rows point into a copy of the whole table.
        let base = self.text.len();
        self.text.push_str(text);
        self.rows.reserve(text.len() / 60);
        let head = "geonames_id\tname\tlatitude\tlongitude\tcountry\tadmin1\tpopulation\taliases";
        let offset = |field: &str| Span {
            start: (base + field.as_ptr() as usize - text.as_ptr() as usize) as u32,
            len: field.len() as u32,
        };
        let mut last: (&str, &str, Option<Code>, Option<PlaceId>) = ("", "", None, None);
        for record in records(CITIES, text, head)? {
            let (line, fields) = record?;
            let [
                geonames,
                name,
                latitude,
                longitude,
                country,
                admin1,
                population,
                aliases,
            ] = fields;
            // Rows stand by country and region: each is looked up once.
            if last.2.is_none() || last.0 != country || last.1 != admin1 {
                let code = self.country(CITIES, line, country)?;
                last = (
                    country,
                    admin1,
                    Some(code),
                    self.region(CITIES, line, Some(code), admin1)?,
                );
            }
            let population: u32 = integer(CITIES, line, "a population", population)?;
            if let Some(region) = last.3 {
                let sum = &mut self.rows[region.0 as usize].population;
                *sum = sum.saturating_add(population);
            }
            let row = Row {
                name: offset(filled(CITIES, line, name)?),
                aliases: offset(aliases),
                latitude: angle(CITIES, line, latitude, 90)?,
                longitude: angle(CITIES, line, longitude, 180)?,
                country: last.2,
                admin1: last.3,
                population,
                geonames_id: integer(CITIES, line, "a geonames_id", geonames)?,
                kind: Kind::City,
                site: None,
            };
            self.push(row);
        }
        Ok(())
    }

    fn push(&mut self, row: Row) -> PlaceId {
        let id = PlaceId(self.rows.len() as u32);
        self.rows.push(row);
        id
    }

    fn keep(&mut self, words: &str) -> Span {
        let start = self.text.len() as u32;
        self.text.push_str(words);
        Span {
            start,
            len: words.len() as u32,
        }
    }

    fn country(&self, file: &str, line: usize, code: &str) -> Result<Code, Error> {
        parse_code(code)
            .filter(|c| self.countries.contains_key(c))
            .ok_or_else(|| {
                error(
                    file,
                    line,
                    format!("expected a code of countries.tsv, found {code:?}"),
                )
            })
    }

    fn region(
        &self,
        file: &str,
        line: usize,
        country: Option<Code>,
        name: &str,
    ) -> Result<Option<PlaceId>, Error> {
        if name.is_empty() {
            return Ok(None);
        }
        let key = country.map(|c| (c, name.to_owned()));
        key.and_then(|key| self.regions_of.get(&key).copied())
            .map(Some)
            .ok_or_else(|| {
                error(
                    file,
                    line,
                    format!("expected a region of admin1.tsv in that country, found {name:?}"),
                )
            })
    }
}

fn joined(source: &str, name: &str, aliases: &[String]) -> String {
    let mut all: Vec<&str> = aliases.iter().map(String::as_str).collect();
    if source != name {
        all.push(source);
    }
    all.join("|")
}

fn strict_error(file: &str, text: Result<&str, Error>, e: toml::de::Error) -> Error {
    match text {
        Ok(text) => Error::at(file, text, e.span().unwrap_or(0..0), e.message()),
        Err(e) => e,
    }
}
