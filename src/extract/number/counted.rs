//! The noun that a number counts, and the unit that it makes.

use super::amount::Amount;
use super::words::{self, Words};
use super::{NumberKind, NumberMention, kind};
use crate::linguistics::{Deprel, Upos};

/// Tokens after a number within which its noun must stand.
const REACH: usize = 8;

/// Builds the mention of an amount; `earlier` are those before it in the sentence.
pub(super) fn mention(
    text: &Words,
    amount: Amount,
    kind: NumberKind,
    earlier: &[NumberMention],
) -> NumberMention {
    let mut mention = NumberMention {
        tokens: amount.tokens.clone(),
        head: None,
        value: amount.value,
        max_value: amount.max_value,
        approximation: amount.approximation,
        unit: String::new(),
        kind,
    };
    match kind {
        NumberKind::Money => {
            let scale = kind::money_scale(&amount);
            mention.value *= scale;
            mention.max_value = mention.max_value.map(|m| m * scale);
            mention.unit = kind::currency(text, &amount).unwrap_or("").to_string();
        }
        NumberKind::Measure => {
            mention.unit = kind::measure(text, &amount).unwrap_or("").to_string()
        }
        NumberKind::Percentage => mention.unit = "percent".to_string(),
        NumberKind::Count | NumberKind::Vague => count(text, &amount, &mut mention, earlier),
        _ => {}
    }
    mention
}

fn count(text: &Words, amount: &Amount, mention: &mut NumberMention, earlier: &[NumberMention]) {
    // "10k", "3m people", "2bn".
    let scale = kind::money_scale(amount);
    mention.value *= scale;
    mention.max_value = mention.max_value.map(|m| m * scale);

    let head = noun(text, amount);
    mention.head = head;
    if let Some(head) = head {
        let word = text.word(head);
        mention.unit = if words::befalls_people(word)
            || matches!(
                word,
                "others" | "other" | "more" | "dead" | "injured" | "wounded"
            ) {
            String::new()
        } else {
            unit(text, head, amount.tokens.end)
        };
    }
    if !mention.unit.is_empty() {
        return;
    }
    // No noun: "killed 12", "five were wounded", "11 others", "14 dead".
    mention.head = None;
    if people_beside(text, amount) {
        mention.unit = "person".to_string();
        return;
    }
    // "launched 49 drones, of which 32 were shot down": what was counted before.
    let antecedent = earlier
        .iter()
        .rev()
        .find(|m| m.kind == NumberKind::Count && !m.unit.is_empty());
    match antecedent.filter(|_| stands_for_things(text, amount)) {
        Some(antecedent) => {
            mention.unit.clone_from(&antecedent.unit);
            mention.head = antecedent.head;
        }
        None if mention.kind == NumberKind::Count => mention.kind = NumberKind::Bare,
        None => {}
    }
}

/// A number in the place of a noun: a verb, "of" or a stop follows, or it stands after "which" or "all".
fn stands_for_things(text: &Words, amount: &Amount) -> bool {
    let next = text.word(amount.tokens.end);
    words::is_function(next)
        || !next.chars().any(char::is_alphanumeric)
        || text.upos(amount.tokens.end) == Upos::Verb
}

fn people_beside(text: &Words, amount: &Amount) -> bool {
    let end = amount.tokens.end;
    let after = (end..end + 5).take_while(|i| !matches!(text.word(*i), "," | ";" | "." | "and"));
    let before = (amount.tokens.start.saturating_sub(3)..amount.tokens.start).rev();
    // Nouns on the way belong to somebody else: "killed the crew of 12", so only small words may stand between.
    let small = |w: &str| {
        words::is_function(w)
            || matches!(
                w,
                "others"
                    | "other"
                    | "more"
                    | "at"
                    | "least"
                    | "further"
                    | "another"
                    | "people"
                    | "reportedly"
            )
    };
    let mut ahead = false;
    for i in after {
        if words::befalls_people(text.word(i)) {
            ahead = true;
            break;
        }
        if !small(text.word(i)) {
            break;
        }
    }
    let mut behind = false;
    for i in before {
        if words::befalls_people(text.word(i)) {
            behind = true;
            break;
        }
        if !small(text.word(i)) {
            break;
        }
    }
    // "11 others", "14 more" without more are people where nothing was counted but people.
    // "the toll from the bombing rose to 38".
    let toll = (amount.tokens.start.saturating_sub(10)..amount.tokens.start)
        .any(|i| text.word(i) == "toll");
    ahead || behind || toll || text.word(end) == "others"
}

/// The noun that the tree gives a number, where that makes sense.
fn noun_by_tree(text: &Words, number: usize, from: usize) -> Option<usize> {
    let head = text.head(number)?;
    let is_noun = matches!(text.upos(head), Upos::Noun | Upos::Propn);
    let is_near = (from..from + REACH).contains(&head);
    let is_split =
        || (from..head).any(|i| matches!(text.word(i), "," | ";" | "(" | "and" | "or" | "of"));
    (text.deprel(number) == Deprel::Nummod && is_noun && is_near && !is_split()).then_some(head)
}

