//! Makes the arcs: what the tree says, and what it implies.

use super::Rel;
use crate::linguistics::{Deprel, Document, NO_HEAD, Upos};

/// Arcs in the making.
pub(super) struct Build<'a> {
    pub(super) doc: &'a Document,
    pub(super) down: Vec<Vec<(Rel, usize)>>,
    /// Grammatical subjects, own or shared.
    pub(super) subject: Vec<Vec<usize>>,
    pub(super) children: Vec<Vec<usize>>,
    pub(super) passive: Vec<bool>,
}

impl Build<'_> {
    fn verbal(&self, i: usize) -> bool {
        matches!(self.doc.tokens.upos[i], Upos::Verb | Upos::Aux)
            || self.children[i].iter().any(|&c| {
                matches!(
                    self.doc.tokens.deprel[c],
                    Deprel::Cop | Deprel::Nsubj | Deprel::NsubjPass
                )
            })
    }

    /// The preposition of a nominal, its words joined.
    fn preposition(&self, i: usize) -> Option<Box<str>> {
        let mut words: Vec<String> = Vec::new();
        for &c in &self.children[i] {
            if self.doc.tokens.deprel[c] == Deprel::Case
                && self.doc.tokens.xpos[c] != "POS"
                && c < i
            {
                words.push(self.doc.form(c).to_lowercase());
                for &f in &self.children[c] {
                    if self.doc.tokens.deprel[f] == Deprel::Fixed {
                        words.push(self.doc.form(f).to_lowercase());
                    }
                }
            }
        }
        (!words.is_empty()).then(|| words.join("_").into_boxed_str())
    }

    /// A nominal and what is coordinated with it, each with the preposition of its own where it has one.
    fn coordinated(&self, i: usize) -> Vec<usize> {
        let mut out = vec![i];
        let mut at = 0;
        while at < out.len() && out.len() < 64 {
            for &c in &self.children[out[at]] {
                if self.doc.tokens.deprel[c] == Deprel::Conj && !self.verbal(c) {
                    out.push(c);
                }
            }
            at += 1;
        }
        out
    }

    fn add(&mut self, head: usize, rel: Rel, dependent: usize) {
        for token in self.coordinated(dependent) {
            let rel = match &rel {
                Rel::Prep(_) => self.preposition(token).map_or(rel.clone(), Rel::Prep),
                other => other.clone(),
            };
            self.down[head].push((rel, token));
        }
    }

    pub(super) fn direct(&mut self, i: usize) {
        let Some(head) = self.doc.head(i) else { return };
        match self.doc.tokens.deprel[i] {
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::NsubjOuter => {
                let all = self.coordinated(i);
                self.subject[head].extend(all);
                let rel = if self.passive[head] || self.doc.tokens.deprel[i] == Deprel::NsubjPass {
                    Rel::Obj
                } else {
                    Rel::Subj
                };
                self.add(head, rel, i);
            }
            // A parser that takes "called on the rebels" for an object still shows the preposition.
            Deprel::Obj | Deprel::Iobj if self.preposition(i).is_some() => {
                if let Some(preposition) = self.preposition(i) {
                    self.add(head, Rel::Prep(preposition), i);
                }
            }
            Deprel::Obj => self.add(head, Rel::Obj, i),
            Deprel::Iobj => {
                self.add(head, Rel::Iobj, i);
                // "Urged Israel to open a crossing", "asks Berlin for missiles": who is asked is all the object there is.
                if !self.has_object(head) {
                    self.add(head, Rel::Obj, i);
                }
            }
            Deprel::OblAgent => self.add(head, Rel::Subj, i),
            Deprel::Obl | Deprel::Nmod | Deprel::NmodDesc | Deprel::OblUnmarked => {
                if let Some(preposition) = self.preposition(i) {
                    if &*preposition == "by" && self.passive[head] {
                        self.add(head, Rel::Subj, i);
                    }
                    // "Denounced a massacre by rebels": an active verb has no agent in "by", the noun before may have.
                    if &*preposition == "by"
                        && !self.passive[head]
                        && let Some(noun) = self.object_before(head, i)
                    {
                        self.add(noun, Rel::Prep(preposition.clone()), i);
                    }
                    self.add(head, Rel::Prep(preposition), i);
                } else if self.doc.tokens.deprel[i] == Deprel::NmodDesc {
                    self.down[head].push((Rel::Mod, i));
                } else if self.doc.tokens.deprel[i] == Deprel::Obl && self.bare_object(head, i) {
                    self.add(head, Rel::Obj, i);
                }
            }
            Deprel::NmodPoss => self.add(head, Rel::Poss, i),
            Deprel::Compound | Deprel::Amod | Deprel::NmodUnmarked => self.add(head, Rel::Mod, i),
            Deprel::Ccomp | Deprel::Csubj => self.down[head].push((Rel::Ccomp, i)),
            Deprel::Xcomp => self.down[head].push((Rel::Xcomp, i)),
            Deprel::Advcl | Deprel::AdvclRelcl => {
                self.down[head].push((Rel::Advcl, i));
                // "Call for Britain to negotiate": what they call for, they call for from Britain.
                if let Some(subject) = self.called_for(i) {
                    self.add(head, Rel::Prep("for".into()), subject);
                }
            }
            Deprel::Acl | Deprel::AclRelcl => self.down[head].push((Rel::Acl, i)),
            Deprel::Parataxis => self.down[head].push((Rel::Parataxis, i)),
            _ => {}
        }
    }

    /// The subject of an infinitive clause behind "for".
    fn called_for(&self, clause: usize) -> Option<usize> {
        let children = || self.children[clause].iter().copied();
        let marked = children().any(|c| {
            self.doc.tokens.deprel[c] == Deprel::Mark
                && self.doc.form(c).eq_ignore_ascii_case("for")
        });
        let subject = children().find(|&c| self.doc.tokens.deprel[c] == Deprel::Nsubj);
        subject.filter(|_| marked)
    }

    /// The object of a verb between the verb and a token.
    fn object_before(&self, verb: usize, token: usize) -> Option<usize> {
        let children = self.children[verb].iter().copied();
        children
            .filter(|&c| self.doc.tokens.deprel[c] == Deprel::Obj)
            .find(|c| (verb..token).contains(c))
    }

    fn has_object(&self, verb: usize) -> bool {
        let mut children = self.children[verb].iter();
        children.any(|&c| self.doc.tokens.deprel[c] == Deprel::Obj)
    }

    /// A nominal right of an active verb that has no object and no preposition of its own is one, whatever the parser says.
    fn bare_object(&self, head: usize, i: usize) -> bool {
        i > head
            && self.doc.tokens.upos[head] == Upos::Verb
            && !self.passive[head]
            && matches!(self.doc.tokens.upos[i], Upos::Noun | Upos::Propn)
            && !self.children[head].iter().any(|&c| {
                matches!(
                    self.doc.tokens.deprel[c],
                    Deprel::Obj | Deprel::Ccomp | Deprel::Xcomp
                )
            })
    }

    /// What hangs on an object or on what follows it may hang on the verb as well: types decide, not the parser.
    pub(super) fn lift(&mut self, verb: usize) {
        if !matches!(self.doc.tokens.upos[verb], Upos::Verb) {
            return;
        }
        let mut at: Vec<usize> = self.down[verb]
            .iter()
            .filter(|(r, d)| *d > verb && matches!(r, Rel::Obj | Rel::Prep(_)))
            .map(|(_, d)| *d)
            .collect();
        let mut more = Vec::new();
        for _ in 0..3 {
            let mut next = Vec::new();
            for noun in at {
                for (rel, dependent) in &self.down[noun] {
                    if let Rel::Prep(preposition) = rel
                        && *dependent > noun
                    {
                        if &**preposition != "of" {
                            more.push((rel.clone(), *dependent));
                        }
                        next.push(*dependent);
                    }
                }
            }
            at = next;
        }
        self.down[verb].extend(more);
    }

    /// Gives a predicate the subject that the words around it imply.
    pub(super) fn share(&mut self, i: usize) {
        let Some(head) = self.doc.head(i) else { return };
        if !self.subject[i].is_empty() && self.doc.tokens.deprel[i] != Deprel::AclRelcl {
            return;
        }
        let implied: Vec<usize> = match self.doc.tokens.deprel[i] {
            Deprel::Conj if self.verbal(i) || self.doc.tokens.upos[i] == Upos::Verb => {
                self.subject[head].clone()
            }
            Deprel::Xcomp => {
                let objects: Vec<usize> = self.down[head]
                    .iter()
                    .filter(|(r, _)| matches!(r, Rel::Obj | Rel::Iobj))
                    .map(|(_, d)| *d)
                    .collect();
                if objects.is_empty() || self.passive[head] {
                    self.subject[head].clone()
                } else {
                    objects
                }
            }
            Deprel::Advcl if matches!(self.doc.tokens.xpos[i], "VBG" | "VBN" | "VB") => {
                self.subject[head].clone()
            }
            Deprel::Acl => match self.doc.tokens.xpos[i] {
                "VBN" | "VBG" => self.coordinated(head).into_iter().take(1).collect(),
                _ => Vec::new(),
            },
            Deprel::AclRelcl => {
                self.relative(i, head);
                return;
            }
            _ => Vec::new(),
        };
        if implied.is_empty() {
            return;
        }
        let rel = if self.passive[i] { Rel::Obj } else { Rel::Subj };
        for &token in &implied {
            self.down[i].push((rel.clone(), token));
        }
        self.subject[i] = implied;
    }

    /// Puts the noun of a relative clause where its pronoun stands.
    fn relative(&mut self, verb: usize, noun: usize) {
        let tokens = &self.doc.tokens;
        let pronoun = |i: usize| {
            matches!(tokens.xpos[i], "WP" | "WDT")
                || (matches!(tokens.upos[i], Upos::Pron) && tokens.lemma[i] == "that")
        };
        let mut found = false;
        for (_, dependent) in self.down[verb].iter_mut() {
            if pronoun(*dependent) {
                *dependent = noun;
                found = true;
            }
        }
        for subject in self.subject[verb].iter_mut() {
            if pronoun(*subject) {
                *subject = noun;
            }
        }
        if found {
            return;
        }
        if self.subject[verb].is_empty() {
            let rel = if self.passive[verb] {
                Rel::Obj
            } else {
                Rel::Subj
            };
            self.down[verb].push((rel, noun));
            self.subject[verb].push(noun);
        } else if !self.down[verb]
            .iter()
            .any(|(r, _)| matches!(r, Rel::Obj | Rel::Ccomp))
        {
            self.down[verb].push((Rel::Obj, noun));
        }
    }

    /// "Attacked and destroyed the convoy": the first verb takes the object of the second.
    pub(super) fn share_object(&mut self, i: usize) {
        if self.doc.tokens.deprel[i] != Deprel::Conj
            || self.doc.tokens.upos[i] != Upos::Verb
            || self.passive[i]
        {
            return;
        }
        let head = self.doc.tokens.head[i];
        if head == NO_HEAD {
            return;
        }
        let head = head as usize;
        let near = i > head && i - head <= 2;
        let bare = !self.down[head].iter().any(|(r, d)| {
            matches!(r, Rel::Obj | Rel::Ccomp | Rel::Xcomp)
                || (*d > head && matches!(r, Rel::Prep(_)))
        });
        if near && bare && self.doc.tokens.upos[head] == Upos::Verb && !self.passive[head] {
            let objects: Vec<usize> = self.down[i]
                .iter()
                .filter(|(r, _)| *r == Rel::Obj)
                .map(|(_, d)| *d)
                .collect();
            for object in objects {
                self.down[head].push((Rel::Obj, object));
            }
        }
    }
}
