//! Where, when, in which words, and which numbers: what stands around a trigger.

use super::{heard, quantity::Counted, scene::Scene, trigger::Evoked};
use crate::linguistics::news::Role;
use crate::linguistics::{Deprel, Upos};
use crate::model::{Location, QuantityRole, Span, Time};
use crate::resolve::{
    place::{self, PlaceMention},
    time::{TimeKind, TimeMention},
};

/// Longest evidence in code points.
const EVIDENCE: usize = 600;

/// Distance in the tree between two tokens of a sentence; a large number across sentences.
fn distance(scene: &Scene, a: usize, b: usize) -> usize {
    let path = |mut i: usize| {
        let mut out = vec![i];
        while let Some(head) = scene.doc.head(i) {
            out.push(head);
            i = head;
            if out.len() > 300 {
                break;
            }
        }
        out
    };
    let (x, y) = (path(a), path(b));
    for (i, token) in x.iter().enumerate() {
        if let Some(j) = y.iter().position(|t| t == token) {
            return i + j;
        }
    }
    1000
}

/// The place of an event: one that a preposition of place ties to the trigger, or to its clause. Speech acts have a place
/// only where it hangs on the trigger itself, or the heads hear one.
pub fn location(
    scene: &Scene,
    evoked: &Evoked,
    parties: &[usize],
    initiators: &[usize],
    speech: bool,
    context: &place::Context<'_>,
) -> Option<Location> {
    let sentence = scene.sentence(evoked.token);
    let top = evoked.light.unwrap_or(evoked.token);
    let mut best: Option<(i32, &PlaceMention)> = None;
    for mention in scene
        .places
        .iter()
        .filter(|m| sentence.contains(&m.tokens.start))
    {
        let head = scene.head(mention.tokens.clone());
        // Inside a name such as "Kyiv School" or with a role noun it is no place of its own.
        if scene
            .actor_at(head)
            .is_some_and(|a| a.role.is_some() || a.tokens.len() > mention.tokens.len())
        {
            continue;
        }
        let near = distance(scene, head, evoked.token).min(distance(scene, head, top)) as i32;
        let preposition = preposition(scene, head);
        let locative = preposition.as_deref().is_some_and(|p| {
            matches!(
                p,
                "in" | "at"
                    | "near"
                    | "on"
                    | "outside"
                    | "inside"
                    | "around"
                    | "across"
                    | "over"
                    | "off"
                    | "throughout"
                    | "within"
                    | "along"
                    | "above"
                    | "south_of"
                    | "north_of"
                    | "east_of"
                    | "west_of"
                    | "close_to"
                    | "next_to"
                    | "between"
            )
        });
        let directional = preposition.as_deref().is_some_and(|p| {
            matches!(
                p,
                "to" | "into" | "toward" | "towards" | "from" | "of" | "against" | "through"
            )
        });
        let taken = parties.contains(&head);
        let heard = heard::fills(scene, evoked, mention.tokens.clone(), Role::Place);
        if speech && !(locative && near <= 2) && heard.is_none_or(|p| p < 0.5) {
            continue;
        }
        let mut score = 10 - 2 * near.min(8);
        // What the heads hear weighs as much as a preposition of place.
        score += heard.map_or(0, |p| (16.0 * (p - 0.4)) as i32);
        if locative {
            score += 8;
        } else if directional {
            score += if preposition.as_deref() == Some("from") {
                -2
            } else {
                2
            };
        } else if taken {
            score += 3;
        } else if matches!(
            scene.doc.tokens.deprel[head],
            Deprel::Nsubj | Deprel::NmodPoss
        ) {
            score -= 8;
        }
        let country = scene
            .actor_at(head)
            .is_some_and(|a| a.form == crate::resolve::actor::Form::StateOrPlace)
            && scene
                .lexicon
                .actors
                .state(
                    &scene
                        .actor_at(head)
                        .map(|a| a.actors[0].country.clone())
                        .unwrap_or_default(),
                )
                .is_some_and(|s| {
                    s.name == scene.doc.words(mention.tokens.clone())
                        || s.aliases
                            .iter()
                            .any(|x| x == scene.doc.words(mention.tokens.clone()))
                });
        if country {
            score -= 3;
            if !locative && !directional && !taken {
                score -= 6;
            }
        }
        // "Saudi Arabia launched air strikes", "Athens expelled the envoy": who acts is not where.
        let stands_for = scene
            .actor_at(head)
            .is_some_and(|a| a.form == crate::resolve::actor::Form::StateOrPlace);
        if stands_for && initiators.contains(&head) && !speech && !locative {
            score -= 6;
        }
        if score > 0 && best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, mention));
        }
    }
    let named = best.map(|(_, mention)| {
        let mention = inmost(scene, mention);
        let mut location = place::resolve(mention, context);
        location.span = scene.span(mention.tokens.clone());
        (mention, location)
    });
    let Some((tokens, odds)) = heard::place_name(scene, evoked) else {
        return named.map(|(_, location)| location);
    };
    let own = Location {
        name: scene.doc.words(tokens.clone()).to_owned(),
        span: scene.span(tokens.clone()),
        ..Location::default()
    };
    match named {
        // "In Maidan Shahr in the centre of Wardak Province": it lies in or near what the list holds.
        Some((mention, near))
            if mention.tokens.start >= tokens.end && mention.tokens.start - tokens.end <= REACH =>
        {
            Some(Location {
                name: own.name,
                span: own.span,
                geonames_id: 0,
                ..near
            })
        }
        Some((mention, listed)) => {
            let heard = heard::fills(scene, evoked, mention.tokens.clone(), Role::Place);
            let better = heard.is_some_and(|p| p + 0.3 < odds);
            // It lies in the country of what is named beside it.
            let own = Location {
                country: listed.country.clone(),
                ..own
            };
            Some(if better { own } else { listed })
        }
        None => (!speech).then_some(own),
    }
}

