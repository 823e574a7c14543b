//! Who is meant by "he", "the minister", "the two sides": looked up in what the item said before.

use super::actor::{ActorMention, Form};
use crate::lexicon::Lexicon;
use crate::linguistics::{Deprel, Document, Upos};
use crate::model::{Actor, ActorKind};

/// What the item said before the part at hand: mentions of its title.
#[derive(Debug, Clone, Default)]
pub struct Before {
    pub mentions: Vec<ActorMention>,
    /// Who issued the item, where that is somebody who acts: "the Prime Minister" and "we" are his.
    pub issuer: Option<Actor>,
}

/// Mentions before a token, nearest first: those of the part, then those of the title.
fn earlier<'a>(
    mentions: &'a [ActorMention],
    before: &'a Before,
    token: usize,
) -> impl Iterator<Item = &'a ActorMention> {
    let until = mentions.partition_point(|m| m.tokens.end <= token);
    mentions[..until]
        .iter()
        .rev()
        .chain(before.mentions.iter().rev())
}

/// A role noun alone: the nearest holder of the same role, else the state that the text is about at this point.
pub fn bare_role(
    doc: &Document,
    mentions: &[ActorMention],
    before: &Before,
    at: &ActorMention,
    lexicon: &Lexicon,
) -> Vec<Actor> {
    let Some(role) = at.role else {
        return at.actors.clone();
    };
    let noun = &lexicon.actors.roles[role];
    let token = at.tokens.start;
    let definite = token > 0
        && matches!(
            doc.form(token - 1).to_lowercase().as_str(),
            "the" | "its" | "their" | "his" | "country" | "s" | "'s" | "this" | "that"
        );
    if matches!(noun.kind, ActorKind::Population | ActorKind::ArmedGroup) {
        // "Civilians" and "militants" are whoever they are; "the militants" may be those named before.
        if definite
            && noun.kind == ActorKind::ArmedGroup
            && let Some(found) = earlier(mentions, before, token).take(12).find(|m| {
                m.form != Form::Adjective
                    && m.actors
                        .first()
                        .is_some_and(|a| a.kind == ActorKind::ArmedGroup && !a.id.is_empty())
            })
        {
            return surfaces(&found.actors, &at.actors);
        }
        return at.actors.clone();
    }
    if let Some(found) = earlier(mentions, before, token).take(24).find(|m| {
        m.role
            .is_some_and(|r| lexicon.actors.roles[r].id == noun.id)
            && m.form == Form::Name
    }) {
        return surfaces(&found.actors, &at.actors);
    }
    if noun.kind == ActorKind::Person
        && let Some(found) = earlier(mentions, before, token).take(24).find(|m| {
            m.actors
                .first()
                .is_some_and(|a| a.kind == ActorKind::Person && noun.words.contains(&a.role))
        })
    {
        return surfaces(&found.actors, &at.actors);
    }
    // A part of the state that was named last, but only where the words say that a known one is meant.
    // "Government forces" are those of the government that one speaks of.
    let governing = matches!(
        doc.form(token).to_lowercase().as_str(),
        "government" | "security" | "state"
    ) && at.tokens.len() > 1;
    if !definite && !governing && doc.tokens.upos[token] != Upos::Propn {
        return at.actors.clone();
    }
    let sentence = doc.sentence_of(token);
    let near = earlier(mentions, before, token)
        .take(8)
        .filter(|m| {
            m.tokens.start >= doc.len()
                || doc.sentence_of(m.tokens.start.min(doc.len() - 1)) + 2 >= sentence
        })
        .find(|m| {
            m.actors.len() == 1
                && !m.actors[0].country.is_empty()
                && m.actors[0].kind != ActorKind::Population
                && m.actors[0].kind != ActorKind::Ngo
        });
    let country = near.map(|found| &found.actors[0].country);
    let issuing = before.issuer.as_ref().map(|issuer| &issuer.country);
    match country.or(issuing).filter(|c| !c.is_empty()) {
        Some(country) => vec![of_country(at, country, lexicon)],
        None => at.actors.clone(),
    }
}

