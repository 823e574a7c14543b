//! What can go wrong with the database, for the person who must act.

use std::path::PathBuf;

/// Why the store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process, or another part of this one, has the database.
    #[error("expected {path} to be free, found that another process has it open")]
    Locked { path: PathBuf },
    /// The database was written by a program of another time.
    #[error("expected a store of format {expected} in {path}, found format {found}")]
    Format {
        path: PathBuf,
        expected: u32,
        found: u32,
    },
    /// The file is not a store, or too damaged to be one.
    #[error("expected a sound sitrep store in {path}, found {found}")]
    Unsound { path: PathBuf, found: String },
    /// A record is not what was written.
    #[error("expected {expected} in record {key} of table {table}, found {found}")]
    Corrupt {
        table: &'static str,
        key: String,
        expected: String,
        found: String,
    },
    /// A page of the database is damaged.
    #[error("expected sound pages, found damaged ones")]
    Damaged,
    /// The directory of the database could not be made or read.
    #[error("{path}: {source}")]
    Directory {
        path: PathBuf,
        source: std::io::Error,
    },
    /// Reading or writing the file failed.
    #[error("database: {0}")]
    Database(Box<redb::Error>),
    /// An earlier write failed; what is in memory may be ahead of what is on disk, so nothing more is taken in.
    #[error("an earlier write failed, nothing is written until a restart")]
    Failed,
}

impl Error {
    pub(super) fn corrupt(
        table: &'static str,
        key: impl std::fmt::Display,
        expected: impl std::fmt::Display,
        found: impl std::fmt::Display,
    ) -> Self {
        Error::Corrupt {
            table,
            key: key.to_string(),
            expected: expected.to_string(),
            found: found.to_string(),
        }
    }

    /// True when what is on disk is not what was written.
    pub fn is_corruption(&self) -> bool {
        match self {
            Error::Corrupt { .. } | Error::Unsound { .. } | Error::Damaged => true,
            Error::Database(e) => matches!(**e, redb::Error::Corrupted(_)),
            _ => false,
        }
    }
}

macro_rules! from_redb {
    ($($kind:ty),+) => {
        $(impl From<$kind> for Error {
            fn from(error: $kind) -> Self {
                Error::Database(Box::new(error.into()))
            }
        })+
    };
}

from_redb!(
    redb::StorageError,
    redb::TableError,
    redb::TransactionError,
    redb::CommitError,
    redb::DatabaseError
);
