//! Joins names, states and role nouns that stand together into one mention.

use super::{ActorMention, Form, Hit};
use crate::lexicon::{
    Actors,
    actors::{Entry, Role},
};
use crate::linguistics::{Document, Upos};
use crate::model::{Actor, ActorKind};
use jiff::civil::Date;
use std::ops::Range;

/// Reads the hits of one sentence from left to right.
pub(super) struct Reader<'a> {
    pub(super) doc: &'a Document,
    pub(super) actors: &'a Actors,
    pub(super) day: Option<Date>,
    pub(super) hits: &'a [Hit],
    pub(super) end: usize,
}

impl Reader<'_> {
    /// Reads the mention that begins at hit `i`; returns it and the next hit to look at.
    pub(super) fn mention(&mut self, i: usize) -> (Vec<ActorMention>, usize) {
        let (mut found, next) = self.phrase(i);
        // "The Palestinian militant group Hamas": the name is who it is.
        if let [mention] = &mut found[..]
            && let Some(name) = self.hits.get(next)
            && name.tokens.start == mention.tokens.end
            && mention
                .role
                .is_some_and(|r| self.actors.roles[r].kind == ActorKind::ArmedGroup)
            && let Some(group @ Entry::Group(_)) = self.group_of(name)
        {
            let tokens = mention.tokens.start..name.tokens.end;
            let mut actor = self.group_actor(group);
            actor.surface = self.doc.words(tokens.clone()).to_owned();
            let named = self.named(tokens, actor, None, "group by name");
            return (vec![named], next + 1);
        }
        (found, next)
    }

    fn phrase(&self, i: usize) -> (Vec<ActorMention>, usize) {
        let hit = &self.hits[i];
        if let Some(state) = self.state_of(hit) {
            // "Russian" + "foreign minister" (+ name), "Ukraine's" + "General Staff", "Israeli and US" + "forces".
            if let Some(found) = self.state_with_role(i, vec![state], hit.tokens.start) {
                return found;
            }
            if let Some((second, j)) = self.second_state(i)
                && let Some(found) = self.state_with_role(j, vec![state, second], hit.tokens.start)
            {
                return found;
            }
        }
        if let Some(group) = self.group_of(hit)
            && let Some((role, j)) = self.role_after(i, hit.tokens.end)
        {
            let tokens = hit.tokens.start..self.hits[j].tokens.end;
            let mut actor = self.group_actor(group);
            actor.surface = self.doc.words(tokens.clone()).to_owned();
            if self.actors.roles[role].kind == ActorKind::Person {
                // "Pentagon spokesman Navy Capt. Jeff Davis": ranks may stand before the name.
                let mut last = j;
                while let Some(next) = self.hits.get(last + 1)
                    && role_of(next).is_some()
                    && next.tokens.start <= self.hits[last].tokens.end + 1
                {
                    last += 1;
                }
                let (person, until, next) = self.name_after(last);
                let tokens = hit.tokens.start..until;
                let noun = self.actors.roles[role].words[0].clone();
                let mut who = match person {
                    Some(person) if !person.id.is_empty() => person,
                    Some(person) => Actor {
                        name: person.name,
                        ..actor
                    },
                    None => actor,
                };
                who.kind = ActorKind::Person;
                who.surface = self.doc.words(tokens.clone()).to_owned();
                if who.role.is_empty() {
                    who.role = noun;
                }
                return (
                    vec![self.named(tokens, who, Some(role), "group and role")],
                    next,
                );
            }
            return (
                vec![self.named(tokens, actor, Some(role), "group and role")],
                j + 1,
            );
        }
        // "Defense Department": written like a name, the body of that name before any ministry.
        if let Some(entry) = self.group_of(hit).filter(|_| self.is_capitalised(hit)) {
            let own = Hit {
                tokens: hit.tokens.clone(),
                entries: vec![entry],
            };
            return (vec![self.plain(&own)], i + 1);
        }
        if let Some((role, plural)) = role_of(hit) {
            return self.role_first(i, role, plural);
        }
        (vec![self.plain(hit)], i + 1)
    }

    fn is_capitalised(&self, hit: &Hit) -> bool {
        let mut words = hit.tokens.clone().map(|t| self.doc.form(t));
        words.all(|w| w.starts_with(char::is_uppercase))
    }

    fn state_of(&self, hit: &Hit) -> Option<usize> {
        hit.entries.iter().find_map(|e| match e {
            Entry::State(s) | Entry::StateAdjective(s) | Entry::Capital(s) | Entry::Metonym(s) => {
                Some(*s)
            }
            _ => None,
        })
    }

    fn group_of(&self, hit: &Hit) -> Option<Entry> {
        hit.entries.iter().copied().find(|e| {
            matches!(
                e,
                Entry::Group(_)
                    | Entry::GroupAdjective(_)
                    | Entry::Organisation(_)
                    | Entry::OrganisationAdjective(_)
            )
        })
    }

    fn group_actor(&self, entry: Entry) -> Actor {
        match entry {
            Entry::Group(g) | Entry::GroupAdjective(g) => {
                let group = &self.actors.groups[g];
                actor(
                    &group.id,
                    &group.name,
                    ActorKind::ArmedGroup,
                    &group.country,
                )
            }
            Entry::Organisation(o) | Entry::OrganisationAdjective(o) => {
                let organisation = &self.actors.organisations[o];
                actor(
                    &organisation.id,
                    &organisation.name,
                    organisation.kind,
                    &organisation.country,
                )
            }
            _ => Actor::default(),
        }
    }

    /// "Israeli and US forces": the state after "and" or a dash.
    fn second_state(&self, i: usize) -> Option<(usize, usize)> {
        let next = self.hits.get(i + 1)?;
        let between = self.hits[i].tokens.end..next.tokens.start;
        let joined = between.len() == 1
            && matches!(self.doc.form(between.start), "and" | "-" | "–" | "," | "&");
        (joined).then(|| self.state_of(next).map(|s| (s, i + 1)))?
    }

    /// The role noun that follows within three words that may stand between ("Russian deputy foreign minister", "Ukraine's
    /// southern air command").
    fn role_after(&self, i: usize, from: usize) -> Option<(usize, usize)> {
        let next = self.hits.get(i + 1)?;
        let between = from..next.tokens.start;
        if between.len() > 4 {
            return None;
        }
        let allowed = between.clone().all(|t| {
            let form = self.doc.form(t);
            matches!(self.doc.tokens.xpos[t], "POS")
                || form == "'s"
                || form == "’s"
                || form == "'"
                || form == "-"
                || form == "–"
                || (matches!(
                    self.doc.tokens.upos[t],
                    Upos::Adj | Upos::Noun | Upos::Propn
                ) && !form.is_empty())
        });
        if !allowed {
            return None;
        }
        role_of(next).map(|(role, _)| (role, i + 1))
    }

    /// A state, or several, and the roles after it, and a name after those.
    fn state_with_role(
        &self,
        i: usize,
        states: Vec<usize>,
        start: usize,
    ) -> Option<(Vec<ActorMention>, usize)> {
        let possessive = self.doc_possessive(self.hits[i].tokens.end);
        let adjective = self.hits[i]
            .entries
            .iter()
            .any(|e| matches!(e, Entry::StateAdjective(_)));
        let (mut role, mut last) = self.role_after(i, self.hits[i].tokens.end)?;
        let gap = self.hits[last].tokens.start - self.hits[i].tokens.end;
        // "Syria rebels" is a headline's, "Syria forces people" is not; without 's or an adjective the noun must be next.
        if !possessive && !adjective && gap > 0 {
            return None;
        }
        if !possessive
            && !adjective
            && self.doc.tokens.upos[self.hits[last].tokens.end - 1] == Upos::Verb
        {
            return None;
        }
        let mut plural = role_of(&self.hits[last])?.1;
        while let Some((next, j)) = self.role_after(last, self.hits[last].tokens.end) {
            if self.hits[j].tokens.start > self.hits[last].tokens.end + 1
                || self.doc_possessive(self.hits[last].tokens.end)
                    && self.actors.roles[next].kind != ActorKind::Person
            {
                break;
            }
            (role, last) = (next, j);
            plural = role_of(&self.hits[j])?.1;
        }
        let end = self.hits[last].tokens.end;
        let noun = &self.actors.roles[role];
        if noun.kind == ActorKind::Person && !plural && states.len() == 1 {
            let (person, until, next) = self
                .name_after_post(last)
                .unwrap_or_else(|| self.name_after(last));
            let tokens = start..until;
            let mut who = self.office_actor(states[0], noun, person);
            who.surface = self.doc.words(tokens.clone()).to_owned();
            return Some((
                vec![self.named(tokens, who, Some(role), "state and role")],
                next,
            ));
        }
        let tokens = start..end;
        let surface = self.doc.words(tokens.clone()).to_owned();
        let all = states.iter().map(|s| {
            let mut who = self.part_of_state(*s, noun);
            who.surface.clone_from(&surface);
            who
        });
        let mention = ActorMention {
            tokens,
            actors: all.collect(),
            form: Form::Name,
            role: Some(role),
            rule: "state and role",
        };
        Some((vec![mention], last + 1))
    }

    fn doc_possessive(&self, at: usize) -> bool {
        at < self.end && matches!(self.doc.form(at), "'s" | "’s" | "'" | "’")
    }

    /// A role noun first: "President Zelenskyy", "the foreign ministers of Armenia and Azerbaijan", "the army".
    fn role_first(&self, i: usize, role: usize, plural: bool) -> (Vec<ActorMention>, usize) {
        let mut role = role;
        let mut plural = plural;
        let mut last = i;
        // "army chief", "government forces": the last noun is the head.
        while let Some(next) = self.hits.get(last + 1) {
            if next.tokens.start != self.hits[last].tokens.end {
                break;
            }
            let Some((r, p)) = role_of(next) else { break };
            (role, plural, last) = (r, p, last + 1);
        }
        let start = self.hits[i].tokens.start;
        let end = self.hits[last].tokens.end;
        let noun = &self.actors.roles[role];
        // "of the Russian Federation and Belarus", "of Iran"
        if end < self.end && matches!(self.doc.form(end), "of" | "for") {
            let mut states = Vec::new();
            let mut j = last + 1;
            let mut until = end + 1;
            while let Some(next) = self.hits.get(j) {
                let joined = (until..next.tokens.start).all(|t| {
                    matches!(
                        self.doc.form(t).to_lowercase().as_str(),
                        "the" | "and" | ","
                    )
                });
                if !joined || next.tokens.start > until + 2 {
                    break;
                }
                let Some(state) = next.entries.iter().find_map(|e| match e {
                    Entry::State(s) => Some(*s),
                    _ => None,
                }) else {
                    break;
                };
                states.push(state);
                until = next.tokens.end;
                j += 1;
                if !plural {
                    break;
                }
            }
            if !states.is_empty() {
                let (person, named_until, next) = if noun.kind == ActorKind::Person && !plural {
                    self.name_from(j, until)
                } else {
                    (None, until, j)
                };
                let tokens = start..named_until;
                let surface = self.doc.words(tokens.clone()).to_owned();
                let all = states.iter().map(|s| {
                    let mut who = if noun.kind == ActorKind::Person && !plural {
                        self.office_actor(*s, noun, person.clone())
                    } else {
                        self.part_of_state(*s, noun)
                    };
                    who.surface.clone_from(&surface);
                    who
                });
                return (
                    vec![ActorMention {
                        tokens,
                        actors: all.collect(),
                        form: Form::Name,
                        role: Some(role),
                        rule: "role of state",
                    }],
                    next,
                );
            }
        }
        if noun.kind == ActorKind::Person && !plural {
            let (person, until, next) = self.name_after(last);
            if let Some(person) = person {
                let tokens = start..until;
                let mut who = person;
                if who.role.is_empty() {
                    who.role.clone_from(&noun.words[0]);
                }
                who.surface = self.doc.words(tokens.clone()).to_owned();
                return (
                    vec![self.named(tokens, who, Some(role), "role and name")],
                    next,
                );
            }
        }
        let tokens = start..end;
        let mut who = actor(
            "",
            &self.doc.words(tokens.clone()).to_lowercase(),
            noun.kind,
            "",
        );
        who.surface = self.doc.words(tokens.clone()).to_owned();
        who.role = if noun.kind == ActorKind::Person {
            noun.words[0].clone()
        } else {
            String::new()
        };
        (
            vec![ActorMention {
                tokens,
                actors: vec![who],
                form: Form::BareRole,
                role: Some(role),
                rule: "role alone",
            }],
            last + 1,
        )
    }

    /// "US Ambassador to Germany Richard Grenell": the name behind the state or body that an envoy is sent to.
    fn name_after_post(&self, last: usize) -> Option<(Option<Actor>, usize, usize)> {
        let end = self.hits[last].tokens.end;
        let post = self.hits.get(last + 1)?;
        let between = end..post.tokens.start;
        let sent = end < self.end
            && self.doc.form(end) == "to"
            && between.len() <= 2
            && between.skip(1).all(|t| self.doc.form(t) == "the");
        if !sent || self.state_of(post).is_none() && self.group_of(post).is_none() {
            return None;
        }
        let (person, until, next) = self.name_from(last + 2, post.tokens.end);
        person.is_some().then_some((person, until, next))
    }

    /// The name that follows the role at hit `last`: one of the lexicon, or capitalised words.
    fn name_after(&self, last: usize) -> (Option<Actor>, usize, usize) {
        self.name_from(last + 1, self.hits[last].tokens.end)
    }

    fn name_from(&self, j: usize, end: usize) -> (Option<Actor>, usize, usize) {
        // A comma may stand between: "Russia's foreign minister, Sergei Lavrov, ..."
        let comma = end < self.end && self.doc.form(end) == ",";
        for start in [end, end + 1] {
            if start > end && !comma {
                break;
            }
            if let Some(next) = self.hits.get(j)
                && next.tokens.start == start
                && let Some(person) = self.person_of(next)
            {
                return (Some(person), next.tokens.end, j + 1);
            }
        }
        let mut until = end;
        while until < self.end && until < end + 5 {
            let form = self.doc.form(until);
            let capital = form.chars().next().is_some_and(char::is_uppercase);
            let particle = until > end
                && (form == "-"
                    || form.eq_ignore_ascii_case("al")
                    || form == "bin"
                    || form == "ibn"
                    || form == "van"
                    || form == "von"
                    || form == "de"
                    || form == "der"
                    || form == "ul");
            let first = until == end && (form == "al" || form == "Al" || form == "bin");
            // "of the Reserve", "Friday", a state: no names.
            let known = self.hits.iter().any(|h| {
                h.tokens.contains(&until)
                    && !h.entries.iter().any(|e| matches!(e, Entry::Person(_)))
            });
            if known
                || !(capital && self.doc.tokens.upos[until] != Upos::Verb || particle || first)
                || is_calendar(form)
            {
                break;
            }
            until += 1;
        }
        while until > end
            && !self
                .doc
                .form(until - 1)
                .chars()
                .next()
                .is_some_and(char::is_uppercase)
        {
            until -= 1;
        }
        let next = self
            .hits
            .iter()
            .position(|h| h.tokens.start >= until)
            .unwrap_or(self.hits.len());
        if until == end {
            return (None, end, j);
        }
        let name = self.doc.words(end..until);
        (
            Some(actor("", name, ActorKind::Person, "")),
            until,
            next.max(j),
        )
    }

    fn person_of(&self, hit: &Hit) -> Option<Actor> {
        let mut candidates: Vec<usize> = hit
            .entries
            .iter()
            .filter_map(|e| {
                if let Entry::Person(p) = e {
                    Some(*p)
                } else {
                    None
                }
            })
            .collect();
        // Of several with one surname, the one in office on the day.
        candidates.sort_by_key(|p| self.actors.people[*p].office(self.day).is_none());
        candidates.first().map(|p| self.person(*p))
    }

    fn person(&self, p: usize) -> Actor {
        let person = &self.actors.people[p];
        let mut who = actor(&person.id, &person.name, ActorKind::Person, &person.country);
        if let Some(term) = person.office(self.day) {
            who.role.clone_from(&term.role);
            // Who speaks for a body now spoke for a state before: the office says for whom.
            let owner = term.id.split('.').next().unwrap_or_default();
            if who.country.is_empty() && self.actors.state_index(owner).is_some() {
                owner.clone_into(&mut who.country);
            }
        }
        who
    }

    /// Who held an office on the day, if it is one of that surname (which comes first in East Asian names).
    fn holder(&self, office: &str, surname: &str) -> Option<usize> {
        if surname.contains(' ') {
            return None;
        }
        self.actors.people.iter().position(|p| {
            let mut names = p.name.split(' ');
            (names.next() == Some(surname) || names.next_back() == Some(surname))
                && p.office(self.day).is_some_and(|t| t.id == office)
        })
    }

    /// The holder of an office: named, known by the date, or the office itself.
    fn office_actor(&self, state: usize, role: &Role, person: Option<Actor>) -> Actor {
        let state = &self.actors.states[state];
        match person {
            Some(mut person) => {
                if person.country.is_empty() {
                    // "Colombian President Petro": a name that no list holds alone, and the day says who held the office.
                    let office = format!("{}.{}", state.id, role.id);
                    if let Some(holder) = self.holder(&office, &person.name) {
                        return Actor {
                            surface: person.surface,
                            span: person.span,
                            ..self.person(holder)
                        };
                    }
                    person.country.clone_from(&state.id);
                    person.id = format!("{}.{}", state.id, role.id);
                }
                if person.role.is_empty() {
                    person.role.clone_from(&role.words[0]);
                }
                person
            }
            None => {
                let mut who = self.part_of(state, role);
                who.role.clone_from(&role.words[0]);
                who
            }
        }
    }

    fn part_of_state(&self, state: usize, role: &Role) -> Actor {
        self.part_of(&self.actors.states[state], role)
    }

    fn part_of(&self, state: &crate::lexicon::actors::State, role: &Role) -> Actor {
        let adjective = state.adjectives.first().unwrap_or(&state.name);
        actor(
            &format!("{}.{}", state.id, role.id),
            &format!("{adjective} {}", role.words[0]),
            role.kind,
            &state.id,
        )
    }

    fn named(
        &self,
        tokens: Range<usize>,
        actor: Actor,
        role: Option<usize>,
        rule: &'static str,
    ) -> ActorMention {
        ActorMention {
            tokens,
            actors: vec![actor],
            form: Form::Name,
            role,
            rule,
        }
    }

    /// A name of the lexicon by itself.
    fn plain(&self, hit: &Hit) -> ActorMention {
        let surface = self.doc.words(hit.tokens.clone()).to_owned();
        let entry = if hit.entries.iter().any(|e| matches!(e, Entry::Person(_)))
            && !hit.entries.iter().any(|e| matches!(e, Entry::State(_)))
        {
            *hit.entries
                .iter()
                .find(|e| matches!(e, Entry::Person(_)))
                .expect("just seen")
        } else {
            hit.entries[0]
        };
        let (mut who, form, rule) = match entry {
            Entry::State(s) => (
                self.state_actor(s, ActorKind::State),
                Form::StateOrPlace,
                "state",
            ),
            Entry::StateAdjective(s) => (
                self.state_actor(s, ActorKind::State),
                Form::Adjective,
                "adjective of a state",
            ),
            Entry::People(s) => {
                let state = &self.actors.states[s];
                (
                    actor(
                        &format!("{}.people", state.id),
                        &surface,
                        ActorKind::Population,
                        &state.id,
                    ),
                    Form::Name,
                    "people of a state",
                )
            }
            Entry::Capital(s) => (
                self.state_actor(s, ActorKind::Government),
                Form::StateOrPlace,
                "capital",
            ),
            Entry::Metonym(s) => (
                self.state_actor(s, ActorKind::Government),
                Form::StateOrPlace,
                "seat of government",
            ),
            Entry::Person(_) => (
                self.person_of(hit).unwrap_or_default(),
                Form::Name,
                "person",
            ),
            Entry::Organisation(_) | Entry::Group(_) => {
                (self.group_actor(entry), Form::Name, "name in the lexicon")
            }
            Entry::OrganisationAdjective(_) | Entry::GroupAdjective(_) => (
                self.group_actor(entry),
                Form::Adjective,
                "adjective of a group",
            ),
            Entry::Role(..) => (Actor::default(), Form::BareRole, "role alone"),
        };
        who.surface = surface;
        ActorMention {
            tokens: hit.tokens.clone(),
            actors: vec![who],
            form,
            role: None,
            rule,
        }
    }

    fn state_actor(&self, s: usize, kind: ActorKind) -> Actor {
        let state = &self.actors.states[s];
        actor(&state.id, &state.name, kind, &state.id)
    }
}

fn role_of(hit: &Hit) -> Option<(usize, bool)> {
    hit.entries.iter().find_map(|e| {
        if let Entry::Role(role, plural) = e {
            Some((*role, *plural))
        } else {
            None
        }
    })
}

fn actor(id: &str, name: &str, kind: ActorKind, country: &str) -> Actor {
    Actor {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        country: country.to_owned(),
        ..Actor::default()
    }
}

fn is_calendar(form: &str) -> bool {
    const WORDS: [&str; 19] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    WORDS.contains(&form)
}
