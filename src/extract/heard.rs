//! The heads' voice in a scene: triggers that no frame lists, and who fills their roles.

use super::attribution::Said;
use super::naming::actors_of;
use super::parties::Parties;
use super::scene::Scene;
use super::trigger::{self, Evoked};
use crate::lexicon::Lexicon;
use crate::lexicon::frames::Trigger;
use crate::linguistics::Upos;
use crate::linguistics::news::{News, Role, Voice};
use crate::model::{Actor, ActorKind, Voices};
use crate::resolve::coreference::Before;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Probability from which a type that no frame evokes is drawn up at all.
const WORTH: f32 = 0.15;
/// Probability of a trigger from which its parties are heard.
const HEARD: f32 = 0.1;
/// Probability from which a word fills a role that the frame left empty, and one beside what the frame found.
const FILLS: f32 = 0.45;
const ADDS: f32 = 0.7;
/// Probability from which a name that no list holds is where an event was.
const PLACED: f32 = 0.5;
/// Below, what the frame found fills the role in no way.
const NEVER: f32 = 0.1;

/// Stands for the trigger of a frame that does not list the word.
pub static NO_TRIGGER: LazyLock<Trigger> =
    LazyLock::new(|| toml::from_str("weight = 0.0").expect("written here"));

/// Which types the heads tell, and the frames that lend them roles.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// For each type's number, its frame; none where the lexicon has none.
    frames: Vec<Option<usize>>,
    numbers: HashMap<String, usize>,
}

impl Heard {
    /// For types as a network numbers them.
    pub fn new(types: &[String], lexicon: &Lexicon) -> Self {
        let frame = |name: &String| {
            let mut frames = lexicon.frames.iter();
            frames.position(|f| f.event_type.get_ref() == name)
        };
        let numbered = types.iter().cloned().enumerate().skip(1);
        Self {
            frames: types.iter().map(frame).collect(),
            numbers: numbered.map(|(i, name)| (name, i)).collect(),
        }
    }

    /// Types that the heads hear in a word and that no frame evokes there.
    pub fn evoked(&self, scene: &Scene, token: usize, already: &[Evoked]) -> Vec<Evoked> {
        let Some(voice) = scene.doc.voice(token) else {
            return Vec::new();
        };
        let upos = scene.doc.tokens.upos[token];
        let worth = voice.types.iter().filter(|(_, p)| *p >= WORTH).take(2);
        let nominal = matches!(upos, Upos::Noun | Upos::Propn);
        worth
            .filter_map(|&(number, _)| self.frames[number])
            .filter(|frame| already.iter().all(|e| e.frame != *frame))
            .map(|frame| Evoked {
                frame,
                trigger: None,
                token,
                first: token,
                last: token,
                nominal,
                light: if nominal {
                    trigger::light_verb(scene, token)
                } else {
                    None
                },
                specificity: 0,
            })
            .collect()
    }

    /// What the heads say of a candidate: of its type, and of the sentence.
    pub fn voices(&self, scene: &Scene, evoked: &Evoked, event_type: &str) -> Voices {
        let news = of_sentence(scene, evoked.token);
        let (Some(news), Some(&number)) = (news, self.numbers.get(event_type)) else {
            return Voices::default();
        };
        // "Carried out an attack": whichever of the trigger's words is heard best.
        let words = (evoked.first..evoked.last + 1).chain(evoked.light);
        let best = words
            .filter_map(|t| scene.doc.voice(t))
            .max_by(|a, b| a.of(number).total_cmp(&b.of(number)));
        let category = if event_type.starts_with("military.") {
            2
        } else {
            1
        };
        Voices {
            heads: Some(best.map_or((0.0, 0.0), |v| (f64::from(v.of(number)), f64::from(v.some)))),
            relevance: Some((
                f64::from(news.category[category]),
                f64::from(news.category[0]),
            )),
            ..Voices::default()
        }
    }
}

fn of_sentence<'a>(scene: &'a Scene, token: usize) -> Option<&'a News> {
    scene.doc.news[scene.doc.sentence_of(token)].as_ref()
}

/// The voice of a trigger: of its own word, or of the verb that carries it out.
fn voice<'a>(scene: &'a Scene, evoked: &Evoked) -> Option<&'a Voice> {
    let own = scene.doc.voice(evoked.token);
    let light = || evoked.light.and_then(|t| scene.doc.voice(t));
    own.or_else(light)
        .filter(|v| v.some >= HEARD && !v.roles.is_empty())
}

/// Probability that one of some tokens fills a role; none without a voice.
pub fn fills(scene: &Scene, evoked: &Evoked, tokens: Range<usize>, role: Role) -> Option<f32> {
    let voice = voice(scene, evoked)?;
    let start = scene.sentence(evoked.token).start;
    let odds = tokens.map(|t| voice.fills(t - start, role));
    Some(odds.fold(0.0, f32::max))
}

