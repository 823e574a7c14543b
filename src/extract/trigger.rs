//! Finds the words that evoke frames.

use super::{gate, scene::Scene};
use crate::lexicon::Lexicon;
use crate::linguistics::{Deprel, Rel, Upos};
use std::collections::HashMap;

/// Triggers by the lemma or form of their head word.
#[derive(Debug, Clone, Default)]
pub struct TriggerIndex {
    by_lemma: HashMap<String, Vec<Key>>,
    by_form: HashMap<String, Vec<Key>>,
}

/// A trigger's words, and where it stands in the lexicon.
#[derive(Debug, Clone)]
struct Key {
    frame: usize,
    trigger: usize,
    kind: Kind,
    /// For a verb its particle, for a noun its modifiers, for a form the words before it.
    rest: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Verb,
    Noun,
    Adjective,
    Form,
}

/// A frame that a word evokes, its gates open.
#[derive(Debug, Clone, PartialEq)]
pub struct Evoked {
    pub frame: usize,
    /// None where the heads alone found it, and the frame only lends its roles.
    pub trigger: Option<usize>,
    pub token: usize,
    /// First token of the words that make the trigger.
    pub first: usize,
    pub last: usize,
    /// True for nouns: parties may hang on a verb that carries it out.
    pub nominal: bool,
    /// The verb that carries a nominal out.
    pub light: Option<usize>,
    /// Number of gates and of words: the more, the more specific.
    pub specificity: usize,
}

impl Evoked {
    /// Whether the trigger is a noun between parties ("US-Iran talks") or one that says on whom ("an Israel strike on Homs").
    pub fn nominal_of_parties(&self, scene: &Scene) -> bool {
        let symmetric = scene
            .lexicon
            .ontology
            .get(scene.lexicon.frames[self.frame].event_type.get_ref())
            .is_some_and(|t| t.symmetric);
        symmetric
            || scene.graph.down[self.token]
                .iter()
                .any(|(r, _)| matches!(r, Rel::Prep(p) if matches!(&**p, "on" | "against")))
    }
}

/// Why a trigger's gate stayed shut.
#[derive(Debug, Clone, PartialEq)]
pub struct Shut {
    pub frame: usize,
    pub token: usize,
    pub why: String,
}

impl TriggerIndex {
    /// Indexes all triggers of a lexicon.
    pub fn of(lexicon: &Lexicon) -> TriggerIndex {
        let mut index = TriggerIndex::default();
        for (frame, f) in lexicon.frames.iter().enumerate() {
            for (trigger, t) in f.triggers.iter().enumerate() {
                for (words, kind) in t
                    .verb
                    .iter()
                    .map(|w| (w, Kind::Verb))
                    .chain(t.noun.iter().map(|w| (w, Kind::Noun)))
                    .chain(t.adjective.iter().map(|w| (w, Kind::Adjective)))
                    .chain(t.form.iter().map(|w| (w, Kind::Form)))
                {
                    let mut parts: Vec<String> =
                        words.split_whitespace().map(str::to_lowercase).collect();
                    if parts.is_empty() {
                        continue;
                    }
                    let head = if kind == Kind::Verb {
                        parts.remove(0)
                    } else {
                        parts.pop().expect("not empty")
                    };
                    let list = if kind == Kind::Form {
                        &mut index.by_form
                    } else {
                        &mut index.by_lemma
                    };
                    list.entry(head).or_default().push(Key {
                        frame,
                        trigger,
                        kind,
                        rest: parts,
                    });
                }
            }
        }
        index
    }

    /// Frames that a token evokes, and those whose gates stayed shut.
    pub fn evoked(&self, scene: &Scene, token: usize, shut: &mut Vec<Shut>) -> Vec<Evoked> {
        let lemma = scene.doc.tokens.lemma[token].to_lowercase();
        let form = scene.doc.form(token).to_lowercase();
        let mut out = Vec::new();
        let lemmas = self.by_lemma.get(&lemma).map_or(&[][..], Vec::as_slice);
        let forms = self.by_form.get(&form).map_or(&[][..], Vec::as_slice);
        // A gerund that the tagger takes for a verb is still a noun to the lexicon: "a suicide bombing".
        let gerunds = if form != lemma && scene.doc.tokens.xpos[token] == "VBG" {
            self.by_lemma.get(&form).map_or(&[][..], Vec::as_slice)
        } else {
            &[]
        };
        for key in lemmas.iter().chain(forms).chain(gerunds) {
            let Some((first, last, words)) = key.at(scene, token) else {
                continue;
            };
            let trigger = &scene.lexicon.frames[key.frame].triggers[key.trigger];
            let nominal = key.kind == Kind::Noun
                || (key.kind == Kind::Form
                    && matches!(scene.doc.tokens.upos[token], Upos::Noun | Upos::Propn));
            let light = if nominal {
                // "Claimed responsibility": the verb of the trigger's own words carries it.
                light_verb(scene, token)
                    .or_else(|| scene.doc.head(token).filter(|h| (first..token).contains(h)))
            } else {
                None
            };
            let evoked = Evoked {
                frame: key.frame,
                trigger: Some(key.trigger),
                token,
                first,
                last,
                nominal,
                light,
                specificity: words + trigger.gates.len(),
            };
            match gate::check(scene, &evoked, trigger) {
                Ok(()) => out.push(evoked),
                Err(why) => shut.push(Shut {
                    frame: key.frame,
                    token,
                    why,
                }),
            }
        }
        out
    }
}

