//! CoNLL-U, the format of the Universal Dependencies treebanks: for the trainer and for measuring.

use super::names::{Deprel, UnknownName, Upos, xpos};

/// Head of a root.
pub const NOBODY: u16 = u16::MAX;

/// A sentence with its tree; empty nodes are left out.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    /// The text as printed, where the file tells it.
    pub text: String,
    /// True for the first of a paragraph.
    pub opens: bool,
    pub words: Vec<Word>,
}

/// One syntactic word.
#[derive(Debug, Clone)]
pub struct Word {
    pub form: String,
    pub lemma: String,
    pub upos: Upos,
    pub xpos: &'static str,
    /// Index of the head in the sentence, [`NOBODY`] for the root.
    pub head: u16,
    pub deprel: Deprel,
    /// False where the next word follows without a space.
    pub space_after: bool,
}

impl Word {
    /// Index of the head in the sentence, none for the root.
    pub fn head(&self) -> Option<usize> {
        (self.head != NOBODY).then_some(self.head as usize)
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {expected}, found {found:?}")]
pub struct Error {
    pub line: usize,
    pub expected: &'static str,
    pub found: String,
}

/// Reads a file.
pub fn read(file: &str) -> Result<Vec<Sentence>, Error> {
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    // Last word of a word group printed as one ("don't"), and whether a space follows the group.
    let mut group: Option<(usize, bool)> = None;
    for (i, line) in file.lines().enumerate() {
        let error = |expected, found: &str| Error {
            line: i + 1,
            expected,
            found: found.to_owned(),
        };
        if line.is_empty() {
            if !sentence.words.is_empty() {
                sentences.push(std::mem::take(&mut sentence));
            }
            group = None;
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            let comment = comment.trim_start();
            if let Some(text) = comment.strip_prefix("text = ") {
                sentence.text = text.to_owned();
            }
            sentence.opens |= comment.starts_with("newpar") || comment.starts_with("newdoc");
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, form, lemma, upos, tag, _, head, deprel, _, misc] = columns[..] else {
            return Err(error("ten columns", line));
        };
        let spaced = !misc.split('|').any(|m| m == "SpaceAfter=No");
        if let Some((_, end)) = id.split_once('-') {
            let end = end.parse().map_err(|_| error("a range of words", id))?;
            group = Some((end, spaced));
            continue;
        }
        if id.contains('.') {
            continue;
        }
        let number: usize = id.parse().map_err(|_| error("a word's number", id))?;
        let head: u16 = head.parse().map_err(|_| error("a head's number", head))?;
        let known = |e: UnknownName| error(e.expected, &e.found);
        let space_after = match group {
            Some((end, spaced)) if number <= end => number == end && spaced,
            _ => spaced,
        };
        sentence.words.push(Word {
            form: form.to_owned(),
            lemma: lemma.to_owned(),
            upos: upos.parse().map_err(known)?,
            xpos: xpos(tag).unwrap_or("XX"),
            head: head.checked_sub(1).unwrap_or(NOBODY),
            deprel: deprel.parse().map_err(known)?,
            space_after,
        });
    }
    if !sentence.words.is_empty() {
        sentences.push(sentence);
    }
    Ok(sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_empty_nodes() {
        let file = "# text = They don't.\n\
            1\tThey\tthey\tPRON\tPRP\t_\t2\tnsubj\t_\t_\n\
            2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
            2\tdo\tdo\tVERB\tVBP\t_\t0\troot\t_\t_\n\
            3\tn't\tnot\tPART\tRB\t_\t2\tadvmod\t_\t_\n\
            3.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t_\t_\n\
            4\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n";
        let sentences = read(file).unwrap();
        let words = &sentences[0].words;
        assert_eq!(sentences[0].text, "They don't.");
        assert_eq!(
            words.iter().map(|w| w.space_after).collect::<Vec<_>>(),
            [true, false, false, true]
        );
        assert_eq!((words[1].head, words[3].head), (NOBODY, 1));
        let error = read("1\tThey\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 1: expected ten columns, found \"1\\tThey\""
        );
    }
}
