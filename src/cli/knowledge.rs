//! What the reading commands read with.

use crate::engine::Engine;
use crate::lexicon::Files;
use crate::linguistics::Profile;
use anyhow::Context;
use std::path::PathBuf;

/// What to read with.
#[derive(Debug, Clone, clap::Args)]
pub struct Knowledge {
    /// Folder of the lexicon to read with, instead of the one inside the program.
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
    /// How deep to read: fast, balanced or accurate.
    #[arg(long, default_value_t)]
    profile: Profile,
}

impl Knowledge {
    /// The engine with that lexicon and those weights.
    pub fn engine(&self) -> anyhow::Result<Engine> {
        match &self.lexicon {
            None => Engine::with(&Files::embedded(), self.profile)
                .context("loading the lexicon inside the program"),
            Some(folder) => Engine::load(folder, self.profile)
                .with_context(|| format!("loading the lexicon at {}", folder.display())),
        }
    }
}
