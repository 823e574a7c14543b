//! `sitrep evaluate`: figures on gold of one's own.

mod gold;
mod pairs;
mod score;

use super::knowledge::{Knowledge, linguistics};
use crate::config::{Config, Flags};
use crate::linguistics::{self, Profile};
use anyhow::Context;
use clap::Subcommand;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Measure a part of the engine on gold of one's own.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep evaluate parser en_ewt-ud-test.conllu
  sitrep evaluate parser --profile accurate --raw *.conllu | jq '{file, las}'
  sitrep evaluate events gold.jsonl --lexicon ./lexicon | jq .near
  sitrep evaluate pairs pairs.jsonl
  sitrep evaluate pairs pairs.jsonl --config sitrep.toml --json | jq .all.f1

Gold of events is a JSON object an item: text, published_at, events with type and trigger (words of the text), and
initiators, targets, participants, places, attribution, status as far as they are to be compared. Gold of pairs is an
object a pair: texts a and b, label (same or different incident), and a_date, b_date, origin where known. lexicon/README.md
describes both.")]
pub struct Evaluate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Tags, lemmas and trees on treebanks in CoNLL-U, in percent; one thread reads.
    Parser {
        /// Treebanks.
        #[arg(required = true, value_name = "FILE.conllu")]
        files: Vec<PathBuf>,
        /// Read the raw text instead of the treebank's tokens and sentences: F1 of words at the same place.
        #[arg(long)]
        raw: bool,
        /// Which weights inside the program read: fast, balanced or accurate.
        #[arg(long, default_value_t)]
        profile: Profile,
        /// Weights to measure instead of those inside the program.
        #[arg(long, value_name = "FILE", conflicts_with = "profile")]
        weights: Option<PathBuf>,
    },
    /// Events in annotated items: found, of the right type, and their fields.
    #[command(visible_alias = "articles")]
    Events {
        /// Annotated items, a JSON object a line.
        #[arg(required = true, value_name = "GOLD.jsonl")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        knowledge: Knowledge,
    },
    /// Pairs of items: whether both become one event where they tell one incident. Prints a table a file.
    Pairs {
        /// Pairs, a JSON object a line.
        #[arg(required = true, value_name = "PAIRS.jsonl")]
        files: Vec<PathBuf>,
        /// Configuration file whose section `merge` holds; the defaults when left out.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Print a JSON line a file instead of a table.
        #[arg(long)]
        json: bool,
        /// Print a JSON line for each pair judged wrongly before the figures: types read, and how reports fit.
        #[arg(long)]
        wrong: bool,
        #[command(flatten)]
        knowledge: Knowledge,
    },
}

pub fn run(evaluate: &Evaluate) -> anyhow::Result<ExitCode> {
    match &evaluate.what {
        What::Parser {
            files,
            raw,
            profile,
            weights,
        } => parser(files, *raw, *profile, weights.as_deref())?,
        What::Events { files, knowledge } => events(files, knowledge)?,
        What::Pairs {
            files,
            config,
            json,
            wrong,
            knowledge,
        } => {
            let flags = Flags {
                config: config.clone(),
                ..Flags::default()
            };
            pairs(files, Config::load(&flags, [])?, knowledge, *json, *wrong)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn events(files: &[PathBuf], knowledge: &Knowledge) -> anyhow::Result<()> {
    let engine = knowledge.engine()?;
    for path in files {
        let reading = || format!("reading {}", path.display());
        let file = std::fs::File::open(path).with_context(reading)?;
        let items = gold::read(std::io::BufReader::new(file)).with_context(reading)?;
        let read = items
            .iter()
            .map(|item| Ok(engine.read(&item.news()?).reports));
        let read: Vec<_> = read.collect::<anyhow::Result<_>>().with_context(reading)?;
        let mut line = score::figures(&items, &read, engine.ontology());
        line["file"] = path.display().to_string().into();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(())
}

fn pairs(
    files: &[PathBuf],
    config: Config,
    knowledge: &Knowledge,
    json: bool,
    wrong: bool,
) -> anyhow::Result<()> {
    let engine = Arc::new(knowledge.engine()?);
    let ledgers = knowledge.ledgers(&engine, config.merge)?;
    for path in files {
        let reading = || format!("reading {}", path.display());
        let file = std::fs::File::open(path).with_context(reading)?;
        let mut out = std::io::stdout().lock();
        let mut figures = pairs::Figures::default();
        for pair in pairs::read(std::io::BufReader::new(file)).with_context(reading)? {
            let verdict = pairs::judge(&pair, &engine, ledgers.fresh()).with_context(reading)?;
            figures.count(&pair, &verdict);
            if let Some(line) = pairs::wrong(&pair, &verdict).filter(|_| wrong) {
                writeln!(out, "{line}")?;
            }
        }
        if json {
            let mut line = figures.json();
            line["file"] = path.display().to_string().into();
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{}", path.display())?;
            write!(out, "{}", figures.table())?;
        }
        out.flush()?;
    }
    Ok(())
}

fn parser(
    files: &[PathBuf],
    raw: bool,
    profile: Profile,
    weights: Option<&Path>,
) -> anyhow::Result<()> {
    let linguistics = linguistics(profile, weights)?;
    for path in files {
        let reading = || format!("reading {}", path.display());
        let treebank = std::fs::read_to_string(path).with_context(reading)?;
        let percent = |value: f64| (value * 100.0).round() / 100.0;
        let file = path.display().to_string();
        let line = if raw {
            let f = linguistics::evaluate_raw(&linguistics, &treebank).with_context(reading)?;
            serde_json::json!({
                "file": file,
                "tokens": percent(f.tokens),
                "sentences": percent(f.sentences),
                "upos": percent(f.upos),
                "uas": percent(f.uas),
                "las": percent(f.las),
                "left_out": f.left_out,
                "tokens_per_second": f.tokens_per_second.round(),
            })
        } else {
            let f = linguistics::evaluate(&linguistics, &treebank).with_context(reading)?;
            serde_json::json!({
                "file": file,
                "tokens": f.tokens,
                "upos": percent(f.upos),
                "xpos": percent(f.xpos),
                "lemma": percent(f.lemma),
                "uas": percent(f.uas),
                "las": percent(f.las),
                "las_no_punct": percent(f.las_no_punct),
                "tokens_per_second": f.tokens_per_second.round(),
            })
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(())
}
