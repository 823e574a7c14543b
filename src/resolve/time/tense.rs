//! Whether what a time expression belongs to lies behind or ahead.

use super::read::Reader;

/// Where the words put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
}

/// Tokens before an expression that are looked at.
const REACH: usize = 24;

impl Reader<'_> {
    /// The tense at the expression in words `from..to`. Past where nothing tells: news is mostly of what happened.
    pub(super) fn tense(&self, from: usize, to: usize) -> Tense {
        if let Some(tense) = self.before(from) {
            return tense;
        }
        // It stands before its verb: "On Friday, ministers will meet".
        for i in to..self.len().min(to + REACH) {
            let word = self.word(i);
            if self.looks_ahead(i) {
                return Tense::Future;
            }
            if self.is_past_verb(i)
                || matches!(word, "has" | "have" | "had" | "was" | "were" | "did")
            {
                return Tense::Past;
            }
            if matches!(word, ";" | "–" | "—") {
                break;
            }
        }
        Tense::Past
    }

    /// The nearest word before an expression that tells.
    fn before(&self, from: usize) -> Option<Tense> {
        // "demanded that they leave by Friday", "lasts until May 15": a limit lies ahead as what an infinitive names does.
        let is_limit = from > 0 && matches!(self.word(from - 1), "by" | "until" | "till");
        let mut infinitive = is_limit;
        for i in (from.saturating_sub(REACH)..from).rev() {
            let word = self.word(i);
            // "… ahead of Friday's talks", "the meeting scheduled for Friday", "postponed until Monday".
            if word == "ahead" && self.word(i + 1) == "of" && i + 3 > from.saturating_sub(1) {
                return Some(Tense::Future);
            }
            if self.looks_ahead(i) {
                return Some(Tense::Future);
            }
            if word == "to" && self.is_bare_verb(i + 1) {
                infinitive = true;
                continue;
            }
            if infinitive && is_forward(word) {
                return Some(Tense::Future);
            }
            if self.is_past_verb(i) {
                // "will be held", "to be signed": the auxiliary tells, not the participle. "to hit" is no past at all.
                let auxiliaries = i.saturating_sub(4)..i;
                let last = self.word(i.wrapping_sub(1));
                if last != "have"
                    && auxiliaries.clone().any(|a| {
                        self.looks_ahead(a) || (self.word(a) == "to" && self.word(a + 1) == "be")
                    })
                {
                    return Some(Tense::Future);
                }
                if last == "to" {
                    continue;
                }
                // "The army plans to …" was seen above; a purpose ("used drones to hit") keeps the tense of its verb.
                return Some(Tense::Past);
            }
            if matches!(word, "has" | "have" | "had" | "was" | "were" | "did") {
                return Some(Tense::Past);
            }
            if matches!(word, ";" | "”" | "\"") {
                break;
            }
        }
        // A headline: "Ministers to meet in Cairo on Friday".
        infinitive.then_some(Tense::Future)
    }

    fn looks_ahead(&self, i: usize) -> bool {
        let have = self.word(i + 1) == "have" || self.word(i + 2) == "have";
        // The month is written with a capital.
        (is_future_auxiliary(self.word(i)) && !have && self.form(i) != "May") || self.is_due(i)
    }

    /// "due", "scheduled", "set to", "is meeting": ahead although no auxiliary says so.
    fn is_due(&self, i: usize) -> bool {
        let word = self.word(i);
        let next = self.word(i + 1);
        match word {
            "due" | "scheduled" | "slated" | "upcoming" | "forthcoming" => true,
            "expected" | "set" | "planned" | "poised" | "likely" => {
                matches!(next, "to" | "for" | "on" | "next" | "in" | "later")
            }
            "is" | "are" => next == "to",
            "planning" | "preparing" => matches!(next, "to" | "for"),
            "postponed" | "delayed" | "rescheduled" => {
                matches!(next, "to" | "until" | "till" | "for")
            }
            "starting" | "beginning" | "effective" => true,
            _ => false,
        }
    }

    fn is_past_verb(&self, i: usize) -> bool {
        let word = self.word(i);
        if IRREGULAR.contains(&word) {
            return !matches!(self.xpos(i), "NN" | "NNP" | "NNS" | "JJ" | "VBZ");
        }
        match self.xpos(i) {
            "VBD" | "VBN" => true,
            // Untagged, or tagged by guess.
            "" | "NN" | "VB" | "VBP" => {
                word.len() >= 4
                    && word.ends_with("ed")
                    && !word.ends_with("eed")
                    && !matches!(word, "united" | "hundred")
            }
            _ => false,
        }
    }

    fn is_bare_verb(&self, i: usize) -> bool {
        match self.xpos(i) {
            "" => {
                let word = self.word(i);
                !matches!(word, "the" | "a" | "an" | "")
                    && self.form(i).starts_with(|c: char| c.is_lowercase())
            }
            tag => tag == "VB",
        }
    }
}

/// Auxiliaries that put their verb ahead, unless "have" follows: "may have met".
fn is_future_auxiliary(word: &str) -> bool {
    matches!(
        word,
        "will" | "'ll" | "’ll" | "shall" | "wo" | "would" | "may" | "might" | "must" | "should"
    )
}

/// Words whose infinitive lies ahead.
#[rustfmt::skip]
fn is_forward(word: &str) -> bool {
    matches!(
        word,
        "plan" | "plans" | "planned" | "expect" | "expects" | "expected" | "set" | "due" | "agree" | "agrees" | "agreed"
            | "intend" | "intends" | "intended" | "ready" | "prepare" | "prepares" | "prepared" | "hope" | "hopes" | "hoped"
            | "vow" | "vows" | "vowed" | "pledge" | "pledges" | "pledged" | "promise" | "promises" | "promised"
            | "threaten" | "threatens" | "threatened" | "order" | "orders" | "ordered" | "urge" | "urges" | "urged"
            | "call" | "calls" | "called" | "ask" | "asks" | "asked" | "demand" | "demands" | "demanded" | "ultimatum"
            | "deadline" | "invite" | "invites" | "invited" | "invitation" | "want" | "wants" | "need" | "needs"
            | "decide" | "decides" | "decided" | "decision" | "aim" | "aims" | "proposed" | "proposes" | "proposal"
            | "extended" | "extends" | "extend" | "offered" | "offers" | "offer" | "scheduled" | "about" | "going" | "likely" | "until"
    )
}

/// Past forms of irregular verbs that news uses.
#[rustfmt::skip]
const IRREGULAR: &[&str] = &[
    "said", "told", "met", "held", "began", "came", "went", "took", "made", "gave", "got", "left", "led", "fell", "hit",
    "shot", "struck", "sent", "saw", "spoke", "broke", "brought", "bought", "caught", "chose", "did", "drew", "drove",
    "fled", "flew", "fought", "found", "grew", "heard", "kept", "knew", "lost", "paid", "put", "ran", "rose", "sank",
    "shook", "sought", "sold", "spent", "stood", "stole", "swore", "taught", "thought", "threw", "withdrew", "won", "wrote",
    "became", "built", "dealt", "cut", "blew", "laid", "lay", "meant", "set", "shut", "split", "swept", "died", "warned",
    "urged", "killed", "seized", "fired", "agreed", "freed", "was", "were", "had",
];
