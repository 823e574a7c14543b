//! Finds the names of places in a sentence, and keeps those that something speaks for.

use super::neighbours::{Locative, Neighbours};
use super::{Candidate, PlaceMention, Sign, spaced, unlisted, within};
use crate::lexicon::places::{Descriptor, Folded, Gazetteer, Kind, LONGEST_NAME, Place, fold};
use crate::linguistics::Document;
use std::ops::Range;

/// Tokens of the longest window: hyphens and apostrophes may be tokens of their own.
const LONGEST_WINDOW: usize = 2 * LONGEST_NAME;
/// A town of this size is well known by its name alone.
const WELL_KNOWN: u32 = 100_000;
/// In a country whose villages are in the news a town of this size is.
const KNOWN_IN_NEWS: u32 = 15_000;

/// Bytes of a document's head, and before a sentence, that are searched for a country's name.
const HEAD: usize = 2000;
/// Bytes of the longest name.
const LONGEST_BYTES: usize = 120;

/// Mentions of places in a sentence (a token range of the document), in text order, without overlaps.
pub fn find(doc: &Document, sentence: Range<usize>, gazetteer: &Gazetteer) -> Vec<PlaceMention> {
    let sentence = sentence.start.min(doc.len())..sentence.end.min(doc.len());
    let near = Neighbours::new(doc, sentence.clone(), gazetteer);
    let mut mentions: Vec<PlaceMention> = Vec::new();
    let mut i = sentence.start;
    while i < sentence.end {
        match longest_name(&near, i) {
            Some(Found::Place(name, folded, candidates)) => {
                i = name.end;
                if !near.is_joined(&name) {
                    mentions.push(described(&near, name, folded, candidates, mentions.last()));
                }
            }
            Some(Found::Other(end)) => i = end,
            None => i += 1,
        }
    }
    for mention in &mut mentions {
        mention.text = spaced(doc.words(mention.tokens.clone()));
    }
    within::join(&near, &mut mentions);
    list(&near, &mut mentions);
    mentions.retain(|mention| is_kept(&near, mention));
    unlisted::add(&near, mentions)
}

enum Found {
    Place(Range<usize>, String, Vec<Candidate>),
    /// A name with a place's name in it that is none, up to a token.
    Other(usize),
}

/// The longest name that begins at token `i`.
fn longest_name(near: &Neighbours<'_>, i: usize) -> Option<Found> {
    if !may_begin(near, i) {
        return None;
    }
    let mut folded = Folded::default();
    let mut end = window_end(near, i);
    while end > i {
        let last = near.form(end - 1);
        // A direction in lower case is a name only with more.
        let lone =
            end == i + 1 && !last.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        if !lone && last.chars().any(char::is_alphanumeric) && !matches!(last, "'s" | "’s" | "s")
        {
            folded.clear();
            folded.push(near.doc.words(i..end));
            if near.gazetteer.cues().not_places.contains(folded.as_str()) {
                return Some(Found::Other(end));
            }
            let mut candidates = candidates(near, i..end, folded.as_str());
            if candidates.is_empty() {
                candidates = with_article(near, i..end, folded.as_str());
            }
            if !candidates.is_empty() {
                return Some(Found::Place(i..end, folded.as_str().to_owned(), candidates));
            }
        }
        end -= 1;
    }
    None
}

/// Whether a name may begin here: a capital or digit, or a lower-case article or direction before a capital.
fn may_begin(near: &Neighbours<'_>, i: usize) -> bool {
    let form = near.form(i);
    if form.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
        return form.chars().any(char::is_alphabetic);
    }
    let next = if near.is_joining_hyphen(i + 1) {
        i + 2
    } else {
        i + 1
    };
    let article = matches!(
        form,
        "al" | "el" | "as" | "ad" | "an" | "ar" | "ash" | "at" | "az" | "ed" | "es" | "er" | "en"
    ) && next == i + 2;
    (article || near.gazetteer.cues().directions.contains(near.folded(i))) && near.is_capital(next)
}

