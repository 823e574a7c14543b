//! Which language an item is in: as given, else by its function words, else by a detector.

use super::{BlockKind, NormalisedPart};

/// Bytes of text that are looked at.
const SAMPLE: usize = 6_000;

/// BCP 47 tag of an item: as given, else detected, else "und".
pub(super) fn of_item(given: &str, parts: &[NormalisedPart]) -> String {
    let given = given.trim();
    if !given.is_empty() && !given.eq_ignore_ascii_case("und") {
        return given.chars().take(35).collect();
    }
    let mut sample = String::new();
    // The title comes last: it has few function words and many names.
    for part in parts.iter().rev() {
        for block in part
            .blocks
            .iter()
            .filter(|b| b.kind != BlockKind::Boilerplate)
        {
            let room = SAMPLE.saturating_sub(sample.len());
            let text = &part.text[block.range.clone()];
            sample.push_str(super::head(text, room));
            sample.push('\n');
        }
    }
    detect(&sample).to_string()
}

/// Whether a tag stands for English, in any country.
pub(super) fn is_english(tag: &str) -> bool {
    let primary = tag.split(['-', '_']).next().unwrap_or("");
    ["en", "eng", "english"]
        .iter()
        .any(|e| primary.eq_ignore_ascii_case(e))
}

fn detect(text: &str) -> &'static str {
    let (english, words) = function_words(text);
    // Running English has one in three or more; other languages share a few short words with it ("in", "was", "on").
    if words > 0 && english * 100 >= words * 22 {
        return "en";
    }
    let Some(found) = whatlang::detect(text) else {
        return "und";
    };
    let is_latin = found.script() == whatlang::Script::Latin;
    if found.lang() == whatlang::Lang::Eng {
        return if words >= 4 { "en" } else { "und" };
    }
    // Names alone mislead the detector: a short line in Latin letters says too little, a long one with some English is
    // mixed text.
    if is_latin && (words < 12 || !found.is_reliable() || english * 100 >= words * 15) {
        return if english * 100 >= words * 12 && english > 0 {
            "en"
        } else {
            "und"
        };
    }
    two_letters(found.lang())
}

/// Counts words that are frequent in English and rare elsewhere, and all words.
fn function_words(text: &str) -> (usize, usize) {
    #[rustfmt::skip]
    const FREQUENT: &[&str] = &[
        "the", "of", "and", "to", "a", "in", "that", "said", "for", "on", "with", "by", "from", "at", "was", "were", "is",
        "are", "has", "have", "had", "its", "it", "which", "who", "their", "they", "an", "be", "been", "after", "will",
        "not", "this", "would", "as", "he", "his", "she", "but",
    ];
    let mut english = 0;
    let mut words = 0;
    for word in text
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.is_empty())
    {
        words += 1;
        if word.len() <= 5 && FREQUENT.contains(&word.to_ascii_lowercase().as_str()) {
            english += 1;
        }
    }
    (english, words)
}

/// ISO 639-1 where there is one, as BCP 47 wants.
#[rustfmt::skip]
fn two_letters(lang: whatlang::Lang) -> &'static str {
    match lang.code() {
        "afr" => "af", "aka" => "ak", "amh" => "am", "ara" => "ar", "aze" => "az", "bel" => "be", "ben" => "bn",
        "bul" => "bg", "cat" => "ca", "ces" => "cs", "cmn" => "zh", "cym" => "cy", "dan" => "da", "deu" => "de",
        "ell" => "el", "eng" => "en", "epo" => "eo", "est" => "et", "fin" => "fi", "fra" => "fr", "guj" => "gu",
        "heb" => "he", "hin" => "hi", "hrv" => "hr", "hun" => "hu", "hye" => "hy", "ind" => "id", "ita" => "it",
        "jav" => "jv", "jpn" => "ja", "kan" => "kn", "kat" => "ka", "khm" => "km", "kor" => "ko", "lat" => "la",
        "lav" => "lv", "lit" => "lt", "mal" => "ml", "mar" => "mr", "mkd" => "mk", "mya" => "my", "nep" => "ne",
        "nld" => "nl", "nob" => "nb", "ori" => "or", "pan" => "pa", "pes" => "fa", "pol" => "pl", "por" => "pt",
        "ron" => "ro", "rus" => "ru", "sin" => "si", "slk" => "sk", "slv" => "sl", "sna" => "sn", "spa" => "es",
        "srp" => "sr", "swe" => "sv", "tam" => "ta", "tel" => "te", "tgl" => "tl", "tha" => "th", "tuk" => "tk",
        "tur" => "tr", "ukr" => "uk", "urd" => "ur", "uzb" => "uz", "vie" => "vi", "yid" => "yi", "zul" => "zu",
        code => code,
    }
}
