//! Whose voice a news item counts as: agencies, owners, else the registrable domain or the name of the source.

use super::strict;
pub use super::strict::Error;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use toml::Spanned;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Agencies and owners by domain and by folded name.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    domains: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    /// Agencies only: those whose credit inside a text makes it theirs.
    agencies: BTreeMap<String, String>,
}

/// The parts of an item that tell whose text it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Imprint<'a> {
    pub source: &'a str,
    pub url: &'a str,
    /// The text as submitted, markup allowed.
    pub text: &'a str,
}

/// Bytes of a text's beginning and end in which a credit is looked for.
const CREDIT_WINDOW: usize = 1_500;

/// `KYIV, March 3 (Name) -`: what stands in the parentheses of a dateline.
static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[^\n(]{0,80}\((?<name>[^()\n]{2,40})\)\s*(?:-|–|—|:)")
        .expect("it is a valid pattern")
});

/// `(Reporting by Name staff in …)`, `provided by Name.`, `distributed by Name`.
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:[Rr]eporting|[Pp]rovided|[Dd]istributed|[Pp]ublished|[Ss]upplied) by (?:the )?(?<name>\p{Lu}[^.;,()\n]{1,60})")
        .expect("it is a valid pattern")
});

static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<[^<>]{0,2000}>").expect("it is a valid pattern"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    agency: Vec<RawEntry>,
    #[serde(default)]
    owner: Vec<RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    name: Spanned<String>,
    #[serde(default)]
    names: Vec<String>,
    domains: Vec<String>,
}

impl Sources {
    /// Reads the content of `sources.toml`. A name or domain given to two owners is refused with the line of the second.
    pub fn load(text: &str, file: &str) -> Result<Self, Error> {
        let raw: RawFile = strict::read(text, file)?;
        let mut sources = Self::default();
        let agencies = raw.agency.into_iter().map(|e| (e, true));
        for (entry, is_agency) in agencies.chain(raw.owner.into_iter().map(|e| (e, false))) {
            let fail = |message: String| Error::at(file, text, entry.name.span(), message);
            let origin = fold(entry.name.as_ref());
            for domain in &entry.domains {
                if registrable(domain).as_deref() != Some(domain) {
                    return Err(fail(format!(
                        "expected a registrable domain in lower case, found {domain:?}"
                    )));
                }
                if let Some(other) = sources.domains.insert(domain.clone(), origin.clone()) {
                    return Err(fail(format!(
                        "domain {domain:?} belongs to {other:?} already"
                    )));
                }
            }
            for name in entry.names.iter().chain([entry.name.as_ref()]) {
                let folded = fold(name);
                if folded.is_empty() {
                    return Err(fail(format!(
                        "expected a name with letters, found {name:?}"
                    )));
                }
                if let Some(other) = sources.names.insert(folded.clone(), origin.clone()) {
                    return Err(fail(format!("name {name:?} belongs to {other:?} already")));
                }
                if is_agency {
                    sources.agencies.insert(folded, origin.clone());
                }
            }
        }
        Ok(sources)
    }

    /// Folded name of the agency or owner, else the registrable domain or the folded name of the source. Empty only when
    /// the imprint is empty.
    pub fn origin(&self, imprint: Imprint<'_>) -> String {
        if let Some(agency) = self.credit(imprint.text) {
            return agency;
        }
        let name = fold(imprint.source);
        if let Some(agency) = self.agency_inside(&name) {
            return agency;
        }
        if let Some(owner) = self.names.get(&name) {
            return owner.clone();
        }
        let domain = registrable(imprint.url).or_else(|| registrable(imprint.source));
        match domain {
            Some(domain) => self.domains.get(&domain).cloned().unwrap_or(domain),
            None => name,
        }
    }

    /// The agency that a text credits. A dateline's credit counts even when the agency is not listed.
    fn credit(&self, text: &str) -> Option<String> {
        let head = strip_tags(window(text, true));
        let first = head.trim_start().lines().find(|l| l.contains('('));
        if let Some(found) = first.and_then(|line| DATELINE.captures(line.trim())) {
            let name = fold(&found["name"]);
            return Some(self.names.get(&name).cloned().unwrap_or(name));
        }
        let tail = strip_tags(window(text, false));
        CLOSING
            .captures_iter(&tail)
            .find_map(|found| self.agency_inside(&fold(&found["name"])))
    }

    /// An agency that a folded phrase begins with, or names after "via": `reuters staff`, `daily post via reuters`.
    fn agency_inside(&self, phrase: &str) -> Option<String> {
        phrase.split(" via ").find_map(|part| {
            let words: Vec<&str> = part.split(' ').collect();
            let known = |n: usize| self.agencies.get(&words[..n].join(" ")).cloned();
            // Two-letter names stand alone only: "AP" is an agency, "PA Smith" is a person.
            let shortest = if words[0].len() > 2 { 1 } else { words.len() };
            (shortest..=words.len().min(5)).rev().find_map(known)
        })
    }
}