/// Token of the noun that an amount counts.
fn noun(text: &Words, amount: &Amount) -> Option<usize> {
    let mut from = amount.tokens.end;
    // "32 of the drones", "two of them children", "dozens of rockets", "one of its 12 boats".
    if text.word(from) == "of" {
        from += 1;
        if matches!(text.word(from), "them" | "whom" | "which") {
            // What they are is said right after, if at all.
            from += 1;
            if words::is_function(text.word(from)) || !is_plural(text, from) {
                return None;
            }
        }
        while matches!(
            text.word(from),
            "the" | "these" | "those" | "its" | "their" | "his" | "all" | "our"
        ) {
            from += 1;
        }
        // A number in between: the noun is behind it.
        if let Some(inner) = super::numeral::at(text, from) {
            from = inner.end;
        }
    } else if let Some(head) = noun_by_tree(text, amount.number, from) {
        return Some(head);
    }
    // "one of the drones" names the many.
    let single = amount.value == 1.0
        && amount.max_value.is_none()
        && !amount.vague
        && text.word(amount.tokens.end) != "of";
    let mut last = None;
    for i in from..(from + REACH).min(text.range.end) {
        let word = text.word(i);
        if matches!(word, "-" | "–" | "/") {
            // Part of a compound: "anti-tank missiles", "Iskander-M missiles".
            continue;
        }
        if words::is_function(word) || !word.chars().any(char::is_alphanumeric) {
            break;
        }
        if i > from && super::numeral::at(text, i).is_some() && !text.is_glued(i) {
            break;
        }
        if is_finite_verb(text, i) {
            break;
        }
        if words::befalls_people(word) && (last.is_some() || !is_plural_after(text, i)) {
            // "15 people killed", "12 wounded".
            break;
        }
        last = Some(i);
        if !single && is_plural(text, i) && !goes_on(text, i) {
            return Some(i);
        }
        if single
            && matches!(text.upos(i), Upos::Noun | Upos::Propn)
            && !matches!(text.upos(i + 1), Upos::Noun | Upos::Propn | Upos::Adj)
            && text.word(i + 1) != "-"
        {
            return Some(i);
        }
    }
    // Without a plural, the last word counts if it may be one: "three crew", "two Su-34", "20 aircraft".
    let last = last?;
    let may_be_noun = matches!(
        text.upos(last),
        Upos::Noun | Upos::Propn | Upos::X | Upos::Num | Upos::Adj
    );
    let adverb = text.word(last).ends_with("ly")
        || matches!(
            text.word(last),
            "more" | "other" | "overnight" | "today" | "yesterday"
        );
    (may_be_noun && !adverb).then_some(last)
}

fn is_plural_after(text: &Words, i: usize) -> bool {
    (i + 1..i + 4)
        .take_while(|n| !words::is_function(text.word(*n)))
        .any(|n| is_plural(text, n))
}

/// Whether another noun follows that the plural only describes: "arms depots", "air forces bases".
fn goes_on(text: &Words, i: usize) -> bool {
    let describes = matches!(
        text.word(i),
        "arms"
            | "weapons"
            | "forces"
            | "systems"
            | "communications"
            | "munitions"
            | "defense"
            | "defence"
            | "women"
    );
    let tagged = matches!(text.xpos(i + 1), "NNS" | "NN")
        && text.deprel(i) == Deprel::Compound
        && text.head(i).is_some_and(|h| h > i);
    // "United States soldiers".
    let in_name =
        text.is_capitalised(i) && is_plural_after(text, i) && !words::is_function(text.word(i + 1));
    in_name || (describes && is_plural(text, i + 1)) || tagged
}

fn is_finite_verb(text: &Words, i: usize) -> bool {
    matches!(text.xpos(i), "VBD" | "VBZ" | "VBP" | "MD")
        || (text.upos(i) == Upos::Verb && !matches!(text.xpos(i), "VBN" | "VBG" | ""))
}

/// Whether a token is a plural noun, by its tag or else by its form.
pub(super) fn is_plural(text: &Words, i: usize) -> bool {
    let word = text.word(i);
    if IRREGULAR.iter().any(|(plural, _)| *plural == word) {
        return true;
    }
    match text.xpos(i) {
        "NNS" | "NNPS" => true,
        // A tag of another class counts, one of the same or none is checked by the form.
        "" | "NN" | "NNP" => {
            let noun = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            noun.len() > 3
                && noun.ends_with('s')
                && !noun.ends_with("ss")
                && !noun.ends_with("us")
                && !noun.ends_with("is")
                && !words::is_function(noun)
        }
        _ => false,
    }
}

