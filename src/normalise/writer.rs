//! Collects clean text with its map, paragraph by paragraph.

use super::fold::{Folded, fold};
use super::{Block, BlockKind, NormalisedPart};
use crate::model::Part;
use unicode_normalization::char::compose;

/// Characters that are stored at most, boilerplate included; the rest of the input is passed over.
const STORED_BOUND: usize = 4 * super::TEXT_BOUND;

/// What the markup says of a paragraph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hint {
    /// What the elements around it make of it.
    pub kind: Option<BlockKind>,
    /// Characters, and those of them inside links.
    pub chars: usize,
    pub linked: usize,
}

/// Clean text in the making.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    source: Vec<u32>,
    source_end: Vec<u32>,
    /// Finished paragraphs.
    drafts: Vec<(std::ops::Range<usize>, Hint)>,
    /// Where the open paragraph begins.
    begun: usize,
    open: Hint,
    /// White space that waits for the next character.
    space: Option<(u32, u32)>,
    /// Last character of the open paragraph and the byte where it begins, for combining marks.
    last: Option<(char, usize)>,
    stored: usize,
    left_out: bool,
}

impl Writer {
    /// Takes a character that stood at code points `from..to` of the source.
    pub fn push(&mut self, c: char, from: u32, to: u32, linked: bool) {
        match fold(c) {
            Folded::Nothing => {}
            Folded::Space => {
                if self.text.len() > self.begun {
                    self.space.get_or_insert((from, to));
                }
            }
            Folded::One(c) => self.put(c, from, to, linked),
            Folded::Many(letters) => {
                for c in letters.chars() {
                    self.put(c, from, to, linked);
                }
            }
        }
    }

    /// Sets what the elements around the open paragraph make of it. The first word on it holds.
    pub fn mark(&mut self, kind: BlockKind) {
        if self.open.kind.is_none() {
            self.open.kind = Some(kind);
        }
    }

    /// Remembers that a part of the source was passed over, or called furniture, for what its element is.
    pub fn note_left_out(&mut self) {
        self.left_out = true;
    }

    /// Whether any part of the source was.
    pub fn has_left_out(&self) -> bool {
        self.left_out
    }

    /// True while the open paragraph has no character.
    pub fn is_at_start(&self) -> bool {
        self.text.len() == self.begun
    }

    /// Ends the open paragraph, if there is anything in it.
    pub fn end_paragraph(&mut self) {
        self.space = None;
        self.last = None;
        let hint = std::mem::take(&mut self.open);
        if self.is_at_start() {
            return;
        }
        let range = self.begun..self.text.len();
        self.drafts.push((range, hint));
        let end = self.source_end.last().copied().unwrap_or(0);
        self.text.push('\n');
        self.source.push(end);
        self.source_end.push(end);
        self.begun = self.text.len();
    }

    /// What the markup said of each paragraph.
    pub fn hints(&self) -> Vec<Hint> {
        let open = (!self.is_at_start()).then_some(self.open);
        self.drafts.iter().map(|d| d.1).chain(open).collect()
    }

    /// The part with every paragraph taken for news text.
    pub fn finish(mut self, part: Part) -> NormalisedPart {
        self.end_paragraph();
        self.source
            .push(self.source_end.last().copied().unwrap_or(0));
        let kind = BlockKind::Body;
        let blocks = self
            .drafts
            .into_iter()
            .map(|(range, _)| Block { range, kind })
            .collect();
        NormalisedPart {
            part,
            text: self.text,
            source: self.source,
            source_end: self.source_end,
            blocks,
            dateline: None,
        }
    }

    fn put(&mut self, c: char, from: u32, to: u32, linked: bool) {
        // A letter and a combining mark become the one character that readers and lexicon know.
        if self.space.is_none()
            && let Some((base, at)) = self.last
            && !c.is_ascii()
            && let Some(whole) = compose(base, c)
        {
            let begin = self.source[at];
            self.text.truncate(at);
            self.source.truncate(at);
            self.source_end.truncate(at);
            self.store(whole, begin, to);
            return;
        }
        if self.stored >= STORED_BOUND {
            return;
        }
        if let Some((from, to)) = self.space.take() {
            self.store(' ', from, to);
            self.stored += 1;
        }
        self.open.chars += 1;
        self.open.linked += usize::from(linked);
        self.stored += 1;
        self.store(c, from, to);
    }

    fn store(&mut self, c: char, from: u32, to: u32) {
        let at = self.text.len();
        self.text.push(c);
        self.source.resize(self.text.len(), from);
        self.source_end.resize(self.text.len(), to);
        self.last = Some((c, at));
    }
}
