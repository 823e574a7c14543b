//! Who says so: speech verbs above and beside the trigger, "according to", and quotations that go on.

use super::{naming::actors_of, scene::Scene, trigger::verb_lemma};
use crate::linguistics::{Deprel, Rel, Upos};
use crate::model::{Actor, ActorKind};
use crate::resolve::coreference::Before;

/// A claimant and the speech verb or preposition that names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub by: Actor,
    /// Head token of the claimant.
    pub token: usize,
    pub verb: usize,
    /// The verb claims rather than says.
    pub claims: bool,
}

/// Who says that which a trigger tells. `own` is true for triggers that are speech acts: the trigger itself never counts.
pub fn read(scene: &Scene, before: &Before, trigger: usize) -> Option<Said> {
    let speech = &scene.lexicon.language.speech;
    let reports = |verb: usize| {
        let lemma = verb_lemma(scene, verb);
        speech.neutral.contains(&lemma) || speech.claiming.contains(&lemma)
    };
    let mut at = trigger;
    for _ in 0..32 {
        // "..., the ministry said": beside the clause.
        for (rel, verb) in &scene.graph.down[at] {
            if *rel == Rel::Parataxis
                && reports(*verb)
                && *verb != trigger
                && let Some(said) = speaker(scene, before, *verb)
            {
                return Some(said);
            }
        }
        for (rel, source) in &scene.graph.down[at] {
            if let Rel::Prep(preposition) = rel
                && speech.source_prepositions.contains(&**preposition)
                && let Some(by) = claimant(scene, before, *source)
            {
                return Some(Said {
                    by,
                    token: *source,
                    verb: *source,
                    claims: false,
                });
            }
        }
        let Some(up) = scene.doc.head(at) else { break };
        let relation = scene.doc.tokens.deprel[at];
        if matches!(
            relation,
            Deprel::Ccomp | Deprel::Parataxis | Deprel::Advcl | Deprel::Obj | Deprel::Csubj
        ) && reports(up)
            && scene.doc.tokens.upos[up] == Upos::Verb
            && let Some(said) = speaker(scene, before, up)
        {
            return Some(said);
        }
        at = up;
    }
    elsewhere_in_sentence(scene, before, trigger)
        .or_else(|| continued_quote(scene, before, trigger))
}

/// Where the tree does not lead to a source, the sentence may name one all the same: "according to" anywhere in it, or a
/// reporting verb before the trigger whose content runs up to it.
fn elsewhere_in_sentence(scene: &Scene, before: &Before, trigger: usize) -> Option<Said> {
    let speech = &scene.lexicon.language.speech;
    let sentence = scene.sentence(trigger);
    for head in sentence.clone() {
        for (rel, source) in &scene.graph.down[head] {
            if matches!(rel, Rel::Prep(p) if speech.source_prepositions.contains(&**p))
                && let Some(by) = claimant(scene, before, *source)
            {
                return Some(Said {
                    by,
                    token: *source,
                    verb: *source,
                    claims: false,
                });
            }
        }
    }
    let mut verbs = sentence.filter(|&v| {
        v < trigger
            && scene.doc.tokens.upos[v] == Upos::Verb
            && matches!(scene.doc.tokens.xpos[v], "VBD" | "VBZ" | "VBP")
    });
    let verb = verbs.find(|&v| {
        let lemma = verb_lemma(scene, v);
        (speech.neutral.contains(&lemma) || speech.claiming.contains(&lemma))
            && scene.graph.down[v]
                .iter()
                .any(|(r, d)| *r == Rel::Ccomp && *d <= trigger + 8)
    })?;
    // A full stop of sense ends what is reported.
    if (verb..trigger).any(|t| {
        matches!(
            scene.doc.form(t),
            ";" | "but" | "while" | "although" | "after" | "as" | "following"
        )
    }) {
        return None;
    }
    speaker(scene, before, verb)
}

