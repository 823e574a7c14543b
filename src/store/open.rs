//! Opening the database: one process, a known format, sound pages.

use super::record::{self, Meta, State};
use super::{Error, Snapshot, Writer, tables};
use jiff::Timestamp;
use redb::{Database, ReadableDatabase};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// Name of the database in the data directory.
pub const FILE_NAME: &str = "sitrep.redb";
/// Format of the whole store; raised when an older program could no longer read it.
const FORMAT: u32 = 1;

/// How the store works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Memory for pages of the database, in bytes.
    pub cache_bytes: usize,
    /// Whether the texts of items are kept; their ids and answers are in any case.
    pub keep_texts: bool,
    /// Whether every page is checked when the database is opened, which reads the whole file.
    pub verify: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            cache_bytes: 64 << 20,
            keep_texts: true,
            verify: true,
        }
    }
}

/// How far the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    /// Position of the newest update, 0 before the first.
    pub position: u64,
    /// True once nothing will be written any more.
    pub closed: bool,
}

/// The database, to read. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    log_id: Arc<str>,
    tail: watch::Receiver<Tail>,
}

impl Store {
    /// Opens the database in `directory`, making both where they are not there yet, and hands out its only writer.
    pub fn open(
        directory: &Path,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<(Store, Writer), Error> {
        std::fs::create_dir_all(directory).map_err(|source| Error::Directory {
            path: directory.to_owned(),
            source,
        })?;
        let path = directory.join(FILE_NAME);
        let database = sound(&path, || open_database(&path, settings))?;
        let (meta, state) = sound(&path, || read_or_create_meta(&database, &path, now))?;
        let database = Arc::new(database);
        let tail = Tail {
            position: state.last_position,
            closed: false,
        };
        let (publish, tail) = watch::channel(tail);
        let store = Store {
            database: database.clone(),
            log_id: meta.log_id.into(),
            tail,
        };
        let writer = Writer::new(database, state, settings.keep_texts, publish);
        Ok((store, writer))
    }

    /// Id of the log, which is also part of every cursor.
    pub fn log_id(&self) -> &str {
        &self.log_id
    }

    /// How far the log is; changes after every commit.
    pub fn tail(&self) -> watch::Receiver<Tail> {
        self.tail.clone()
    }

    /// The database as it stands now.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        Snapshot::new(self.database.begin_read()?)
    }
}

/// A file that was changed from outside can make the database panic; at start that is an answer like any other.
fn sound<T>(path: &Path, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let unsound = |found: String| Error::Unsound {
        path: path.to_owned(),
        found,
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Err(error)) if error.is_corruption() && !matches!(error, Error::Unsound { .. }) => {
            Err(unsound(error.to_string()))
        }
        Ok(outcome) => outcome,
        Err(panic) => {
            let found = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                .unwrap_or_else(|| "damaged pages".to_owned());
            Err(unsound(found))
        }
    }
}

fn open_database(path: &PathBuf, settings: &Settings) -> Result<Database, Error> {
    let opened = Database::builder()
        .set_cache_size(settings.cache_bytes)
        .set_check_integrity_on_open(settings.verify)
        .create(path);
    opened.map_err(|error| match error {
        redb::DatabaseError::DatabaseAlreadyOpen => Error::Locked { path: path.clone() },
        redb::DatabaseError::UpgradeRequired(found) => Error::Unsound {
            path: path.clone(),
            found: format!("file format {found} of an older database library"),
        },
        redb::DatabaseError::Storage(redb::StorageError::Io(e))
            if matches!(
                e.kind(),
                std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof
            ) =>
        {
            Error::Unsound {
                path: path.clone(),
                found: e.to_string(),
            }
        }
        other => other.into(),
    })
}

fn read_or_create_meta(
    database: &Database,
    path: &Path,
    now: Timestamp,
) -> Result<(Meta, State), Error> {
    let read = database.begin_read()?;
    // A crash between making the file and its first transaction leaves a database without tables: still a new one.
    if read.list_tables()?.next().is_none() {
        drop(read);
        return create_meta(database, now);
    }
    let table = match read.open_table(tables::META) {
        Ok(table) => table,
        Err(redb::TableError::TableDoesNotExist(_)) => {
            let found = "a database of something else (no table \"meta\")".to_owned();
            return Err(Error::Unsound {
                path: path.to_owned(),
                found,
            });
        }
        Err(other) => return Err(other.into()),
    };
    let sealed = |key: &'static str| -> Result<Vec<u8>, Error> {
        let found = table.get(key)?;
        let missing = || Error::corrupt("meta", key, "a record", "none");
        Ok(found.ok_or_else(missing)?.value().to_vec())
    };
    let meta: Meta = record::open("meta", b"store", &sealed("store")?)?;
    if meta.format != FORMAT {
        return Err(Error::Format {
            path: path.to_owned(),
            expected: FORMAT,
            found: meta.format,
        });
    }
    let state: State = record::open("meta", b"state", &sealed("state")?)?;
    Ok((meta, state))
}

fn create_meta(database: &Database, now: Timestamp) -> Result<(Meta, State), Error> {
    let meta = Meta {
        format: FORMAT,
        log_id: uuid::Uuid::now_v7().to_string(),
        created_us: now.as_microsecond(),
    };
    let state = State::default();
    let write = database.begin_write()?;
    {
        let mut table = write.open_table(tables::META)?;
        table.insert("store", record::seal("meta", b"store", &meta).as_slice())?;
        table.insert("state", record::seal("meta", b"state", &state).as_slice())?;
        // Readers may come before the first write: every table is there from the start.
        write.open_table(tables::LOG)?;
        write.open_table(tables::ITEMS)?;
        write.open_table(tables::ITEMS_BY_TIME)?;
        write.open_table(tables::EVENTS)?;
        write.open_table(tables::FACETS)?;
        write.open_table(tables::REPORTS)?;
        write.open_table(tables::REPORTS_BY_ITEM)?;
        write.open_table(tables::HISTORY)?;
        write.open_table(tables::BY_REPORTED)?;
        write.open_table(tables::BY_TIME)?;
    }
    write.commit()?;
    Ok((meta, state))
}