/// The first of a chain of places, each in or near the next: "the suburb of Darayya, near Damascus", "Jolo in Mindanao".
fn inmost<'a>(scene: &'a Scene, mention: &'a PlaceMention) -> &'a PlaceMention {
    let before = scene.places.iter().rfind(|m| {
        let gap = m.tokens.end..mention.tokens.start;
        let chained = |t: usize| {
            matches!(
                scene.doc.form(t).to_lowercase().as_str(),
                "," | "in" | "near" | "of" | "the" | "outside" | "at"
            )
        };
        m.tokens.end < mention.tokens.start
            && gap.len() <= 3
            && gap.clone().all(chained)
            && gap.clone().any(|t| scene.doc.form(t) != "the")
    });
    // "In Syria, near Palmyra" goes the other way.
    let country = |m: &PlaceMention| {
        scene
            .actor_at(scene.head(m.tokens.clone()))
            .is_some_and(|a| a.form == crate::resolve::actor::Form::StateOrPlace)
    };
    match before {
        Some(inner) if !country(inner) => inmost(scene, inner),
        _ => mention,
    }
}

/// Words between a name and the place that it lies in.
const REACH: usize = 6;

/// The preposition before a noun, also where the name hangs on a noun of place ("in the city of Kharkiv").
fn preposition(scene: &Scene, token: usize) -> Option<String> {
    let own = |i: usize| {
        let words: Vec<String> = scene.graph.children[i]
            .iter()
            .filter(|&&c| {
                scene.doc.tokens.deprel[c] == Deprel::Case
                    && c < i
                    && scene.doc.tokens.xpos[c] != "POS"
            })
            .map(|&c| scene.doc.form(c).to_lowercase())
            .collect();
        (!words.is_empty()).then(|| words.join("_"))
    };
    let mut at = token;
    for _ in 0..4 {
        let found = own(at);
        if let Some(found) = &found
            && found != "of"
        {
            return Some(found.clone());
        }
        let up = scene.doc.head(at)?;
        let climbs = matches!(
            scene.doc.tokens.deprel[at],
            Deprel::Nmod
                | Deprel::Appos
                | Deprel::Conj
                | Deprel::Flat
                | Deprel::Compound
                | Deprel::NmodDesc
        ) && matches!(scene.doc.tokens.upos[up], Upos::Noun | Upos::Propn);
        if !climbs {
            return found;
        }
        at = up;
    }
    None
}

