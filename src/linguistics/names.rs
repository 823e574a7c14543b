//! The closed vocabularies of a tree: parts of speech, Penn Treebank tags and dependency relations.

use std::fmt;
use std::str::FromStr;

/// A name that is not in one of the closed vocabularies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}")]
pub struct UnknownName {
    pub expected: &'static str,
    pub found: String,
}

/// Universal part of speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
#[rustfmt::skip]
pub enum Upos {
    Adj, Adp, Adv, Aux, Cconj, Det, Intj, Noun, Num, Part, Pron, Propn, Punct, Sconj, Sym, Verb,
    #[default]
    X,
}

/// Universal dependency relation, subtypes kept where English treebanks use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
#[rustfmt::skip]
pub enum Deprel {
    Acl, AclRelcl, Advcl, AdvclRelcl, Advmod, Amod, Appos, Aux, AuxPass, Case, Cc, CcPreconj, Ccomp, Compound,
    CompoundPrt, Conj, Cop, Csubj, CsubjOuter, CsubjPass,
    #[default]
    Dep,
    Det, DetPredet, Discourse, Dislocated, Expl, Fixed, Flat, Goeswith, Iobj, List, Mark, Nmod, NmodDesc, NmodPoss,
    NmodUnmarked, Nsubj, NsubjOuter, NsubjPass, Nummod, Obj, Obl, OblAgent, OblUnmarked, Orphan, Parataxis, Punct,
    Reparandum, Root, Vocative, Xcomp,
}

impl Upos {
    /// Every part of speech, in the order of its number.
    #[rustfmt::skip]
    pub const ALL: [Upos; 17] = [
        Upos::Adj, Upos::Adp, Upos::Adv, Upos::Aux, Upos::Cconj, Upos::Det, Upos::Intj, Upos::Noun, Upos::Num,
        Upos::Part, Upos::Pron, Upos::Propn, Upos::Punct, Upos::Sconj, Upos::Sym, Upos::Verb, Upos::X,
    ];

    /// As the treebanks write it: `PROPN`.
    #[rustfmt::skip]
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 17] = [
            "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT",
            "SCONJ", "SYM", "VERB", "X",
        ];
        NAMES[self as usize]
    }
}

impl Deprel {
    /// Every relation, in the order of its number.
    #[rustfmt::skip]
    pub const ALL: [Deprel; 51] = [
        Deprel::Acl, Deprel::AclRelcl, Deprel::Advcl, Deprel::AdvclRelcl, Deprel::Advmod, Deprel::Amod,
        Deprel::Appos, Deprel::Aux, Deprel::AuxPass, Deprel::Case, Deprel::Cc, Deprel::CcPreconj, Deprel::Ccomp,
        Deprel::Compound, Deprel::CompoundPrt, Deprel::Conj, Deprel::Cop, Deprel::Csubj, Deprel::CsubjOuter,
        Deprel::CsubjPass, Deprel::Dep, Deprel::Det, Deprel::DetPredet, Deprel::Discourse, Deprel::Dislocated,
        Deprel::Expl, Deprel::Fixed, Deprel::Flat, Deprel::Goeswith, Deprel::Iobj, Deprel::List, Deprel::Mark,
        Deprel::Nmod, Deprel::NmodDesc, Deprel::NmodPoss, Deprel::NmodUnmarked, Deprel::Nsubj, Deprel::NsubjOuter,
        Deprel::NsubjPass, Deprel::Nummod, Deprel::Obj, Deprel::Obl, Deprel::OblAgent, Deprel::OblUnmarked,
        Deprel::Orphan, Deprel::Parataxis, Deprel::Punct, Deprel::Reparandum, Deprel::Root, Deprel::Vocative,
        Deprel::Xcomp,
    ];

    /// As the treebanks write it: `nsubj:pass`.
    #[rustfmt::skip]
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 51] = [
            "acl", "acl:relcl", "advcl", "advcl:relcl", "advmod", "amod", "appos", "aux", "aux:pass", "case", "cc",
            "cc:preconj", "ccomp", "compound", "compound:prt", "conj", "cop", "csubj", "csubj:outer", "csubj:pass",
            "dep", "det", "det:predet", "discourse", "dislocated", "expl", "fixed", "flat", "goeswith", "iobj",
            "list", "mark", "nmod", "nmod:desc", "nmod:poss", "nmod:unmarked", "nsubj", "nsubj:outer",
            "nsubj:pass", "nummod", "obj", "obl", "obl:agent", "obl:unmarked", "orphan", "parataxis", "punct",
            "reparandum", "root", "vocative", "xcomp",
        ];
        NAMES[self as usize]
    }
}

impl fmt::Display for Upos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Deprel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Upos {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Upos::ALL.into_iter().find(|u| u.name() == name);
        found.ok_or_else(|| UnknownName {
            expected: "a universal part of speech",
            found: name.to_owned(),
        })
    }
}

impl FromStr for Deprel {
    type Err = UnknownName;

    /// A subtype that English treebanks don't use is read as its main relation (`obl:tmod` as `obl`).
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let find = |name: &str| Deprel::ALL.into_iter().find(|d| d.name() == name);
        let found = find(name).or_else(|| find(name.split(':').next().unwrap_or(name)));
        found.ok_or_else(|| UnknownName {
            expected: "a universal dependency relation",
            found: name.to_owned(),
        })
    }
}

/// Penn Treebank tags as English treebanks use them, sorted; `XX` stands for what has none.
#[rustfmt::skip]
pub static XPOS: [&str; 51] = [
    "#", "$", "''", ",", "-LRB-", "-RRB-", ".", ":", "ADD", "AFX", "CC", "CD", "DT", "EX", "FW", "GW", "HYPH",
    "IN", "JJ", "JJR", "JJS", "LS", "MD", "NFP", "NN", "NNP", "NNPS", "NNS", "PDT", "POS", "PRP", "PRP$", "RB",
    "RBR", "RBS", "RP", "SYM", "TO", "UH", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "WDT", "WP", "WP$", "WRB",
    "XX", "``",
];

/// The tag as one of [`XPOS`], none where it isn't there.
pub fn xpos(name: &str) -> Option<&'static str> {
    XPOS.binary_search(&name).ok().map(|i| XPOS[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_agree() {
        for (i, upos) in Upos::ALL.into_iter().enumerate() {
            assert_eq!(upos as usize, i);
            assert_eq!(upos.name().parse(), Ok(upos));
        }
        for (i, deprel) in Deprel::ALL.into_iter().enumerate() {
            assert_eq!(deprel as usize, i);
            assert_eq!(deprel.name().parse(), Ok(deprel));
        }
        assert!(XPOS.is_sorted());
        assert_eq!(xpos("VBD"), Some("VBD"));
        assert_eq!(xpos("VBD "), None);
    }

    #[test]
    fn unknown_names_say_what_was_expected() {
        assert_eq!("obl:tmod".parse(), Ok(Deprel::Obl));
        let error = "verb".parse::<Upos>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected a universal part of speech, found \"verb\""
        );
    }
}
