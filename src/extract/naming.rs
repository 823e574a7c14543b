//! Whom the words of a party name: mentions, pronouns, role nouns, things by whose they are.

use super::{scene::Scene, trigger};
use crate::linguistics::{Deprel, Rel, Upos};
use crate::model::{Actor, ActorKind};
use crate::resolve::{
    actor::{ActorMention, Form},
    coreference::{self, Before},
};

/// Whom a word names, with its words and their position; empty where it names nobody.
pub fn actors_of(scene: &Scene, before: &Before, token: usize) -> Vec<Actor> {
    resolve(scene, before, token, 3)
}

fn resolve(scene: &Scene, before: &Before, token: usize, depth: u8) -> Vec<Actor> {
    let place = |mut actors: Vec<Actor>, tokens: std::ops::Range<usize>| {
        for actor in &mut actors {
            actor.span = scene.span(tokens.clone());
            if actor.surface.is_empty() {
                actor.surface.clone_from(&actor.span.text);
            }
        }
        actors
    };
    let doc = &scene.doc;
    if is_both(scene, token) {
        let range = scene.phrase(token);
        let words = doc.words(range.clone()).to_owned();
        let found = coreference::both(&scene.actors, before, token, &words);
        if !found.is_empty() {
            return place(found, range);
        }
    }
    if let Some(mention) = scene.actor_at(token) {
        let actors = match mention.form {
            Form::BareRole => serves(scene, token).map_or_else(
                || coreference::bare_role(doc, &scene.actors, before, mention, scene.lexicon),
                |country| vec![coreference::of_country(mention, &country, scene.lexicon)],
            ),
            _ => mention.actors.clone(),
        };
        return place(in_full(scene, mention, actors), mention.tokens.clone());
    }
    if doc.tokens.upos[token] == Upos::Pron {
        if depth > 0
            && let Some(speaker) = scene.antecedent(token)
        {
            let mut found = resolve(scene, before, speaker, depth - 1);
            found
                .iter_mut()
                .for_each(|a| doc.form(token).clone_into(&mut a.surface));
            return place(found, token..token + 1);
        }
        return place(
            coreference::pronoun(doc, &scene.actors, before, token),
            token..token + 1,
        );
    }
    let range = scene.phrase(token);
    let surface = doc.words(range.clone()).to_owned();
    // "Dozens of fighters", "a group of Syrian rebels": the group is who is in it.
    if depth > 0
        && (scene.word_class(token, "collective") || doc.tokens.upos[token] == Upos::Num)
        && let Some(inner) = under_of(scene, token)
    {
        return resolve(scene, before, inner, depth - 1);
    }
    let mut who = Actor {
        name: surface.clone(),
        surface,
        kind: kind_of(scene, token),
        ..Actor::default()
    };
    // "Jens Stoltenberg, the alliance's secretary-general": the name takes what stands beside it.
    if doc.tokens.upos[token] == Upos::Propn
        && scene.place_at(token).is_none()
        && let Some(beside) = scene.graph.children[token]
            .iter()
            .find(|&&c| doc.tokens.deprel[c] == Deprel::Appos)
            .and_then(|&c| scene.actor_at(c))
        && beside.form == Form::Name
        && beside.role.is_some()
    {
        let office = &beside.actors[0];
        who.kind = ActorKind::Person;
        who.id.clone_from(&office.id);
        who.country.clone_from(&office.country);
        who.role.clone_from(&office.role);
    } else if let Some(owner) = scene.owner(token) {
        if let Some(actor) = owner.actors.first() {
            who.country.clone_from(&actor.country);
            if actor.kind == ActorKind::ArmedGroup {
                who.id.clone_from(&actor.id);
            }
        }
    } else if depth > 0
        && let Some(inner) = holder(scene, token).or_else(|| under_of(scene, token))
        && let Some(actor) = resolve(scene, before, inner, depth - 1).first()
    {
        who.country.clone_from(&actor.country);
    }
    place(vec![who], range)
}

