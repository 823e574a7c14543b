//! What stands before the first sentence of a paragraph: dateline, time stamp, bullet, label.

mod dateline;

use super::{Block, BlockKind, Dateline, NormalisedPart};

pub(super) use dateline::{is_month, is_weekday};

/// Words in front of a headline or a paragraph that say what kind of piece it is.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "breaking news", "breaking", "just in", "urgent", "flash", "alert", "exclusive", "live updates", "live", "update",
    "updated", "updates", "watch", "video", "photos", "in pictures", "analysis", "opinion", "comment", "explainer",
    "factbox", "timeline", "developing", "correction", "refile", "wrapup", "fact check", "interview", "insight",
];

/// Finds the dateline, and takes what is not part of the first sentence out of each paragraph's range.
pub(super) fn trim(part: &mut NormalisedPart) {
    let shouts = part
        .blocks
        .iter()
        .take(60)
        .filter(|b| speaks(&part.text[b.range.clone()]))
        .count();
    let mut looked_at = 0;
    for i in 0..part.blocks.len() {
        let Block { range, kind } = part.blocks[i].clone();
        // A place and date may stand alone over the text, in a line that looks like a heading or a page's own.
        if part.dateline.is_none() && looked_at < 4 {
            let text = &part.text[range.clone()];
            if let Some(found) = dateline::alone(text) {
                let has_place = found.place.is_some();
                let found = shifted(found, range.start);
                part.blocks[i].kind = BlockKind::Boilerplate;
                if has_place {
                    part.dateline = Some(found);
                }
                continue;
            }
        }
        if kind == BlockKind::Boilerplate {
            continue;
        }
        let mut start = range.start;
        loop {
            let text = &part.text[start..range.end];
            let step = ornament(text)
                .or_else(|| time_stamp(text))
                .or_else(|| label(text));
            match step {
                Some(len) if len > 0 => start += len,
                _ => break,
            }
        }
        if part.dateline.is_none() && looked_at < 4 && matches!(kind, BlockKind::Body) {
            looked_at += 1;
            let colons = shouts <= 1;
            if let Some(found) = dateline::before_text(&part.text[start..range.end], colons) {
                let found = shifted(found, start);
                start = found.range.end;
                part.dateline = Some(found);
            }
        }
        if start >= range.end {
            part.blocks[i].kind = BlockKind::Boilerplate;
        } else {
            part.blocks[i].range.start = start;
        }
    }
}

/// Takes labels before a headline and the name of the outlet after it out of the title's range.
pub(super) fn trim_title(part: &mut NormalisedPart) {
    let Some(block) = part.blocks.first_mut() else {
        return;
    };
    let mut start = block.range.start;
    while let Some(len) = ornament(&part.text[start..block.range.end])
        .or_else(|| label(&part.text[start..block.range.end]))
    {
        start += len;
    }
    if start < block.range.end {
        block.range.start = start;
    }
    let title = &part.text[block.range.clone()];
    let outlet = title.rfind(" | ").or_else(|| {
        title
            .rfind(" - ")
            .filter(|at| title[at + 3..].split(' ').count() <= 3)
    });
    // What remains must still be a headline.
    if let Some(at) = outlet
        && at >= 25
        && title.len() - at <= 40
        && title[at + 3..].starts_with(char::is_uppercase)
    {
        block.range.end = block.range.start + at;
    }
}

fn shifted(d: Dateline, by: usize) -> Dateline {
    let shift = |r: std::ops::Range<usize>| r.start + by..r.end + by;
    Dateline {
        range: shift(d.range),
        place: d.place.map(shift),
        date: d.date.map(shift),
        agency: d.agency.map(shift),
    }
}

/// "QUESTION: …": a paragraph of a transcript begins like a dateline with a colon.
fn speaks(text: &str) -> bool {
    text.split_once(':').is_some_and(|(who, _)| {
        who.len() <= 30
            && who.chars().any(char::is_alphabetic)
            && !who.chars().any(char::is_lowercase)
    })
}

