//! From an evoked frame to a report: roles, place, time, numbers, status and claimant put together and weighed.

use super::{
    argument, attribution, circumstance,
    factuality::{self, Told},
    heard::{self, Heard},
    judge,
    judgement::Judgement,
    parties::Parties,
    quantity::Counted,
    scene::Scene,
    trigger::{Evoked, Shut, TriggerIndex},
};
use crate::lexicon::frames::{Frame, Trigger, status_of};
use crate::linguistics::Rel;
use crate::linguistics::news::Role;
use crate::model::{Actor, Category, Report, Status, Voices};
use crate::resolve::{coreference::Before, place};
use jiff::Timestamp;

/// Weight and context from which a frame speaks for an event by itself.
pub const ALONE: f64 = 0.5;

/// A trigger that was looked at, with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub token: usize,
    pub event_type: String,
    pub accepted: bool,
    /// The confidence in it; 0 for what was refused before it was weighed.
    pub score: f64,
    /// What spoke for and against it, where it was weighed.
    pub voices: Option<Box<Voices>>,
    /// A step a line, in order.
    pub steps: Vec<String>,
}

/// What finds events and judges them.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub index: &'a TriggerIndex,
    pub heard: &'a Heard,
    pub judgement: &'a Judgement,
}

/// What surrounds a sentence: the item's time, and how much its words speak of something else than news.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub published_at: Option<Timestamp>,
    /// 0 for war and diplomacy, up to 1 for sport, business and the like.
    pub elsewhere: f64,
}

/// An event in the making.
#[derive(Clone)]
pub(super) struct Draft {
    pub evoked: Evoked,
    pub report: Report,
    pub voices: Voices,
    pub confidence: f64,
    pub accepted: bool,
    pub steps: Vec<String>,
    pub parties: Parties,
}

/// Reads the events of one sentence. `candidates` gets every trigger that was looked at.
#[allow(clippy::too_many_arguments)]
pub fn of_sentence(
    scene: &Scene,
    before: &Before,
    reader: Reader<'_>,
    sentence: std::ops::Range<usize>,
    setting: Setting,
    places: &place::Context<'_>,
    counted: &[Counted],
    candidates: &mut Vec<Candidate>,
) -> Vec<Report> {
    let mut drafts: Vec<Draft> = Vec::new();
    for token in sentence.clone() {
        let mut shut: Vec<Shut> = Vec::new();
        let mut best: Option<Draft> = None;
        let mut evoked = reader.index.evoked(scene, token, &mut shut);
        evoked.extend(reader.heard.evoked(scene, token, &evoked));
        for evoked in evoked {
            match draft(scene, before, evoked, setting, reader) {
                Ok(new)
                    if new.evoked.trigger.is_some()
                        && judge::needs(&new, scene, false).is_err() =>
                {
                    candidates.push(judge::rejected(
                        &new,
                        "a role that the frame needs is empty",
                    ));
                }
                Ok(new) => {
                    // Of types as likely as each other the one that the heads hear.
                    let weight = |d: &Draft| {
                        let heard = d.voices.heads.map_or(0.0, |(of_type, _)| of_type);
                        d.confidence + 0.02 * d.evoked.specificity as f64 + 0.1 * heard
                    };
                    if best.as_ref().is_none_or(|b| weight(&new) > weight(b)) {
                        if let Some(worse) = best.replace(new) {
                            candidates.push(judge::rejected(&worse, "another frame fits better"));
                        }
                    } else {
                        candidates.push(judge::rejected(&new, "another frame fits better"));
                    }
                }
                Err(candidate) => candidates.push(candidate),
            }
        }
        for gate in shut {
            let event_type = scene.lexicon.frames[gate.frame]
                .event_type
                .get_ref()
                .clone();
            candidates.push(Candidate {
                token: gate.token,
                event_type,
                accepted: false,
                score: 0.0,
                voices: None,
                steps: vec![gate.why],
            });
        }
        drafts.extend(best);
    }
    // What was only heard, and not well enough, stands in nobody's way.
    let (drafts, unsure): (Vec<Draft>, Vec<Draft>) = drafts
        .into_iter()
        .partition(|d| d.accepted || d.evoked.trigger.is_some());
    let refused = unsure.iter().map(|d| judge::rejected(d, "not sure enough"));
    candidates.extend(refused);
    let drafts = judge::without_overlaps(scene, drafts, candidates);
    let mut reports = Vec::new();
    let kept: Vec<(usize, &str)> = drafts
        .iter()
        .map(|d| (d.evoked.token, d.report.event_type.as_str()))
        .collect();
    // Numbers go to what is sure; only where nothing is, to what may be.
    let sure: Vec<usize> = (0..drafts.len()).filter(|&i| drafts[i].accepted).collect();
    let owner = |c: &Counted| {
        let of_sure: Vec<(usize, &str)> = sure.iter().map(|&i| kept[i]).collect();
        let found = circumstance::owner(scene, c, &of_sure).map(|i| sure[i]);
        found.or_else(|| circumstance::owner(scene, c, &kept))
    };
    let owners: Vec<Option<usize>> = counted.iter().map(owner).collect();
    for (i, mut draft) in drafts.iter().enumerate().map(|(i, d)| (i, d.clone())) {
        draft.report.quantities = counted
            .iter()
            .zip(&owners)
            .filter(|(_, o)| **o == Some(i))
            .map(|(c, _)| c.quantity.clone())
            .collect();
        if draft.evoked.trigger.is_some() && judge::needs(&draft, scene, true).is_err() {
            candidates.push(judge::rejected(
                &draft,
                "a role that the frame needs is empty",
            ));
            continue;
        }
        draft.report.location = circumstance::location(
            scene,
            &draft.evoked,
            &draft.parties.tokens,
            draft.parties.tokens_of(Role::Initiator),
            is_speech(scene, &draft.report.event_type),
            places,
        );
        judge::claimed_at_home(&mut draft);
        let accepted = draft.accepted;
        draft.report.confidence = (draft.confidence.clamp(0.05, 0.99) * 100.0).round() / 100.0;
        candidates.push(Candidate {
            token: draft.evoked.token,
            event_type: draft.report.event_type.clone(),
            accepted,
            score: draft.confidence,
            voices: Some(Box::new(draft.voices)),
            steps: draft.steps.clone(),
        });
        if accepted {
            reports.push(draft.report);
        }
    }
    reports
}

