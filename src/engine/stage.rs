//! The stages of reading an item. The engine has no clock: it tells whoever has one when a stage is over.

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Markup, boilerplate, language.
    Normalise,
    /// Sentences, gate, encoder, trees; and who, where and when in them.
    Parse,
    /// Triggers, frames and arguments.
    Extract,
    /// What the item says as a whole: folded, carried on, put in order.
    Complete,
}

impl Stage {
    pub const ALL: [Stage; 4] = [
        Stage::Normalise,
        Stage::Parse,
        Stage::Extract,
        Stage::Complete,
    ];

    /// Its name, as metrics have it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Normalise => "normalise",
            Stage::Parse => "parse",
            Stage::Extract => "extract",
            Stage::Complete => "complete",
        }
    }
}