/// The end of the longest window that may hold one name: no commas, quotes or brackets inside.
fn window_end(near: &Neighbours<'_>, i: usize) -> usize {
    let mut words = 0;
    let mut end = i;
    while end < near.sentence.end && end < i + LONGEST_WINDOW {
        let form = near.form(end);
        let inside = match form {
            "-" | "‑" | "'" | "’" | "." | "&" | "`" | "‘" => true,
            // "Washington, D.C."
            "," => matches!(near.folded(end + 1), "dc" | "d"),
            _ => form.chars().any(char::is_alphanumeric),
        };
        if !inside {
            break;
        }
        words += usize::from(form.chars().any(char::is_alphanumeric));
        let bytes = near.doc.tokens.end[end] - near.doc.tokens.start[i];
        if words > LONGEST_NAME || bytes as usize > LONGEST_BYTES {
            break;
        }
        end += 1;
    }
    end
}

/// Places of that name, as far as the case of its words allows.
fn candidates(near: &Neighbours<'_>, name: Range<usize>, folded: &str) -> Vec<Candidate> {
    let surface = near.doc.words(name.clone());
    // Short names want their own case ("US", "Hit"); in capitals ("ISNA") what is no main name may be an abbreviation.
    let short = folded.len() <= 3;
    let loud = folded.len() <= 5 && surface.chars().all(char::is_uppercase);
    let found = near.gazetteer.named(folded).filter(|(id, main)| {
        let place = near.gazetteer.place(*id);
        let free = !short && (!loud || *main);
        free || place.name == surface || place.aliases().any(|a| a == surface)
    });
    let found: Vec<Candidate> = found.map(|(id, main)| Candidate { id, main }).collect();
    // "The rest", "May be": with several words one that does not open the sentence is a capital, or the last is a noun of place.
    let several = name.len() > 1 && name.start == near.sentence.start;
    let capital = (name.start + 1..name.end)
        .any(|i| near.is_capital(i) || near.form(i).starts_with(|c: char| c.is_ascii_digit()));
    let noun = near.descriptor_to(name.end).is_some();
    if several && !capital && !noun {
        Vec::new()
    } else {
        found
    }
}

/// Places whose name differs by an article: "Al-Karmah" is listed as "Karmah", "Karmah" as "Al Karmah". Only where small
/// places are in the news: elsewhere "al" is more often a person's.
fn with_article(near: &Neighbours<'_>, name: Range<usize>, folded: &str) -> Vec<Candidate> {
    let other = match folded.strip_prefix("al ") {
        // "At Kherson" folds alike, but "At" is no article there.
        Some(_)
            if !near.is_joining_hyphen(name.start + 1)
                && !matches!(near.form(name.start), "Al" | "El") =>
        {
            return Vec::new();
        }
        Some(bare) => bare.to_owned(),
        None => format!("al {folded}"),
    };
    let letters = other.trim_start_matches("al ");
    if letters.len() < 5 || letters.contains(' ') || near.gazetteer.cues().wary.contains(letters) {
        return Vec::new();
    }
    let found = candidates(near, name, &other);
    let small = |c: &Candidate| {
        let place = near.gazetteer.place(c.id);
        place.kind == Kind::City && is_newsworthy(near, place)
    };
    found
        .into_iter()
        .filter(small)
        .map(|c| Candidate { main: false, ..c })
        .collect()
}

