//! The command line: one file a subcommand.
//!
//! Exit codes: 0 when all went well, 1 on a failure (told in one line on standard error), 2 when the command line itself is
//! wrong. A closed standard output ends a command quietly.

mod analyze;
mod check;
mod client;
mod demo;
mod evaluate;
mod explain;
mod healthcheck;
pub mod items;
mod json;
mod knowledge;
mod lines;
mod ordered;
mod serve;
pub mod sources;
mod submit;
mod time;
mod token;
mod watch;

use clap::{Parser, Subcommand};
use std::io;
use std::process::ExitCode;

/// Reads news as it arrives and streams the diplomatic and military events in it.
#[derive(Debug, Parser)]
#[command(
    name = "sitrep",
    version,
    max_term_width = 110,
    after_help = "\
Examples:
  sitrep demo                                try it: a server, sample news, the events in it
  sitrep serve --data ./sitrep-data          the service
  sitrep submit items.jsonl                  news in
  sitrep watch --type military.strike        events out
  echo '{\"text\":\"...\"}' | sitrep analyze -   no server: text in, events out

Exit codes: 0, 1 failure, 2 usage."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

// One value a process: its size is nothing, and boxes would only hide the commands.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Submit(submit::Submit),
    // Its filter flags make it several times the size of the others.
    Watch(Box<watch::Watch>),
    Analyze(analyze::Analyze),
    Explain(explain::Explain),
    Check(check::Check),
    Evaluate(evaluate::Evaluate),
    Demo(demo::Demo),
    Healthcheck(healthcheck::Healthcheck),
    Token(token::Token),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(command) => serve::run(&command),
        Command::Submit(command) => submit::run(command),
        Command::Watch(command) => watch::run(&command),
        Command::Analyze(command) => analyze::run(command),
        Command::Explain(command) => explain::run(&command),
        Command::Check(command) => check::run(&command),
        Command::Evaluate(command) => evaluate::run(&command),
        Command::Demo(command) => demo::run(command),
        Command::Healthcheck(command) => healthcheck::run(&command),
        Command::Token(command) => token::run(&command),
    };
    match result {
        Ok(code) => code,
        Err(error) if closed_output(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("sitrep: {}", lines::plain(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

/// True when whoever read our output has gone (`sitrep watch | head`): nothing is wrong then.
fn closed_output(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause
            .downcast_ref::<serde_json::Error>()
            .and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}