/// A name that no list holds and that the heads hear as the place of an event, with how sure they are.
pub fn place_name(scene: &Scene, evoked: &Evoked) -> Option<(Range<usize>, f32)> {
    let voice = voice(scene, evoked)?;
    let sentence = scene.sentence(evoked.token);
    let proper = |t: usize| {
        scene.is_unknown_name(t)
            && !scene.is_time(t)
            && scene.doc.form(t).starts_with(char::is_uppercase)
    };
    let (token, odds) = sentence
        .clone()
        .filter(|&t| proper(t) && (t < evoked.first || t > evoked.last))
        .map(|t| (t, voice.fills(t - sentence.start, Role::Place)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    let (mut start, mut end) = (token, token + 1);
    while start > sentence.start && proper(start - 1) {
        start -= 1;
    }
    while end < sentence.end && proper(end) {
        end += 1;
    }
    (odds >= PLACED && end - start <= 4).then_some((start..end, odds))
}

/// Puts what the heads hear of the parties beside what the frame found: they fill what it left empty, add what they are sure
/// of, and take the place of what they hear in no way.
pub fn amend(
    scene: &Scene,
    before: &Before,
    evoked: &Evoked,
    symmetric: bool,
    military: bool,
    parties: &mut Parties,
) {
    let Some(voice) = voice(scene, evoked) else {
        return;
    };
    let sentence = scene.sentence(evoked.token);
    let found: Vec<Role> = if symmetric {
        vec![Role::Participant]
    } else {
        vec![Role::Initiator, Role::Target]
    };
    for role in found {
        let odds = |t: usize| {
            let own = voice.fills(t - sentence.start, role);
            let side = |r| voice.fills(t - sentence.start, r);
            match role {
                Role::Participant => own.max(side(Role::Initiator)).max(side(Role::Target)),
                Role::Initiator => own.max(side(Role::Participant)),
                _ => own,
            }
        };
        let of_mention = |t: usize| {
            let mention = scene.actor_at(t).map_or(t..t + 1, |m| m.tokens.clone());
            mention.map(odds).fold(0.0, f32::max)
        };
        let tokens = parties.tokens_of(role).to_vec();
        let sure = tokens.iter().map(|&t| of_mention(t)).fold(0.0, f32::max);
        let mut heard: Vec<(usize, f32)> = sentence
            .clone()
            .map(|t| (t, odds(t)))
            .filter(|(t, p)| *p >= FILLS && may_be_party(scene, *t) && *t != evoked.token)
            .filter(|(t, _)| role != Role::Target || !is_helped(scene, *t))
            .collect();
        let top = heard.iter().map(|h| h.1).fold(0.0, f32::max);
        let instead = sure < NEVER && top >= ADDS;
        if !tokens.is_empty() && !instead {
            heard.retain(|h| h.1 >= ADDS);
        }
        // Unions and shops accuse and appeal too: who acts in diplomacy is somebody known.
        let fits = |a: &Actor, token: usize| {
            let name = role == Role::Target && scene.is_unknown_name(token);
            !a.name.is_empty() && (military || name || !a.id.is_empty() || !a.country.is_empty())
        };
        let mut named = Vec::new();
        for (token, _) in heard {
            let actors = actors_of(scene, before, token).into_iter();
            named.extend(actors.filter(|a| fits(a, token)).map(|a| (a, token)));
        }
        if instead && !named.is_empty() {
            parties.clear(role);
        }
        for (actor, token) in named {
            parties.add(role, actor, token);
        }
    }
    parties.sort_out();
}

/// Parties are named by nouns and pronouns; no time is one, and no weapon.
fn may_be_party(scene: &Scene, token: usize) -> bool {
    let upos = scene.doc.tokens.upos[token];
    let word = matches!(
        upos,
        Upos::Noun | Upos::Propn | Upos::Pron | Upos::Adj | Upos::Num
    );
    // "An Indian quadcopter was shot down": the party is whose it is.
    word && !scene.is_time(token) && !scene.word_class(token, "weapon")
}

/// "Strikes in support of Iraqi forces" are not on them.
fn is_helped(scene: &Scene, token: usize) -> bool {
    let head = scene
        .actor_at(token)
        .map_or(token, |m| scene.head(m.tokens.clone()));
    let up = scene.doc.head(head);
    up.is_some_and(|up| matches!(scene.doc.tokens.lemma[up].as_str(), "support" | "request"))
}

/// Who says so, where no rule found anybody.
pub fn claimant(scene: &Scene, before: &Before, evoked: &Evoked) -> Option<Said> {
    let voice = voice(scene, evoked)?;
    let sentence = scene.sentence(evoked.token);
    let (token, odds) = sentence
        .clone()
        .map(|t| (t, voice.fills(t - sentence.start, Role::Claimant)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    if odds < 0.5 || !may_be_party(scene, token) {
        return None;
    }
    let by = actors_of(scene, before, token).into_iter().next()?;
    (by.kind != ActorKind::Other || scene.word_class(token, "source")).then_some(Said {
        by,
        token,
        verb: token,
        claims: false,
    })
}