/// The subject of a speech verb.
fn speaker(scene: &Scene, before: &Before, verb: usize) -> Option<Said> {
    let claims = scene
        .lexicon
        .language
        .speech
        .claiming
        .contains(&verb_lemma(scene, verb));
    for token in scene.graph.under(verb, &Rel::Subj) {
        if let Some(by) = claimant(scene, before, token) {
            return Some(Said {
                by,
                token,
                verb,
                claims,
            });
        }
    }
    None
}

/// A claimant must be somebody, or a document of somebody ("a statement by the ministry").
fn claimant(scene: &Scene, before: &Before, token: usize) -> Option<Actor> {
    if scene
        .lexicon
        .language
        .speech
        .documents
        .contains(&scene.doc.tokens.lemma[token])
    {
        let owner = scene.graph.down[token].iter().find(|(rel, d)| match rel {
            Rel::Poss | Rel::Mod => scene.actor_at(*d).is_some(),
            Rel::Prep(p) => matches!(&**p, "by" | "from" | "of"),
            _ => false,
        });
        return owner.and_then(|(_, d)| actors_of(scene, before, *d).into_iter().next());
    }
    let actor = actors_of(scene, before, token).into_iter().next()?;
    let somebody = actor.kind != ActorKind::Other && (actor.kind != ActorKind::Unspecified)
        || scene.word_class(token, "source");
    somebody.then_some(actor)
}

/// Sentences back to which a quotation's speaker may stand, and ahead.
const BACK: usize = 10;
const AHEAD: usize = 2;
/// Bytes of a paragraph that are looked at for an open quotation mark.
const PARAGRAPH: usize = 4000;

/// A sentence inside a quotation, or of a speaker who goes on in the first person: who was named as speaking last, else
/// right behind it.
fn continued_quote(scene: &Scene, before: &Before, trigger: usize) -> Option<Said> {
    let index = scene.doc.sentence_of(trigger);
    let sentence = scene.doc.sentences[index].clone();
    if !is_quoted(scene, index) && !is_first_person(scene, sentence) {
        return None;
    }
    let speech = &scene.lexicon.language.speech;
    let of_sentence = |i: usize| {
        let verbs = scene.doc.sentences[i].clone().rev();
        let mut speaking = verbs.filter(|&t| {
            scene.doc.tokens.upos[t] == Upos::Verb && speech.neutral.contains(&verb_lemma(scene, t))
        });
        speaking.find_map(|verb| speaker(scene, before, verb))
    };
    let back = (index.saturating_sub(BACK)..index).rev();
    let ahead = index + 1..(index + 1 + AHEAD).min(scene.doc.sentences.len());
    back.chain(ahead).find_map(of_sentence)
}

/// Whether a sentence begins inside quotation marks, with one, or right behind "the minister said:".
fn is_quoted(scene: &Scene, index: usize) -> bool {
    let start = scene.doc.sentences[index].start;
    if matches!(scene.doc.form(start), "\"" | "“" | "``" | "«") {
        return true;
    }
    if index > 0 && scene.doc.form(start - 1) == ":" {
        return true;
    }
    let end = scene.doc.tokens.start[start] as usize;
    let from = (end.saturating_sub(PARAGRAPH)..=end).find(|&i| scene.doc.text.is_char_boundary(i));
    let text = &scene.doc.text[from.unwrap_or(end)..end];
    let paragraph = text.rsplit('\n').next().unwrap_or_default();
    match paragraph.rfind(['“', '”']) {
        Some(at) => paragraph[at..].starts_with('“'),
        None => paragraph.matches('"').count() % 2 == 1,
    }
}

/// "We call on all parties ...": somebody speaks for himself.
fn is_first_person(scene: &Scene, mut sentence: std::ops::Range<usize>) -> bool {
    sentence.any(|t| {
        matches!(
            scene.doc.form(t).to_lowercase().as_str(),
            "we" | "i" | "our"
        )
    })
}
