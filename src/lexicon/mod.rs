//! Knowledge as data: loads and checks what is under `lexicon/`.

pub mod actors;
pub mod alias;
pub mod frames;
pub mod language;
pub mod ontology;
pub mod places;
mod source;
pub mod sources;
pub mod strict;

pub use actors::Actors;
pub use frames::Frame;
pub use language::{Classes, Language};
pub use ontology::Ontology;
pub use places::Gazetteer;
pub use source::Files;
pub use strict::Error;

use std::sync::Arc;

/// All that is known before a text is read. Immutable; shared by everybody.
#[derive(Debug, Clone)]
pub struct Lexicon {
    /// By file, in order of path.
    pub frames: Vec<Frame>,
    /// Files of the frames, in the same order.
    pub frame_files: Vec<String>,
    pub actors: Actors,
    pub places: Gazetteer,
    pub classes: Classes,
    pub ontology: Arc<Ontology>,
    pub language: Language,
    /// BLAKE3 over all files, first 16 bytes in hex.
    pub digest: String,
}

impl Lexicon {
    /// The lexicon inside the binary.
    pub fn embedded() -> Result<Lexicon, Error> {
        Lexicon::load(&Files::embedded())
    }

    /// Loads a lexicon; the first thing wrong with it is the error.
    pub fn load(files: &Files) -> Result<Lexicon, Error> {
        let mut frames = Vec::new();
        let mut frame_files = Vec::new();
        for path in files.under("frames/").filter(|p| p.ends_with(".toml")) {
            frames.push(Frame::read(files.text(path)?, path)?);
            frame_files.push(path.to_owned());
        }
        Ok(Lexicon {
            frames,
            frame_files,
            actors: Actors::load(files)?,
            places: Gazetteer::load(|path| files.bytes(path))?,
            classes: Classes::load(files)?,
            ontology: Arc::new(Ontology::load(
                files.text("ontology.toml")?,
                "ontology.toml",
            )?),
            language: Language::load(files)?,
            digest: files.digest(),
        })
    }
}
