//! `sitrep token`: makes a token for a caller.

use crate::access::{self, Scope};
use anyhow::Context;
use jiff::{Timestamp, ToSpan};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Make a token: it is shown once, on standard output; its entry, with a hash of it, goes to the file of credentials.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep token --name wire-desk --scope intake --file credentials.toml
  sitrep token --name dashboard --scope feed --scope analysis --days 90 --file credentials.toml

Without --file the entry is printed on standard error. A server whose [auth] names the file takes the token within seconds, or
at once on SIGHUP; without the entry it takes it no more, and ends the streams that were opened with it.")]
pub struct Token {
    /// Who it is for; part of what quotas and the log go by
    #[arg(long)]
    name: String,
    /// What it allows; may be given several times
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// Days that it is good for; without, until its entry is removed
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    days: Option<i64>,
    /// The file of credentials to add the entry to; made where it is not there
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

pub fn run(token: &Token) -> anyhow::Result<ExitCode> {
    let expires = token
        .days
        .map(|days| Timestamp::now().checked_add((days * 24).hours()))
        .transpose()
        .context("counting the days")?;
    let made = access::new_token().map_err(anyhow::Error::msg)?;
    let entry = access::entry(&token.name, &made.hash, &token.scopes, expires);
    match &token.file {
        None => anstream::eprintln!("{entry}"),
        Some(path) => {
            let failed = || format!("adding to {}", path.display());
            access::check_addition(path, &entry).with_context(failed)?;
            let mut options = OpenOptions::new();
            options.append(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(path).with_context(failed)?;
            let is_empty = file.metadata().with_context(failed)?.len() == 0;
            let gap = if is_empty { "" } else { "\n" };
            // In one write, so that a server that reads the file now sees all of it or nothing.
            file.write_all(format!("{gap}{entry}").as_bytes())
                .with_context(failed)?;
        }
    }
    // Last: a token that is shown is one that is kept.
    writeln!(std::io::stdout(), "{}", made.token)?;
    Ok(ExitCode::SUCCESS)
}
