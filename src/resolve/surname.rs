//! "Boris Johnson" at first, "Johnson" from then on: a surname stands for the person who was named in full before.

use super::actor::{ActorMention, Form};
use crate::linguistics::{Document, Upos};
use crate::model::{Actor, ActorKind};
use std::collections::HashMap;

/// Adds mentions for surnames of people named in full earlier in the item. `known` carries them from part to part.
pub fn spread(
    doc: &Document,
    mentions: &mut Vec<ActorMention>,
    known: &mut HashMap<String, Actor>,
) {
    let mut added = Vec::new();
    let mut next = 0;
    for token in 0..doc.len() {
        while next < mentions.len() && mentions[next].tokens.end <= token {
            learn(doc, &mentions[next], known);
            next += 1;
        }
        let covered = mentions
            .get(next)
            .is_some_and(|m| m.tokens.contains(&token));
        let form = doc.form(token);
        if covered || doc.tokens.upos[token] != Upos::Propn || !form.starts_with(char::is_uppercase)
        {
            continue;
        }
        // "Mr. Johnson" is he, "Lyndon Johnson" is somebody else.
        let first_name = token > 0
            && doc.tokens.upos[token - 1] == Upos::Propn
            && !doc.form(token - 1).ends_with('.')
            && doc.tokens.end[token - 1] < doc.tokens.start[token];
        if first_name {
            continue;
        }
        if let Some(person) = known.get(form) {
            let mut person = person.clone();
            form.clone_into(&mut person.surface);
            added.push(ActorMention {
                tokens: token..token + 1,
                actors: vec![person],
                form: Form::Name,
                role: None,
                rule: "surname after full name",
            });
        }
    }
    for mention in mentions.iter().skip(next) {
        learn(doc, mention, known);
    }
    mentions.extend(added);
    mentions.sort_by_key(|m| m.tokens.start);
}

fn learn(doc: &Document, mention: &ActorMention, known: &mut HashMap<String, Actor>) {
    let [person] = mention.actors.as_slice() else {
        return;
    };
    let words: Vec<&str> = person.name.split_whitespace().collect();
    if person.kind != ActorKind::Person || words.len() < 2 {
        return;
    }
    let last = doc.form(mention.tokens.end - 1);
    if last.len() > 2
        && last.starts_with(char::is_uppercase)
        && words.last().is_some_and(|w| *w == last)
    {
        known.insert(last.to_owned(), person.clone());
    }
}
