//! Makes plain, clean text of what was submitted; every offset leads back to the source.
//!
//! A part goes character by character from its reader ([`plain`] or [`html`]) into a [`writer::Writer`], which folds
//! characters, collapses white space and keeps the map; then [`boilerplate`] and [`lead`] say what each paragraph is for.
//! All of it is linear in the input, and what can be stored is bounded.

mod boilerplate;
mod fold;
mod html;
mod language;
mod lead;
mod plain;
#[cfg(test)]
mod tests;
mod writer;

use crate::model::{Body, NewsItem, Part, Span, Warning};
use std::ops::Range;

/// Characters of news text that are read; what comes after is left out with a warning.
pub const TEXT_BOUND: usize = 60_000;

/// Characters of a title that are read.
const TITLE_BOUND: usize = 1_000;

/// An item as clean text.
#[derive(Debug, Clone, Default)]
pub struct Normalised {
    /// The title first (where there is one), then the text.
    pub parts: Vec<NormalisedPart>,
    pub warnings: Vec<Warning>,
    /// BCP 47 tag, as given or detected; "und" where it can't be told.
    pub language: String,
}

impl Normalised {
    /// Whether the text is in a language that this service reads. What can't be told is taken for English.
    pub fn is_supported(&self) -> bool {
        self.language == "und" || language::is_english(&self.language)
    }
}

/// One part of an item as clean text: white space collapsed (paragraphs end with `\n`), quotes and dashes kept,
/// zero-width and control characters gone.
#[derive(Debug, Clone, Default)]
pub struct NormalisedPart {
    pub part: Part,
    pub text: String,
    /// For each byte of `text`, and one past the end, the code point of the submitted part that it comes from.
    pub source: Vec<u32>,
    /// For each byte of `text`, the code point of the submitted part after the character that it comes from: an
    /// entity such as `&amp;` is five code points of the source and one character here.
    pub source_end: Vec<u32>,
    /// Byte ranges of `text`, in order: its paragraphs.
    pub blocks: Vec<Block>,
    pub dateline: Option<Dateline>,
}

impl NormalisedPart {
    /// The code points of the submitted part that a byte range of `text` comes from; an empty range is where it begins.
    pub fn source_range(&self, range: Range<usize>) -> Range<u32> {
        let start = self
            .source
            .get(range.start)
            .or(self.source.last())
            .copied()
            .unwrap_or(0);
        if range.is_empty() {
            return start..start;
        }
        let last = range.end.min(self.source_end.len()).saturating_sub(1);
        start
            ..self
                .source_end
                .get(last)
                .copied()
                .unwrap_or(start)
                .max(start)
    }

    /// The words of a byte range of `text` as a span of the submitted part. Out of bounds is cut off.
    pub fn span(&self, range: Range<usize>) -> Span {
        let text = self
            .text
            .get(range.clone())
            .unwrap_or("")
            .replace('\n', " ");
        let source = self.source_range(range);
        Span {
            text,
            start: source.start,
            end: source.end,
            part: self.part,
        }
    }
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Without dateline, time stamp, bullet or label ("BREAKING:") before the first sentence.
    pub range: Range<usize>,
    pub kind: BlockKind,
}

/// What a paragraph is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// News text, to be read.
    Body,
    /// A heading inside the text, to be read like a title.
    Heading,
    /// A caption of a picture: says again what the text says.
    Caption,
    /// Bylines, share buttons, "Read more", newsletters: not read.
    Boilerplate,
}

/// "KYIV, March 3 (Agency) -" at the head of a text; byte ranges of the part's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// The whole of it; the text proper begins after it.
    pub range: Range<usize>,
    pub place: Option<Range<usize>>,
    /// The date words ("March 3").
    pub date: Option<Range<usize>>,
    pub agency: Option<Range<usize>>,
}

