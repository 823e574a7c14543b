//! The event types: what each means, its codes in other systems, how reports of it merge and how a headline words it.

pub use super::strict::Error;
use super::strict::{self};
use crate::model::{Category, Codes, QuantityRole, Status};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// All event types, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Ontology {
    types: Vec<EventType>,
    index: BTreeMap<String, usize>,
    follow_up: Vec<String>,
}

/// One type of event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventType {
    /// Dotted: `military.strike.drone`.
    pub name: String,
    pub definition: String,
    /// The type that this is a kind of (`military.strike`), none below a category.
    pub parent: Option<String>,
    pub category: Category,
    pub codes: Codes,
    /// All sides take part alike: participants instead of initiators and targets.
    pub symmetric: bool,
    /// Told from either side: who is the initiator tells nothing. True of all symmetric types too.
    pub either_side: bool,
    /// An act in words of one speaker.
    pub speech: bool,
    /// Days that a happening may go on.
    pub lasting: u32,
    /// Gives way to any other type that a report of the same event states.
    pub yields: bool,
    /// Labels for merging: types that share one may tell the same happening. Never empty.
    pub families: Vec<String>,
    pub headline: Headline,
}

/// How the summary words an event of a type. Phrases hold `{targets}`, `{place}`, `{targets|place}` or `{count}`; a part
/// in square brackets is left out when a slot in it is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    pub verb: Verb,
    /// What follows the verb.
    pub object: String,
    /// Verb for when a slot that `object` needs is empty.
    pub bare: Option<Verb>,
    /// Verb of a symmetric act when one side only is known.
    pub alone: Option<Verb>,
    /// The act as a noun phrase in the singular, for when nobody is known to have done it.
    pub noun: String,
    /// Set where a toll is the whole news: what follows "5 killed".
    pub toll: Option<String>,
    /// The verb itself tells the toll.
    pub inherent_toll: bool,
    /// Wordings for a known number, tried in order.
    pub counted: Vec<Counted>,
    /// The status that the verb already says.
    pub inherent: Option<Status>,
}

/// Wording for when a number of a role is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    pub role: QuantityRole,
    pub verb: Verb,
    pub alone: Option<Verb>,
    /// What follows the verb; holds `{count}`.
    pub object: String,
}

/// The forms of a verb, each with the rest of its phrase: "carry out air strike".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verb {
    pub base: String,
    /// Third person singular, as a headline has it (`launched` where news uses the past).
    pub finite: String,
    pub gerund: String,
    pub past: String,
}

impl Ontology {
    /// Reads the content of `ontology.toml`. Unknown keys, unknown parents, duplicate names and malformed codes or
    /// phrases are refused with the line of the type.
    pub fn load(text: &str, file: &str) -> Result<Self, Error> {
        let raw: RawFile = strict::read(text, file)?;
        if let Some(bad) = raw
            .follow_up
            .iter()
            .find(|w| w.trim().is_empty() || w.to_lowercase() != **w)
        {
            return Err(Error::at(
                file,
                text,
                0..0,
                format!("expected lower-case words in follow_up, found {bad:?}"),
            ));
        }
        let mut ontology = Self {
            follow_up: raw.follow_up,
            ..Self::default()
        };
        for entry in raw.types {
            let span = entry.name.span();
            let fail = |message: String| Error::at(file, text, span.clone(), message);
            let event_type = EventType::read(entry).map_err(fail)?;
            if ontology.index.contains_key(&event_type.name) {
                return Err(fail(format!("type {:?} is given twice", event_type.name)));
            }
            if let Some(parent) = &event_type.parent
                && !ontology.index.contains_key(parent)
            {
                return Err(fail(format!(
                    "type {:?} comes before its parent: expected {parent:?} above it",
                    event_type.name
                )));
            }
            ontology
                .index
                .insert(event_type.name.clone(), ontology.types.len());
            ontology.types.push(event_type);
        }
        if ontology.types.is_empty() {
            return Err(Error::at(
                file,
                text,
                0..0,
                "expected at least one [[type]], found none",
            ));
        }
        Ok(ontology)
    }

    /// The type of this full name.
    pub fn get(&self, name: &str) -> Option<&EventType> {
        self.index.get(name).map(|i| &self.types[*i])
    }

