//! One part of an item with all that was read in it: what the rules of this room look at.

use super::number::NumberMention;
use crate::lexicon::Lexicon;
use crate::linguistics::{Deprel, Document, Graph, Rel, Upos};
use crate::model::{ActorKind, Part, Span};
use crate::normalise::NormalisedPart;
use crate::resolve::{
    actor::{ActorMention, Form},
    place::PlaceMention,
    time::TimeMention,
};
use std::cell::OnceCell;
use std::ops::Range;

/// A part of an item, read and marked up. Mentions are in text order.
pub struct Scene<'a> {
    pub part: Part,
    pub doc: Document,
    pub graph: Graph,
    /// The text that `doc` was read from, which knows where in the submitted part each byte of it stood.
    pub source: &'a NormalisedPart,
    pub actors: Vec<ActorMention>,
    pub places: Vec<PlaceMention>,
    pub times: Vec<TimeMention>,
    pub numbers: Vec<NumberMention>,
    pub lexicon: &'a Lexicon,
    actor_at: Vec<Option<usize>>,
    place_at: Vec<Option<usize>>,
    time_at: Vec<Option<usize>>,
    /// Each token's compounds, once they were asked for: gates ask again and again.
    compounds: Vec<OnceCell<Vec<String>>>,
}

impl<'a> Scene<'a> {
    /// Puts together what was found.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        part: Part,
        doc: Document,
        graph: Graph,
        source: &'a NormalisedPart,
        actors: Vec<ActorMention>,
        places: Vec<PlaceMention>,
        times: Vec<TimeMention>,
        numbers: Vec<NumberMention>,
        lexicon: &'a Lexicon,
    ) -> Scene<'a> {
        let actor_at = cover(doc.len(), actors.iter().map(|m| m.tokens.clone()));
        let place_at = cover(doc.len(), places.iter().map(|m| m.tokens.clone()));
        let compounds = vec![OnceCell::new(); doc.len()];
        let time_at = cover(doc.len(), times.iter().map(|m| m.tokens.clone()));
        let mut scene = Scene {
            part,
            doc,
            graph,
            source,
            actors,
            places,
            times,
            numbers,
            lexicon,
            actor_at,
            place_at,
            time_at,
            compounds,
        };
        scene.mend();
        scene
    }

    /// A known name right before a verb that has no subject is its subject, whatever the parser made of the first word of
    /// the sentence.
    fn mend(&mut self) {
        for i in 0..self.actors.len() {
            let mention = &self.actors[i];
            let verb = mention.tokens.end;
            if self.is_hidden_verb(mention, verb) {
                // A name has no other form, so that its lemma is the verb's third person.
                if self.doc.tokens.upos[verb] == Upos::Propn {
                    let form = self.doc.form(verb);
                    self.doc.tokens.lemma[verb] = form.strip_suffix('s').unwrap_or(form).to_owned();
                }
                self.doc.tokens.upos[verb] = Upos::Verb;
                self.doc.tokens.xpos[verb] = "VBZ";
                let object = (verb + 1..self.sentence(verb).end.min(verb + 6)).find(|&t| {
                    matches!(self.doc.tokens.upos[t], Upos::Noun | Upos::Propn)
                        && self.graph.phrase(&self.doc, t).start == verb + 1
                        && self.graph.phrase(&self.doc, t).end == t + 1
                });
                if let Some(object) = object {
                    self.graph.add(verb, Rel::Obj, object);
                }
            }
            let mention = &self.actors[i];
            if mention.form == Form::Adjective
                || verb >= self.doc.len()
                || self.doc.tokens.upos[verb] != Upos::Verb
                || !matches!(
                    self.doc.tokens.xpos[verb],
                    "VBD" | "VBZ" | "VBP" | "VBN" | "VB"
                )
            {
                continue;
            }
            let sentence = self.sentence(verb);
            let first = mention.tokens.start <= sentence.start + 1;
            let without = !self.graph.down[verb].iter().any(|(r, _)| *r == Rel::Subj);
            if first && without && !self.graph.passive[verb] {
                let head = self.head(mention.tokens.clone());
                self.graph.add(verb, Rel::Subj, head);
            }
        }
    }

    /// "The Netherlands halts funding", "Germany and France call for ...": a noun to the tagger, right after the name that begins
    /// the sentence, with what only follows a verb.
    fn is_hidden_verb(&self, mention: &ActorMention, verb: usize) -> bool {
        if verb + 1 >= self.doc.len()
            || mention.form == Form::Adjective
            || !(matches!(self.doc.tokens.xpos[verb], "NN" | "NNS")
                || self.doc.tokens.upos[verb] == Upos::Propn)
            || self.doc.form(verb).starts_with(char::is_uppercase)
        {
            return false;
        }
        let sentence = self.sentence(verb);
        let initial = (sentence.start..mention.tokens.start).all(|t| {
            self.actor_at(t).is_some()
                || matches!(
                    self.doc.form(t).to_lowercase().as_str(),
                    "the" | "and" | ","
                )
        });
        let finite = sentence.clone().any(|t| {
            matches!(self.doc.tokens.xpos[t], "VBD" | "VBZ" | "VBP" | "MD")
                && self.doc.tokens.deprel[t] != Deprel::AclRelcl
                && (t < verb || self.doc.tokens.deprel[t] == Deprel::Root)
        });
        let follows = matches!(
            self.doc.tokens.upos[verb + 1],
            Upos::Det
                | Upos::Propn
                | Upos::Pron
                | Upos::Adp
                | Upos::Num
                | Upos::Adj
                | Upos::Noun
                | Upos::Sconj
        );
        initial && !finite && follows
    }

    /// Whether a token belongs to an expression of time.
    pub fn is_time(&self, token: usize) -> bool {
        self.time_at[token].is_some()
    }

    /// The token of a range that hangs on something outside it.
    pub fn head(&self, tokens: Range<usize>) -> usize {
        tokens
            .clone()
            .find(|&t| self.doc.head(t).is_none_or(|h| !tokens.contains(&h)))
            .unwrap_or(tokens.start)
    }

    /// The actor mention that covers a token.
    pub fn actor_at(&self, token: usize) -> Option<&ActorMention> {
        self.actor_at[token].map(|i| &self.actors[i])
    }

    /// The place mention that covers a token.
    pub fn place_at(&self, token: usize) -> Option<&PlaceMention> {
        self.place_at[token].map(|i| &self.places[i])
    }

    /// Token range of the sentence that holds a token.
    pub fn sentence(&self, token: usize) -> Range<usize> {
        self.doc.sentences[self.doc.sentence_of(token)].clone()
    }

    /// A token range as a span of the submitted part.
    pub fn span(&self, tokens: Range<usize>) -> Span {
        if tokens.is_empty() {
            return Span {
                part: self.part,
                ..Span::default()
            };
        }
        self.span_of_bytes(
            self.doc.tokens.start[tokens.start] as usize
                ..self.doc.tokens.end[tokens.end - 1] as usize,
        )
    }

    /// A byte range of the text as a span of the submitted part.
    pub fn span_of_bytes(&self, bytes: Range<usize>) -> Span {
        let text = self.doc.text[bytes.clone()]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let source = self.source.source_range(bytes);
        Span {
            text,
            start: source.start,
            end: source.end,
            part: self.part,
        }
    }

    /// The lemma with its compound modifiers, longest first: `ballistic missile`, `missile`.
    pub fn compounds(&self, token: usize) -> &[String] {
        self.compounds[token].get_or_init(|| self.joined(token))
    }

    fn joined(&self, token: usize) -> Vec<String> {
        let lemma = self.doc.tokens.lemma[token].to_lowercase();
        let mut out = Vec::new();
        let mut joined = lemma.clone();
        let start = self.sentence(token).start;
        for before in (start..token).rev().take(3) {
            let form = self.doc.form(before);
            if !matches!(
                self.doc.tokens.upos[before],
                Upos::Noun | Upos::Adj | Upos::Propn | Upos::Verb | Upos::Punct
            ) || (form.len() == 1 && form != "-")
            {
                break;
            }
            if form == "-" {
                continue;
            }
            joined = format!("{} {joined}", self.doc.tokens.lemma[before].to_lowercase());
            out.push(joined.clone());
        }
        out.reverse();
        out.push(lemma);
        out
    }

    /// Whether a token belongs to a class: a word class of the lexicon, a kind of actor, `place`, `number`, `any`, or `=lemma`.
    pub fn is(&self, token: usize, class: &str) -> bool {
        if let Some(lemma) = class.strip_prefix('=') {
            return self.compounds(token).iter().any(|c| c == lemma)
                || self.doc.form(token).eq_ignore_ascii_case(lemma);
        }
        if self.doc.tokens.upos[token] == Upos::Pron
            && class != "pronoun"
            && let Some(speaker) = self.antecedent(token)
        {
            return self.is(speaker, class);
        }
        let kind = self
            .actor_at(token)
            .and_then(|m| m.actors.first())
            .map(|a| a.kind);
        match class {
            "any" => true,
            "number" => {
                self.doc.tokens.upos[token] == Upos::Num
                    || self.numbers.iter().any(|n| n.head == Some(token))
            }
            "place" => {
                self.place_at(token).is_some()
                    || self
                        .actor_at(token)
                        .is_some_and(|m| m.form == Form::StateOrPlace)
            }
            "plural" => matches!(self.doc.tokens.xpos[token], "NNS" | "NNPS"),
            "actor" => kind.is_some_and(|k| k != ActorKind::Other) || self.has_country(token),
            "named" => {
                self.actor_at(token)
                    .is_some_and(|m| m.form != Form::BareRole)
                    || self.has_country(token)
            }
            "state" => {
                matches!(kind, Some(ActorKind::State))
                    || self
                        .actor_at(token)
                        .is_some_and(|m| m.form == Form::StateOrPlace)
            }
            "igo" => kind == Some(ActorKind::Igo),
            "ngo" => {
                kind == Some(ActorKind::Ngo)
                    && self
                        .actor_at(token)
                        .is_some_and(|m| m.form != Form::BareRole)
            }
            "government" => kind == Some(ActorKind::Government),
            "military" => kind == Some(ActorKind::Military),
            "group" => kind == Some(ActorKind::ArmedGroup),
            "population" => kind == Some(ActorKind::Population) || self.word_class(token, "human"),
            "person" => kind == Some(ActorKind::Person) || self.is_unknown_name(token),
            "political" => self.is_political(token),
            "armed" => {
                matches!(
                    kind,
                    Some(ActorKind::Military | ActorKind::ArmedGroup | ActorKind::State)
                ) || kind == Some(ActorKind::Government)
                    && self
                        .actor_at(token)
                        .is_some_and(|m| m.form == Form::StateOrPlace)
                    || self.word_class(token, "fighter")
            }
            "human" => {
                matches!(
                    kind,
                    Some(
                        ActorKind::Person
                            | ActorKind::Population
                            | ActorKind::Military
                            | ActorKind::ArmedGroup
                    )
                ) || self.word_class(token, "human")
                    || self.word_class(token, "fighter")
            }
            "pronoun" => self.doc.tokens.upos[token] == Upos::Pron,
            class => self.word_class(token, class),
        }
    }

    /// "The ministry says it will ...": the speaker that a pronoun in what is said stands for.
    pub fn antecedent(&self, token: usize) -> Option<usize> {
        if !matches!(
            self.doc.form(token).to_lowercase().as_str(),
            "it" | "he" | "she" | "they" | "its" | "his" | "her" | "their" | "we" | "i" | "our"
        ) {
            return None;
        }
        let mut at = token;
        for _ in 0..12 {
            let Some(up) = self.doc.head(at) else { break };
            let subjects = self.graph.under(up, &Rel::Subj).filter(|&s| {
                s != token
                    && self.doc.tokens.upos[s] != Upos::Pron
                    && !self.graph.is_under(&self.doc, token, s)
            });
            if let Some(subject) = subjects.filter(|&s| s < token).last()
                && matches!(
                    self.doc.tokens.deprel[at],
                    Deprel::Ccomp
                        | Deprel::Xcomp
                        | Deprel::Advcl
                        | Deprel::Obj
                        | Deprel::Conj
                        | Deprel::Obl
                        | Deprel::NmodPoss
                        | Deprel::Nmod
                )
            {
                return Some(subject);
            }
            at = up;
        }
        let first_person = matches!(
            self.doc.form(token).to_lowercase().as_str(),
            "we" | "i" | "our"
        );
        if first_person {
            self.speaker_before(token)
        } else {
            None
        }
    }

    /// In what is quoted on and on: who spoke last, by a reporting verb with a known subject.
    fn speaker_before(&self, token: usize) -> Option<usize> {
        let speech = &self.lexicon.language.speech;
        let from = self.doc.sentence_of(token).saturating_sub(12);
        let start = self.doc.sentences[from].start;
        (start..token)
            .rev()
            .filter(|&v| {
                self.doc.tokens.upos[v] == Upos::Verb
                    && speech.neutral.contains(&self.doc.tokens.lemma[v])
            })
            .find_map(|v| {
                self.graph
                    .under(v, &Rel::Subj)
                    .find(|&s| self.actor_at(s).is_some() && self.doc.tokens.upos[s] != Upos::Pron)
            })
    }

    /// Whether a lemma or a compound that ends in it belongs to a word class.
    pub fn word_class(&self, token: usize, class: &str) -> bool {
        self.compounds(token)
            .iter()
            .any(|c| self.lexicon.classes.is(c, class))
            || self
                .lexicon
                .classes
                .is(&self.doc.form(token).to_lowercase(), class)
    }

    /// States, their governments and organs, bodies of states, officials, and armed groups that speak for themselves.
    fn is_political(&self, token: usize) -> bool {
        if let Some(mention) = self.actor_at(token) {
            if let Some(role) = mention.role {
                return self.lexicon.actors.roles[role].political;
            }
            return mention.actors.first().is_some_and(|a| match a.kind {
                ActorKind::State
                | ActorKind::Government
                | ActorKind::Igo
                | ActorKind::ArmedGroup
                | ActorKind::Military => mention.form != Form::Adjective,
                ActorKind::Person => !a.country.is_empty() || a.id.starts_with("person."),
                _ => false,
            });
        }
        self.doc.tokens.upos[token] == Upos::Pron
            && matches!(
                self.doc.tokens.lemma[token].to_lowercase().as_str(),
                "he" | "she" | "they"
            )
    }

    /// Whether the phrase of a token names a state or a group beside its noun: "Ukrainian energy facilities".
    pub fn has_country(&self, token: usize) -> bool {
        self.owner(token).is_some()
    }

    /// The mention that modifies a noun: an adjective, a possessor or a compound.
    pub fn owner(&self, token: usize) -> Option<&ActorMention> {
        self.graph.down[token]
            .iter()
            .filter(|(rel, _)| matches!(rel, Rel::Mod | Rel::Poss))
            .filter_map(|(_, d)| self.actor_at(*d))
            .find(|m| m.form != Form::BareRole)
    }

    /// A capitalised name that no lexicon has, and that is no place.
    pub fn is_unknown_name(&self, token: usize) -> bool {
        self.doc.tokens.upos[token] == Upos::Propn
            && self.actor_at(token).is_none()
            && self.place_at(token).is_none()
    }

    /// The words of a noun phrase, its determiner left out.
    pub fn phrase(&self, head: usize) -> Range<usize> {
        let mut range = self.graph.phrase(&self.doc, head);
        while range.start < head
            && (self.doc.tokens.deprel[range.start] == Deprel::Det
                || self.doc.tokens.upos[range.start] == Upos::Punct)
        {
            range.start += 1;
        }
        range
    }
}

fn cover(len: usize, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Option<usize>> {
    let mut at = vec![None; len];
    for (i, range) in ranges.enumerate() {
        for token in range {
            if at[token].is_none() {
                at[token] = Some(i);
            }
        }
    }
    at
}