/// Plurals without "s", and people: the singular that the unit is named by.
#[rustfmt::skip]
const IRREGULAR: &[(&str, &str)] = &[
    ("people", "person"), ("persons", "person"), ("men", "man"), ("women", "woman"), ("children", "child"), ("aircraft", "aircraft"),
    ("troops", "soldier"), ("personnel", "personnel"), ("police", "police officer"), ("servicemen", "serviceman"),
    ("servicewomen", "servicewoman"), ("policemen", "policeman"), ("gunmen", "gunman"), ("militiamen", "militiaman"),
    ("fishermen", "fisherman"), ("airmen", "airman"), ("seamen", "seaman"), ("spacecraft", "spacecraft"), ("clergymen", "clergyman"),
    ("watercraft", "watercraft"), ("crewmen", "crewman"), ("crew", "crew"), ("lives", "person"), ("dead", "person"),
    ("guardsmen", "guardsman"), ("headquarters", "headquarters"), ("cattle", "cattle"), ("wives", "wife"), ("knives", "knife"),
    ("hovercraft", "hovercraft"), ("cavalrymen", "cavalryman"), ("infantrymen", "infantryman"), ("riflemen", "rifleman"),
];

/// Adjectives that make another kind of thing of a noun.
#[rustfmt::skip]
const DEFINING: &[&str] = &[
    "ballistic", "cruise", "guided", "hypersonic", "nuclear", "armoured", "armored", "unmanned", "uncrewed", "aerial", "naval",
    "medical", "mobile", "electronic", "explosive", "incendiary", "residential", "humanitarian", "military", "civilian",
    "political", "mortar", "tactical", "strategic", "commercial", "mechanised", "mechanized",
];

/// Lemma of the noun at `head` with the compound in front of it, not reaching before token `from`.
pub(super) fn unit(text: &Words, head: usize, from: usize) -> String {
    let form = text.word(head);
    if is_people_by_name(text, head) {
        return "person".to_string();
    }
    let own = singular(text, head);
    if matches!(
        own.as_str(),
        "person" | "child" | "man" | "woman" | "soldier" | "civilian"
    ) && form != "soldiers"
    {
        return own;
    }
    // "Su-34", "F-16s": the name with its number is the unit.
    if text.word(head.wrapping_sub(1)) == "-"
        && text.is_glued(head)
        && text.form(head).starts_with(|c: char| c.is_ascii_digit())
        && head >= 2
    {
        return format!(
            "{}-{}",
            text.form(head - 2),
            text.form(head).trim_end_matches('s')
        );
    }
    let mut parts = vec![own];
    let mut at = head;
    while at > from && parts.len() < 4 {
        let before = at - 1;
        let word = text.word(before);
        let noun = text.upos(before) == Upos::Noun
            && !is_plural(text, before)
            && text.xpos(before) != "CD";
        let untagged = text.upos(before) == Upos::X && KINDS.contains(&word);
        // "long-range rocket": a piece of an adjective.
        let is_piece = text.is_glued(before) && text.word(before.wrapping_sub(1)) == "-";
        if is_piece
            || !(noun || untagged || DEFINING.contains(&word))
            || text.is_capitalised(before) && before > text.range.start
        {
            break;
        }
        parts.push(word.to_string());
        at = before;
    }
    parts.reverse();
    parts.join(" ")
}

/// Nouns that stand before others in compounds, for text without tags.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "attack", "strike", "air", "defence", "defense", "fighter", "police", "aid", "health", "security", "army", "navy", "artillery",
    "rocket", "missile", "drone", "apartment", "oil", "gas", "fuel", "grain", "power", "kamikaze", "reconnaissance", "glide",
    "cluster", "patrol", "cargo", "container", "transport", "battle", "troop", "border",
];

/// Whether a capitalised plural names people: "Palestinians", "Israelis", "Lebanese".
fn is_people_by_name(text: &Words, i: usize) -> bool {
    let word = text.word(i);
    text.is_capitalised(i)
        && i > text.range.start
        && [
            "ians", "eans", "ans", "qis", "nis", "lis", "ese", "shis", "tis", "ites",
        ]
        .iter()
        .any(|e| word.ends_with(e))
}

/// The singular: the lemma where the tagger found one, else by the form.
fn singular(text: &Words, i: usize) -> String {
    let word = text.word(i);
    if let Some((_, one)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*one).to_string();
    }
    let lemma = text.doc.tokens.lemma.get(i).map_or("", String::as_str);
    if !lemma.is_empty() && lemma.to_lowercase() != word && lemma != "_" {
        return lemma.to_string();
    }
    let proper = text.upos(i) == Upos::Propn || (text.is_capitalised(i) && i > text.range.start);
    let form = if proper { text.form(i) } else { word };
    if !is_plural(text, i) {
        return form.to_string();
    }
    if let Some(stem) = form.strip_suffix("ies").filter(|s| s.len() > 2) {
        return format!("{stem}y");
    }
    if let Some(stem) = form
        .strip_suffix("es")
        .filter(|s| ["ch", "sh", "ss", "x", "z"].iter().any(|e| s.ends_with(e)))
    {
        return stem.to_string();
    }
    form.strip_suffix('s').unwrap_or(form).to_string()
}
