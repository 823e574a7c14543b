//! Words around a name that tell what kind of place it is, or that it is none.

use super::{Error, fold, strict};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

const CUES: &str = "places/cues.toml";
const WARY: &str = "places/wary.toml";

/// What a noun beside a name says of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Descriptor {
    /// "region", "province", "oblast".
    Area,
    /// "city", "village".
    Settlement,
    /// "river", "strait", "desert".
    Nature,
    /// "port", "air base", "refinery".
    Facility,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CueFile {
    locative: Vec<String>,
    loose: Vec<String>,
    glue: Vec<String>,
    directions: Vec<String>,
    area: Vec<String>,
    settlement: Vec<String>,
    nature: Vec<String>,
    facility: Vec<String>,
    titles: Vec<String>,
    given_names: Vec<String>,
    speech: Vec<String>,
    institutions: Vec<String>,
    bodies: Vec<String>,
    not_places: Vec<String>,
    newsworthy: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaryFile {
    words: Vec<String>,
}

/// The words, folded.
#[derive(Debug, Clone, Default)]
pub struct Cues {
    /// Prepositions before nothing but places, and phrases that end in one.
    pub locative: HashSet<String>,
    /// Prepositions and verbs that a person can follow as well as a place.
    pub loose: HashSet<String>,
    /// Words that may stand between a place and what holds it.
    pub glue: HashSet<String>,
    /// "northern", "upper".
    pub directions: HashSet<String>,
    /// Nouns of up to three words ("naval base").
    pub descriptors: HashMap<String, Descriptor>,
    /// Titles and ranks before a person's name.
    pub titles: HashSet<String>,
    /// Given names: a place's name after one is a surname.
    pub given_names: HashSet<String>,
    /// "said", "told".
    pub speech: HashSet<String>,
    /// Words that make a name with a place in it an organisation's ("University").
    pub institutions: HashSet<String>,
    /// Words of names that are bodies of people ("Council").
    pub bodies: HashSet<String>,
    /// Names with a place's name in them that are no places ("Jerusalem Post").
    pub not_places: HashSet<String>,
    /// Alpha-3 codes of countries where small places are in the news.
    pub newsworthy: HashSet<String>,
    /// Places' names that are also ordinary words or personal names.
    pub wary: HashSet<String>,
}

impl Cues {
    /// Reads `places/cues.toml` and `places/wary.toml`.
    pub fn load<'a>(read: &impl Fn(&str) -> Option<&'a [u8]>) -> Result<Cues, Error> {
        let cues: CueFile = strict::read(content(read, CUES)?, CUES)?;
        let wary: WaryFile = strict::read(content(read, WARY)?, WARY)?;
        let set = |words: &[String]| words.iter().map(|w| fold(w)).collect::<HashSet<_>>();
        let kinds = [
            (&cues.area, Descriptor::Area),
            (&cues.settlement, Descriptor::Settlement),
            (&cues.nature, Descriptor::Nature),
            (&cues.facility, Descriptor::Facility),
        ];
        let descriptors = kinds
            .iter()
            .flat_map(|(words, kind)| words.iter().map(|w| (fold(w), *kind)))
            .collect();
        Ok(Cues {
            locative: set(&cues.locative),
            loose: set(&cues.loose),
            glue: set(&cues.glue),
            directions: set(&cues.directions),
            descriptors,
            titles: set(&cues.titles),
            given_names: set(&cues.given_names),
            speech: set(&cues.speech),
            institutions: set(&cues.institutions),
            bodies: set(&cues.bodies),
            not_places: set(&cues.not_places),
            newsworthy: cues.newsworthy.into_iter().collect(),
            wary: wary.words.into_iter().collect(),
        })
    }
}

fn content<'a>(read: &impl Fn(&str) -> Option<&'a [u8]>, path: &str) -> Result<&'a str, Error> {
    let wrong = |message: &str| Error {
        file: path.to_owned(),
        line: 0,
        message: message.to_owned(),
    };
    let bytes = read(path).ok_or_else(|| wrong("expected this file, found none"))?;
    std::str::from_utf8(bytes).map_err(|_| wrong("expected UTF-8, found something else"))
}