/// Calendar day in UTC.
fn day(at: Timestamp) -> jiff::civil::Date {
    jiff::tz::Offset::UTC.to_datetime(at).date()
}

/// The frame and the trigger that were evoked.
pub(super) fn frame_of<'a>(scene: &'a Scene, evoked: &Evoked) -> (&'a Frame, &'a Trigger) {
    let frame = &scene.lexicon.frames[evoked.frame];
    let trigger = evoked.trigger.map(|t| &frame.triggers[t]);
    (frame, trigger.unwrap_or(&heard::NO_TRIGGER))
}

fn is_speech(scene: &Scene, event_type: &str) -> bool {
    scene
        .lexicon
        .ontology
        .get(event_type)
        .is_some_and(|t| t.speech)
}

fn draft(
    scene: &Scene,
    before: &Before,
    evoked: Evoked,
    setting: Setting,
    reader: Reader<'_>,
) -> Result<Draft, Candidate> {
    let (frame, trigger) = frame_of(scene, &evoked);
    let event_type = frame.event_type.get_ref().clone();
    let words = scene.doc.words(evoked.first..evoked.last + 1);
    let mut steps = vec![match evoked.trigger {
        Some(_) => format!(
            "`{words}` evokes {event_type} (weight {:.2})",
            trigger.weight
        ),
        None => format!("`{words}` is heard as {event_type}, no frame lists it"),
    }];
    let refuse = |why: String, steps: &[String], score: f64| {
        let mut steps = steps.to_vec();
        steps.push(why);
        Candidate {
            token: evoked.token,
            event_type: event_type.clone(),
            accepted: false,
            score,
            voices: None,
            steps,
        }
    };
    let told = factuality::read(scene, &evoked);
    let (mut status, mut cue) = match told {
        Told::Negated(cue) => {
            return Err(refuse(
                format!("negated by `{}`", scene.doc.form(cue)),
                &steps,
                0.0,
            ));
        }
        Told::Unreal(cue) => {
            return Err(refuse(
                format!("wished, feared or asked for, by `{}`", scene.doc.form(cue)),
                &steps,
                0.0,
            ));
        }
        Told::As(status, cue) => (status, cue),
    };
    let entry = scene.lexicon.ontology.get(&event_type);
    let symmetric = entry.is_some_and(|t| t.symmetric);
    let mut parties = argument::parties(scene, before, &evoked, frame, trigger, symmetric);
    let category = entry.map_or(Category::Diplomatic, |t| t.category);
    let military = category == Category::Military;
    heard::amend(scene, before, &evoked, symmetric, military, &mut parties);
    // What is said in a quotation, or in a release, is said by its speaker or issuer.
    let speaks = category == Category::Diplomatic && entry.is_some_and(|t| t.speech);
    if speaks && !symmetric && parties.initiators.is_empty() {
        let speaker = attribution::read(scene, before, evoked.token).map(|s| (s.by, s.token));
        let issuer = || before.issuer.clone().map(|by| (by, evoked.token));
        if let Some((by, token)) = speaker.or_else(issuer) {
            parties.add(Role::Initiator, by, token);
            parties.sort_out();
        }
    }
    let mut score = 0.0;
    let known = |list: &[Actor]| {
        list.iter()
            .any(|a| !a.id.is_empty() || !a.country.is_empty())
    };
    // A man may threaten a school; it is news of this kind where somebody known speaks.
    if evoked.trigger.is_none()
        && entry.is_some_and(|t| t.speech)
        && !known(&parties.initiators)
        && !known(&parties.participants)
    {
        return Err(refuse("nobody known speaks".to_owned(), &steps, 0.0));
    }
    if known(&parties.initiators) || known(&parties.participants) {
        score += 0.1;
        steps.push("a known actor takes part: +0.10".to_owned());
    }
    if evoked.nominal && evoked.light.is_none() {
        // "The shelling of Kherson by Russian forces": with a complement of its own it introduces what it names.
        let complement = scene.graph.down[evoked.token].iter().any(|(r, d)| matches!(r, Rel::Prep(p) if matches!(&**p, "of" | "by" | "on" | "against" | "between" | "with")) && (scene.is(*d, "actor") || scene.is(*d, "place")))
            || scene.graph.under(evoked.token, &Rel::Poss).any(|d| scene.is(d, "named"));
        let definite = !complement
            && scene.graph.children[evoked.token].iter().any(|&c| {
                matches!(
                    scene.doc.form(c).to_lowercase().as_str(),
                    "the" | "this" | "that" | "these" | "those" | "such" | "any" | "its" | "their"
                )
            });
        if definite {
            score -= 0.2;
            steps.push("a definite noun refers to what is known: -0.20".to_owned());
        }
        if parties.initiators.is_empty()
            && parties.targets.is_empty()
            && parties.participants.is_empty()
        {
            score -= 0.15;
            steps.push("a noun without any party: -0.15".to_owned());
        }
    }
    // Frames name what they refuse beside a trigger; what is only heard refuses all of it.
    const ELSEWHERE: [&str; 5] = [
        "elsewhere.sport",
        "elsewhere.business",
        "elsewhere.culture",
        "elsewhere.past",
        "elsewhere.nature",
    ];
    if evoked.trigger.is_none()
        && let Some(word) = scene
            .sentence(evoked.token)
            .find(|&t| ELSEWHERE.iter().any(|c| scene.word_class(t, c)))
    {
        if parties.tokens.contains(&word) {
            let why = format!("`{}` is no party", scene.doc.form(word));
            return Err(refuse(why, &steps, 0.0));
        }
        score -= 0.4;
        steps.push(format!(
            "`{}` is a word of other matters: -0.40",
            scene.doc.form(word)
        ));
    }
    if status == Status::Hypothetical {
        score -= 0.35;
        steps.push("conditional: -0.35".to_owned());
    }
    let mut time = circumstance::time(scene, &evoked, is_speech(scene, &event_type));
    if let Some(mention) = time {
        if mention.background {
            let years = setting
                .published_at
                .zip(mention.value.as_ref())
                .map_or(0, |(now, value)| {
                    now.duration_since(value.end).as_hours() / (24 * 365)
                });
            let cost = if years >= 2 { 0.4 } else { 0.2 };
            score -= cost;
            steps.push(format!("recalled from long ago: -{cost:.2}"));
        }
        let later = setting
            .published_at
            .zip(mention.value.as_ref())
            .is_some_and(|(now, value)| day(value.start) > day(now));
        if later && scene.doc.tokens.xpos[evoked.light.unwrap_or(evoked.token)] == "VBD" {
            // "Said the talks would open on Monday": the day is that of what is said.
            time = None;
        } else if later && matches!(status, Status::Occurred | Status::Ongoing) {
            status = Status::Planned;
            cue = Some(mention.tokens.start);
        }
    }
    if setting.elsewhere > 0.0 {
        score -= 0.4 * setting.elsewhere;
        steps.push(format!(
            "the words around speak of something else: -{:.2}",
            0.4 * setting.elsewhere
        ));
    }
    // What the heads alone hear as an act in words has no frame that says so.
    let heard_speech = evoked.trigger.is_none() && entry.is_some_and(|t| t.speech);
    let said = if trigger.speech || heard_speech {
        None
    } else {
        attribution::read(scene, before, evoked.token)
            .or_else(|| heard::claimant(scene, before, &evoked))
    };
    let mut attribution = said.as_ref().map(|s| s.by.clone());
    // "X accuses Y of Z": that Z happened is what X says.
    let alleges = entry.is_some_and(|t| t.alleges);
    if alleges || trigger.speech && trigger.status.as_deref() == Some("claimed") {
        attribution = parties.initiators.first().cloned().or(attribution);
    }
    // Who announces his own act of diplomacy is its initiator, not its source.
    let announces = |by: &Actor| {
        parties
            .initiators
            .iter()
            .any(|i| !i.id.is_empty() && i.id == by.id)
    };
    if category == Category::Diplomatic && !alleges && attribution.as_ref().is_some_and(announces) {
        attribution = None;
    }
    if category == Category::Military && matches!(status, Status::Occurred | Status::Ongoing) {
        if let Some(said) = &said
            && (said.claims || judge::is_party(&said.by, &parties))
        {
            status = Status::Claimed;
            cue = Some(said.verb);
        }
    } else if said.as_ref().is_some_and(|s| s.claims) && status == Status::Occurred {
        status = Status::Claimed;
        cue = said.as_ref().map(|s| s.verb);
    }
    if let Some(own) = trigger.status.as_deref().and_then(status_of)
        && (matches!(status, Status::Occurred | Status::Ongoing | Status::Claimed)
            // "Any attack will be answered": a threat speaks of what will be.
            || own == Status::Threatened && status == Status::Planned)
    {
        status = own;
        cue = Some(evoked.token);
    }
    if alleges && status == Status::Occurred {
        status = Status::Claimed;
        cue = Some(evoked.token);
    }
    // A denial that no frame lists denies all the same.
    if heard_speech
        && status == Status::Occurred
        && let Some(inherent) = entry.and_then(|t| t.headline.inherent)
    {
        status = inherent;
        cue = Some(evoked.token);
    }
    let voices = reader.heard.voices(scene, &evoked, &event_type);
    let voices = Voices {
        // A frame that the words around speak down below its own measure is silent.
        frame: evoked
            .trigger
            .map(|_| trigger.weight)
            .filter(|w| w + score >= ALONE),
        context: score,
        known: known(&parties.initiators)
            || known(&parties.participants)
            || known(&parties.targets)
                // Of an act of diplomacy that is only heard, who acts must be known.
                && (evoked.trigger.is_some() || category == Category::Military),
        party: !(parties.initiators.is_empty()
            && parties.targets.is_empty()
            && parties.participants.is_empty()),
        statement: category == Category::Diplomatic && entry.is_some_and(|t| t.yields),
        military,
        hypothetical: status == Status::Hypothetical,
        bare_noun: evoked.nominal && evoked.light.is_none(),
        ..voices
    };
    let confidence = reader.judgement.of(&voices);
    steps.push(voices.told());
    steps.push(format!("confidence {confidence:.2}"));
    let report = Report {
        evidence: circumstance::evidence(scene, evoked.token),
        trigger: scene.span(evoked.first..evoked.last + 1),
        attribution,
        category,
        event_type: event_type.clone(),
        initiators: parties.initiators.clone(),
        targets: parties.targets.clone(),
        participants: parties.participants.clone(),
        time: time.and_then(|m| circumstance::time_value(scene, m)),
        status,
        status_cue: cue.map(|c| scene.span(c..c + 1)),
        ..Report::default()
    };
    Ok(Draft {
        evoked,
        report,
        voices,
        confidence,
        accepted: reader.judgement.accepts(&voices, confidence),
        steps,
        parties,
    })
}
