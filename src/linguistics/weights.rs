//! Weights files: how they are checked before a byte of them is believed, and how their parts are read.
//!
//! A mark of eight bytes, version (u32), length of the contents (u64), BLAKE3 of the contents (32 bytes), then the contents
//! as safetensors, whose metadata has an entry `config` (JSON). Numbers in the header are little-endian. The recipes in
//! `training/` write them.

use super::codec::Corrupt;
use super::names::UnknownName;
use safetensors::{Dtype, SafeTensors};
use serde::de::DeserializeOwned;

const HEADER: usize = 8 + 4 + 8 + 32;

/// Why a weights file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("expected {0} inside the binary, found none")]
    Missing(&'static str),
    #[error("language/en/{file}: {problem}")]
    Language { file: &'static str, problem: String },
    #[error("expected weights that begin with {expected:?}, found {found:?}")]
    Magic { expected: String, found: String },
    #[error("expected weights of version {expected}, found version {found}")]
    Version { expected: u32, found: u32 },
    #[error(
        "expected {expected} bytes of weights, found {found}: the file was cut or something was added"
    )]
    Length { expected: u64, found: u64 },
    #[error("expected weights with BLAKE3 {expected}, found {found}: the file was changed")]
    Checksum { expected: String, found: String },
    #[error("weights can't be read: {0}")]
    Corrupt(#[from] Corrupt),
    #[error("weights can't be read: {0}")]
    Tensors(String),
    #[error("weights: expected {name} as {expected}, found {found}")]
    Shape {
        name: String,
        expected: String,
        found: String,
    },
    #[error("weights name something unknown: {0}")]
    Name(#[from] UnknownName),
}

/// The contents of a file whose header is right, and the first 16 bytes of its checksum, in hex.
pub fn contents<'a>(
    file: &'a [u8],
    magic: &[u8; 8],
    version: u32,
) -> Result<(&'a [u8], String), Error> {
    if !file.starts_with(magic) {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        return Err(Error::Magic {
            expected: text(magic),
            found: text(&file[..file.len().min(8)]),
        });
    }
    if file.len() < HEADER {
        return Err(Error::Length {
            expected: HEADER as u64,
            found: file.len() as u64,
        });
    }
    let found = u32::from_le_bytes(file[8..12].try_into().expect("four bytes"));
    if found != version {
        return Err(Error::Version {
            expected: version,
            found,
        });
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
    Ok((contents, expected.to_hex()[..32].to_owned()))
}

/// Tensors by name.
pub struct Safe<'a> {
    tensors: SafeTensors<'a>,
    config: String,
}

impl<'a> Safe<'a> {
    pub fn read(contents: &'a [u8]) -> Result<Self, Error> {
        let broken = |e: safetensors::SafeTensorError| Error::Tensors(e.to_string());
        let (_, metadata) = SafeTensors::read_metadata(contents).map_err(broken)?;
        let config = metadata.metadata().as_ref().and_then(|m| m.get("config"));
        Ok(Self {
            config: config
                .ok_or_else(|| Error::Tensors("expected an entry \"config\", found none".into()))?
                .clone(),
            tensors: SafeTensors::deserialize(contents).map_err(broken)?,
        })
    }

    /// What the file says of itself.
    pub fn config<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.config).map_err(|e| Error::Tensors(format!("\"config\": {e}")))
    }

    pub fn shape(&self, name: &str) -> Result<Vec<usize>, Error> {
        let found = self.tensors.tensor(name);
        let found = found.map_err(|e| Error::Tensors(e.to_string()))?;
        Ok(found.shape().to_vec())
    }

    fn tensor(&self, name: &str, dtype: Dtype, shape: Option<&[usize]>) -> Result<&'a [u8], Error> {
        let found = self.tensors.tensor(name);
        let found = found.map_err(|e| Error::Tensors(e.to_string()))?;
        if found.dtype() != dtype || shape.is_some_and(|s| s != found.shape()) {
            return Err(Error::Shape {
                name: name.to_owned(),
                expected: format!("{dtype:?} {:?}", shape.unwrap_or(&[])),
                found: format!("{:?} {:?}", found.dtype(), found.shape()),
            });
        }
        Ok(found.data())
    }

    pub fn bytes(&self, name: &str) -> Result<&'a [u8], Error> {
        self.tensor(name, Dtype::U8, None)
    }

    pub fn text(&self, name: &str) -> Result<&'a str, Error> {
        let bytes = self.bytes(name)?;
        std::str::from_utf8(bytes).map_err(|e| Error::Tensors(format!("{name:?}: {e}")))
    }

    pub fn floats(&self, name: &str, n: usize) -> Result<Vec<f32>, Error> {
        let bytes = self.tensor(name, Dtype::F32, Some(&[n]))?;
        let read = |b: &[u8]| f32::from_le_bytes(b.try_into().expect("four bytes"));
        let floats: Vec<f32> = bytes.chunks_exact(4).map(read).collect();
        if floats.iter().any(|f| !f.is_finite()) {
            return Err(Error::Shape {
                name: name.to_owned(),
                expected: "finite numbers".to_owned(),
                found: "others".to_owned(),
            });
        }
        Ok(floats)
    }

    pub fn wholes(&self, name: &str, n: usize) -> Result<Vec<i32>, Error> {
        let bytes = self.tensor(name, Dtype::I32, Some(&[n]))?;
        let read = |b: &[u8]| i32::from_le_bytes(b.try_into().expect("four bytes"));
        Ok(bytes.chunks_exact(4).map(read).collect())
    }

    /// Numbers of eight bits.
    pub fn small(&self, name: &str, shape: &[usize]) -> Result<Vec<i8>, Error> {
        let bytes = self.tensor(name, Dtype::I8, Some(shape))?;
        Ok(bytes.iter().map(|&b| b as i8).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAGIC: &[u8; 8] = b"SITREPXX";

    fn small() -> Vec<u8> {
        let contents = b"some contents";
        let mut file = MAGIC.to_vec();
        file.extend(7u32.to_le_bytes());
        file.extend((contents.len() as u64).to_le_bytes());
        file.extend(blake3::hash(contents).as_bytes());
        file.extend(contents);
        file
    }

    #[test]
    fn a_cut_changed_or_foreign_file_is_refused() {
        let file = small();
        let read = |file: &[u8]| contents(file, MAGIC, 7).map(|(c, _)| c.to_vec());
        assert_eq!(read(&file).unwrap(), b"some contents");
        assert!(matches!(read(b""), Err(Error::Magic { .. })));
        assert!(
            matches!(read(b"GGUF0000 and so on"), Err(Error::Magic { found, .. }) if found == "GGUF0000")
        );
        assert!(matches!(read(&file[..20]), Err(Error::Length { .. })));
        let length = (file.len() - HEADER) as u64;
        assert_eq!(
            read(&file[..file.len() - 1]),
            Err(Error::Length {
                expected: length,
                found: length - 1
            })
        );
        for at in HEADER..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(
                matches!(read(&changed), Err(Error::Checksum { .. })),
                "byte {at}"
            );
        }
        let mut other = file;
        other[8] = 99;
        assert_eq!(
            read(&other).unwrap_err().to_string(),
            "expected weights of version 7, found version 99"
        );
    }
}
