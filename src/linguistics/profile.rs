//! How deep the encoder is: what it costs against how much it gets right.

use std::fmt;
use std::str::FromStr;

/// Which of the weights inside the program read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Two layers.
    Fast,
    /// Four layers: the knee of the curve of accuracy against speed.
    #[default]
    Balanced,
    /// Six layers.
    Accurate,
}

impl Profile {
    /// Every profile, the fastest first.
    pub const ALL: [Profile; 3] = [Profile::Fast, Profile::Balanced, Profile::Accurate];

    pub fn name(self) -> &'static str {
        match self {
            Profile::Fast => "fast",
            Profile::Balanced => "balanced",
            Profile::Accurate => "accurate",
        }
    }

    /// Its file under `models/`.
    pub(super) fn file(self) -> &'static str {
        match self {
            Profile::Fast => "fast.bin",
            Profile::Balanced => "balanced.bin",
            Profile::Accurate => "accurate.bin",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == "default" {
            return Ok(Profile::default());
        }
        let found = Profile::ALL.into_iter().find(|p| p.name() == name);
        found.ok_or_else(|| format!("expected fast, balanced or accurate, found {name:?}"))
    }
}