/// A mention with what the words beside the name say.
fn described(
    near: &Neighbours<'_>,
    name: Range<usize>,
    folded: String,
    candidates: Vec<Candidate>,
    before: Option<&PlaceMention>,
) -> PlaceMention {
    let floor = before.map_or(near.sentence.start, |m| m.tokens.end);
    let kinds: Vec<Kind> = candidates
        .iter()
        .map(|c| near.gazetteer.place(c.id).kind)
        .collect();
    let has = |kind: Kind| kinds.contains(&kind);
    let suits = |descriptor: Descriptor| match descriptor {
        Descriptor::Area => has(Kind::Admin1) || has(Kind::Region) || has(Kind::City),
        Descriptor::Settlement | Descriptor::Facility => has(Kind::City) || has(Kind::Site),
        Descriptor::Nature => has(Kind::Region) || has(Kind::Site),
    };
    let mut mention = PlaceMention {
        tokens: name.clone(),
        name: name.clone(),
        text: String::new(),
        folded,
        candidates,
        descriptor: None,
        part: false,
        unlisted: false,
        sign: Sign::Known,
        within: Vec::new(),
        holds: Vec::new(),
    };
    // "Kharkiv region", but in "the Kyiv suburb of Bucha" the noun belongs to what follows.
    if let Some((descriptor, end)) = near.descriptor_from(name.end)
        && suits(descriptor)
        && (near.folded(end) != "of" || descriptor == Descriptor::Area)
    {
        mention.descriptor = Some(descriptor);
        mention.tokens.end = end;
    }
    // "the province of Idlib", "the port of Izmail".
    if mention.descriptor.is_none()
        && name.start > floor
        && near.folded(name.start - 1) == "of"
        && let Some((descriptor, start)) = near.descriptor_to(name.start - 1)
        && suits(descriptor)
        && start >= floor
    {
        mention.descriptor = Some(descriptor);
        if matches!(descriptor, Descriptor::Area | Descriptor::Facility) {
            mention.tokens.start = start;
        }
    }
    let described = mention.descriptor.is_some();
    // "port of Izmail" as a whole may be known.
    if mention.descriptor == Some(Descriptor::Facility) {
        let whole = fold(near.doc.words(mention.tokens.clone()));
        let sites: Vec<Candidate> = near
            .gazetteer
            .named(&whole)
            .filter(|(id, _)| near.gazetteer.place(*id).kind == Kind::Site)
            .map(|(id, main)| Candidate { id, main })
            .collect();
        if !sites.is_empty() {
            mention.candidates = sites;
            mention.folded = whole;
            mention.name = mention.tokens.clone();
        }
    }
    let towards = near.directions_to(mention.tokens.start).max(floor);
    if towards < mention.tokens.start && near.folded(mention.tokens.start - 1) != "of" {
        mention.part = true;
        mention.tokens.start = towards;
    }
    let locative = near.locative_before(mention.tokens.start);
    let wary = near.gazetteer.cues().wary.contains(&mention.folded);
    if described {
        mention.sign = Sign::Described;
    } else if near.is_dateline(&name) {
        mention.sign = Sign::Dateline;
    } else if locative == Locative::Strict
        || locative == Locative::Loose && (!wary || is_prominent(near, &mention))
    {
        mention.sign = Sign::Locative;
    }
    if let Some(code) = near.adjective_before(mention.tokens.start)
        && let Some(country) = near.gazetteer.country(code.as_str())
        && mention
            .candidates
            .iter()
            .any(|c| near.gazetteer.contains(country, c.id))
    {
        mention.within.push(country);
    }
    mention
}

/// Whether a name that is also a word or a person's can stand after "to" or "from": it is a country's, or that of a large
/// town where news comes from.
fn is_prominent(near: &Neighbours<'_>, mention: &PlaceMention) -> bool {
    mention
        .candidates
        .iter()
        .map(|c| near.gazetteer.place(c.id))
        .any(|place| {
            place.kind == Kind::Country || place.population >= 300_000 && is_newsworthy(near, place)
        })
}

fn is_newsworthy(near: &Neighbours<'_>, place: Place<'_>) -> bool {
    place
        .country
        .is_some_and(|c| near.gazetteer.cues().newsworthy.contains(c.as_str()))
}

/// Gives the members of a list the sign of its first: "in Kharkiv, Izium and Lozova".
fn list(near: &Neighbours<'_>, mentions: &mut [PlaceMention]) {
    for i in 1..mentions.len() {
        let (before, rest) = mentions.split_at_mut(i);
        let (before, mention) = (&before[i - 1], &mut rest[0]);
        let between = before.tokens.end..mention.tokens.start;
        let comma = |t: usize| matches!(near.form(t), "," | ";" | "/");
        let linked = !between.is_empty()
            && between.len() <= 3
            && between.clone().all(|t| {
                comma(t) || matches!(near.folded(t), "and" | "or" | "as" | "well" | "the")
            });
        let country = |c: &Candidate| near.gazetteer.place(c.id).country;
        let shared = || {
            before
                .candidates
                .iter()
                .any(|b| mention.candidates.iter().any(|m| country(b) == country(m)))
        };
        if linked
            && mention.sign == Sign::Known
            && is_kept(near, before)
            && (before.sign > Sign::Known || shared())
        {
            mention.sign = Sign::Listed;
        }
    }
}

