//! Repairs that the words make plain and a parser gets wrong, before the graph is built.

use super::{Deprel, Document, Upos};
use std::collections::HashSet;

/// "The army repelled an attack, a source said": the object of the first clause, taken for a second subject of the
/// reporting verb, goes back to its verb.
pub fn reported_clauses(doc: &mut Document, reporting: &HashSet<String>) {
    let n = doc.len();
    let mut subjects: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut contents: Vec<Option<usize>> = vec![None; n];
    for i in 0..n {
        let Some(head) = doc.head(i) else { continue };
        match doc.tokens.deprel[i] {
            Deprel::Nsubj if i < head => subjects[head].push(i),
            Deprel::Ccomp | Deprel::Parataxis | Deprel::Csubj if i < head => {
                contents[head] = Some(i)
            }
            _ => {}
        }
    }
    for verb in 0..n {
        let Some(content) = contents[verb] else {
            continue;
        };
        if doc.tokens.upos[verb] != Upos::Verb
            || !reporting.contains(&doc.tokens.lemma[verb])
            || subjects[verb].len() < 2
        {
            continue;
        }
        let speaker = subjects[verb][subjects[verb].len() - 1];
        for &object in &subjects[verb][..subjects[verb].len() - 1] {
            // Only what stands between the content's verb and the comma before the speaker.
            let comma = (object..speaker).any(|t| doc.form(t) == ",");
            if object > content && comma {
                doc.tokens.head[object] = content as u32;
                doc.tokens.deprel[object] = Deprel::Obj;
            }
        }
    }
}

/// "Three soldiers wounded in Gaza, army says": who was wounded, taken for a second subject of the reporting verb, is the
/// subject of the participle behind it, which is what is reported.
pub fn reported_headlines(doc: &mut Document, reporting: &HashSet<String>) {
    for participle in 0..doc.len() {
        let Some(noun) = doc.head(participle) else {
            continue;
        };
        let Some(verb) = doc.head(noun) else { continue };
        let passive = doc.tokens.deprel[participle] == Deprel::Acl
            && matches!(doc.tokens.xpos[participle], "VBN" | "VBD")
            && participle > noun;
        if !passive
            || doc.tokens.deprel[noun] != Deprel::Nsubj
            || verb < participle
            || !reporting.contains(&doc.tokens.lemma[verb])
        {
            continue;
        }
        let speaker = (participle + 1..verb)
            .rfind(|&t| doc.head(t) == Some(verb) && doc.tokens.deprel[t] == Deprel::Nsubj);
        let comma = speaker.is_some_and(|s| (participle..s).any(|t| doc.form(t) == ","));
        if comma {
            doc.tokens.head[participle] = verb as u32;
            doc.tokens.deprel[participle] = Deprel::Ccomp;
            doc.tokens.xpos[participle] = "VBN";
            doc.tokens.head[noun] = participle as u32;
            doc.tokens.deprel[noun] = Deprel::NsubjPass;
        }
    }
}
