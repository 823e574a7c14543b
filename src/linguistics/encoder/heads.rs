//! What is read off the vectors of words: tags, the tree, its relations.

use super::dense::{Dense, Multiplier, Rows, Scratch};
use super::file::File;
use super::news::{Events, First};
use super::wide::{dot, wide};
use super::{Sentence, Word};
use crate::linguistics::names::Deprel;
use crate::linguistics::news::CATEGORIES;
use crate::linguistics::tree;
use crate::linguistics::weights::Error;

/// The heads' weights.
pub struct Heads {
    /// Part of speech, Penn tag, both sides of arcs and relations, and what the heads for events look at, side by side.
    first: Dense,
    events: Option<Events>,
    event: usize,
    argument: usize,
    /// From the dependent's side of an arc to the form that meets heads.
    arc: Dense,
    arc_bias: Vec<f32>,
    /// From the dependent's side, for each relation, the form that meets the head's side with a one behind it.
    relation: Dense,
    upos: usize,
    xpos: usize,
    arc_width: usize,
    relation_width: usize,
    /// For each tag, numbers of its part of speech and of its Penn tag.
    tags: Vec<(usize, usize)>,
    relations: Vec<Deprel>,
}

impl Heads {
    pub fn read(file: &File<'_>, multiplier: &Multiplier) -> Result<Self, Error> {
        let c = &file.about;
        let (w, a, r) = (c.width, c.arc, c.relation);
        let mut parts: Vec<Rows> = vec![
            file.dense("upos", c.upos.len(), w)?,
            file.dense("xpos", c.xpos.len(), w)?,
            file.dense("arc_head", a, w)?,
            file.dense("arc_dependent", a, w)?,
            file.dense("relation_head", r, w)?,
            file.dense("relation_dependent", r, w)?,
        ];
        let place = |list: &[String], name: &String| {
            list.iter()
                .position(|n| n == name)
                .ok_or_else(|| Error::Tensors(format!("expected {name} among the tags' parts")))
        };
        let mut tags = Vec::new();
        for (upos, xpos) in &c.tags {
            tags.push((place(&c.upos, upos)?, place(&c.xpos, xpos)?));
        }
        let relations = file.relations()?;
        let events = Events::read(file, multiplier)?;
        if events.is_some() {
            parts.extend(Events::first(file)?);
        }
        Ok(Self {
            events,
            event: c.event,
            argument: c.argument,
            first: Dense::new(multiplier, &parts),
            arc: Dense::new(multiplier, &[file.dense("arc", a, a)?]),
            arc_bias: file.safe.floats("arc_bias.weight", a)?,
            relation: Dense::new(
                multiplier,
                &[file.dense("relation", relations.len() * (r + 1), r)?],
            ),
            upos: c.upos.len(),
            xpos: c.xpos.len(),
            arc_width: a,
            relation_width: r,
            tags,
            relations,
        })
    }