/// Whether enough speaks for a place.
fn is_kept(near: &Neighbours<'_>, mention: &PlaceMention) -> bool {
    let gazetteer = near.gazetteer;
    let places = || mention.candidates.iter().map(|c| gazetteer.place(c.id));
    let name = &mention.name;
    let several = mention.folded.contains(' ');
    // Ethiopia has a Somali region, but "the Somali town" is Somalia's. "US" and "New Zealand" are countries all the same.
    let adjective = gazetteer.country_of_adjective(&mention.folded).is_some();
    if adjective
        && mention.descriptor != Some(Descriptor::Area)
        && !places().any(|p| p.kind == Kind::Country)
    {
        return false;
    }
    // Read with or without an article that was not there, a name may be a person's.
    let guessed = mention.candidates.iter().all(|c| !c.main)
        && !gazetteer
            .named(&mention.folded)
            .any(|(id, _)| mention.candidates[0].id == id);
    let wary = guessed || gazetteer.cues().wary.contains(&mention.folded);
    let signed = mention.sign > Sign::Known;
    let news = |place: Place<'_>| is_newsworthy(near, place);
    let large = |place: Place<'_>| {
        matches!(
            place.kind,
            Kind::Country | Kind::Region | Kind::Admin1 | Kind::Site
        )
    };
    if mention.sign >= Sign::Described && !near.person_before(name.start) {
        // "Linwood Mosque", "Gay Village": what looks like a town may be a part of a name.
        let proper = mention.sign == Sign::Described
            && near.is_capital(name.end)
            && mention.tokens.end > name.end;
        let worth =
            |p: Place<'_>| large(p) || p.population >= WELL_KNOWN || news(p) && !(wary && proper);
        return !(proper || wary) || places().any(worth);
    }
    if near.person_before(mention.tokens.start) && !(several && signed) {
        return false;
    }
    if near.institution_before(name.start)
        || near.institution_after(name.end) && mention.sign < Sign::Locative
    {
        return false;
    }
    // A person or firm: "Jackson Hinkle", "Petro Poltava".
    let unfit = near.is_capital(name.end)
        && mention.descriptor.is_none()
        && near.descriptor_from(name.end).is_some();
    let longer = unfit || near.name_after(name.end) || near.name_before(mention.tokens.start);
    if wary {
        let worth = |p: Place<'_>| large(p) || p.population >= 50_000 || news(p);
        return signed && !longer && places().any(worth);
    }
    let known = |place: Place<'_>| {
        let least = if news(place) {
            KNOWN_IN_NEWS
        } else {
            WELL_KNOWN
        };
        large(place) || place.population >= least || several && news(place)
    };
    if places().any(known) {
        // A country or sea is one in any company; a town may be a surname.
        return places().any(large)
            || several
            || signed && !near.name_before(mention.tokens.start)
            || !longer;
    }
    if longer || near.speech_after(name.end) {
        return false;
    }
    if signed {
        return true;
    }
    // A village as subject: "Robotyne has been retaken". The text must speak of its country.
    places().any(|place| news(place) && speaks_of(near, place))
}

/// Whether the head of the document, or what stands shortly before the sentence, names the country of a place.
fn speaks_of(near: &Neighbours<'_>, place: Place<'_>) -> bool {
    let Some(country) = place
        .country
        .and_then(|code| near.gazetteer.country(code.as_str()))
    else {
        return false;
    };
    let name = near.gazetteer.place(country).name.as_bytes();
    let text = near.doc.text.as_bytes();
    let end = near
        .sentence
        .end
        .checked_sub(1)
        .map_or(0, |last| near.doc.tokens.end[last] as usize);
    let holds = |part: &[u8]| part.windows(name.len()).any(|window| window == name);
    holds(&text[..text.len().min(HEAD)]) || holds(&text[end.saturating_sub(HEAD)..end])
}
