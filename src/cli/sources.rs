//! The files, folders and pipes that a command reads items from.

use super::items::{ENTRY_LIMIT, Format, Line, Origin, Raw, read_line};
use anyhow::Context;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a followed folder or file is looked at.
const FOLLOW_INTERVAL: Duration = Duration::from_secs(1);

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    StandardInput,
    File(PathBuf),
}

impl Source {
    /// The format of its entries: as asked for, else by extension, JSON Lines for standard input.
    fn format(&self, asked: Option<Format>) -> Format {
        asked.unwrap_or_else(|| match self {
            Source::StandardInput => Format::Jsonl,
            Source::File(path) => Format::of(path),
        })
    }

    fn name(&self) -> String {
        match self {
            Source::StandardInput => "-".to_string(),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// Bytes in it, 0 where that is not known.
    pub fn size(&self) -> u64 {
        match self {
            Source::StandardInput => 0,
            Source::File(path) => path.metadata().map_or(0, |m| m.len()),
        }
    }
}

/// What a command line names: folders become the files in them (by name, hidden ones left out).
pub fn expand(inputs: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for input in inputs {
        if input.as_os_str() == "-" {
            sources.push(Source::StandardInput);
        } else if input.is_dir() {
            collect(input, &mut sources)?;
        } else if input.exists() {
            sources.push(Source::File(input.clone()));
        } else {
            anyhow::bail!(
                "expected a file, a folder or -, found nothing at {}",
                input.display()
            );
        }
    }
    Ok(sources)
}

fn collect(folder: &Path, sources: &mut Vec<Source>) -> anyhow::Result<()> {
    let reading = || format!("reading folder {}", folder.display());
    let mut paths = Vec::new();
    for entry in folder.read_dir().with_context(reading)? {
        paths.push(entry.with_context(reading)?.path());
    }
    paths.sort();
    for path in paths {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            collect(&path, sources)?;
        } else {
            sources.push(Source::File(path));
        }
    }
    Ok(())
}

/// Whether whoever takes the entries wants more of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    GoOn,
    Stop,
}

/// Reads entries one after the other and hands each on with the number of bytes it took.
pub fn read(
    sources: &[Source],
    asked: Option<Format>,
    each: &mut dyn FnMut(Raw, u64) -> Flow,
) -> anyhow::Result<()> {
    for source in sources {
        let reading = || format!("reading {}", source.name());
        let format = source.format(asked);
        let flow = match source {
            Source::StandardInput => entries(&mut io::stdin().lock(), source, format, each),
            Source::File(path) => {
                let file = File::open(path).with_context(reading)?;
                entries(
                    &mut BufReader::with_capacity(1 << 16, file),
                    source,
                    format,
                    each,
                )
            }
        };
        if flow.with_context(reading)? == Flow::Stop {
            break;
        }
    }
    Ok(())
}

