//! Where the files of a lexicon come from.

use super::strict::{self, Error};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, fs, io, path::Path};

/// The files of a lexicon, by path in its folder.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// The lexicon inside the binary.
    pub fn embedded() -> Files {
        let files = crate::embedded::LEXICON
            .iter()
            .map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
        Files {
            files: files.collect(),
        }
    }

    /// A folder on disk; files other than `.toml` and `.tsv` are left alone.
    pub fn folder(root: &Path) -> io::Result<Files> {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
                    let name = path
                        .strip_prefix(root)
                        .unwrap_or(&path)
                        .to_string_lossy()
                        .replace('\\', "/");
                    files.insert(name, fs::read(&path)?);
                }
            }
        }
        Ok(Files { files })
    }

    /// A file's bytes.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// A file as text.
    pub fn text(&self, path: &str) -> Result<&str, Error> {
        let bytes = self
            .files
            .get(path)
            .ok_or_else(|| Error::whole(path, "expected this file, found none"))?;
        std::str::from_utf8(bytes)
            .map_err(|e| Error::whole(path, format!("expected UTF-8, found something else: {e}")))
    }

    /// Paths under a folder, in order.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.files
            .keys()
            .map(String::as_str)
            .filter(move |p| p.starts_with(folder))
    }

    /// BLAKE3 over paths and contents, first 16 bytes in hex.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (path, bytes) in &self.files {
            hasher.update(&(path.len() as u64).to_le_bytes());
            hasher.update(path.as_bytes());
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }

    /// A TOML file as a value; an error names the line.
    pub fn toml<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        strict::read(self.text(path)?, path)
    }
}
