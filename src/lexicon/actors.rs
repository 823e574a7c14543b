//! Who acts in the news: states, people with dated offices, organisations, armed groups, forces, and the nouns for parts of a state.

use super::{
    alias::{Alias, AliasIndex},
    source::Files,
    strict::Error,
};
use crate::model::ActorKind;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;

/// A file under `lexicon/actors/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ActorFile {
    state: Vec<State>,
    person: Vec<Person>,
    organisation: Vec<Organisation>,
    group: Vec<Group>,
    force: Vec<Organisation>,
    role: Vec<Role>,
}

/// A state, or what is reported on like one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// ISO 3166 alpha-3.
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub adjectives: Vec<String>,
    #[serde(default)]
    pub people: Vec<String>,
    #[serde(default)]
    pub capital: String,
    #[serde(default)]
    pub metonyms: Vec<String>,
}

/// A person with the offices held.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub country: String,
    #[serde(default)]
    pub offices: Vec<Term>,
}

/// A term of office.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// `RUS.foreign-minister`.
    pub id: String,
    pub role: String,
    /// ISO date, month or year; empty where not known.
    #[serde(default)]
    pub from: String,
    /// Empty while in office.
    #[serde(default)]
    pub until: String,
    /// When an open term was last known to be so.
    #[serde(default)]
    pub as_of: String,
}

/// An organisation, a service or a seat of government with a name of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    pub kind: ActorKind,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub adjectives: Vec<String>,
    #[serde(default)]
    pub country: String,
}

/// An armed group that is not a state's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub adjectives: Vec<String>,
    #[serde(default)]
    pub country: String,
}

/// A noun that, with a state, names a part of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Lower case.
    pub words: Vec<String>,
    pub id: String,
    pub kind: ActorKind,
    /// Speaks or acts for the state.
    #[serde(default)]
    pub political: bool,
}

/// What an alias stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    State(usize),
    /// Adjective of a state: only with a noun, or as its people in the plural.
    StateAdjective(usize),
    People(usize),
    /// Capital or seat: the government when it acts, the place when something is in it.
    Capital(usize),
    Metonym(usize),
    Person(usize),
    Organisation(usize),
    OrganisationAdjective(usize),
    Group(usize),
    GroupAdjective(usize),
    /// Index of the role, and whether the word is a plural.
    Role(usize, bool),
}

/// All actors, with an index of the words that name them.
#[derive(Debug, Clone, Default)]
pub struct Actors {
    pub states: Vec<State>,
    pub people: Vec<Person>,
    /// Organisations and forces.
    pub organisations: Vec<Organisation>,
    pub groups: Vec<Group>,
    pub roles: Vec<Role>,
    index: AliasIndex<Entry>,
    by_country: HashMap<String, usize>,
}

impl Actors {
    pub(super) fn load(files: &Files) -> Result<Actors, Error> {
        let mut actors = Actors::default();
        let mut seen: HashMap<String, String> = HashMap::new();
        for path in files.under("actors/").filter(|p| p.ends_with(".toml")) {
            let file: ActorFile = files.toml(path)?;
            let ids = file
                .state
                .iter()
                .map(|s| &s.id)
                .chain(file.person.iter().map(|p| &p.id))
                .chain(file.organisation.iter().chain(&file.force).map(|o| &o.id))
                .chain(file.group.iter().map(|g| &g.id));
            for id in ids {
                if let Some(other) = seen.insert(id.clone(), path.to_owned()) {
                    return Err(Error::whole(
                        path,
                        format!("expected each id once, found `{id}` here and in {other}"),
                    ));
                }
            }
            for term in file.person.iter().flat_map(|p| &p.offices) {
                for (what, date) in [("from", &term.from), ("until", &term.until)] {
                    if !date.is_empty() && bound(date, false).is_none() {
                        return Err(Error::whole(
                            path,
                            format!(
                                "expected a date, month or year for `{what}` of {}, found `{date}`",
                                term.id
                            ),
                        ));
                    }
                }
            }
            actors.states.extend(file.state);
            actors.people.extend(file.person);
            actors.organisations.extend(file.organisation);
            actors.organisations.extend(file.force);
            actors.groups.extend(file.group);
            actors.roles.extend(file.role);
        }
        actors.by_country = actors
            .states
            .iter()
            .enumerate()
            .map(|(i, s)| (s.id.clone(), i))
            .collect();
        actors.build_index();
        Ok(actors)
    }