fn entries(
    input: &mut impl BufRead,
    source: &Source,
    format: Format,
    each: &mut dyn FnMut(Raw, u64) -> Flow,
) -> io::Result<Flow> {
    if format != Format::Jsonl {
        let mut bytes = Vec::new();
        input.take(ENTRY_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
        let size = bytes.len() as u64;
        let origin = Origin {
            input: source.name(),
            line: 0,
        };
        return Ok(each(
            Raw {
                origin,
                format,
                bytes: Some(bytes).filter(|b| b.len() <= ENTRY_LIMIT),
            },
            size,
        ));
    }
    let mut line = 0;
    loop {
        line += 1;
        let bytes = match read_line(input, ENTRY_LIMIT)? {
            Line::End => return Ok(Flow::GoOn),
            Line::TooLong => None,
            Line::Whole(bytes) => Some(without_mark(bytes, line)),
        };
        let size = bytes.as_ref().map_or(ENTRY_LIMIT, Vec::len) as u64 + 1;
        if bytes.as_ref().is_some_and(|b| b.trim_ascii().is_empty()) {
            continue;
        }
        let origin = Origin {
            input: source.name(),
            line,
        };
        if each(
            Raw {
                origin,
                format,
                bytes,
            },
            size,
        ) == Flow::Stop
        {
            return Ok(Flow::Stop);
        }
    }
}

/// Takes the byte order mark, which some editors write, off a first line.
fn without_mark(mut bytes: Vec<u8>, line: u64) -> Vec<u8> {
    if line == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    bytes
}

/// Reads what is there and then what comes: new files in the folders, new lines in the JSON Lines files. Returns only when
/// told to stop, or on an error.
pub fn follow(
    inputs: &[PathBuf],
    asked: Option<Format>,
    each: &mut dyn FnMut(Raw, u64) -> Flow,
) -> anyhow::Result<()> {
    let mut known: HashMap<PathBuf, Followed> = HashMap::new();
    loop {
        for source in expand(inputs)? {
            let Source::File(path) = &source else {
                anyhow::bail!(
                    "expected files or folders to follow, found -, which is read to its end anyway"
                );
            };
            let followed = known.entry(path.clone()).or_default();
            let reading = || format!("reading {}", path.display());
            if followed
                .read(&source, path, asked, each)
                .with_context(reading)?
                == Flow::Stop
            {
                return Ok(());
            }
        }
        std::thread::sleep(FOLLOW_INTERVAL);
    }
}

/// How far a followed file was read.
#[derive(Debug, Default)]
struct Followed {
    /// Bytes read: whole lines only, or all of a file that is one item.
    read: u64,
    lines: u64,
    /// Its size when last looked at; a file that is one item is read once its size stands still.
    size: u64,
}

impl Followed {
    fn read(
        &mut self,
        source: &Source,
        path: &Path,
        asked: Option<Format>,
        each: &mut dyn FnMut(Raw, u64) -> Flow,
    ) -> io::Result<Flow> {
        let size = path.metadata()?.len();
        let stood_still = std::mem::replace(&mut self.size, size) == size;
        if size <= self.read {
            return Ok(Flow::GoOn);
        }
        let format = source.format(asked);
        if format != Format::Jsonl {
            if !stood_still {
                return Ok(Flow::GoOn);
            }
            self.read = u64::MAX;
            return entries(&mut BufReader::new(File::open(path)?), source, format, each);
        }
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut input = BufReader::new(file.take(size - self.read));
        loop {
            let before = input.get_ref().limit() + input.buffer().len() as u64;
            let line = read_line(&mut input, ENTRY_LIMIT)?;
            let after = input.get_ref().limit() + input.buffer().len() as u64;
            let bytes = match line {
                Line::End => return Ok(Flow::GoOn),
                Line::TooLong => None,
                Line::Whole(bytes) => Some(without_mark(bytes, self.lines + 1)),
            };
            // A last line without its line break is still being written.
            if after == 0 && !ends_with_break(path, size)? {
                return Ok(Flow::GoOn);
            }
            self.read += before - after;
            self.lines += 1;
            if bytes.as_ref().is_some_and(|b| b.trim_ascii().is_empty()) {
                continue;
            }
            let origin = Origin {
                input: source.name(),
                line: self.lines,
            };
            if each(
                Raw {
                    origin,
                    format,
                    bytes,
                },
                before - after,
            ) == Flow::Stop
            {
                return Ok(Flow::Stop);
            }
        }
    }
}

fn ends_with_break(path: &Path, size: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(size - 1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == [b'\n'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn taken(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let sources = expand(&[folder.to_path_buf()]).unwrap();
        read(&sources, None, &mut |raw, _| {
            found.push(String::from_utf8(raw.bytes.unwrap()).unwrap());
            Flow::GoOn
        })
        .unwrap();
        found
    }

    #[test]
    fn a_folder_is_read_by_name_and_format() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b.jsonl"), "\u{feff}{1}\n\n  \n{2}").unwrap();
        std::fs::write(folder.path().join("a.txt"), "two\nlines").unwrap();
        std::fs::write(folder.path().join(".hidden.jsonl"), "{3}").unwrap();
        assert_eq!(taken(folder.path()), ["two\nlines", "{1}", "{2}"]);
    }

    #[test]
    fn a_followed_file_gives_whole_lines_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("items.jsonl");
        let source = Source::File(path.clone());
        let mut followed = Followed::default();
        let mut found = Vec::new();
        let mut file = File::create(&path).unwrap();
        for written in ["one\ntw", "o\n", "", "three\n"] {
            file.write_all(written.as_bytes()).unwrap();
            followed
                .read(&source, &path, None, &mut |raw, _| {
                    found.push((
                        String::from_utf8(raw.bytes.unwrap()).unwrap(),
                        raw.origin.line,
                    ));
                    Flow::GoOn
                })
                .unwrap();
        }
        let expected =
            [("one", 1), ("two", 2), ("three", 3)].map(|(text, line)| (text.to_string(), line));
        assert_eq!(found, expected);
    }
}
