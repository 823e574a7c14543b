//! What a caller may do.

use serde::{Deserialize, Serialize};

/// One permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Submit and retract items.
    Intake,
    /// Subscribe, list and get events.
    Feed,
    /// Analyse items without storing them.
    Analysis,
    /// Read metrics and the health page.
    Admin,
}

impl Scope {
    pub const ALL: [Scope; 4] = [Scope::Intake, Scope::Feed, Scope::Analysis, Scope::Admin];

    /// As it is written in files and tokens.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Intake => "intake",
            Scope::Feed => "feed",
            Scope::Analysis => "analysis",
            Scope::Admin => "admin",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    pub const ALL: Scopes = Scopes(0b1111);

    pub fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// The scopes that these words name, each after `prefix`; other words are other services'.
    pub fn named<'a>(words: impl IntoIterator<Item = &'a str>, prefix: &str) -> Scopes {
        let known = |word: &str| {
            let name = word.strip_prefix(prefix)?;
            Scope::ALL.into_iter().find(|s| s.name() == name)
        };
        words.into_iter().filter_map(known).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Scopes(scopes.into_iter().fold(0, |all, scope| all | scope.bit()))
    }
}
