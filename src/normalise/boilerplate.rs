//! Which paragraphs are news, and which the page or the agency added around it.

use super::writer::Hint;
use super::{BlockKind, NormalisedPart};
use std::collections::HashSet;

/// Lines that begin so are furniture, up to [`LINE_BOUND`] characters. Lower case.
#[rustfmt::skip]
const OPENINGS: &[&str] = &[
    "reporting by", "(reporting by", "writing by", "(writing by", "additional reporting", "(additional reporting",
    "editing by", "(editing by", "compiled by", "translated by", "edited by", "with reporting by", "written by",
    "read more", "read also", "also read", "read next", "read the full", "read in ", "see also", "see more", "watch:",
    "watch more", "listen:", "listen to", "related:", "related stories", "related articles", "related topics",
    "related links", "related news", "recommended", "more on this", "more from", "more on:", "most read", "trending",
    "don't miss", "up next", "you may also like", "you might also like", "what to read next", "share this", "share on",
    "share via", "share:", "share article", "follow us", "follow the", "follow our", "subscribe", "unsubscribe",
    "sign up", "sign in", "log in", "register now", "join our", "join us", "support us", "support our", "donate",
    "get the latest", "get our", "get the app", "download the", "download our", "download pdf", "click here", "tap here",
    "advertisement", "sponsored", "paid content", "promoted", "copyright", "©", "(c) ", "all rights reserved",
    "this is a developing story", "this is a breaking news", "this story is developing", "this story has been",
    "this article has been", "this article was", "this story was", "this report was", "this page was",
    "this is a breaking story", "more details to follow", "more to follow", "details to follow", "correction:",
    "editor's note", "editor’s note", "(corrects", "(adds", "(updates", "(recasts", "(refiles", "(rewrites",
    "for more", "to read more", "if you do not wish", "if you enjoyed", "if you have any", "our standards", "tags:",
    "topics:", "keywords:", "filed under", "categories:", "published on", "published:", "last updated", "last modified",
    "updated:", "updated on", "posted on", "posted:", "date:", "by clicking", "we use cookies", "this website uses",
    "this site uses", "skip to", "back to top", "go to ", "print this", "print article", "email this", "send by e-mail",
    "leave a comment", "view comments", "comments", "contact:", "press contact", "media contact", "media inquiries",
    "media enquiries", "for media enquiries", "for further information", "for immediate release", "not for release",
    "notes to editors", "ends", "end of ", "- ends", "press release no", "photo:", "photo by", "photo credit", "photos:",
    "image:", "image credit", "credit:", "picture:", "source:", "sources:", "graphic:", "video:", "audio:", "gallery:",
    "in pictures", "live updates:", "liveblog", "live blog", "with inputs from", "with agency", "agencies", "disclaimer",
];

/// Words that give a line away wherever they stand in it, up to [`LINE_BOUND`] characters. Lower case.
#[rustfmt::skip]
const GIVEAWAYS: &[&str] = &[
    "all rights reserved", "our newsletter", "newsletter sign", "daily newsletter", "weekly newsletter", "sign up for",
    "subscribe to", "subscribe from", "follow us on", "terms of use", "terms of service", "terms and conditions",
    "privacy policy", "cookie policy", "click here", "min read", "minute read", "share this article",
    "may not be reproduced", "download our app", "on telegram and", "our telegram channel", "our whatsapp",
    "support our journalism", "in your inbox", "to your inbox", "this is a developing story",
    "will be updated as", "story has been updated", "editing by", "please enable javascript", "ad blocker",
];

const LINE_BOUND: usize = 260;

/// Decides what each paragraph is for. `hints` says what the markup made of it, paragraph by paragraph.
pub(super) fn classify(part: &mut NormalisedPart, hints: &[Hint], title: &str) {
    let mut seen = HashSet::new();
    let title = bare(title);
    for (i, hint) in hints.iter().enumerate() {
        let Some(block) = part.blocks.get(i) else {
            break;
        };
        let text = &part.text[block.range.clone()];
        let key = bare(text);
        // A headline is often repeated over the text, and pull quotes repeat a paragraph.
        let is_title = !title.is_empty() && key == title;
        let is_repeated = key.len() > 20 && !seen.insert(key);
        part.blocks[i].kind = if is_title || is_repeated {
            BlockKind::Boilerplate
        } else {
            kind(text, *hint)
        };
    }
}

