//! HTML: a tokenizer's view of it, without a tree, in one pass.
//!
//! What is left out (scripts, navigation, hidden elements …) is followed by the name of the element that began it and a
//! count of elements of that name inside it, so that depth costs nothing and broken nesting ends somewhere.
//!
//! The tokenizer says how far it has read when it emits characters. Characters that stand so in the source map to
//! themselves; any others came from an entity that begins at the last `&` before.

mod elements;
mod reader;

use super::BlockKind;
use super::writer::Writer;
use elements::{is_block, is_furniture, is_never_text, is_page_frame, is_void};
use html5gum::{Emitter, Error, State, Tokenizer, naive_next_state};
use reader::{Attributes, Bounded};
use std::convert::Infallible;
use std::ops::Range;

/// How much of the page's own furniture is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Reading {
    /// All that its elements and classes call so.
    #[default]
    Strict,
    /// Only what is never text.
    Lenient,
}

/// Reads HTML into paragraphs. Malformed markup is read as browsers read it.
pub(super) fn read(html: &str, reading: Reading) -> Writer {
    let mut writer = Writer::default();
    let attributes = Attributes::default();
    let page = Page {
        attributes: attributes.clone(),
        source: html,
        reading,
        writer: &mut writer,
        position: 0,
        consumed: 0,
        run: 0..0,
        at: Place::default(),
        tag: Tag::default(),
        last_start_tag: Vec::new(),
        skipped: None,
        furniture: None,
        caption: None,
        heading: false,
        link: false,
        preformatted: 0,
        breaks: 0,
    };
    // A string can always be read: the error type has no values.
    let Ok(()) = Tokenizer::new_with_emitter(Bounded::new(html, attributes), page).finish();
    writer.end_paragraph();
    writer
}

/// Whether a line of plain text was written with HTML entities after all.
pub(super) fn has_entity(text: &str) -> bool {
    text.match_indices('&').take(64).any(|(at, _)| {
        let name = text[at + 1..]
            .split(';')
            .next()
            .filter(|n| n.len() < text.len() - at - 1)
            .unwrap_or("");
        (2..=8).contains(&name.len())
            && name
                .trim_start_matches('#')
                .bytes()
                .all(|b| b.is_ascii_alphanumeric())
    })
}

/// An element that holds for all inside it, and how many of its name are open.
#[derive(Debug)]
struct Within {
    name: Vec<u8>,
    depth: usize,
}

/// A byte of the source and the number of code points before it. Only ever moves forward.
#[derive(Debug, Default)]
struct Place {
    byte: usize,
    code_point: u32,
}

impl Place {
    fn code_point(&mut self, source: &str, byte: usize) -> u32 {
        if let Some(passed) = source.get(self.byte..byte) {
            self.code_point += passed.chars().count() as u32;
            self.byte = byte;
        }
        self.code_point
    }
}

/// The tag that is being read, as far as it matters.
#[derive(Debug, Default)]
struct Tag {
    is_start: bool,
    self_closing: bool,
    name: Vec<u8>,
    attribute: Vec<u8>,
    value: Vec<u8>,
    is_hidden: bool,
    is_furniture: bool,
    is_caption: bool,
    is_landmark: bool,
}

/// Longest attribute name and value that are looked at.
const ATTRIBUTE_BOUND: usize = 512;

struct Page<'a> {
    source: &'a str,
    attributes: Attributes,
    reading: Reading,
    writer: &'a mut Writer,
    /// Bytes that the tokenizer has read.
    position: usize,
    /// Bytes that have been accounted for.
    consumed: usize,
    /// Characters that stand as text in the source and wait to be written.
    run: Range<usize>,
    at: Place,
    tag: Tag,
    last_start_tag: Vec<u8>,
    skipped: Option<Within>,
    furniture: Option<Within>,
    caption: Option<Within>,
    heading: bool,
    link: bool,
    preformatted: usize,
    /// `<br>`s since the last character.
    breaks: u32,
}

