//! Fills the roles of an evoked frame with actors.

use super::{
    gate,
    parties::{Parties, push},
    scene::Scene,
    sides,
    trigger::{self, Evoked},
};
use crate::lexicon::frames::{Frame, Path, Paths, Trigger};
use crate::linguistics::{Deprel, Rel, Upos};
use crate::model::{Actor, ActorKind};
use crate::resolve::{
    actor::{ActorMention, Form},
    coreference::{self, Before},
};
use std::sync::LazyLock;

static INITIATOR: LazyLock<Paths> = LazyLock::new(|| paths("subj|by|poss|mod"));
static TARGET: LazyLock<Paths> = LazyLock::new(|| paths("obj|on|against"));
static PARTICIPANT: LazyLock<Paths> =
    LazyLock::new(|| paths("subj|obj|with|between|among|poss|of|mod"));

fn paths(text: &str) -> Paths {
    Paths::read(text).expect("written here")
}

/// Fills the roles of a frame; for symmetric types all sides become participants.
pub fn parties(
    scene: &Scene,
    before: &Before,
    evoked: &Evoked,
    frame: &Frame,
    trigger: &Trigger,
    symmetric: bool,
) -> Parties {
    let mut out = Parties::default();
    if symmetric {
        let paths = trigger
            .roles
            .participant
            .as_ref()
            .or(frame.roles.participant.as_ref())
            .unwrap_or(&PARTICIPANT);
        let classes = pick(&trigger.roles.participant_is, &frame.roles.participant_is);
        for path in &paths.0 {
            let found = fill(
                scene,
                before,
                evoked,
                &Paths(vec![path.clone()]),
                classes,
                true,
                &mut out.tokens,
            );
            for actor in found {
                push(&mut out.participants, actor);
            }
        }
        return out;
    }
    let initiator = trigger
        .roles
        .initiator
        .as_ref()
        .or(frame.roles.initiator.as_ref())
        .unwrap_or(&INITIATOR);
    let classes = pick(&trigger.roles.initiator_is, &frame.roles.initiator_is);
    out.initiators = fill(
        scene,
        before,
        evoked,
        initiator,
        classes,
        true,
        &mut out.tokens,
    );
    let target = trigger
        .roles
        .target
        .as_ref()
        .or(frame.roles.target.as_ref())
        .unwrap_or(&TARGET);
    let classes = pick(&trigger.roles.target_is, &frame.roles.target_is);
    out.end_of_initiators();
    let taken = out.tokens.clone();
    let mut tokens = Vec::new();
    out.targets = fill_but(
        scene,
        before,
        evoked,
        target,
        classes,
        false,
        &taken,
        &mut tokens,
    );
    out.tokens.extend(tokens);
    let ontology = &scene.lexicon.ontology;
    if ontology
        .get(frame.event_type.get_ref())
        .is_some_and(|t| t.speech)
    {
        // Speaking about one's own state is addressed to nobody.
        out.targets.retain(|t| {
            t.country.is_empty()
                || t.kind == ActorKind::Population
                || !out.initiators.iter().any(|i| i.country == t.country)
        });
    }
    let military = scene
        .lexicon
        .ontology
        .get(frame.event_type.get_ref())
        .is_some_and(|t| t.category == crate::model::Category::Military);
    if out.targets.is_empty() && military {
        out.targets = harmed(scene, before, evoked, &out.tokens);
    }
    // "Live: three soldiers wounded": a participle without an object is a headline's passive.
    if military && out.targets.is_empty() && is_bare_passive(scene, evoked.token) {
        out.turn();
    }
    // "Welcomes the ceasefire": whose it was, the item tells.
    const JUDGES: [&str; 3] = [
        "diplomatic.condemnation",
        "diplomatic.support",
        "diplomatic.rejection",
    ];
    if out.targets.is_empty() && JUDGES.contains(&frame.event_type.get_ref().as_str()) {
        let mut judged = scene.graph.under(evoked.token, &Rel::Obj);
        let act = judged.find(|&t| sides::refers(&scene.doc.tokens.lemma[t], scene.lexicon));
        out.targets = act.map_or(Vec::new(), |t| actors_of(scene, before, t));
    }
    out.sort_out();
    out
}

/// A participle of harm with a subject, no object and no auxiliary.
fn is_bare_passive(scene: &Scene, verb: usize) -> bool {
    let lemma = trigger::verb_lemma(scene, verb);
    let harms = ["act.wound", "act.kill", "act.capture"];
    let auxiliary = |&c: &usize| scene.doc.tokens.upos[c] == Upos::Aux;
    scene.doc.tokens.xpos[verb] == "VBN"
        && harms.iter().any(|c| scene.lexicon.classes.is(&lemma, c))
        && scene.graph.under(verb, &Rel::Obj).next().is_none()
        && !scene.graph.children[verb].iter().any(auxiliary)
}

