//! The lemmatiser: for each tag, a list of endings, each with what to cut off and what to put in its place. The longest
//! ending that a word has decides; a whole word counts as the longest of all, which is how exceptions are told.

use super::codec::{Corrupt, Input, text, varint};
use super::names::xpos;
use std::collections::HashMap;

/// Irregular forms that an analyst listed: (form, Penn tag) to lemma.
pub type Irregular = HashMap<(String, &'static str), String>;

/// Reads a table of form, tag and lemma, separated by tabs; lines with `#` are comments. The error says which line is
/// wrong, and how.
pub fn irregular(table: &str) -> Result<Irregular, String> {
    let mut forms = Irregular::new();
    for (i, line) in table.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let [form, tag, lemma] = columns[..] else {
            return Err(format!(
                "line {}: expected form, tag and lemma, found {line:?}",
                i + 1
            ));
        };
        let tag = xpos(tag).ok_or_else(|| {
            format!(
                "line {}: expected a Penn Treebank tag, found {tag:?}",
                i + 1
            )
        })?;
        if forms
            .insert((form.to_owned(), tag), lemma.to_owned())
            .is_some()
        {
            return Err(format!(
                "line {}: expected {form:?} as {tag} once, found it again",
                i + 1
            ));
        }
    }
    Ok(forms)
}

/// Longest ending, in characters, short of a whole word.
pub const ENDING_MAX: usize = 5;

/// What turns a word into its lemma.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Change {
    /// Characters to cut off.
    pub cut: u8,
    pub add: String,
}

/// One rule: words of a tag (by number) with this ending change so. An exception's ending is `^` and the whole word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    pub tag: u8,
    pub ending: String,
    pub change: Change,
}

/// The rules, found by tag and ending.
pub struct Lemmatiser {
    /// For each tag, endings and the place of their change.
    endings: Vec<HashMap<String, u16>>,
    changes: Vec<Change>,
}

impl Change {
    /// The change between a form and its lemma.
    pub fn between(form: &str, lemma: &str) -> Option<Self> {
        let common = form
            .chars()
            .zip(lemma.chars())
            .take_while(|(a, b)| a == b)
            .count();
        let cut = u8::try_from(form.chars().count() - common).ok()?;
        Some(Self {
            cut,
            add: lemma.chars().skip(common).collect(),
        })
    }

    /// The lemma; the form itself where it is too short to be cut.
    pub fn apply(&self, form: &str) -> String {
        let cut = usize::from(self.cut);
        let keep = match cut {
            0 => form.len(),
            _ => form.char_indices().rev().nth(cut - 1).map_or(0, |(i, _)| i),
        };
        let lemma = format!("{}{}", &form[..keep], self.add);
        if lemma.is_empty() {
            form.to_owned()
        } else {
            lemma
        }
    }
}

impl Lemmatiser {
    /// Tags are below `tags`.
    pub fn new(rules: &[Rule], tags: usize) -> Self {
        let mut endings = vec![HashMap::new(); tags];
        let mut changes: Vec<Change> = Vec::new();
        let mut places: HashMap<&Change, u16> = HashMap::new();
        for rule in rules {
            // What adds more than an ending was learnt from one odd word.
            let whole = rule.ending.starts_with('^');
            if !whole && rule.change.add.chars().count() > ENDING_MAX {
                continue;
            }
            let place = *places.entry(&rule.change).or_insert_with(|| {
                changes.push(rule.change.clone());
                (changes.len() - 1) as u16
            });
            endings[rule.tag as usize].insert(rule.ending.clone(), place);
        }
        Self { endings, changes }
    }

    /// The lemma of a form, which comes in lower case unless it is a proper name.
    pub fn lemma(&self, form: &str, tag: u8) -> String {
        let Some(endings) = self.endings.get(tag as usize) else {
            return form.to_owned();
        };
        if endings.is_empty() {
            return form.to_owned();
        }
        let mut key = String::with_capacity(form.len() + 1);
        key.push('^');
        key.push_str(form);
        if let Some(&place) = endings.get(&key) {
            return self.changes[place as usize].apply(form);
        }
        for ending in endings_of(form) {
            if let Some(&place) = endings.get(ending) {
                return self.changes[place as usize].apply(form);
            }
        }
        form.to_owned()
    }
}