/// The holder of a role noun in a country: "the spokesperson for the German government".
pub fn of_country(at: &ActorMention, country: &str, lexicon: &Lexicon) -> Actor {
    let mut who = at.actors[0].clone();
    let noun = at.role.map(|role| &lexicon.actors.roles[role]);
    if let (Some(noun), Some(state)) = (noun, lexicon.actors.state(country)) {
        who.id = format!("{country}.{}", noun.id);
        who.name = format!(
            "{} {}",
            state.adjectives.first().unwrap_or(&state.name),
            noun.words[0]
        );
    }
    country.clone_into(&mut who.country);
    who
}

/// A pronoun: the nearest fitting mention, subjects of the sentence before first.
pub fn pronoun(
    doc: &Document,
    mentions: &[ActorMention],
    before: &Before,
    token: usize,
) -> Vec<Actor> {
    let word = doc.form(token).to_lowercase();
    let sentence = doc.sentence_of(token);
    let fits = |m: &&ActorMention| {
        let Some(actor) = m.actors.first() else {
            return false;
        };
        if m.form == Form::Adjective {
            return false;
        }
        match word.as_str() {
            "he" | "she" | "him" | "her" | "his" => {
                actor.kind == ActorKind::Person && m.actors.len() == 1
            }
            "it" | "its" => {
                matches!(
                    actor.kind,
                    ActorKind::State
                        | ActorKind::Government
                        | ActorKind::Igo
                        | ActorKind::Ngo
                        | ActorKind::Military
                        | ActorKind::ArmedGroup
                ) && m.actors.len() == 1
            }
            "they" | "them" | "their" => {
                !matches!(actor.kind, ActorKind::State) || m.actors.len() > 1
            }
            _ => false,
        }
    };
    let near = |m: &&ActorMention| {
        m.tokens.start >= doc.len() || doc.sentence_of(m.tokens.start) + 2 >= sentence
    };
    let all: Vec<&ActorMention> = earlier(mentions, before, token)
        .take(10)
        .filter(fits)
        .filter(near)
        .collect();
    let subject = |m: &&&ActorMention| {
        m.tokens.end <= doc.len()
            && m.tokens
                .clone()
                .any(|t| matches!(doc.tokens.deprel[t], Deprel::Nsubj | Deprel::NsubjPass))
    };
    let mut surface = Actor {
        surface: doc.form(token).to_owned(),
        ..Actor::default()
    };
    surface.name.clone_from(&surface.surface);
    let found = all.iter().find(subject).or_else(|| all.first());
    let found = found.map_or(Vec::new(), |m| surfaces(&m.actors, &[surface.clone()]));
    let first_person = matches!(word.as_str(), "we" | "i" | "our" | "us");
    match &before.issuer {
        Some(issuer) if found.is_empty() && first_person => {
            surfaces(std::slice::from_ref(issuer), &[surface])
        }
        _ => found,
    }
}

/// "The two sides", "both leaders": the two parties named last.
pub fn both(mentions: &[ActorMention], before: &Before, token: usize, words: &str) -> Vec<Actor> {
    let mut out: Vec<Actor> = Vec::new();
    for mention in earlier(mentions, before, token).take(12) {
        if mention.form == Form::BareRole {
            continue;
        }
        for actor in &mention.actors {
            let fits = matches!(
                actor.kind,
                ActorKind::State
                    | ActorKind::Government
                    | ActorKind::Person
                    | ActorKind::ArmedGroup
                    | ActorKind::Military
            ) && (!actor.country.is_empty() || !actor.id.is_empty());
            let known = out
                .iter()
                .any(|o| (!o.country.is_empty() && o.country == actor.country) || o.id == actor.id);
            if fits && !known {
                let mut actor = actor.clone();
                actor.surface = words.to_owned();
                out.push(actor);
            }
        }
        if out.len() >= 2 {
            out.truncate(2);
            out.reverse();
            return out;
        }
    }
    Vec::new()
}

/// The actors of an antecedent, written as the words at hand.
fn surfaces(actors: &[Actor], at: &[Actor]) -> Vec<Actor> {
    actors
        .iter()
        .map(|a| {
            let mut a = a.clone();
            if let Some(here) = at.first() {
                a.surface.clone_from(&here.surface);
            }
            a
        })
        .collect()
}
