//! Weighs drafts against each other and against what their frames ask for.

use super::{
    event::{Candidate, Draft, frame_of},
    parties::Parties,
    scene::Scene,
    trigger::Evoked,
};
use crate::linguistics::{Deprel, Rel};
use crate::model::{Actor, ActorKind, Category, Status};

/// Whether the needs of a frame are met; a number counts once quantities are given out.
pub(super) fn needs(draft: &Draft, scene: &Scene, counted: bool) -> Result<(), String> {
    let (frame, trigger) = frame_of(scene, &draft.evoked);
    let all = trigger.needs.as_ref().unwrap_or(&frame.needs);
    for need in all {
        let met = need.split('|').any(|role| match role {
            "initiator" => !draft.parties.initiators.is_empty(),
            "target" => !draft.parties.targets.is_empty(),
            "participant" => !draft.parties.participants.is_empty(),
            "two_participants" => draft.parties.participants.len() >= 2,
            "party" => {
                !draft.parties.initiators.is_empty()
                    || !draft.parties.targets.is_empty()
                    || !draft.parties.participants.is_empty()
            }
            "quantity" => !counted || !draft.report.quantities.is_empty(),
            "time" => draft.report.time.is_some(),
            "place" => scene
                .sentence(draft.evoked.token)
                .any(|t| scene.place_at(t).is_some()),
            _ => false,
        });
        if !met {
            return Err(format!("expected {need}, found none"));
        }
    }
    Ok(())
}

/// A claimant who takes part in the fighting: of the same state or group as a side of it, or an armed one.
pub(super) fn is_party(by: &Actor, parties: &Parties) -> bool {
    // A ministry of defence speaks for whoever fights beside it.
    let fights = by.id.contains(".defence-ministry") || by.id.contains(".armed-forces");
    if fights || matches!(by.kind, ActorKind::Military | ActorKind::ArmedGroup) {
        return true;
    }
    let sides = parties
        .initiators
        .iter()
        .chain(&parties.targets)
        .chain(&parties.participants);
    let official = matches!(
        by.kind,
        ActorKind::Government | ActorKind::State | ActorKind::Person
    ) && !by.role.contains("police")
        || by.surface.to_lowercase().contains("state media")
        || by.surface.to_lowercase().contains("state television");
    official
        && !by.country.is_empty()
        && sides
            .filter(|s| {
                matches!(
                    s.kind,
                    ActorKind::State
                        | ActorKind::Military
                        | ActorKind::Government
                        | ActorKind::ArmedGroup
                        | ActorKind::Other
                )
            })
            .any(|s| s.country == by.country)
}

/// What the authorities of the country where it happened say of fighting is their claim; what its police or a mayor say is not.
pub(super) fn claimed_at_home(draft: &mut Draft) {
    let report = &mut draft.report;
    if report.category != Category::Military
        || !matches!(report.status, Status::Occurred | Status::Ongoing)
    {
        return;
    }
    let (Some(by), Some(location)) = (&report.attribution, &report.location) else {
        return;
    };
    let local = [
        "police", "mayor", "governor", "hospital", "medic", "resident", "witness", "health",
        "media", "agency",
    ];
    let words = format!("{} {} {}", by.role, by.name, by.surface).to_lowercase();
    if matches!(by.kind, ActorKind::Government | ActorKind::State)
        && by.country == location.country
        && !local.iter().any(|w| words.contains(w))
    {
        report.status = Status::Claimed;
        report.status_cue.get_or_insert_with(|| by.span.clone());
    }
}

/// A draft that is dropped, with the reason.
pub(super) fn rejected(draft: &Draft, why: &str) -> Candidate {
    let mut steps = draft.steps.clone();
    steps.push(why.to_owned());
    Candidate {
        token: draft.evoked.token,
        event_type: draft.report.event_type.clone(),
        accepted: false,
        score: draft.confidence,
        voices: Some(Box::new(draft.voices)),
        steps,
    }
}