/// Whom an attack killed or wounded, where nothing says on whom it was: "a car bomb exploded, killing two officers".
fn harmed(scene: &Scene, before: &Before, evoked: &Evoked, taken: &[usize]) -> Vec<Actor> {
    let heads = [
        Some(evoked.token),
        evoked.light,
        scene.doc.head(evoked.token),
    ];
    let mut verbs: Vec<usize> = heads.into_iter().flatten().collect();
    for head in verbs.clone() {
        verbs.extend(
            scene.graph.down[head]
                .iter()
                .filter(|(r, _)| matches!(r, Rel::Advcl | Rel::Acl | Rel::Xcomp))
                .map(|(_, d)| *d),
        );
    }
    for verb in verbs {
        let lemma = trigger::verb_lemma(scene, verb);
        if !scene.lexicon.classes.is(&lemma, "act.kill")
            && !scene.lexicon.classes.is(&lemma, "act.wound")
        {
            continue;
        }
        let mut out = Vec::new();
        for token in scene
            .graph
            .under(verb, &Rel::Obj)
            .filter(|t| !taken.contains(t) && *t != evoked.token)
        {
            if scene.is(token, "human") {
                actors_of(scene, before, token)
                    .into_iter()
                    .for_each(|a| push(&mut out, a));
            }
        }
        if !out.is_empty() {
            return out;
        }
    }
    Vec::new()
}

fn pick<'a>(own: &'a [String], frame: &'a [String]) -> &'a [String] {
    if own.is_empty() { frame } else { own }
}

fn fill(
    scene: &Scene,
    before: &Before,
    evoked: &Evoked,
    paths: &Paths,
    classes: &[String],
    actors_only: bool,
    tokens: &mut Vec<usize>,
) -> Vec<Actor> {
    fill_but(
        scene,
        before,
        evoked,
        paths,
        classes,
        actors_only,
        &[],
        tokens,
    )
}

/// Actors at the first path that is filled by a fitting word.
#[allow(clippy::too_many_arguments)]
fn fill_but(
    scene: &Scene,
    before: &Before,
    evoked: &Evoked,
    paths: &Paths,
    classes: &[String],
    actors_only: bool,
    taken: &[usize],
    tokens: &mut Vec<usize>,
) -> Vec<Actor> {
    for path in &paths.0 {
        let mut out = Vec::new();
        for token in gate::at(scene, evoked, path) {
            if taken.contains(&token)
                || !matches!(
                    scene.doc.tokens.upos[token],
                    Upos::Noun | Upos::Propn | Upos::Pron | Upos::Adj | Upos::Num | Upos::X
                )
            {
                continue;
            }
            // "An intelligence-sharing deal": a role noun that only describes is no party.
            let describes = matches!(path, Path::Steps(steps) if steps.last() == Some(&Rel::Mod));
            if describes
                && scene
                    .actor_at(token)
                    .is_some_and(|m| m.form == Form::BareRole)
            {
                continue;
            }
            // What is fired or flown does not act; whose it is may.
            if actors_only
                && scene.word_class(token, "weapon")
                && !scene.has_country(token)
                && scene
                    .actor_at(token)
                    .is_none_or(|m| m.form == Form::BareRole)
            {
                continue;
            }
            // A time is no party.
            if scene.is_time(token) {
                continue;
            }
            // "The Kabul attack": a town or state in front of an act says where, unless it says on whom as well.
            if describes
                && actors_only
                && !evoked.nominal_of_parties(scene)
                && scene
                    .actor_at(token)
                    .is_some_and(|m| m.form == Form::StateOrPlace && !is_adjective(scene, m))
            {
                continue;
            }
            let fits = if classes.is_empty() {
                !actors_only
                    || scene.is(token, "actor")
                    || scene.is(token, "human")
                    || scene.is(token, "pronoun")
                    || scene.is_unknown_name(token)
                    || is_both(scene, token)
            } else {
                classes.iter().any(|c| scene.is(token, c))
                    || scene.is(token, "pronoun") && classes.iter().any(|c| c != "place")
                    || is_both(scene, token)
            };
            if !fits {
                continue;
            }
            for actor in actors_of(scene, before, token) {
                push(&mut out, actor);
            }
            tokens.push(token);
        }
        if !out.is_empty() {
            return out;
        }
    }
    Vec::new()
}

/// Whether a state's name serves as its adjective too: "US", "UK".
fn is_adjective(scene: &Scene, mention: &crate::resolve::actor::ActorMention) -> bool {
    let words = scene.doc.words(mention.tokens.clone());
    mention
        .actors
        .iter()
        .filter_map(|a| scene.lexicon.actors.state(&a.country))
        .any(|s| s.adjectives.iter().any(|x| x == words))
}

fn is_both(scene: &Scene, token: usize) -> bool {
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