/// "European governments", "coalition foreign ministers": who is known by a role alone is called by all of its words.
fn in_full(scene: &Scene, mention: &ActorMention, mut actors: Vec<Actor>) -> Vec<Actor> {
    const LONGEST: usize = 5;
    let unknown = |a: &Actor| a.id.is_empty() && a.country.is_empty();
    if mention.form != Form::BareRole || !actors.iter().all(unknown) {
        return actors;
    }
    let start = scene.phrase(scene.head(mention.tokens.clone())).start;
    let whole = start.min(mention.tokens.start)..mention.tokens.end;
    let describes = |t: usize| {
        matches!(
            scene.doc.tokens.upos[t],
            Upos::Adj | Upos::Noun | Upos::Propn
        ) && !scene.is_time(t)
    };
    let before = whole.start..mention.tokens.start;
    if before.is_empty() || whole.len() > LONGEST || !before.clone().all(describes) {
        return actors;
    }
    let words = scene.doc.words(whole).to_owned();
    for actor in &mut actors {
        actor.name.clone_from(&words);
        actor.surface.clone_from(&words);
    }
    actors
}

/// The state that a role noun names behind it: "the spokesperson for the German government", "representatives from Iran".
fn serves(scene: &Scene, token: usize) -> Option<String> {
    let behind = scene.graph.down[token]
        .iter()
        .filter(|(rel, _)| matches!(rel, Rel::Prep(p) if matches!(&**p, "for" | "from" | "of")));
    let states = behind.filter_map(|(_, d)| scene.actor_at(*d)?.actors.first());
    let mut states = states.filter(|a| matches!(a.kind, ActorKind::State | ActorKind::Government));
    states
        .find(|a| !a.country.is_empty())
        .map(|a| a.country.clone())
}

fn under_of(scene: &Scene, token: usize) -> Option<usize> {
    let of = Rel::Prep("of".into());
    scene.graph.under(token, &of).next().or_else(|| {
        let from = Rel::Prep("from".into());
        scene.graph.under(token, &from).next()
    })
}

/// "Oil facilities belonging to Saudi Aramco", "a camp run by the United Nations": whose a thing is.
fn holder(scene: &Scene, token: usize) -> Option<usize> {
    let acl = scene.graph.under(token, &Rel::Acl);
    let mut holding = acl.filter(|&v| {
        let lemma = trigger::verb_lemma(scene, v);
        scene.lexicon.classes.is(&lemma, "act.hold")
    });
    holding.find_map(|verb| {
        let by = scene.graph.down[verb]
            .iter()
            .find(|(rel, _)| matches!(rel, Rel::Prep(p) if matches!(&**p, "to" | "by")));
        by.map(|(_, d)| *d)
    })
}

fn kind_of(scene: &Scene, token: usize) -> ActorKind {
    if scene.word_class(token, "fighter") {
        ActorKind::ArmedGroup
    } else if scene.word_class(token, "human") {
        ActorKind::Population
    } else if scene.is_unknown_name(token)
        && scene.graph.children[token]
            .iter()
            .all(|&c| scene.doc.tokens.deprel[c] != Deprel::Det)
    {
        ActorKind::Person
    } else {
        ActorKind::Other
    }
}

/// "The two sides", "both leaders".
pub(super) fn is_both(scene: &Scene, token: usize) -> bool {
    matches!(
        scene.doc.tokens.lemma[token].as_str(),
        "side"
            | "party"
            | "leader"
            | "country"
            | "minister"
            | "president"
            | "delegation"
            | "nation"
            | "neighbour"
            | "neighbor"
    ) && scene.graph.children[token].iter().any(|&c| {
        matches!(
            scene.doc.form(c).to_lowercase().as_str(),
            "two" | "both" | "warring" | "rival"
        )
    })
}
