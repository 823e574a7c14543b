//! `sitrep analyze`: text in, events out, without a server.

use super::items::{About, Fault, Format, Raw};
use super::knowledge::Knowledge;
use super::{json, ordered, sources};
use crate::engine::Engine;
use crate::merge::event_of;
use crate::model::{NewsItem, Report};
use crate::wire::{
    self,
    v1::{AnalyzeNewsItemResponse, Warning},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{BufWriter, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Read news items and print the events in them: one ProtoJSON AnalyzeNewsItemResponse a line, in order of input.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  echo '{\"text\":\"France expelled two Russian diplomats on Monday.\"}' | sitrep analyze -
  sitrep analyze items.jsonl > events.jsonl
  sitrep analyze --published-at 2026-03-03 article.txt page.html
  sitrep analyze --explain article.txt | jq .explanation

Every entry gets a line, also one that can't be read: then with a warning, and the exit code is 1 at the end.")]
pub struct Analyze {
    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "FILES|-")]
    inputs: Vec<PathBuf>,
    /// How the inputs hold items; by extension when left out, jsonl for -.
    #[arg(long, value_enum)]
    input: Option<Format>,
    /// Threads that read; all cores when left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Say also how each item was read: sentences, mentions, candidates.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    about: About,
    #[command(flatten)]
    knowledge: Knowledge,
}

/// A finished line of output.
struct Line {
    json: Vec<u8>,
    fault: bool,
    /// Bytes of input that it answers.
    size: u64,
}

pub fn run(analyze: Analyze) -> anyhow::Result<ExitCode> {
    let Analyze {
        inputs,
        input,
        jobs,
        explain,
        about,
        knowledge,
    } = analyze;
    let sources = sources::expand(&inputs)?;
    let jobs = jobs.map(usize::from).unwrap_or_else(cores);
    let engine = Arc::new(knowledge.engine()?);
    let progress = progress(sources.iter().map(sources::Source::size).sum());
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut faults = 0u64;
    ordered::run(
        jobs,
        move |each| sources::read(&sources, input, &mut |raw, size| each((raw, size))),
        move |(raw, size)| line(&engine, &raw, size, &about, explain),
        |line, more| {
            faults += u64::from(line.fault);
            out.write_all(&line.json)?;
            if !more {
                out.flush()?;
            }
            if let Some(progress) = &progress {
                progress.inc(line.size);
            }
            Ok(())
        },
    )?;
    out.flush()?;
    if let Some(progress) = progress {
        progress.finish_and_clear();
    }
    Ok(if faults == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Cores that this process may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get())
}

/// A bar on standard error, when a person sees it and the answers go elsewhere.
fn progress(bytes: u64) -> Option<ProgressBar> {
    if !std::io::stderr().is_terminal() || std::io::stdout().is_terminal() {
        return None;
    }
    let (bar, template) = match bytes {
        0 => (
            ProgressBar::new_spinner(),
            "{spinner} {bytes} ({bytes_per_sec})",
        ),
        bytes => (
            ProgressBar::new(bytes),
            "{wide_bar} {bytes}/{total_bytes} ({bytes_per_sec}, {eta} left)",
        ),
    };
    bar.set_style(
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    Some(bar)
}

fn line(engine: &Engine, raw: &Raw, size: u64, about: &About, explain: bool) -> Line {
    let (answer, fault) = match answer(engine, raw, about, explain) {
        Ok(answer) => (answer, false),
        Err(fault) => (refusal(fault), true),
    };
    // Writing into memory fails for no message; a line is owed in any case.
    let json = json::line(&answer).unwrap_or_else(|_| b"{}\n".to_vec());
    Line { json, fault, size }
}

/// What is read from one entry.
fn answer(
    engine: &Engine,
    raw: &Raw,
    about: &About,
    explain: bool,
) -> Result<AnalyzeNewsItemResponse, Fault> {
    read(engine, raw, about, explain).map(|read| read.answer)
}

/// An entry that was read.
pub struct Read {
    pub item: NewsItem,
    pub reports: Vec<Report>,
    pub answer: AnalyzeNewsItemResponse,
}

/// Reads one entry. A panic is a fault of ours that must not cost the entries after it.
pub fn read(engine: &Engine, raw: &Raw, about: &About, explain: bool) -> Result<Read, Fault> {
    let message = raw.parse(about)?;
    let item_id = message.item_id.clone();
    let item = wire::item(message).map_err(|invalid| Fault {
        item_id: item_id.clone(),
        reason: "FIELD_INVALID",
        message: invalid.to_string(),
    })?;
    catch_unwind(AssertUnwindSafe(|| analyzed(engine, item, explain))).map_err(|_| Fault {
        item_id,
        reason: "ITEM_UNREADABLE",
        message: "reading this item failed inside the program; please report it".to_string(),
    })
}

fn analyzed(engine: &Engine, item: NewsItem, explain: bool) -> Read {
    let (reading, explanation) = if explain {
        let (reading, explanation) = engine.explain(&item);
        (reading, Some(explanation))
    } else {
        (engine.read(&item), None)
    };
    let events: Vec<_> = reading
        .reports
        .iter()
        .map(|report| event_of(report, engine.ontology(), engine.stamp()))
        .collect();
    let answer = wire::analysis(&item.item_id, &reading, &events, explanation.as_ref());
    Read {
        item,
        reports: reading.reports,
        answer,
    }
}

fn refusal(fault: Fault) -> AnalyzeNewsItemResponse {
    AnalyzeNewsItemResponse {
        item_id: fault.item_id,
        warnings: vec![Warning {
            reason: fault.reason.to_string(),
            message: fault.message,
        }],
        ..Default::default()
    }
}