/// A name without case, accents and punctuation, words apart by one space.
pub fn fold(name: &str) -> String {
    let plain: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The registrable domain of a URL or host name (`news.example.co.uk` gives `example.co.uk`), none where there is none.
/// What anybody can register under is told by the Public Suffix List, hosts of many people's sites included:
/// `one.blogspot.com` is not `two.blogspot.com`.
pub fn registrable(address: &str) -> Option<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host
        .split(':')
        .next()
        .unwrap_or("")
        .trim_end_matches('.')
        .to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let well_formed =
        |l: &&str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let last = labels.last()?;
    if labels.len() < 2
        || !labels.iter().all(well_formed)
        || last.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    psl::domain_str(&host).map(str::to_owned)
}

/// The first or last bytes of a text, cut at a character.
fn window(text: &str, head: bool) -> &str {
    if text.len() <= CREDIT_WINDOW {
        return text;
    }
    let mut at = if head {
        CREDIT_WINDOW
    } else {
        text.len() - CREDIT_WINDOW
    };
    while !text.is_char_boundary(at) {
        at += 1;
    }
    if head { &text[..at] } else { &text[at..] }
}

fn strip_tags(text: &str) -> String {
    TAG.replace_all(text, "\n").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        Sources::load(include_str!("../../lexicon/sources.toml"), "sources.toml").unwrap()
    }

    fn origin(source: &str, url: &str, text: &str) -> String {
        sources().origin(Imprint { source, url, text })
    }

    #[test]
    fn a_credit_makes_a_text_the_agencys() {
        let dateline = "KYIV, March 3 (Reuters) - Russia launched drones.";
        assert_eq!(
            origin("Lakeshore Tribune", "https://lakeshore.example/a", dateline),
            "reuters"
        );
        let unlisted = "<p>KYIV (Sample Wire) — Russia launched drones.</p>";
        assert_eq!(origin("lakeshore.example", "", unlisted), "sample wire");
        let closing = "Text.\n\n(Reporting by Sample Person in Kyiv)";
        assert_eq!(
            origin("lakeshore.example", "", closing),
            "lakeshore.example"
        );
        let closing = "Text.\n\nThis story was provided by The Associated Press.";
        assert_eq!(origin("lakeshore.example", "", closing), "associated press");
        assert_eq!(origin("Reuters via Lakeshore", "", ""), "reuters");
        assert_eq!(origin("Lakeshore via AFP", "", ""), "agence france presse");
        // Parentheses in a sentence are no dateline.
        let sentence = "The army (which denied it) said so.";
        assert_eq!(origin("a.example", "", sentence), "a.example");
    }

    #[test]
    fn outlets_of_one_owner_are_one() {
        assert_eq!(
            origin("BBC News", "", ""),
            origin("", "https://www.bbc.co.uk/news/1", "")
        );
        assert_eq!(origin("politico.eu", "", ""), origin("Die Welt", "", ""));
        assert_ne!(origin("a.example", "", ""), origin("b.example", "", ""));
        assert_eq!(origin("Étoile du Nord", "", ""), "etoile du nord");
        assert_eq!(origin("", "", ""), "");
    }

    #[test]
    fn registrable_domains() {
        let of = |a: &str| registrable(a).unwrap_or_default();
        assert_eq!(of("https://u:p@news.site.co.uk:443/x?y"), "site.co.uk");
        assert_eq!(of("www.site.example"), "site.example");
        assert_eq!(of("yna.co.kr"), "yna.co.kr");
        assert_eq!(of("www.lakeshore.com.ng"), "lakeshore.com.ng");
        assert_eq!(of("https://one.blogspot.com/a"), "one.blogspot.com");
        assert_eq!(of("co.uk"), "");
        assert_eq!(
            [
                of("Daily Post"),
                of("http://10.0.0.1/"),
                of("localhost"),
                of("a..b")
            ],
            ["", "", "", ""]
        );
    }

    #[test]
    fn what_belongs_to_two_is_refused() {
        let text = "[[owner]]\nname = \"A\"\ndomains = [\"a.example\"]\n\n[[owner]]\nname = \"B\"\ndomains = [\"a.example\"]\n";
        let error = Sources::load(text, "s.toml").unwrap_err();
        assert_eq!(error.line, 6);
        assert!(error.message.contains("a.example"));
        assert!(Sources::load("[[owner]]\nname = \"A\"\ndomain = []\n", "s.toml").is_err());
        assert!(
            Sources::load(
                "[[owner]]\nname = \"A\"\ndomains = [\"www.a.example\"]\n",
                "s.toml"
            )
            .is_err()
        );
    }
}