    /// Where in [`Ontology::types`] the type of this full name stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// All types, in the order of the file.
    pub fn types(&self) -> &[EventType] {
        &self.types
    }

    /// True if a text says that it comes back to what happened earlier: a toll that rose, a victim identified.
    pub fn is_follow_up(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.follow_up
            .iter()
            .any(|words| text.contains(words.as_str()))
    }

    /// True if `prefix` is a category, a type, or a dotted beginning of one.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.types.iter().any(|t| is_a(&t.name, prefix))
    }
}

/// True if `name` is `ancestor` or lies below it.
pub fn is_a(name: &str, ancestor: &str) -> bool {
    name.strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// CAMEO quad class of a code, a leading `~` aside: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict,
/// 4 material conflict; 0 where the root is none of 01 to 20.
pub fn quad_class(cameo: &str) -> u32 {
    let root = cameo
        .trim_start_matches('~')
        .get(..2)
        .and_then(|r| r.parse::<u32>().ok());
    match root {
        Some(1..=5) => 1,
        Some(6..=9) => 2,
        Some(10..=13) => 3,
        Some(14..=20) => 4,
        _ => 0,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    follow_up: Vec<String>,
    #[serde(rename = "type", default)]
    types: Vec<RawType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawType {
    name: Spanned<String>,
    definition: String,
    #[serde(default)]
    cameo: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    plover: String,
    #[serde(default)]
    acled: String,
    #[serde(default)]
    symmetric: bool,
    #[serde(default)]
    either_side: bool,
    #[serde(default)]
    speech: bool,
    #[serde(default)]
    lasting: u32,
    #[serde(default)]
    yields: bool,
    families: Vec<String>,
    headline: RawHeadline,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeadline {
    verb: String,
    object: String,
    noun: String,
    bare: Option<String>,
    alone: Option<String>,
    toll: Option<String>,
    #[serde(default)]
    inherent_toll: bool,
    #[serde(default)]
    counted: Vec<RawCounted>,
    inherent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCounted {
    role: String,
    verb: String,
    alone: Option<String>,
    object: String,
}

impl EventType {
    fn read(raw: RawType) -> Result<Self, String> {
        let name = raw.name.into_inner();
        let category = category(&name)?;
        if raw.definition.trim().is_empty() {
            return Err(format!("type {name:?} has no definition"));
        }
        for code in raw
            .also
            .iter()
            .chain((!raw.cameo.is_empty()).then_some(&raw.cameo))
        {
            if !is_cameo(code) {
                return Err(format!(
                    "expected a CAMEO code of 2 to 4 digits, found {code:?}"
                ));
            }
        }
        if raw.families.is_empty() {
            return Err(format!(
                "type {name:?} has no families: expected at least one"
            ));
        }
        let (plover_event, plover_mode) = match raw.plover.split_once(" (") {
            Some((event, mode)) => (event.to_owned(), mode.trim_end_matches(')').to_owned()),
            None => (raw.plover, String::new()),
        };
        let parent = (name.matches('.').count() > 1)
            .then(|| name.rsplit_once('.').expect("it has dots").0.to_owned());
        Ok(Self {
            parent,
            category,
            definition: raw.definition,
            codes: Codes {
                quad_class: quad_class(&raw.cameo),
                cameo: raw.cameo,
                cameo_alternatives: raw.also,
                plover_event,
                plover_mode,
                acled_sub_event: raw.acled,
            },
            symmetric: raw.symmetric,
            either_side: raw.either_side || raw.symmetric,
            speech: raw.speech,
            lasting: raw.lasting,
            yields: raw.yields,
            families: raw.families,
            headline: Headline::read(raw.headline)?,
            name,
        })
    }
}

impl Headline {
    fn read(raw: RawHeadline) -> Result<Self, String> {
        for phrase in [Some(&raw.object), Some(&raw.noun), raw.toll.as_ref()]
            .into_iter()
            .flatten()
        {
            check_phrase(phrase)?;
        }
        Ok(Self {
            verb: Verb::read(&raw.verb)?,
            bare: raw.bare.as_deref().map(Verb::read).transpose()?,
            object: raw.object,
            noun: raw.noun,
            alone: raw.alone.as_deref().map(Verb::read).transpose()?,
            toll: raw.toll,
            inherent_toll: raw.inherent_toll,
            counted: raw
                .counted
                .into_iter()
                .map(Counted::read)
                .collect::<Result<_, _>>()?,
            inherent: raw.inherent.as_deref().map(status).transpose()?,
        })
    }
}

impl Counted {
    fn read(raw: RawCounted) -> Result<Self, String> {
        check_phrase(&raw.object)?;
        if !raw.object.contains("{count}") {
            return Err(format!(
                "expected {{count}} in a counted phrase, found {:?}",
                raw.object
            ));
        }
        Ok(Self {
            role: role(&raw.role)?,
            verb: Verb::read(&raw.verb)?,
            alone: raw.alone.as_deref().map(Verb::read).transpose()?,
            object: raw.object,
        })
    }
}

impl Verb {
    /// Reads `carry|carries|carrying|carried out air strike`.
    fn read(phrase: &str) -> Result<Self, String> {
        let (forms, rest) = match phrase.split_once(' ') {
            Some((forms, rest)) => (forms, format!(" {rest}")),
            None => (phrase, String::new()),
        };
        let forms: Vec<&str> = forms.split('|').collect();
        let [base, finite, gerund, past] = forms[..] else {
            return Err(format!(
                "expected four forms base|third person|-ing|past, found {phrase:?}"
            ));
        };
        let whole = |form: &str| format!("{form}{rest}");
        Ok(Self {
            base: whole(base),
            finite: whole(finite),
            gerund: whole(gerund),
            past: whole(past),
        })
    }
}

fn category(name: &str) -> Result<Category, String> {
    let well_formed = name.split('.').count() >= 2
        && name.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        });
    match name.split('.').next() {
        Some("diplomatic") if well_formed => Ok(Category::Diplomatic),
        Some("military") if well_formed => Ok(Category::Military),
        _ => Err(format!(
            "expected a type diplomatic.… or military.… of lower-case words, found {name:?}"
        )),
    }
}

fn is_cameo(code: &str) -> bool {
    let digits = code.strip_prefix('~').unwrap_or(code);
    (2..=4).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && quad_class(digits) > 0
}

/// Slots and brackets must be closed and known; brackets do not nest.
fn check_phrase(phrase: &str) -> Result<(), String> {
    let fail = || {
        format!("expected slots {{targets}}, {{place}}, {{count}} and flat [..], found {phrase:?}")
    };
    let mut bracket = false;
    let mut rest = phrase;
    while let Some(at) = rest.find(['[', ']', '{', '}']) {
        match rest.as_bytes()[at] {
            b'[' if !bracket => bracket = true,
            b']' if bracket => bracket = false,
            b'{' => {
                let end = rest.find('}').ok_or_else(fail)?;
                let known = |slot: &str| matches!(slot, "targets" | "place" | "count");
                if end < at || !rest[at + 1..end].split('|').all(known) {
                    return Err(fail());
                }
                rest = &rest[end + 1..];
                continue;
            }
            _ => return Err(fail()),
        }
        rest = &rest[at + 1..];
    }
    if bracket { Err(fail()) } else { Ok(()) }
}

fn status(word: &str) -> Result<Status, String> {
    Ok(match word {
        "claimed" => Status::Claimed,
        "denied" => Status::Denied,
        "threatened" => Status::Threatened,
        "planned" => Status::Planned,
        _ => {
            return Err(format!(
                "expected claimed, denied, threatened or planned, found {word:?}"
            ));
        }
    })
}

fn role(word: &str) -> Result<QuantityRole, String> {
    Ok(match word {
        "launched" => QuantityRole::Launched,
        "intercepted" => QuantityRole::Intercepted,
        "hit" => QuantityRole::Hit,
        "killed" => QuantityRole::Killed,
        "wounded" => QuantityRole::Wounded,
        "captured" => QuantityRole::Captured,
        "displaced" => QuantityRole::Displaced,
        "deployed" => QuantityRole::Deployed,
        "amount" => QuantityRole::Amount,
        "other" => QuantityRole::Other,
        _ => {
            return Err(format!(
                "expected the role of a quantity in lower case, found {word:?}"
            ));
        }
    })
}

#[cfg(test)]
mod tests;
