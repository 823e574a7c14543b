//! `sitrep serve`: the service.

use crate::config::{Config, Flags};
use crate::{app, telemetry};
use anyhow::Context;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

/// Serve: take news items in, stream events out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep serve
  sitrep serve --data /var/lib/sitrep --log-format json
  sitrep serve --config sitrep.toml
  SITREP_STORE_RETENTION_DAYS=90 sitrep serve

A configuration file is TOML; variables of the environment win over it, flags win over both. Beyond loopback the service
listens when [tls] and [auth] or [jwt] are configured. SIGHUP reads certificates and credentials again, as a change of their
files does. Ctrl-C or SIGTERM ends the service after what was accepted is answered.")]
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
        let listening = || format!("listening on {}", config.server.listen);
        let addresses = tokio::net::lookup_host(&config.server.listen).await;
        let addresses: Vec<_> = addresses.with_context(listening)?.collect();
        for address in &addresses {
            app::check_exposure(&config, *address)?;
        }
        let listener = TcpListener::bind(&addresses[..])
            .await
            .with_context(listening)?;
        let beside = app::Beside::default();
        reload_by_signal(beside.reload.clone())?;
        app::run_beside(config, listener, beside, ended_by_signal()?).await?;
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

/// Tells of every SIGHUP, which would end the process otherwise.
fn reload_by_signal(reload: Arc<Notify>) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup()).context("listening for SIGHUP")?;
    // Ends with the runtime.
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            reload.notify_one();
        }
    });
    Ok(())
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
