//! The normalised graph on a dependency tree: one shape for every voice.
//!
//! Passives are turned (`was hit by Russia` has Russia as subject), subjects are shared over coordination and open
//! complements, relative pronouns stand for their noun, and prepositions are the names of the arcs they make. Frames are
//! written against this graph, so they need not know how a parser labels things.

mod build;

use super::{Deprel, Document};
use build::Build;

/// What a word is to the word that governs it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rel {
    /// Who does it.
    Subj,
    /// On whom or what it is done.
    Obj,
    /// To or for whom.
    Iobj,
    /// Possessor: "Russia's strike".
    Poss,
    /// Compound or adjective before a noun: "Russian strike", "drone strike".
    Mod,
    /// What hangs on a preposition, by its lemma; several words are joined with `_` ("according_to").
    Prep(Box<str>),
    /// A clause with a subject of its own: what is said, thought, demanded.
    Ccomp,
    /// A clause that shares a subject: "plans to attack".
    Xcomp,
    /// An adverbial clause.
    Advcl,
    /// A clause on a noun.
    Acl,
    /// A clause beside: "..., the ministry said".
    Parataxis,
}

/// Arcs of all sentences of a document, by governing token and by governed token.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// For each token what it governs.
    pub down: Vec<Vec<(Rel, usize)>>,
    /// For each token what governs it.
    pub up: Vec<Vec<(Rel, usize)>>,
    /// Children in the tree, in text order.
    pub children: Vec<Vec<usize>>,
    /// True for verbs in the passive.
    pub passive: Vec<bool>,
}

impl Graph {
    /// Builds the graph. A pure function, linear in the tokens but for coordination inside one phrase.
    pub fn of(doc: &Document) -> Graph {
        let n = doc.len();
        let mut children = vec![Vec::new(); n];
        for i in 0..n {
            if let Some(head) = doc.head(i) {
                children[head].push(i);
            }
        }
        let passive: Vec<bool> = (0..n).map(|i| is_passive(doc, &children, i)).collect();
        let mut build = Build {
            doc,
            down: vec![Vec::new(); n],
            subject: vec![Vec::new(); n],
            children,
            passive,
        };
        for i in 0..n {
            build.direct(i);
        }
        for i in order(doc) {
            build.share(i);
        }
        for i in 0..n {
            build.share_object(i);
        }
        for i in 0..n {
            build.lift(i);
        }
        let mut up = vec![Vec::new(); n];
        for (head, arcs) in build.down.iter_mut().enumerate() {
            arcs.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
            arcs.dedup();
            for (rel, dependent) in arcs.iter() {
                up[*dependent].push((rel.clone(), head));
            }
        }
        Graph {
            down: build.down,
            up,
            children: build.children,
            passive: build.passive,
        }
    }

    /// Adds an arc that something outside the tree implies.
    pub fn add(&mut self, head: usize, rel: Rel, dependent: usize) {
        if !self.down[head].contains(&(rel.clone(), dependent)) {
            self.down[head].push((rel.clone(), dependent));
            self.up[dependent].push((rel, head));
        }
    }

    /// Tokens under `head` by a relation.
    pub fn under<'a>(&'a self, head: usize, rel: &'a Rel) -> impl Iterator<Item = usize> + 'a {
        self.down[head]
            .iter()
            .filter(move |(r, _)| r == rel)
            .map(|(_, d)| *d)
    }

    /// Whether `ancestor` is above `token` in the tree, or is it.
    pub fn is_under(&self, doc: &Document, token: usize, ancestor: usize) -> bool {
        let mut at = Some(token);
        while let Some(i) = at {
            if i == ancestor {
                return true;
            }
            at = doc.head(i);
        }
        false
    }

    /// The noun phrase around a head, without clauses and prepositional phrases: a token range.
    pub fn phrase(&self, doc: &Document, head: usize) -> std::ops::Range<usize> {
        let (mut from, mut to) = (head, head + 1);
        for &child in &self.children[head] {
            let kept = matches!(
                doc.tokens.deprel[child],
                Deprel::Det
                    | Deprel::Amod
                    | Deprel::Compound
                    | Deprel::NmodPoss
                    | Deprel::Nummod
                    | Deprel::Flat
                    | Deprel::NmodDesc
                    | Deprel::DetPredet
                    | Deprel::NmodUnmarked
            );
            if !kept {
                continue;
            }
            let inner = self.phrase(doc, child);
            from = from.min(inner.start);
            to = to.max(inner.end);
            // The 's of a possessor belongs to it.
            for &mark in &self.children[child] {
                if doc.tokens.deprel[mark] == Deprel::Case {
                    from = from.min(mark);
                    to = to.max(mark + 1);
                }
            }
        }
        // Punctuation at the edges says that the parser attached too much.
        from..to.max(head + 1)
    }
}

/// Tokens of a document with every head before its dependents.
fn order(doc: &Document) -> Vec<usize> {
    let n = doc.len();
    let mut depth = vec![u32::MAX; n];
    for start in 0..n {
        let mut path = Vec::new();
        let mut at = start;
        let mut base = 0;
        loop {
            if depth[at] != u32::MAX {
                base = depth[at] + 1;
                break;
            }
            path.push(at);
            match doc.head(at) {
                Some(head) if path.len() <= n => at = head,
                _ => break,
            }
        }
        for token in path.into_iter().rev() {
            depth[token] = base;
            base += 1;
        }
    }
    let mut all: Vec<usize> = (0..n).collect();
    all.sort_by_key(|&i| (depth[i], i));
    all
}

fn is_passive(doc: &Document, children: &[Vec<usize>], i: usize) -> bool {
    let marked = children[i].iter().any(|&c| {
        matches!(
            doc.tokens.deprel[c],
            Deprel::AuxPass | Deprel::NsubjPass | Deprel::CsubjPass | Deprel::OblAgent
        )
    });
    if marked {
        return true;
    }
    // Headlines leave the auxiliary out: "12 killed in strike".
    doc.tokens.xpos[i] == "VBN"
        && matches!(
            doc.tokens.deprel[i],
            Deprel::Root
                | Deprel::Conj
                | Deprel::Parataxis
                | Deprel::Acl
                | Deprel::Advcl
                | Deprel::Xcomp
        )
        && !children[i]
            .iter()
            .any(|&c| matches!(doc.tokens.deprel[c], Deprel::Aux | Deprel::Obj))
}