/// Cleans an item. Every string is accepted; what could not be read as it should be is said in the warnings.
pub fn normalise(item: &NewsItem) -> Normalised {
    let mut warnings = Vec::new();
    let mut parts = Vec::new();
    if let Some(title) = read_title(&item.title, &mut warnings) {
        parts.push(title);
    }
    let title = parts.first().map_or("", |t| t.text.as_str());
    parts.push(read_text(&item.body, title, &mut warnings));

    let language = language::of_item(&item.language, &parts);
    if language != "und" && !language::is_english(&language) {
        warnings.push(warning(
            "LANGUAGE_UNSUPPORTED",
            format!("expected a text in English, found one in {language:?}; it is not read"),
        ));
    }
    if item.published_at.is_none() {
        warnings.push(warning(
            "PUBLISHED_AT_MISSING",
            "expected published_at, found none; relative times stay unknown".to_string(),
        ));
    }
    Normalised {
        parts,
        warnings,
        language,
    }
}

fn read_title(title: &str, warnings: &mut Vec<Warning>) -> Option<NormalisedPart> {
    let drafts = if html::has_entity(title) {
        html::read(title, html::Reading::Strict)
    } else {
        plain::read_line(title)
    };
    let mut part = drafts.finish(Part::Title);
    // A title is one line, whatever it was written as.
    part.text = part.text.replace('\n', " ");
    if let (Some(first), Some(last)) = (part.blocks.first(), part.blocks.last()) {
        let range = first.range.start..last.range.end;
        part.blocks = vec![Block {
            range,
            kind: BlockKind::Body,
        }];
    }
    cut(&mut part, TITLE_BOUND, "title", warnings);
    lead::trim_title(&mut part);
    (!part.blocks.is_empty()).then_some(part)
}

fn read_text(body: &Body, title: &str, warnings: &mut Vec<Warning>) -> NormalisedPart {
    let mut part = match body {
        Body::Text(text) => classified(plain::read(text), title),
        Body::Html(html) => {
            let written = html::read(html, html::Reading::Strict);
            let left_out = written.has_left_out();
            let strict = classified(written, title);
            // Pages exist that put everything into one form, or call the article itself a sidebar.
            if left_out && news_chars(&strict) < 400 {
                let lenient = classified(html::read(html, html::Reading::Lenient), title);
                if news_chars(&lenient) > 3 * news_chars(&strict) {
                    lenient
                } else {
                    strict
                }
            } else {
                strict
            }
        }
    };
    cut(&mut part, TEXT_BOUND, "text", warnings);
    part
}

fn classified(drafts: writer::Writer, title: &str) -> NormalisedPart {
    let hints = drafts.hints();
    let mut part = drafts.finish(Part::Text);
    boilerplate::classify(&mut part, &hints, title);
    lead::trim(&mut part);
    part
}

/// Characters of the paragraphs that will be read as news.
fn news_chars(part: &NormalisedPart) -> usize {
    let read = part
        .blocks
        .iter()
        .filter(|b| matches!(b.kind, BlockKind::Body | BlockKind::Caption));
    read.map(|b| b.range.len()).sum()
}

/// Keeps the first `bound` characters of what is to be read, up to the last space.
fn cut(part: &mut NormalisedPart, bound: usize, what: &str, warnings: &mut Vec<Warning>) {
    let mut left = bound;
    for i in 0..part.blocks.len() {
        let block = part.blocks[i].clone();
        if block.kind == BlockKind::Boilerplate {
            continue;
        }
        let words = &part.text[block.range.clone()];
        let Some((end, _)) = words.char_indices().nth(left) else {
            left -= words.chars().count();
            continue;
        };
        let end = words[..end].rfind(' ').unwrap_or(end);
        part.blocks.truncate(i + usize::from(end > 0));
        let end = block.range.start + end;
        if let Some(last) = part.blocks.get_mut(i) {
            last.range.end = end;
        }
        part.text.truncate(end);
        part.source_end.truncate(end);
        part.source.truncate(end + 1);
        // The map's last entry stands for the end of what was kept.
        if let (Some(past), Some(last)) = (part.source.last_mut(), part.source_end.last()) {
            *past = *last;
        }
        warnings.push(warning(
            "TEXT_TRUNCATED",
            format!(
                "expected at most {bound} characters of {what}, found more; the rest is not read"
            ),
        ));
        return;
    }
}

/// The first `bytes` of a text, or a little less where a character would be cut.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn warning(reason: &str, message: String) -> Warning {
    Warning {
        reason: reason.to_string(),
        message,
    }
}
