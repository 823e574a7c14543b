//! The file's form, and how it becomes event types.

use super::{Counted, EventType, Headline, Verb, quad_class};
use crate::model::{Category, Codes, QuantityRole, Status};
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    #[serde(default)]
    pub(super) follow_up: Vec<String>,
    #[serde(rename = "type", default)]
    pub(super) types: Vec<RawType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawType {
    pub(super) name: Spanned<String>,
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
    alleges: bool,
    #[serde(default)]
    yields: bool,
    families: Vec<String>,
    headline: RawHeadline,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHeadline {
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
pub(super) struct RawCounted {
    role: String,
    verb: String,
    alone: Option<String>,
    object: String,
}

impl EventType {
    pub(super) fn read(raw: RawType) -> Result<Self, String> {
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
            alleges: raw.alleges,
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
