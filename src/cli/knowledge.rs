//! What the reading commands read with.

use crate::engine::Engine;
use crate::lexicon::{Files, sources::Sources};
use crate::linguistics::{Linguistics, Profile};
use crate::merge::{Config, Ledger};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
        let files = self.files()?;
        let linguistics = linguistics(self.profile, self.weights.as_deref())?;
        Engine::with_linguistics(&files, linguistics).with_context(|| match &self.lexicon {
            None => "loading the lexicon inside the program".to_owned(),
            Some(folder) => format!("loading the lexicon at {}", folder.display()),
        })
    }

    /// What makes ledgers that merge what `engine` reads.
    pub fn ledgers(&self, engine: &Arc<Engine>, config: Config) -> anyhow::Result<Ledgers> {
        let files = self.files()?;
        let sources = files.text("sources.toml").map_err(anyhow::Error::from);
        let sources = sources.and_then(|text| Ok(Sources::load(text, "sources.toml")?));
        Ok(Ledgers {
            config,
            sources: Arc::new(sources.context("loading the sources of the lexicon")?),
            engine: engine.clone(),
        })
    }

    fn files(&self) -> anyhow::Result<Files> {
        match &self.lexicon {
            None => Ok(Files::embedded()),
            Some(folder) => Files::folder(folder)
                .with_context(|| format!("reading the lexicon at {}", folder.display())),
        }
    }
}

/// Makes ledgers without events, all alike.
pub struct Ledgers {
    config: Config,
    sources: Arc<Sources>,
    engine: Arc<Engine>,
}

impl Ledgers {
    /// A fresh ledger.
    pub fn fresh(&self) -> Ledger {
        let (ontology, stamp) = (self.engine.ontology().clone(), self.engine.stamp().clone());
        Ledger::new(self.config.clone(), ontology, self.sources.clone(), stamp)
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