impl Page<'_> {
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.is_empty() || self.skipped.is_some() {
            return;
        }
        let Some(text) = self.source.get(run.clone()) else {
            return;
        };
        let mut at = self.at.code_point(self.source, run.start);
        for c in text.chars() {
            self.write(c, at, at + 1);
            at += 1;
        }
        self.at = Place {
            byte: run.end,
            code_point: at,
        };
    }

    fn write(&mut self, c: char, from: u32, to: u32) {
        if c == '\n' && self.preformatted > 0 {
            self.line_break(from, to);
            return;
        }
        if !c.is_whitespace() {
            self.breaks = 0;
            if self.writer.is_at_start() {
                if self.furniture.is_some() {
                    self.writer.mark(BlockKind::Boilerplate);
                } else if self.caption.is_some() {
                    self.writer.mark(BlockKind::Caption);
                } else if self.heading {
                    self.writer.mark(BlockKind::Heading);
                }
            }
        }
        self.writer.push(c, from, to, self.link);
    }

    /// One break is a space, two end the paragraph.
    fn line_break(&mut self, from: u32, to: u32) {
        self.breaks += 1;
        if self.breaks == 1 {
            self.writer.push(' ', from, to, self.link);
        } else {
            self.writer.end_paragraph();
        }
    }

    fn end_attribute(&mut self) {
        let tag = &mut self.tag;
        let name = std::mem::take(&mut tag.attribute);
        let value = std::mem::take(&mut tag.value).to_ascii_lowercase();
        match name.as_slice() {
            b"hidden" => tag.is_hidden |= value != b"until-found",
            b"aria-hidden" => tag.is_hidden |= value == b"true",
            b"style" => {
                let style: Vec<u8> = value
                    .into_iter()
                    .filter(|b| !b.is_ascii_whitespace())
                    .collect();
                let style = String::from_utf8_lossy(&style);
                tag.is_hidden |=
                    style.contains("display:none") || style.contains("visibility:hidden");
            }
            b"class" | b"id" => {
                let value = String::from_utf8_lossy(&value);
                for class in value.split_ascii_whitespace() {
                    tag.is_furniture |= is_furniture(class);
                    tag.is_caption |= class.contains("caption") && !class.contains("video");
                }
            }
            b"role" => {
                tag.is_landmark |= matches!(
                    value.as_slice(),
                    b"navigation"
                        | b"banner"
                        | b"contentinfo"
                        | b"complementary"
                        | b"search"
                        | b"dialog"
                        | b"menu"
                );
            }
            _ => {}
        }
    }

    fn start(&mut self) {
        let name = std::mem::take(&mut self.tag.name);
        let is_block = is_block(&name);
        if let Some(skipped) = &mut self.skipped {
            let open_ended = skipped.name == b"p" || skipped.name == b"head";
            if open_ended && is_block && name != b"title" && name != b"template" {
                // The next block closes a paragraph or a head that nobody closed.
                self.skipped = None;
            } else {
                skipped.depth += usize::from(skipped.name == name && !self.tag.self_closing);
                return;
            }
        }
        if is_block {
            self.writer.end_paragraph();
            self.heading = false;
            self.breaks = 0;
        }
        let tag = std::mem::take(&mut self.tag);
        for within in [&mut self.furniture, &mut self.caption] {
            if let Some(w) = within {
                if w.name == b"p" && is_block {
                    *within = None;
                } else {
                    w.depth += usize::from(w.name == name);
                }
            }
        }
        if name == b"br" {
            let at = self.at.code_point(self.source, self.position);
            self.line_break(at, at);
            return;
        }
        if is_void(&name) {
            return;
        }
        let strict = self.reading == Reading::Strict;
        let left_out = is_never_text(&name)
            || tag.is_hidden
            || (strict && (is_page_frame(&name) || tag.is_landmark));
        let is_root = matches!(name.as_slice(), b"html" | b"body" | b"main" | b"article");
        if left_out && !is_root {
            // `<svg/>` holds nothing; on HTML elements the slash means nothing.
            if !(tag.self_closing && matches!(name.as_slice(), b"svg" | b"math")) {
                self.writer.note_left_out();
                self.skipped = Some(Within { name, depth: 1 });
            }
            return;
        }
        match name.as_slice() {
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => self.heading = true,
            b"a" => self.link = true,
            b"pre" => self.preformatted += 1,
            _ => {}
        }
        if self.caption.is_none()
            && (name == b"figure" || name == b"figcaption" || (tag.is_caption && is_block))
        {
            self.caption = Some(Within { name, depth: 1 });
        } else if strict && self.furniture.is_none() && tag.is_furniture && is_block && !is_root {
            self.writer.note_left_out();
            self.furniture = Some(Within { name, depth: 1 });
        }
    }

    fn end(&mut self) {
        let name = std::mem::take(&mut self.tag.name);
        if let Some(skipped) = &mut self.skipped {
            if skipped.name == name {
                skipped.depth -= 1;
                if skipped.depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        if is_block(&name) {
            self.writer.end_paragraph();
            self.heading = false;
            self.breaks = 0;
        }
        for within in [&mut self.furniture, &mut self.caption] {
            if let Some(w) = within
                && w.name == name
            {
                w.depth -= 1;
                if w.depth == 0 {
                    *within = None;
                }
            }
        }
        match name.as_slice() {
            b"a" => self.link = false,
            b"pre" => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
    }
}

impl Emitter for Page<'_> {
    type Token = Infallible;

    fn emit_string(&mut self, characters: &[u8]) {
        let end = self.position.min(self.source.len());
        let begin = end
            .saturating_sub(characters.len())
            .max(self.consumed.min(end));
        let source = self.source.as_bytes();
        let between = &source[self.consumed.min(begin)..begin];
        let entity = between
            .iter()
            .position(|b| *b == b'&')
            .map(|at| self.consumed + at);
        if entity.is_none() && &source[begin..end] == characters {
            if self.run.end == begin && !self.run.is_empty() {
                self.run.end = end;
            } else {
                self.flush();
                self.run = begin..end;
            }
        } else {
            self.flush();
            let begin = entity.unwrap_or_else(|| {
                let rest = &source[self.consumed.min(end)..end];
                self.consumed + rest.iter().position(|b| *b == b'&').unwrap_or(0)
            });
            if self.skipped.is_none() {
                let from = self.at.code_point(self.source, begin);
                let to = self.at.code_point(self.source, end);
                for c in String::from_utf8_lossy(characters).chars() {
                    self.write(c, from, to);
                }
            }
        }
        self.consumed = end;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.attributes.clear();
        self.end_attribute();
        self.flush();
        self.consumed = self.position;
        if !self.tag.is_start {
            self.last_start_tag.clear();
            self.end();
            self.tag = Tag::default();
            return None;
        }
        let in_drawing = self
            .skipped
            .as_ref()
            .is_some_and(|s| s.name == b"svg" || s.name == b"math");
        let next = if in_drawing && self.tag.self_closing {
            None
        } else {
            naive_next_state(&self.tag.name)
        };
        self.last_start_tag.clone_from(&self.tag.name);
        self.start();
        self.tag = Tag::default();
        next
    }

    fn emit_current_comment(&mut self) {
        self.flush();
        self.consumed = self.position;
    }

    fn emit_current_doctype(&mut self) {
        self.flush();
        self.consumed = self.position;
    }

    fn emit_eof(&mut self) {
        self.flush();
    }

    fn init_start_tag(&mut self) {
        self.tag = Tag {
            is_start: true,
            ..Tag::default()
        };
    }

    fn init_end_tag(&mut self) {
        self.tag = Tag::default();
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        push_bounded(&mut self.tag.name, name);
    }

    fn set_self_closing(&mut self) {
        self.tag.self_closing = true;
    }

    fn init_attribute(&mut self) {
        self.attributes.add();
        self.end_attribute();
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        push_bounded(&mut self.tag.attribute, name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        push_bounded(&mut self.tag.value, value);
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start_tag = name.unwrap_or_default().to_vec();
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        !self.tag.is_start
            && !self.last_start_tag.is_empty()
            && self.last_start_tag == self.tag.name
    }

    fn move_position(&mut self, by: isize) {
        self.position = self.position.saturating_add_signed(by);
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_error(&mut self, _: Error) {}
    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn init_doctype(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_force_quirks(&mut self) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
}

fn push_bounded(to: &mut Vec<u8>, from: &[u8]) {
    let room = ATTRIBUTE_BOUND.saturating_sub(to.len());
    to.extend_from_slice(&from[..from.len().min(room)]);
}