    fn build_index(&mut self) {
        let mut add = Vec::new();
        for (i, state) in self.states.iter().enumerate() {
            add.push((state.name.as_str(), Entry::State(i)));
            add.extend(state.aliases.iter().map(|a| (a.as_str(), Entry::State(i))));
            add.extend(
                state
                    .adjectives
                    .iter()
                    .map(|a| (a.as_str(), Entry::StateAdjective(i))),
            );
            add.extend(
                state
                    .people
                    .iter()
                    .filter(|p| !state.adjectives.contains(p))
                    .map(|a| (a.as_str(), Entry::People(i))),
            );
            if !state.capital.is_empty() && state.capital != state.name {
                add.push((state.capital.as_str(), Entry::Capital(i)));
            }
            add.extend(
                state
                    .metonyms
                    .iter()
                    .map(|a| (a.as_str(), Entry::Metonym(i))),
            );
        }
        for (i, person) in self.people.iter().enumerate() {
            add.push((person.name.as_str(), Entry::Person(i)));
            add.extend(
                person
                    .aliases
                    .iter()
                    .map(|a| (a.as_str(), Entry::Person(i))),
            );
        }
        for (i, organisation) in self.organisations.iter().enumerate() {
            add.push((organisation.name.as_str(), Entry::Organisation(i)));
            add.extend(
                organisation
                    .aliases
                    .iter()
                    .map(|a| (a.as_str(), Entry::Organisation(i))),
            );
            add.extend(
                organisation
                    .adjectives
                    .iter()
                    .map(|a| (a.as_str(), Entry::OrganisationAdjective(i))),
            );
        }
        for (i, group) in self.groups.iter().enumerate() {
            add.push((group.name.as_str(), Entry::Group(i)));
            add.extend(group.aliases.iter().map(|a| (a.as_str(), Entry::Group(i))));
            add.extend(
                group
                    .adjectives
                    .iter()
                    .filter(|a| !group.aliases.contains(a) && **a != group.name)
                    .map(|a| (a.as_str(), Entry::GroupAdjective(i))),
            );
        }
        let mut index = AliasIndex::default();
        for (words, entry) in add {
            index.add(words, entry);
        }
        for (i, role) in self.roles.iter().enumerate() {
            for word in &role.words {
                index.add(word, Entry::Role(i, false));
                if let Some(plural) = plural(word) {
                    index.add(&plural, Entry::Role(i, true));
                }
            }
        }
        index.finish();
        self.index = index;
    }

    /// Every alias that begins at a byte of folded text, longest first.
    pub fn at<'a>(
        &'a self,
        text: &'a str,
        start: usize,
    ) -> impl Iterator<Item = Alias<Entry>> + 'a {
        self.index.at(text, start)
    }

    /// A state by its code.
    pub fn state(&self, country: &str) -> Option<&State> {
        self.by_country.get(country).map(|i| &self.states[*i])
    }

    /// Index of a state by its code.
    pub fn state_index(&self, country: &str) -> Option<usize> {
        self.by_country.get(country).copied()
    }
}

impl Person {
    /// The office held on a day; without a day, or outside every term, none.
    pub fn office(&self, day: Option<Date>) -> Option<&Term> {
        let day = day?;
        self.offices.iter().rev().find(|term| term.covers(day))
    }
}

impl Term {
    /// Whether a day lies in the term. A term without a beginning began before, one without an end goes on.
    pub fn covers(&self, day: Date) -> bool {
        bound(&self.from, false).is_none_or(|from| from <= day)
            && bound(&self.until, true).is_none_or(|until| day <= until)
    }
}

/// First or last day of an ISO date, month or year.
fn bound(text: &str, last: bool) -> Option<Date> {
    let mut parts = text.split('-').map(|p| p.parse::<i16>().ok());
    let year = parts.next()??;
    let month = match parts.next() {
        Some(m) => m?,
        None => return Date::new(year, if last { 12 } else { 1 }, if last { 31 } else { 1 }).ok(),
    };
    match parts.next() {
        Some(day) => Date::new(year, month as i8, day? as i8).ok(),
        None => {
            let first = Date::new(year, month as i8, 1).ok()?;
            Some(if last { first.last_of_month() } else { first })
        }
    }
}

/// Plural of a role's words: the last word, or the one before "of".
fn plural(word: &str) -> Option<String> {
    let (head, rest) = match word.find(" of ") {
        Some(i) => (&word[..i], &word[i..]),
        None => (word, ""),
    };
    let made = if head.ends_with("forces")
        || head.ends_with("troops")
        || head.ends_with('s') && !head.ends_with("ss")
    {
        return None;
    } else if let Some(stem) = head.strip_suffix("man") {
        format!("{stem}men")
    } else if let Some(stem) = head
        .strip_suffix('y')
        .filter(|s| !s.ends_with(['a', 'e', 'o']))
    {
        format!("{stem}ies")
    } else if head.ends_with("ss")
        || head.ends_with("ch")
        || head.ends_with("sh")
        || head.ends_with('x')
    {
        format!("{head}es")
    } else {
        format!("{head}s")
    };
    Some(format!("{made}{rest}"))
}
