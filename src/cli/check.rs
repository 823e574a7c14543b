//! `sitrep check`: is a lexicon sound, and do its sentences do what they should?

use super::lines::{counted, plain};
use crate::check::check;
use crate::lexicon::Files;
use anstyle::{AnsiColor, Style};
use anyhow::Context;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

/// Check a lexicon: that it loads, that its parts fit together, and that every example in its frames fires or stays silent.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep check lexicon/
  sitrep check lexicon/ && sitrep analyze --lexicon lexicon/ article.txt

Each finding is a line: file, line, what was expected and what was found. Exit code 1 when there are any.")]
pub struct Check {
    /// Folder of the lexicon.
    #[arg(value_name = "DIR")]
    lexicon: PathBuf,
}

pub fn run(check_: &Check) -> anyhow::Result<ExitCode> {
    let folder = &check_.lexicon;
    let files = Files::folder(folder)
        .with_context(|| format!("reading the lexicon at {}", folder.display()))?;
    let checked = check(&files);
    let mut out = anstream::stdout().lock();
    for finding in &checked.findings {
        let mut file = folder.join(&finding.file).display().to_string();
        if finding.line > 0 {
            file.push_str(&format!(":{}", finding.line));
        }
        writeln!(out, "{BOLD}{file}{BOLD:#}: {}", plain(&finding.message))?;
    }
    let what = format!(
        "{} with {} that fire and {} that stay silent",
        counted(checked.frames, "frame"),
        counted(checked.matches, "sentence"),
        checked.rejects
    );
    if checked.findings.is_empty() {
        writeln!(out, "{GREEN}sound{GREEN:#}: {what}")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "{RED}{}{RED:#} in {what}",
        counted(checked.findings.len(), "finding")
    )?;
    Ok(ExitCode::FAILURE)
}
