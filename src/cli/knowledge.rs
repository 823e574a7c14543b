//! Which lexicon the reading commands read with.

use crate::engine::Engine;
use anyhow::Context;
use std::path::PathBuf;

/// Which lexicon to read with.
#[derive(Debug, Clone, clap::Args)]
pub struct Knowledge {
    /// Folder of the lexicon to read with, instead of the one inside the program.
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
}

impl Knowledge {
    /// The engine with that lexicon.
    pub fn engine(&self) -> anyhow::Result<Engine> {
        match &self.lexicon {
            None => Engine::embedded().context("loading the lexicon inside the program"),
            Some(folder) => Engine::load(folder)
                .with_context(|| format!("loading the lexicon at {}", folder.display())),
        }
    }
}
