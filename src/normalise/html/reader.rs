//! The bytes of a page on their way to the tokenizer, with an end to endless tags.
//!
//! The tokenizer goes from one quoted attribute to the next by calling itself, so that a tag of 100,000 attributes would end
//! the whole process by a stack overflow. Past a bound the reader therefore ends such a tag; what was left of it is read as text.

use html5gum::{Readable, Reader, StringReader};
use std::cell::Cell;
use std::convert::Infallible;
use std::rc::Rc;

/// Attributes of one tag that are read. Real tags have a dozen.
const ATTRIBUTES: u32 = 1_000;

/// Counts the attributes of the tag that is being read. The emitter counts, the reader looks.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes(Rc<Cell<u32>>);

impl Attributes {
    /// Another attribute begins.
    pub(super) fn add(&self) {
        self.0.set(self.0.get().saturating_add(1));
    }

    /// The tag is at its end.
    pub(super) fn clear(&self) {
        self.0.set(0);
    }

    fn are_endless(&self) -> bool {
        self.0.get() > ATTRIBUTES
    }
}

/// Reads a string, and ends tags that have no end.
pub(super) struct Bounded<'a> {
    inner: StringReader<'a>,
    attributes: Attributes,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(html: &'a str, attributes: Attributes) -> Self {
        Bounded {
            inner: html.to_reader(),
            attributes,
        }
    }
}

impl Reader for Bounded<'_> {
    type Error = Infallible;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Infallible> {
        let byte = self.inner.read_byte()?;
        // Only ever in place of an ASCII character, so that what follows stays UTF-8.
        if self.attributes.are_endless() && byte.is_some_and(|byte| byte.is_ascii()) {
            return Ok(Some(b'>'));
        }
        Ok(byte)
    }

    #[inline(always)]
    fn read_until<'b>(
        &'b mut self,
        needle: &[u8],
        one: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, Infallible> {
        self.inner.read_until(needle, one)
    }

    #[inline(always)]
    fn try_read_string(&mut self, wanted: &[u8], case_sensitive: bool) -> Result<bool, Infallible> {
        self.inner.try_read_string(wanted, case_sensitive)
    }
}
