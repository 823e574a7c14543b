//! The weights file: what lies in it, and how it is checked before a byte of it is believed.
//!
//! `SITREPLM`, version (u32), length of the contents (u64), BLAKE3 of the contents (32 bytes), then the contents:
//! tags, labels, tagger, moves, labels of arcs, lemmas. Numbers in the header are little-endian.

use super::codec::{self, Corrupt, Input, varint};
use super::lemma::{self, Lemmatiser, Rule};
use super::linear::{self, Feature, Narrow, Row, Triple, Wide};
use super::names::{Deprel, Upos, XPOS, xpos};
use super::parse::ArcScorer;

/// Version of the file and of the templates: it rises when either changes, because weights fit one set of templates.
pub const VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"SITREPLM";
const HEADER: usize = 8 + 4 + 8 + 32;

/// Why a weights file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("expected {0} inside the binary, found none")]
    Missing(&'static str),
    #[error("language/en/{file}: {problem}")]
    Language { file: &'static str, problem: String },
    #[error("expected weights that begin with \"SITREPLM\", found {0:?}")]
    Magic(String),
    #[error("expected weights of version {VERSION}, found version {0}")]
    Version(u32),
    #[error(
        "expected {expected} bytes of weights, found {found}: the file was cut or something was added"
    )]
    Length { expected: u64, found: u64 },
    #[error("expected weights with BLAKE3 {expected}, found {found}: the file was changed")]
    Checksum { expected: String, found: String },
    #[error("weights can't be read: {0}")]
    Corrupt(#[from] Corrupt),
    #[error("weights name something unknown: {0}")]
    Name(#[from] super::names::UnknownName),
}

/// Part of speech and Penn tag of a tag's number.
pub type Tag = (Upos, &'static str);

/// Weights as the trainer has them: rows sorted by feature.
#[derive(Default)]
pub struct Parts {
    pub tags: Vec<Tag>,
    pub labels: Vec<Deprel>,
    pub tagger: Vec<(Feature, Row)>,
    pub moves: Vec<(Feature, Triple)>,
    pub arcs: Vec<(Feature, Row)>,
    pub lemmas: Vec<Rule>,
}

/// Weights, ready for use.
pub struct Model {
    pub tags: Vec<Tag>,
    pub labels: Vec<Deprel>,
    pub tagger: Wide,
    pub moves: Narrow,
    pub arcs: Wide,
    pub lemmas: Lemmatiser,
    /// The first 16 bytes of the checksum, in hex.
    pub digest: String,
}

impl ArcScorer for Model {
    fn moves(&self, features: &[Feature], scores: &mut [i32; 3]) {
        for &feature in features {
            self.moves.add(feature, scores);
        }
    }

    fn labels(&self, features: &[Feature], scores: &mut [i32]) {
        for &feature in features {
            self.arcs.add(feature, scores);
        }
    }
}

impl Parts {
    /// The whole file.
    pub fn encode(&self) -> Vec<u8> {
        let mut contents = Vec::new();
        varint(self.tags.len() as u64, &mut contents);
        for (upos, xpos) in &self.tags {
            codec::text(upos.name(), &mut contents);
            codec::text(xpos, &mut contents);
        }
        varint(self.labels.len() as u64, &mut contents);
        for label in &self.labels {
            codec::text(label.name(), &mut contents);
        }
        linear::encode(&self.tagger, &mut contents);
        linear::encode_triples(&self.moves, &mut contents);
        linear::encode(&self.arcs, &mut contents);
        lemma::encode(&self.lemmas, &mut contents);

        let mut file = Vec::with_capacity(HEADER + contents.len());
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&VERSION.to_le_bytes());
        file.extend_from_slice(&(contents.len() as u64).to_le_bytes());
        file.extend_from_slice(blake3::hash(&contents).as_bytes());
        file.extend_from_slice(&contents);
        file
    }

    /// Checks a file and reads it.
    pub fn decode(file: &[u8]) -> Result<Self, Error> {
        let input = &mut Input::new(checked(file)?);
        let mut parts = Parts::default();
        for _ in 0..input.count()? {
            let upos: Upos = input.text()?.parse()?;
            let name = input.text()?;
            let found = xpos(name).ok_or_else(|| super::names::UnknownName {
                expected: "a Penn Treebank tag",
                found: name.to_owned(),
            })?;
            parts.tags.push((upos, found));
        }
        for _ in 0..input.count()? {
            parts.labels.push(input.text()?.parse()?);
        }
        // Numbers of tags and labels are bytes; 254 marks the word before the first.
        if parts.tags.is_empty()
            || parts.tags.len() > Upos::ALL.len() * XPOS.len()
            || parts.tags.len() >= 254
        {
            return Err(input.corrupt("between 1 and 253 tags").into());
        }
        if parts.labels.is_empty() || parts.labels.len() > 64 {
            return Err(input.corrupt("between 1 and 64 labels").into());
        }
        parts.tagger = linear::decode(input, parts.tags.len())?;
        parts.moves = linear::decode_triples(input)?;
        parts.arcs = linear::decode(input, parts.labels.len())?;
        parts.lemmas = lemma::decode(input, parts.tags.len())?;
        if !input.is_empty() {
            return Err(input.corrupt("the end").into());
        }
        Ok(parts)
    }
}

/// The contents of a file whose header is right.
fn checked(file: &[u8]) -> Result<&[u8], Error> {
    if !file.starts_with(MAGIC) {
        let begin = String::from_utf8_lossy(&file[..file.len().min(8)]).into_owned();
        return Err(Error::Magic(begin));
    }
    if file.len() < HEADER {
        return Err(Error::Length {
            expected: HEADER as u64,
            found: file.len() as u64,
        });
    }
    let version = u32::from_le_bytes(file[8..12].try_into().expect("four bytes"));
    if version != VERSION {
        return Err(Error::Version(version));
    }
    let expected = u64::from_le_bytes(file[12..20].try_into().expect("eight bytes"));
    let contents = &file[HEADER..];
    if contents.len() as u64 != expected {
        return Err(Error::Length {
            expected,
            found: contents.len() as u64,
        });
    }
    let found = blake3::hash(contents);
    let expected = blake3::Hash::from_bytes(file[20..HEADER].try_into().expect("32 bytes"));
    if found != expected {
        return Err(Error::Checksum {
            expected: expected.to_string(),
            found: found.to_string(),
        });
    }
    Ok(contents)
}

impl Model {
    /// Checks a weights file and makes it ready for use.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let parts = Parts::decode(file)?;
        let digest = file[20..36].iter().map(|b| format!("{b:02x}")).collect();
        Ok(Self {
            tagger: Wide::new(&parts.tagger),
            moves: Narrow::new(&parts.moves),
            arcs: Wide::new(&parts.arcs),
            lemmas: Lemmatiser::new(&parts.lemmas, parts.tags.len()),
            tags: parts.tags,
            labels: parts.labels,
            digest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Vec<u8> {
        let parts = Parts {
            tags: vec![(Upos::Noun, "NN"), (Upos::Verb, "VBD")],
            labels: vec![Deprel::Root, Deprel::Nsubj],
            tagger: vec![(7, vec![(0, 3), (1, -4)])],
            moves: vec![(9, [2, 1, 0])],
            arcs: vec![(11, vec![(1, 5)])],
            lemmas: Vec::new(),
        };
        parts.encode()
    }

    #[test]
    fn a_whole_file_loads() {
        let model = Model::load(&small()).unwrap();
        assert_eq!(model.tags[1], (Upos::Verb, "VBD"));
        assert_eq!(model.digest.len(), 32);
    }

    #[test]
    fn a_cut_changed_or_foreign_file_is_refused() {
        let file = small();
        assert!(matches!(Model::load(b""), Err(Error::Magic(_))));
        assert!(
            matches!(Model::load(b"GGUF0000 and so on"), Err(Error::Magic(found)) if found == "GGUF0000")
        );
        assert!(matches!(
            Model::load(&file[..20]),
            Err(Error::Length { .. })
        ));
        let length = (file.len() - HEADER) as u64;
        assert_eq!(
            Model::load(&file[..file.len() - 1]).err(),
            Some(Error::Length {
                expected: length,
                found: length - 1
            })
        );
        for at in HEADER..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(
                matches!(Model::load(&changed), Err(Error::Checksum { .. })),
                "byte {at}"
            );
        }
        let mut other = file;
        other[8] = 99;
        assert_eq!(Model::load(&other).err(), Some(Error::Version(99)));
    }
}
