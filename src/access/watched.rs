//! Values that are read from files, and read again when the files change.
//!
//! The bytes are compared, not the times: a secret that is mounted over a link, as orchestrators do, changes without its
//! own time changing. What can't be used leaves the value that is there in place.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Why a file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path}: {source}")]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: {message}")]
    Content { path: PathBuf, message: String },
}

type Read<T> = dyn Fn(&[Vec<u8>], Option<&T>) -> Result<T, Error> + Send + Sync;

/// A value, and the files that it is read from.
pub struct Watched<T> {
    files: Vec<PathBuf>,
    /// From the bytes of the files in their order, and the value before.
    read: Box<Read<T>>,
    current: RwLock<Arc<T>>,
    /// Of the bytes that were looked at last, good or not: each is told of once.
    seen: Mutex<blake3::Hash>,
}

impl<T> Watched<T> {
    /// Reads the files for the first time.
    pub fn open(
        files: Vec<PathBuf>,
        read: impl Fn(&[Vec<u8>], Option<&T>) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let bytes = bytes(&files)?;
        let value = read(&bytes, None)?;
        Ok(Watched {
            seen: Mutex::new(digest(&bytes)),
            current: RwLock::new(Arc::new(value)),
            read: Box::new(read),
            files,
        })
    }

    /// The value as it was read last.
    pub fn current(&self) -> Arc<T> {
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whatever can be read again.
pub trait Reload: Send + Sync {
    /// Looks at the files. `None` when they are as they were; an error leaves the value as it is.
    fn reload(&self) -> Option<Result<(), Error>>;
}

impl<T: Send + Sync> Reload for Watched<T> {
    fn reload(&self) -> Option<Result<(), Error>> {
        // One at a time; also while the value is made of the bytes.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = match bytes(&self.files) {
            Ok(bytes) => bytes,
            Err(error) => {
                let absent = blake3::hash(error.to_string().as_bytes());
                let is_news = *seen != absent;
                *seen = absent;
                return is_news.then_some(Err(error));
            }
        };
        let found = digest(&bytes);
        if *seen == found {
            return None;
        }
        *seen = found;
        let before = self.current();
        Some((self.read)(&bytes, Some(&before)).map(|value| {
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(value);
        }))
    }
}

fn bytes(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, Error> {
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|source| Error::File {
            path: path.clone(),
            source,
        })
    };
    files.iter().map(read).collect()
}

fn digest(files: &[Vec<u8>]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        hasher.update(&(file.len() as u64).to_le_bytes());
        hasher.update(file);
    }
    hasher.finalize()
}

/// An error about what is in a file.
pub(super) fn content(path: &Path, message: impl Into<String>) -> Error {
    Error::Content {
        path: path.to_owned(),
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_read_again_and_what_is_no_good_is_told_once_and_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n");
        std::fs::write(&path, "1").unwrap();
        let of = path.clone();
        let watched = Watched::open(vec![path.clone()], move |bytes, _: Option<&u32>| {
            let text = String::from_utf8_lossy(&bytes[0]).into_owned();
            text.parse().map_err(|_| content(&of, "expected a number"))
        })
        .unwrap();
        assert!(watched.reload().is_none());
        std::fs::write(&path, "2").unwrap();
        assert!(watched.reload().unwrap().is_ok());
        assert_eq!(*watched.current(), 2);
        std::fs::write(&path, "two").unwrap();
        assert!(watched.reload().unwrap().is_err());
        assert!(watched.reload().is_none());
        std::fs::remove_file(&path).unwrap();
        assert!(watched.reload().unwrap().is_err());
        assert!(watched.reload().is_none());
        assert_eq!(*watched.current(), 2);
        std::fs::write(&path, "3").unwrap();
        assert!(watched.reload().unwrap().is_ok());
        assert_eq!(*watched.current(), 3);
    }
}