/// The time of an event: the one nearest to the trigger in the tree, unless it belongs to another verb of the sentence.
pub fn time<'a>(scene: &'a Scene, evoked: &Evoked, speech: bool) -> Option<&'a TimeMention> {
    let sentence = scene.sentence(evoked.token);
    let top = evoked.light.unwrap_or(evoked.token);
    let reporting = &scene.lexicon.language.speech;
    scene
        .times
        .iter()
        .filter(|m| {
            sentence.contains(&m.tokens.start)
                && m.value.is_some()
                && matches!(m.kind, TimeKind::Within | TimeKind::Since)
        })
        .filter_map(|m| {
            let head = m
                .tokens
                .clone()
                .find(|&t| scene.doc.head(t).is_none_or(|h| !m.tokens.contains(&h)))
                .unwrap_or(m.tokens.start);
            let governor = scene.doc.head(head);
            // "said on Tuesday" dates the saying.
            let said = !speech
                && governor.is_some_and(|g| {
                    g != top
                        && g != evoked.token
                        && (reporting.neutral.contains(&scene.doc.tokens.lemma[g])
                            || reporting.claiming.contains(&scene.doc.tokens.lemma[g]))
                });
            let near = distance(scene, head, evoked.token).min(distance(scene, head, top))
                + if said { 4 } else { 0 };
            (near <= 9).then_some((near, m))
        })
        .min_by_key(|(near, m)| (*near, m.tokens.start))
        .map(|(_, m)| m)
}

/// A time mention as a value of the model.
pub fn time_value(scene: &Scene, mention: &TimeMention) -> Option<Time> {
    let value = mention.value.as_ref()?;
    let span = scene.span(mention.tokens.clone());
    Some(Time {
        start: value.start,
        end: value.end,
        precision: value.precision,
        text: span.text.clone(),
        span,
    })
}

/// The sentence of a trigger; of a longer one than the bound, the words around the trigger.
pub fn evidence(scene: &Scene, token: usize) -> Span {
    let sentence = scene.sentence(token);
    let length = |range: &std::ops::Range<usize>| scene.doc.words(range.clone()).chars().count();
    if length(&sentence) <= EVIDENCE {
        return scene.span(sentence);
    }
    let (mut from, mut to) = (token, token + 1);
    loop {
        let left = from > sentence.start && length(&(from - 1..to)) <= EVIDENCE;
        if left {
            from -= 1;
        }
        let right = to < sentence.end && length(&(from..to + 1)) <= EVIDENCE;
        if right {
            to += 1;
        }
        if !left && !right {
            break;
        }
    }
    let mut span = scene.span(from..to);
    if span.text.chars().count() > EVIDENCE {
        span.text = span.text.chars().take(EVIDENCE).collect();
        span.end = span.start + EVIDENCE as u32;
    }
    span
}

/// Which of the sentence's events a number belongs to: the nearest in the tree that can have such a number.
pub fn owner(scene: &Scene, counted: &Counted, events: &[(usize, &str)]) -> Option<usize> {
    events
        .iter()
        .enumerate()
        .filter_map(|(i, (token, event_type))| {
            let fit = fitness(counted.quantity.role, event_type)?;
            let near = distance(scene, counted.governor, *token).min(distance(
                scene,
                counted.head,
                *token,
            ));
            (near < 1000).then_some((near + fit, i))
        })
        .min()
        .map(|(_, i)| i)
}

/// How well a role of number goes with a type: 0 best, none where it can't.
fn fitness(role: QuantityRole, event_type: &str) -> Option<usize> {
    let military = event_type.starts_with("military.");
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|n| event_type == *n || event_type.starts_with(&format!("{n}.")))
    };
    Some(match role {
        QuantityRole::Launched
            if is(&[
                "military.strike",
                "military.weapons_test",
                "military.violation",
                "military.assault",
            ]) =>
        {
            0
        }
        QuantityRole::Launched if is(&["military.interception"]) => 4,
        QuantityRole::Intercepted if is(&["military.interception"]) => 0,
        QuantityRole::Intercepted if military => 6,
        QuantityRole::Killed | QuantityRole::Wounded
            if is(&[
                "military.deployment",
                "military.exercise",
                "military.transfer",
                "military.interception",
                "military.withdrawal",
            ]) =>
        {
            10
        }
        QuantityRole::Killed | QuantityRole::Wounded if military => 0,
        QuantityRole::Captured
            if is(&[
                "military.abduction",
                "military.territory",
                "military.clash",
                "military.assault",
                "military.damage",
                "military.naval_incident",
            ]) =>
        {
            0
        }
        QuantityRole::Deployed
            if is(&[
                "military.deployment",
                "military.exercise",
                "military.peacekeeping",
                "military.withdrawal",
            ]) =>
        {
            0
        }
        QuantityRole::Displaced if military => 0,
        QuantityRole::Hit if military => 1,
        QuantityRole::Amount => 1,
        QuantityRole::Other => 2,
        _ => 8,
    })
}
