//! The encoder's weights file: `training/encoder/export.py` writes it.

use super::dense::Rows;
use crate::linguistics::names::{Deprel, UnknownName, Upos, xpos};
use crate::linguistics::weights::{Error, Safe, contents};
use serde::Deserialize;

/// Version of the file: it rises when the network's shape or the cutting of words changes.
const VERSION: u32 = 2;

const MAGIC: &[u8; 8] = b"SITREPLM";

/// What the file says of itself.
#[derive(Debug, Deserialize)]
pub struct About {
    pub layers: usize,
    pub width: usize,
    pub heads: usize,
    pub inner: usize,
    pub positions: usize,
    pub arc: usize,
    pub relation: usize,
    pub upos: Vec<String>,
    pub xpos: Vec<String>,
    pub relations: Vec<String>,
    /// Pairs of part of speech and Penn tag that words may have.
    pub tags: Vec<(String, String)>,
    /// Types of events, the first for none; empty where the network has no heads for events.
    #[serde(default)]
    pub types: Vec<String>,
    /// Widths of what those heads look at.
    #[serde(default)]
    pub event: usize,
    #[serde(default)]
    pub argument: usize,
}

/// A checked file.
pub struct File<'a> {
    pub safe: Safe<'a>,
    pub about: About,
    pub digest: String,
}

impl<'a> File<'a> {
    pub fn read(file: &'a [u8]) -> Result<Self, Error> {
        let (contents, digest) = contents(file, MAGIC, VERSION)?;
        let safe = Safe::read(contents)?;
        let about: About = safe.config()?;
        let ok = (1..=64).contains(&about.layers)
            && about.heads > 0
            && about.width > 0
            && about.width.is_multiple_of(about.heads)
            && about.inner > 0
            && about.arc > 0
            && about.relation > 0
            && (about.types.is_empty()
                || about.types.len() >= 2 && about.event > 0 && about.argument > 0)
            && about.positions >= 512
            && (1..=253).contains(&about.tags.len());
        if !ok {
            return Err(Error::Tensors(
                "expected 1 to 64 layers, a width that the heads divide, 512 positions or more, \
                 1 to 253 tags, and widths for what types of events look at, found another shape"
                    .to_owned(),
            ));
        }
        Ok(Self {
            safe,
            about,
            digest,
        })
    }

    /// A linear layer: its weights are at most 63 either way, which is what sums of 16 bits bear.
    pub fn dense(&self, name: &str, outputs: usize, inputs: usize) -> Result<Rows, Error> {
        let weights = self
            .safe
            .small(&format!("{name}.weight"), &[outputs, inputs])?;
        if weights.iter().any(|w| w.unsigned_abs() > 63) {
            return Err(Error::Shape {
                name: name.to_owned(),
                expected: "weights between -63 and 63".to_owned(),
                found: "larger ones".to_owned(),
            });
        }
        Ok(Rows {
            inputs,
            weights,
            scale: self.safe.floats(&format!("{name}.scale"), outputs)?,
            bias: self.safe.floats(&format!("{name}.bias"), outputs)?,
        })
    }

    /// Part of speech and Penn tag of a tag's number.
    pub fn tags(&self) -> Result<Vec<(Upos, &'static str)>, Error> {
        let tags = self.about.tags.iter();
        tags.map(|(upos, name)| {
            let found = xpos(name).ok_or_else(|| UnknownName {
                expected: "a Penn Treebank tag",
                found: name.clone(),
            })?;
            Ok((upos.parse()?, found))
        })
        .collect()
    }

    pub fn relations(&self) -> Result<Vec<Deprel>, Error> {
        let relations = self.about.relations.iter();
        relations.map(|name| Ok(name.parse()?)).collect()
    }
}
