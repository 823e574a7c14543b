//! What the reading commands read with.

use crate::engine::Engine;
use crate::lexicon::Files;
use crate::linguistics::{Linguistics, Profile};
use anyhow::Context;
use std::path::{Path, PathBuf};

/// What to read with.
#[derive(Debug, Clone, clap::Args)]
pub struct Knowledge {
    /// Folder of the lexicon to read with, instead of the one inside the program.
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
    /// How deep to read: fast, balanced or accurate.
    #[arg(long, default_value_t)]
    profile: Profile,
    /// Weights of the encoder to read with, instead of those inside the program.
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    weights: Option<PathBuf>,
}

impl Knowledge {
    /// The engine with that lexicon and those weights.
    pub fn engine(&self) -> anyhow::Result<Engine> {
        let files = match &self.lexicon {
            None => Files::embedded(),
            Some(folder) => Files::folder(folder)
                .with_context(|| format!("reading the lexicon at {}", folder.display()))?,
        };
        let linguistics = linguistics(self.profile, self.weights.as_deref())?;
        Engine::with_linguistics(&files, linguistics).with_context(|| match &self.lexicon {
            None => "loading the lexicon inside the program".to_owned(),
            Some(folder) => format!("loading the lexicon at {}", folder.display()),
        })
    }
}

/// The reader of trees: of a profile, or with weights from a file.
pub fn linguistics(profile: Profile, weights: Option<&Path>) -> anyhow::Result<Linguistics> {
    let Some(path) = weights else {
        return Linguistics::embedded(profile).context("loading the weights inside the program");
    };
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    Linguistics::with_weights(&bytes).with_context(|| format!("loading {}", path.display()))
}