/// The endings of a form, longest first, down to the empty one.
pub fn endings_of(form: &str) -> impl Iterator<Item = &str> {
    let starts: Vec<usize> = form
        .char_indices()
        .rev()
        .take(ENDING_MAX)
        .map(|(i, _)| i)
        .collect();
    starts.into_iter().rev().map(|i| &form[i..]).chain([""])
}

/// Most different changes.
const CHANGES_MAX: usize = 1 << 15;

/// Writes rules.
pub fn encode(rules: &[Rule], out: &mut Vec<u8>) {
    let mut changes: Vec<&Change> = rules.iter().map(|r| &r.change).collect();
    changes.sort();
    changes.dedup();
    varint(changes.len() as u64, out);
    for change in &changes {
        out.push(change.cut);
        text(&change.add, out);
    }
    varint(rules.len() as u64, out);
    for rule in rules {
        out.push(rule.tag);
        text(&rule.ending, out);
        let place = changes
            .binary_search(&&rule.change)
            .expect("every change is in the list");
        varint(place as u64, out);
    }
}

/// Reads what [`encode`] wrote.
pub fn decode(input: &mut Input<'_>, tags: usize) -> Result<Vec<Rule>, Corrupt> {
    let count = input.count()?;
    if count > CHANGES_MAX {
        return Err(input.corrupt("at most 32,768 changes of lemmas"));
    }
    let mut changes = Vec::with_capacity(count);
    for _ in 0..count {
        changes.push(Change {
            cut: input.byte()?,
            add: input.text()?.to_owned(),
        });
    }
    let count = input.count()?;
    let mut rules = Vec::with_capacity(count);
    for _ in 0..count {
        let tag = input.byte()?;
        let ending = input.text()?.to_owned();
        let place = usize::try_from(input.varint()?).unwrap_or(usize::MAX);
        if usize::from(tag) >= tags {
            return Err(input.corrupt("a tag that the model has"));
        }
        let change = changes
            .get(place)
            .ok_or(input.corrupt("a change of the list"))?
            .clone();
        rules.push(Rule {
            tag,
            ending,
            change,
        });
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_line_of_the_table_is_named() {
        let forms = irregular("# form, tag, lemma\nstrode\tVBD\tstride\n").unwrap();
        assert_eq!(forms[&("strode".to_owned(), "VBD")], "stride");
        assert!(
            irregular("strode\tVBD\n")
                .unwrap_err()
                .contains("line 1: expected form, tag and lemma")
        );
        assert!(
            irregular("strode\tVERB\tstride\n")
                .unwrap_err()
                .contains("found \"VERB\"")
        );
        assert!(
            irregular("a\tNN\ta\na\tNN\tb\n")
                .unwrap_err()
                .contains("line 2")
        );
    }

    #[test]
    fn the_longest_ending_decides() {
        let rule = |ending: &str, form: &str, lemma: &str| Rule {
            tag: 1,
            ending: ending.to_owned(),
            change: Change::between(form, lemma).unwrap(),
        };
        let rules = [
            rule("", "meets", "meet"),
            rule("ies", "parties", "party"),
            rule("^ties", "ties", "tie"),
            rule("^lay", "lay", "lie"),
        ];
        let mut bytes = Vec::new();
        encode(&rules, &mut bytes);
        assert_eq!(decode(&mut Input::new(&bytes), 2).unwrap(), rules);
        let lemmatiser = Lemmatiser::new(&rules, 2);
        assert_eq!(lemmatiser.lemma("strikes", 1), "strike");
        assert_eq!(lemmatiser.lemma("treaties", 1), "treaty");
        assert_eq!(lemmatiser.lemma("ties", 1), "tie");
        assert_eq!(lemmatiser.lemma("lay", 1), "lie");
        assert_eq!(lemmatiser.lemma("é", 1), "é");
        assert_eq!(lemmatiser.lemma("strikes", 0), "strikes");
        let odd = [rule("", "j", "jsmith@example")];
        assert_eq!(Lemmatiser::new(&odd, 2).lemma("shells", 1), "shells");
    }
}
