//! Fills the roles of an evoked frame with actors.

use super::{
    gate,
    naming::{actors_of, is_both},
    parties::{Parties, push},
    scene::Scene,
    sides,
    trigger::{self, Evoked},
};
use crate::lexicon::frames::{Frame, Path, Paths, Trigger};
use crate::linguistics::{Rel, Upos};
use crate::model::{Actor, ActorKind};
use crate::resolve::{actor::Form, coreference::Before};
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
