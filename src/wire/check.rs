//! What is wrong with a request, field by field.

use std::fmt;

/// One field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field as in the `.proto`, `item.text` or `filter.event_types[2]`.
    pub field: String,
    /// What was expected and what was found.
    pub description: String,
}

/// A request that breaks rules; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invalid {
    pub violations: Vec<Violation>,
}

impl Invalid {
    /// A single violation.
    pub fn one(field: impl Into<String>, description: impl Into<String>) -> Self {
        let mut invalid = Invalid::default();
        invalid.add(field, description);
        invalid
    }

    pub(super) fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.violations.push(Violation {
            field: field.into(),
            description: description.into(),
        });
    }

    /// `Err` when anything was added, `Ok(value)` otherwise.
    pub(super) fn unless<T>(self, value: T) -> Result<T, Invalid> {
        if self.violations.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    /// The same violations, with every path below `parent`.
    pub fn under(mut self, parent: &str) -> Self {
        for violation in &mut self.violations {
            violation.field = format!("{parent}.{}", violation.field);
        }
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.violations.as_slice() {
            [] => f.write_str("invalid request"),
            [only] => write!(f, "{}: {}", only.field, only.description),
            [first, rest @ ..] => {
                write!(
                    f,
                    "{}: {} (and {} more)",
                    first.field,
                    first.description,
                    rest.len()
                )
            }
        }
    }
}

impl std::error::Error for Invalid {}

/// Up to 40 characters of what was found, quoted, with control characters escaped.
pub(super) fn quoted(found: &str) -> String {
    let mut shown: String = found.chars().take(40).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// True for characters that change how a line is shown without being seen: controls, zero-width, bidirectional marks.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
