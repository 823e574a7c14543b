//! `sitrep evaluate`: figures on gold of one's own.

use crate::linguistics::{self, Linguistics};
use anyhow::Context;
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Measure a part of the engine on gold of one's own: a JSON line of figures a file.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep evaluate parser en_ewt-ud-test.conllu
  sitrep evaluate parser *.conllu | jq '{file, las}'")]
pub struct Evaluate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Tags, lemmas and trees on treebanks in CoNLL-U (tokens and sentences as given), and how raw text is cut.
    Parser {
        /// Treebanks.
        #[arg(required = true, value_name = "FILE.conllu")]
        files: Vec<PathBuf>,
    },
}

pub fn run(evaluate: &Evaluate) -> anyhow::Result<ExitCode> {
    let What::Parser { files } = &evaluate.what;
    let linguistics = Linguistics::embedded().context("loading the weights inside the program")?;
    for path in files {
        let treebank =
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let figures = linguistics::evaluate(&linguistics, &treebank)
            .with_context(|| format!("reading {}", path.display()))?;
        let cut = linguistics::segmentation(&linguistics, &treebank)
            .with_context(|| format!("reading {}", path.display()))?;
        let share = |value: f64| (value * 10_000.0).round() / 10_000.0;
        let line = serde_json::json!({
            "file": path.display().to_string(),
            "sentences": figures.sentences,
            "tokens": figures.tokens,
            "upos": share(figures.upos),
            "xpos": share(figures.xpos),
            "lemma": share(figures.lemma),
            "uas": share(figures.uas),
            "las": share(figures.las),
            "lasWithoutPunctuation": share(figures.las_no_punct),
            "tokenF1": share(cut.tokens),
            "sentenceF1": share(cut.sentences),
            "tokensPerSecond": figures.tokens_per_second.round(),
        });
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}
