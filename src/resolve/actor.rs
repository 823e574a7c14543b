//! Finds who is named in a text: a state with a role noun, an office with its holder, a name in the lexicon, a name nobody listed.

mod read;

use crate::lexicon::{Actors, actors::Entry, alias::Folded};
use crate::linguistics::Document;
use crate::model::Actor;
use jiff::civil::Date;
use std::ops::Range;

/// A span that names one actor, or several of one kind ("the presidents of France and Poland").
#[derive(Debug, Clone, PartialEq)]
pub struct ActorMention {
    pub tokens: Range<usize>,
    /// Spans are left empty here; the engine fills them.
    pub actors: Vec<Actor>,
    pub form: Form,
    /// Index of the role noun in the lexicon, where one takes part.
    pub role: Option<usize>,
    /// By which rule it was read.
    pub rule: &'static str,
}

/// What a mention may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Names the actor.
    Name,
    /// An adjective: names an actor only through its noun.
    Adjective,
    /// A state or capital: an actor or a place.
    StateOrPlace,
    /// A role noun alone: whose, the discourse must tell.
    BareRole,
}

/// What one alias match in a sentence is.
#[derive(Debug, Clone)]
struct Hit {
    tokens: Range<usize>,
    entries: Vec<Entry>,
}

/// All mentions of a sentence, in text order, without overlaps.
pub fn find(
    doc: &Document,
    sentence: Range<usize>,
    actors: &Actors,
    day: Option<Date>,
) -> Vec<ActorMention> {
    let hits = hits(doc, sentence.clone(), actors);
    let mut reader = read::Reader {
        doc,
        actors,
        day,
        hits: &hits,
        end: sentence.end,
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < hits.len() {
        let (mention, next) = reader.mention(at);
        out.extend(mention);
        at = next;
    }
    out
}

/// Alias matches, longest first from left to right.
fn hits(doc: &Document, sentence: Range<usize>, actors: &Actors) -> Vec<Hit> {
    if sentence.is_empty() {
        return Vec::new();
    }
    let bytes =
        doc.tokens.start[sentence.start] as usize..doc.tokens.end[sentence.end - 1] as usize;
    let mut folded = Folded::of(&doc.text, bytes);
    let shouting = is_shouting(doc, sentence.clone());
    if shouting {
        folded.text = title_case(&folded.text);
    }
    let mut out: Vec<Hit> = Vec::new();
    let mut token = sentence.start;
    let mut byte = 0;
    while token < sentence.end {
        let start = doc.tokens.start[token];
        while byte < folded.original.len() && folded.original[byte] < start {
            byte += 1;
        }
        if byte >= folded.text.len() || !folded.text.is_char_boundary(byte) {
            token += 1;
            continue;
        }
        let mut best: Option<(usize, Vec<Entry>)> = None;
        for alias in actors.at(&folded.text, byte) {
            let end = folded.original[byte + alias.len];
            let last = (token..sentence.end)
                .find(|&t| doc.tokens.end[t] >= end || t + 1 == sentence.end)
                .unwrap_or(token);
            if doc.tokens.end[last] != end {
                continue;
            }
            match &mut best {
                None => best = Some((last + 1, vec![alias.entry])),
                Some((until, entries)) if *until == last + 1 => entries.push(alias.entry),
                Some(_) => break,
            }
        }
        match best {
            Some((until, entries)) => {
                out.push(Hit {
                    tokens: token..until,
                    entries,
                });
                token = until;
            }
            None => token += 1,
        }
    }
    out
}

/// A headline in capitals.
fn is_shouting(doc: &Document, sentence: Range<usize>) -> bool {
    let words = doc.words(sentence);
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    letters > 12 && words.chars().filter(|c| c.is_uppercase()).count() * 10 > letters * 9
}

fn title_case(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|c| {
            let out = if inside { c.to_ascii_lowercase() } else { c };
            inside = c.is_alphabetic();
            out
        })
        .collect()
}