/// A word belongs to one event: the longer trigger wins, the noun wins over the verb that carries it out, and a speech verb
/// that only reports another speech act gives way.
pub(super) fn without_overlaps(
    scene: &Scene,
    drafts: Vec<Draft>,
    candidates: &mut Vec<Candidate>,
) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    let accepted: Vec<usize> = drafts
        .iter()
        .filter(|d| d.accepted)
        .map(|d| d.evoked.token)
        .collect();
    let spans: Vec<(usize, usize, usize)> = drafts
        .iter()
        .map(|d| (d.evoked.first, d.evoked.last, d.evoked.token))
        .collect();
    let inside = |e: &Evoked| {
        spans.iter().any(|&(first, last, token)| {
            token != e.token
                && first <= e.token
                && e.token <= last
                && last - first > e.last - e.first
        })
    };
    // "Strikes destroyed": of a trigger of both words, the noun is no event that the verb carries out.
    let carried: Vec<usize> = drafts
        .iter()
        .filter(|d| d.accepted && !inside(&d.evoked))
        .filter_map(|d| d.evoked.light)
        .collect();
    for draft in drafts {
        let e = &draft.evoked;
        if carried.contains(&e.token) {
            candidates.push(rejected(&draft, "its verb only carries out another event"));
            continue;
        }
        // "The minister said that troops had entered": what is said is the news.
        let yields = scene
            .lexicon
            .ontology
            .get(&draft.report.event_type)
            .is_some_and(|t| t.yields);
        let content = |t: usize| {
            scene.graph.down[e.token].iter().any(|(r, d)| {
                matches!(r, Rel::Ccomp | Rel::Parataxis | Rel::Xcomp | Rel::Obj)
                    && scene.graph.is_under(&scene.doc, t, *d)
            }) || matches!(
                scene.doc.tokens.deprel[e.token],
                Deprel::Parataxis | Deprel::Advcl
            ) && scene.doc.head(e.token) == Some(t)
        };
        if yields && accepted.iter().any(|&t| t != e.token && content(t)) {
            candidates.push(rejected(&draft, "what is said is an event of its own"));
            continue;
        }
        if inside(e) {
            candidates.push(rejected(&draft, "part of a longer trigger"));
            continue;
        }
        // "drone attack" as a compound before another trigger noun: "a drone attack campaign".
        let compound = matches!(
            scene.doc.tokens.deprel[e.token],
            Deprel::Compound | Deprel::Amod
        ) && scene.doc.head(e.token).is_some_and(|h| {
            out.iter().any(|d| d.evoked.token == h) || spans.iter().any(|s| s.2 == h)
        });
        if compound {
            candidates.push(rejected(&draft, "modifies another trigger"));
            continue;
        }
        // Two triggers of one type in one clause with the same parties are one: "met for talks".
        let twin = out.iter().position(|d| {
            (d.accepted || !draft.accepted)
                && d.report.category == draft.report.category
                && related(scene, &d.report.event_type, &draft.report.event_type)
                && (scene.graph.down[d.evoked.token].iter().any(|(r, t)| {
                    *t == e.token
                        && matches!(
                            r,
                            Rel::Prep(_) | Rel::Obj | Rel::Advcl | Rel::Xcomp | Rel::Subj
                        )
                }) || scene.graph.down[e.token].iter().any(|(r, t)| {
                    *t == d.evoked.token
                        && matches!(
                            r,
                            Rel::Prep(_) | Rel::Obj | Rel::Advcl | Rel::Xcomp | Rel::Subj
                        )
                }))
        });
        if let Some(i) = twin {
            let gives_way = |d: &Draft| {
                scene
                    .lexicon
                    .ontology
                    .get(&d.report.event_type)
                    .is_some_and(|t| t.yields)
            };
            let stronger =
                draft.confidence > out[i].confidence + 0.1 || gives_way(&out[i]) && draft.accepted;
            if stronger && !(gives_way(&draft) && out[i].accepted) {
                candidates.push(rejected(&out[i], "the same event by another word"));
                out[i] = draft;
            } else {
                candidates.push(rejected(&draft, "the same event by another word"));
            }
            continue;
        }
        out.push(draft);
    }
    out
}

fn related(scene: &Scene, a: &str, b: &str) -> bool {
    a == b
        || match (scene.lexicon.ontology.get(a), scene.lexicon.ontology.get(b)) {
            (Some(a), Some(b)) => a.families.iter().any(|f| b.families.contains(f)),
            _ => false,
        }
}