/// Letters and digits in lower case: what two copies of a paragraph have in common.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn kind(text: &str, hint: Hint) -> BlockKind {
    let chars = text.chars().take(LINE_BOUND + 1).count();
    let is_line = chars <= LINE_BOUND;
    if hint.kind == Some(BlockKind::Boilerplate) || !text.contains(char::is_alphabetic) {
        return BlockKind::Boilerplate;
    }
    let only_links = hint.linked * 10 >= hint.chars * 8
        && hint.linked > 0
        && !text.ends_with(['.', '!', '?', '”', '"']);
    if only_links && hint.kind != Some(BlockKind::Heading) {
        return BlockKind::Boilerplate;
    }
    if is_line && is_caption(text) {
        return BlockKind::Caption;
    }
    if is_line && (is_furniture(text) || is_byline(text)) {
        return BlockKind::Boilerplate;
    }
    match hint.kind {
        Some(kind) => kind,
        None if is_heading(text, chars) => BlockKind::Heading,
        None => BlockKind::Body,
    }
}

fn is_furniture(text: &str) -> bool {
    let lower = text.to_lowercase();
    let lower =
        lower.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '©' | '-'));
    let opening = OPENINGS.iter().find(|o| lower.starts_with(**o));
    if let Some(opening) = opening {
        let rest = &lower[opening.len()..];
        // "Comments" is a button, "commentsections" a word; "Follow the money …" a sentence when it is long and ends in
        // a full stop.
        let whole =
            !opening.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric);
        let words = lower.split_whitespace().count();
        let is_sentence = words > 14
            && lower.ends_with('.')
            && !opening.ends_with(':')
            && !opening.starts_with(['(', '©']);
        if whole && !(is_sentence && is_ambiguous(opening)) {
            return true;
        }
    }
    GIVEAWAYS.iter().any(|g| lower.contains(g))
}

/// Openings that a sentence of news may have too.
#[rustfmt::skip]
fn is_ambiguous(opening: &str) -> bool {
    matches!(
        opening,
        "follow the" | "for more" | "share on" | "ends" | "end of " | "comments" | "agencies" | "trending" | "promoted"
            | "join us" | "get the latest" | "print this" | "recommended" | "see more" | "more from" | "listen to"
            | "reporting by" | "written by" | "edited by" | "this report was" | "this article was" | "this story was"
            | "donate" | "subscribe" | "go to " | "copyright" | "read in " | "published on" | "sponsored"
    )
}

/// "By Anna Smith and John Doe in Kyiv"; not "By Tuesday evening the toll had risen".
fn is_byline(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("By ").or(text.strip_prefix("BY ")) else {
        return false;
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_time = |w: &str| super::lead::is_weekday(w) || super::lead::is_month(w);
    let first = words.first().copied().unwrap_or("");
    words.len() <= 14
        && first.starts_with(char::is_uppercase)
        && !is_time(first)
        && !text.ends_with(['.', '!', '?', ':'])
        && words.get(1).is_none_or(|w| {
            w.starts_with(|c: char| !c.is_lowercase())
                || matches!(*w, "de" | "al" | "von" | "van" | "and" | "el")
        })
}

/// Captions in running text give themselves away by their credit.
fn is_caption(text: &str) -> bool {
    const CREDITS: &[&str] = &[
        "photo",
        "picture",
        "photograph",
        "image",
        "graphic",
        "illustration",
        "handout",
        "courtesy",
    ];
    if [
        "FILE PHOTO",
        "FILE -",
        "FILE —",
        "FILE –",
        "File photo",
        "PHOTO:",
    ]
    .iter()
    .any(|o| text.starts_with(o))
    {
        return true;
    }
    let end = text.trim_end_matches(['.', ' ']);
    let credit = if let Some(open) = end.strip_suffix(']') {
        open.rfind('[').map(|at| (&open[..at], &open[at + 1..]))
    } else if let Some(open) = end.strip_suffix(')') {
        // Ordinary sentences end in round brackets too: only words about pictures count.
        open.rfind('(')
            .map(|at| (&open[..at], &open[at + 1..]))
            .filter(|(_, c)| {
                let c = c.to_lowercase();
                CREDITS.iter().any(|w| c.starts_with(w) || c.ends_with(w))
            })
    } else {
        let at = [
            "Photo: ",
            "Picture: ",
            "Photograph: ",
            "Image: ",
            "Graphic: ",
            "Credit: ",
            "REUTERS/",
        ]
        .iter()
        .find_map(|w| end.rfind(w));
        at.map(|at| (&end[..at], &end[at..]))
            .filter(|(_, c)| c.len() < 60)
    };
    credit.is_some_and(|(before, inside)| {
        let before = before.trim();
        // The rest must be a caption, not nothing, and a credit is short and names somebody.
        before.split_whitespace().count() >= 4
            && inside.len() < 60
            && inside.starts_with(char::is_uppercase)
    })
}

/// A short line without a full stop.
fn is_heading(text: &str, chars: usize) -> bool {
    chars <= 90
        && text.split_whitespace().count() <= 14
        && !text.ends_with(['.', '!', '?', '…', ';', ':', ',', '”', '"', ')'])
        && text.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase())
        // A full stop inside means that sentences stand here.
        && !text.contains(". ")
}
