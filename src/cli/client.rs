//! How the client commands reach a server, and what they say when they can't.

use anyhow::Context;
use std::time::Duration;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Which server.
#[derive(Debug, Clone, clap::Args)]
pub struct Server {
    /// Address of the server.
    #[arg(
        long,
        value_name = "HOST:PORT",
        env = "SITREP_ADDRESS",
        default_value = "127.0.0.1:50051"
    )]
    pub address: String,
}

impl Server {
    /// The server as a URL; plain HTTP/2 unless another scheme is given.
    fn url(&self) -> String {
        if self.address.contains("://") {
            self.address.clone()
        } else {
            format!("http://{}", self.address)
        }
    }

    /// A channel that connects when first used, and again when the connection is lost.
    pub fn channel(&self) -> anyhow::Result<Channel> {
        let endpoint = Endpoint::from_shared(self.url())
            .with_context(|| {
                format!(
                    "expected an address such as 127.0.0.1:50051, found {:?}",
                    self.address
                )
            })?
            .connect_timeout(Duration::from_secs(5))
            // A server that is gone without a word is noticed by its silence.
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10));
        Ok(endpoint.connect_lazy())
    }
}

/// A status in one line: code, reason where there is one, message, the fields at fault.
pub fn describe(status: &Status) -> String {
    let details = status.get_error_details();
    let mut line = format!("{:?}", status.code());
    if let Some(info) = details.error_info() {
        line.push_str(&format!(" ({})", info.reason));
    }
    let message = status.message();
    if !message.is_empty() {
        line.push_str(&format!(": {message}"));
    }
    for violation in details
        .bad_request()
        .map_or(&[][..], |bad| &bad.field_violations)
    {
        if !message.contains(&violation.field) {
            line.push_str(&format!("; {}: {}", violation.field, violation.description));
        }
    }
    super::lines::plain(&line)
}

/// True for what passes: a server that starts, drains, or is out of reach.
pub fn passes(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::ResourceExhausted
            | Code::Cancelled
            | Code::Unknown
            | Code::Internal
    )
}

/// Growing pauses between attempts.
#[derive(Debug)]
pub struct Backoff {
    attempt: u32,
}

impl Backoff {
    pub const fn new() -> Backoff {
        Backoff { attempt: 0 }
    }

    /// After a success the next pause is short again.
    pub fn reset(&mut self) {
        self.attempt = 0;
    }

    /// Attempts since the last success.
    pub fn attempts(&self) -> u32 {
        self.attempt
    }

    /// The next pause: what the server asks for where it does, else from half a second doubling to 30 s, up to a fifth less
    /// at random so that many clients don't come back at the same moment.
    pub fn next(&mut self, status: &Status) -> Duration {
        let doubled =
            Duration::from_millis(500 << self.attempt.min(6)).min(Duration::from_secs(30));
        self.attempt += 1;
        let asked = status
            .get_details_retry_info()
            .and_then(|info| info.retry_delay);
        let pause = asked.map_or(doubled, |asked| {
            asked
                .clamp(Duration::from_millis(100), Duration::from_secs(60))
                .max(doubled / 4)
        });
        let random = u64::from(uuid::Uuid::now_v7().as_bytes()[15]);
        pause.mul_f64(1.0 - random as f64 / 256.0 / 5.0)
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff::new()
    }
}

/// Runs a client command: one thread is enough for one connection.
pub fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let result = runtime.block_on(future);
    // A thread that waits for standard input must not hold up the end.
    runtime.shutdown_background();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_thirty_seconds_and_no_further() {
        let mut backoff = Backoff::new();
        let down = Status::unavailable("down");
        let pauses: Vec<Duration> = (0..10).map(|_| backoff.next(&down)).collect();
        assert!(pauses[0] <= Duration::from_millis(500) && pauses[0] >= Duration::from_millis(400));
        assert!(pauses[9] <= Duration::from_secs(30) && pauses[9] >= Duration::from_secs(24));
        backoff.reset();
        assert!(backoff.next(&down) <= Duration::from_millis(500));
    }

    #[test]
    fn an_error_is_told_with_reason_and_field() {
        let mut details = tonic_types::ErrorDetails::new();
        details.set_error_info(
            "FILTER_INVALID",
            "sitrep",
            [("field", "countries")].map(|(k, v)| (k.into(), v.into())),
        );
        details.add_bad_request_violation(
            "filter.countries[0]",
            "expected an alpha-3 code, found \"XX\"",
        );
        let status =
            Status::with_error_details(Code::InvalidArgument, "the filter can't be used", details);
        assert_eq!(
            describe(&status),
            "InvalidArgument (FILTER_INVALID): the filter can't be used; filter.countries[0]: expected an alpha-3 code, found \"XX\""
        );
    }
}
