//! `sitrep serve`: the service.

use crate::config::{Config, Flags};
use crate::{app, telemetry};
use anyhow::Context;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// Serve: take news items in, stream events out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep serve
  sitrep serve --listen 0.0.0.0:50051 --data /var/lib/sitrep --log-format json
  sitrep serve --config sitrep.toml
  SITREP_STORE_RETENTION_DAYS=90 sitrep serve

A configuration file is TOML with the sections server, store, intake, feed, engine and log; variables of the environment win
over it, flags win over both. Ctrl-C or SIGTERM ends the service after what was accepted is answered.")]
pub struct Serve {
    #[command(flatten)]
    flags: Flags,
}

pub fn run(serve: &Serve) -> anyhow::Result<ExitCode> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = Config::load(&serve.flags, environment)?;
    telemetry::begin(&config.log).map_err(anyhow::Error::msg)?;
    runtime()?.block_on(async {
        let listener = TcpListener::bind(&config.server.listen)
            .await
            .with_context(|| format!("listening on {}", config.server.listen))?;
        app::run(config, listener, ended_by_signal()?).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// The defaults with another data directory; for a server without a configuration of its own.
pub fn defaults(data: PathBuf) -> Config {
    let mut config = Config::default();
    config.store.data = data;
    config
}

/// Threads for the service: one a core.
pub fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")
}

/// Resolves on Ctrl-C or SIGTERM. A second Ctrl-C ends the process at once.
fn ended_by_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            if interrupt.recv().await.is_some() {
                std::process::exit(130);
            }
        });
    })
}