impl Key {
    /// Whether the trigger's words stand here: first and last token, and how many words matched.
    fn at(&self, scene: &Scene, token: usize) -> Option<(usize, usize, usize)> {
        let doc = &scene.doc;
        let upos = doc.tokens.upos[token];
        match self.kind {
            Kind::Verb => {
                // "Turkey slams Greece": a verb that the tagger takes for a noun still has a subject and an object.
                let verbal = upos == Upos::Verb
                    || matches!(upos, Upos::Noun | Upos::Propn | Upos::Adj)
                        && scene.graph.children[token].iter().any(|&c| {
                            matches!(
                                doc.tokens.deprel[c],
                                Deprel::Nsubj | Deprel::Obj | Deprel::NsubjPass
                            )
                        });
                if !verbal {
                    return None;
                }
                let (mut first, mut last) = (token, token);
                for particle in &self.rest {
                    let found = scene.graph.children[token]
                        .iter()
                        .copied()
                        .find(|&c| {
                            matches!(
                                doc.tokens.deprel[c],
                                Deprel::CompoundPrt
                                    | Deprel::Advmod
                                    | Deprel::Obj
                                    | Deprel::Amod
                                    | Deprel::Xcomp
                                    | Deprel::Obl
                            ) && (doc.form(c).eq_ignore_ascii_case(particle)
                                || doc.tokens.lemma[c].eq_ignore_ascii_case(particle))
                        })
                        // The parser may hang the particle elsewhere; next to the verb it counts.
                        .or_else(|| {
                            (last + 1 < doc.len()
                                && doc.form(last + 1).eq_ignore_ascii_case(particle))
                            .then_some(last + 1)
                        })?;
                    first = first.min(found);
                    last = last.max(found);
                }
                Some((
                    first,
                    if last - first > 4 { token } else { last },
                    1 + self.rest.len(),
                ))
            }
            Kind::Noun => {
                let ends_phrase = upos == Upos::Adj
                    && doc.tokens.deprel[token] != Deprel::Amod
                    && scene.graph.children[token]
                        .iter()
                        .any(|&c| doc.tokens.deprel[c] == Deprel::Det);
                let gerund = doc.tokens.xpos[token] == "VBG"
                    && scene.graph.children[token].iter().all(|&c| {
                        !matches!(
                            doc.tokens.deprel[c],
                            Deprel::Aux | Deprel::Nsubj | Deprel::Obj
                        )
                    });
                if !matches!(upos, Upos::Noun | Upos::Propn) && !gerund && !ends_phrase {
                    return None;
                }
                let start = scene.sentence(token).start;
                let mut first = token;
                for modifier in self.rest.iter().rev() {
                    let found = (start..first).rev().take(3).find(|&b| {
                        doc.tokens.lemma[b].eq_ignore_ascii_case(modifier)
                            || doc.form(b).eq_ignore_ascii_case(modifier)
                    })?;
                    first = found;
                }
                Some((first, token, 1 + self.rest.len()))
            }
            Kind::Adjective => {
                (matches!(upos, Upos::Adj | Upos::Verb)).then_some((token, token, 1))
            }
            Kind::Form => {
                let mut at = token;
                for word in self.rest.iter().rev() {
                    at = at.checked_sub(1)?;
                    if doc.form(at) == "-" && word != "-" {
                        at = at.checked_sub(1)?;
                    }
                    if !doc.form(at).eq_ignore_ascii_case(word) {
                        return None;
                    }
                }
                (at >= scene.sentence(token).start).then_some((at, token, 1 + self.rest.len()))
            }
        }
    }
}

/// The verb that carries a nominal out: it is the object of "launch", the subject of "take place", what parties "agree on".
pub fn light_verb(scene: &Scene, token: usize) -> Option<usize> {
    let support = &scene.lexicon.language.support;
    let noun = container(scene, token);
    scene.graph.up[noun].iter().find_map(|(rel, verb)| {
        let lemma = verb_lemma(scene, *verb);
        let fits = match rel {
            Rel::Obj => support.light.contains(&lemma) || support.occurrence.contains(&lemma),
            Rel::Subj => support.occurrence.contains(&lemma),
            Rel::Prep(preposition) => support.light.contains(&format!("{lemma} {preposition}")),
            _ => false,
        };
        fits.then_some(*verb)
    })
}

/// "A third round of talks": the noun that stands for its content.
fn container(scene: &Scene, token: usize) -> usize {
    let of = scene.graph.up[token].iter().find(|(rel, noun)| {
        matches!(rel, Rel::Prep(p) if &**p == "of") && scene.word_class(*noun, "container")
    });
    of.map_or(token, |(_, noun)| *noun)
}

/// Lemma of a verb with its particle: `carry out`.
pub fn verb_lemma(scene: &Scene, verb: usize) -> String {
    let lemma = scene.doc.tokens.lemma[verb].to_lowercase();
    let particle = scene.graph.children[verb]
        .iter()
        .find(|&&c| scene.doc.tokens.deprel[c] == Deprel::CompoundPrt);
    match particle {
        Some(&p) => format!("{lemma} {}", scene.doc.form(p).to_lowercase()),
        // "take place" is an object to the parser.
        None if lemma == "take"
            && scene.graph.children[verb]
                .iter()
                .any(|&c| scene.doc.tokens.lemma[c] == "place") =>
        {
            "take place".to_owned()
        }
        None => lemma,
    }
}
