//! `sitrep healthcheck`: asks a server whether it serves.

use super::client::{self, Server};
use anyhow::Context;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

/// Ask a server whether it serves: exit code 0 when it does, 1 when it doesn't.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep healthcheck
  sitrep healthcheck --address 127.0.0.1:50051 --service sitrep.v1.IntakeService")]
pub struct Healthcheck {
    #[command(flatten)]
    server: Server,
    /// Full name of one service; without it, the server as a whole.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    service: String,
    /// Seconds to wait for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    timeout: u64,
}

pub fn run(check: &Healthcheck) -> anyhow::Result<ExitCode> {
    client::block_on(async {
        let mut health = HealthClient::new(check.server.channel()?);
        let question = health.check(HealthCheckRequest {
            service: check.service.clone(),
        });
        let answer = tokio::time::timeout(Duration::from_secs(check.timeout), question)
            .await
            .with_context(|| {
                format!(
                    "expected an answer within {} s, found silence",
                    check.timeout
                )
            })?;
        let answer = answer
            .map_err(|status| anyhow::anyhow!(client::describe(&status)))?
            .into_inner();
        let serving = answer.status() == ServingStatus::Serving;
        writeln!(std::io::stdout(), "{}", answer.status().as_str_name())?;
        Ok(if serving {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    })
}