    /// Reads sentences of the given numbers of words; `rows` holds for each the root's vector and then its words'.
    pub fn run(
        &self,
        multiplier: &Multiplier,
        rows: &[f32],
        lengths: &[usize],
        scratch: &mut Scratch,
    ) -> Vec<Sentence> {
        let mut first = Vec::new();
        self.first.apply(multiplier, rows, &mut first, scratch);
        let outputs = self.first.outputs();
        let at = self.upos + self.xpos;
        let bent = outputs - self.events.as_ref().map_or(0, |_| CATEGORIES);
        for row in first.chunks_exact_mut(outputs) {
            for x in &mut row[at..bent] {
                *x = if *x < 0.0 { *x * 0.1 } else { *x };
            }
        }
        let part = |from: usize, width: usize| -> Vec<f32> {
            let rows = first.chunks_exact(outputs);
            rows.flat_map(|row| &row[from..from + width])
                .copied()
                .collect()
        };
        let (a, r) = (self.arc_width, self.relation_width);
        let heads = part(at, a);
        let (mut forms, mut relations) = (Vec::new(), Vec::new());
        self.arc
            .apply(multiplier, &part(at + a, a), &mut forms, scratch);
        let relation_heads = part(at + 2 * a, r);
        self.relation.apply(
            multiplier,
            &part(at + 2 * a + r, r),
            &mut relations,
            scratch,
        );
        let mut begin = 0;
        let mut read = Vec::with_capacity(lengths.len());
        for &n in lengths {
            let end = begin + n + 1;
            let tags = first[begin * outputs..end * outputs]
                .chunks_exact(outputs)
                .skip(1);
            let tree = self.tree(&heads[begin * a..end * a], &forms[begin * a..end * a]);
            let width = self.relations.len() * (r + 1);
            let words = tags.zip(&tree).enumerate().map(|(i, (scores, &head))| {
                let tag = self.tag(scores);
                let form = &relations[(begin + 1 + i) * width..][..width];
                let vector = &relation_heads[(begin + head) * r..][..r];
                Word {
                    tag,
                    head: head.checked_sub(1),
                    deprel: self.relation(head, form, vector),
                }
            });
            let words = words.collect();
            let news = self.events.as_ref().map(|events| {
                let rows = &first[begin * outputs..end * outputs];
                let after = at + 2 * (a + r);
                let part = |from: usize, width: usize| {
                    let rows = rows.chunks_exact(outputs).skip(1);
                    rows.flat_map(|row| &row[from..from + width])
                        .copied()
                        .collect()
                };
                let first = First {
                    category: &rows[bent..outputs],
                    event: part(after, self.event),
                    trigger: part(after + self.event, self.argument),
                    word: part(after + self.event + self.argument, self.argument),
                };
                events.run(multiplier, &first, scratch)
            });
            read.push(Sentence { words, news });
            begin = end;
        }
        read
    }

    /// The pair of tags that both heads like best.
    fn tag(&self, scores: &[f32]) -> u8 {
        let (upos, xpos) = (
            &scores[..self.upos],
            &scores[self.upos..self.upos + self.xpos],
        );
        // Scores of one head may only be compared with those of the other as logarithms of probabilities.
        let whole = |scores: &[f32]| {
            let top = scores.iter().copied().fold(f32::MIN, f32::max);
            top + scores.iter().map(|s| (s - top).exp()).sum::<f32>().ln()
        };
        let (base_u, base_x) = (whole(upos), whole(xpos));
        let score = |&(u, x): &(usize, usize)| (upos[u] - base_u) + (xpos[x] - base_x);
        best(self.tags.iter().map(score)) as u8
    }

    /// Heads of the words, 0 for the root.
    fn tree(&self, heads: &[f32], forms: &[f32]) -> Vec<usize> {
        let a = self.arc_width;
        let bias: Vec<f32> = heads
            .chunks_exact(a)
            .map(|h| dot(h, &self.arc_bias))
            .collect();
        let mut scores = vec![0.0; bias.len() * (bias.len() - 1)];
        wide(|| {
            let forms = forms.chunks_exact(a).skip(1);
            for (form, row) in forms.zip(scores.chunks_exact_mut(bias.len())) {
                let heads = heads.chunks_exact(a).zip(&bias);
                for (score, (head, bias)) in row.iter_mut().zip(heads) {
                    *score = dot(form, head) + bias;
                }
            }
        });
        tree::decode(&scores, bias.len() - 1)
    }

    fn relation(&self, head: usize, form: &[f32], vector: &[f32]) -> Deprel {
        if head == 0 {
            return Deprel::Root;
        }
        let score = |(form, relation): (&[f32], &Deprel)| match relation {
            Deprel::Root => f32::MIN,
            _ => dot(&form[..vector.len()], vector) + form[vector.len()],
        };
        let forms = form.chunks_exact(vector.len() + 1);
        wide(|| self.relations[best(forms.zip(&self.relations).map(score))])
    }
}

/// Place of the greatest; the first of equals.
fn best(scores: impl Iterator<Item = f32>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (i, score) in scores.enumerate() {
        if score > best.1 {
            best = (i, score);
        }
    }
    best.0
}
