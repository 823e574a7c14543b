//! Reads a TOML file strictly; what is wrong is told with file and line.

use serde::de::DeserializeOwned;
use std::ops::Range;

/// What is wrong in a file of the lexicon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", if *.line == 0 { String::new() } else { format!(":{}", .line) })]
pub struct Error {
    pub file: String,
    /// From 1; 0 where the whole file is meant.
    pub line: usize,
    /// What was expected and what was found.
    pub message: String,
}

impl Error {
    /// An error about a whole file.
    pub fn whole(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            message: message.into(),
        }
    }

    /// An error at a byte range of `text`, the content of `file`.
    pub fn at(file: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        Self {
            file: file.to_owned(),
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            message: message.into(),
        }
    }
}

/// Reads `text`, the content of `file`, as a `T` that denies unknown fields.
pub fn read<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|e| {
        let message = e.message().trim().replace('\n', "; ");
        Error::at(file, text, e.span().unwrap_or(0..0), message)
    })
}