/// Bullets, list numbers and pictograms before the text, with the space after them.
fn ornament(text: &str) -> Option<usize> {
    let is_ornament = |c: char| {
        matches!(
            c,
            '*' | '•'
                | '·'
                | '▪'
                | '●'
                | '■'
                | '►'
                | '▶'
                | '◾'
                | '◼'
                | '○'
                | '|'
                | '#'
                | '>'
        ) || matches!(c, '\u{2190}'..='\u{23ff}' | '\u{2500}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
    };
    let dash = text
        .chars()
        .next()
        .is_some_and(|c| matches!(c, '-' | '–' | '—'));
    let rest = if dash && text.chars().nth(1) == Some(' ') {
        text.trim_start_matches(['-', '–', '—'])
    } else {
        text.trim_start_matches(is_ornament)
    };
    let rest = if rest.len() == text.len() {
        numbered(text)?
    } else {
        rest
    };
    Some(text.len() - rest.trim_start().len())
}

/// What follows "1. " or "2) ".
fn numbered(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    let rest = rest
        .strip_prefix(". ")
        .or_else(|| rest.strip_prefix(") "))?;
    ((1..=2).contains(&digits) && rest.starts_with(char::is_uppercase)).then_some(rest)
}

/// "UPDATE 2-", "BREAKING: ", "Watch | ".
fn label(text: &str) -> Option<usize> {
    let head: String = text
        .chars()
        .take(20)
        .collect::<String>()
        .to_ascii_lowercase();
    let name = LABELS.iter().find(|l| head.starts_with(**l))?;
    let mut rest = &text[name.len()..];
    // In capitals, a dash ends it; otherwise only a colon or a bar: "Live - and let die" is no label.
    let shouted = !text[..name.len()].contains(|c: char| c.is_lowercase());
    let unnumbered = rest
        .strip_prefix(' ')
        .map_or(rest, |r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
    if unnumbered.len() + 1 < rest.len() {
        rest = unnumbered;
    }
    let after = rest.trim_start();
    let end = after.strip_prefix([':', '|']).or_else(|| {
        let stripped = after.trim_start_matches(['-', '–', '—']);
        (shouted && stripped.len() < after.len()).then_some(stripped)
    })?;
    Some(text.len() - end.trim_start().len())
}

/// "09:41 GMT –", "[10:15]", "9.41am:" at the head of a live blog's entry.
fn time_stamp(text: &str) -> Option<usize> {
    let (rest, bracketed) = match text.strip_prefix(['[', '(']) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (hours, rest) = digits(rest, 2)?;
    let colon = rest.starts_with([':', '.', 'h']);
    let rest = if colon { &rest[1..] } else { return None };
    let (minutes, mut rest) = digits(rest, 2)?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let mut said = text.as_bytes().contains(&b':') && text[..text.len() - rest.len()].contains(':');
    for half in ["am", "pm", "a.m.", "p.m.", "AM", "PM"] {
        if let Some(r) = rest.trim_start().strip_prefix(half) {
            rest = r;
            said = true;
            break;
        }
    }
    let trimmed = rest.trim_start();
    let zone_len = trimmed
        .find(|c: char| !c.is_ascii_uppercase() && c != '+' && !c.is_ascii_digit())
        .unwrap_or(trimmed.len());
    if [
        "GMT", "UTC", "BST", "EET", "EEST", "CET", "CEST", "EST", "EDT", "ET", "IST", "MSK", "KST",
        "JST", "IDT",
    ]
    .iter()
    .any(|z| trimmed[..zone_len].starts_with(z))
    {
        rest = &trimmed[zone_len..];
        said = true;
    } else if let Some(r) = ["local time", "Kyiv time", "Moscow time"]
        .iter()
        .find_map(|z| trimmed.strip_prefix(z))
    {
        rest = r;
        said = true;
    }
    if bracketed {
        rest = rest.strip_prefix([']', ')'])?;
    }
    let after = rest
        .trim_start()
        .trim_start_matches(['-', '–', '—', ':', '|', '•', ',']);
    let separated = after.len() < rest.trim_start().len() || bracketed;
    let after = after.trim_start();
    let begins = after.is_empty()
        || after.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '‘'));
    // "12.30 Explosions" without more is a time stamp only with a colon in it.
    (begins && (separated || said)).then_some(text.len() - after.len())
}

fn digits(text: &str, most: usize) -> Option<(u32, &str)> {
    let len = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let rest = &text[len..];
    if len == 0 || rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    text[..len].parse().ok().map(|n| (n, rest))
}
