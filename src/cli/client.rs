//! How the client commands reach a server, and what they say when they can't.

use anyhow::Context;
use std::path::PathBuf;
use std::time::Duration;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
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
    /// Encrypt, and trust the authorities that this machine trusts; implied by https:// and by the flags below
    #[arg(long)]
    pub tls: bool,
    /// Trust this authority (PEM) and no other
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Show this certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// The key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Show the token in this file, read again for each call; else that of the variable SITREP_TOKEN
    #[arg(long, value_name = "FILE", env = "SITREP_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
}

/// A server that is reached, and told who calls.
pub type Connection = InterceptedService<Channel, Bearer>;

/// Shows a token with each call, where there is one.
#[derive(Clone)]
pub enum Bearer {
    Nobody,
    Token(MetadataValue<Ascii>),
    /// Whoever issues short-lived tokens puts the next one there.
    File(PathBuf),
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: tonic::Request<()>) -> Result<tonic::Request<()>, Status> {
        let token = match self {
            Bearer::Nobody => return Ok(request),
            Bearer::Token(token) => token.clone(),
            Bearer::File(path) => {
                let told =
                    |e: String| Status::failed_precondition(format!("{}: {e}", path.display()));
                let text = std::fs::read_to_string(&*path).map_err(|e| told(e.to_string()))?;
                bearer(&text).map_err(told)?
            }
        };
        request.metadata_mut().insert("authorization", token);
        Ok(request)
    }
}

/// As a header that no log shows.
fn bearer(token: &str) -> Result<MetadataValue<Ascii>, String> {
    let mut value: MetadataValue<Ascii> = format!("Bearer {}", token.trim())
        .parse()
        .map_err(|_| "expected a token, found characters that none has".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

impl Server {
    fn is_encrypted(&self) -> bool {
        let asked = self.tls || self.ca.is_some() || self.cert.is_some();
        asked || self.address.starts_with("https://")
    }

    /// The server as a URL; plain HTTP/2 unless encryption is asked for.
    fn url(&self) -> String {
        match (self.address.contains("://"), self.is_encrypted()) {
            (true, _) => self.address.clone(),
            (false, true) => format!("https://{}", self.address),
            (false, false) => format!("http://{}", self.address),
        }
    }

    /// A connection that is made when first used, and again when it is lost.
    pub fn channel(&self) -> anyhow::Result<Connection> {
        let mut endpoint = Endpoint::from_shared(self.url())
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
        if self.is_encrypted() {
            endpoint = endpoint
                .tls_config(self.encryption()?)
                .context("preparing encryption")?;
        }
        let bearer = self.bearer()?;
        let shows = !matches!(bearer, Bearer::Nobody);
        anyhow::ensure!(
            !shows || self.is_encrypted() || self.is_local(endpoint.uri().host()),
            "expected encryption (--tls or --ca) to show a token to another machine, found none"
        );
        Ok(InterceptedService::new(endpoint.connect_lazy(), bearer))
    }

    fn is_local(&self, host: Option<&str>) -> bool {
        let host = host.unwrap_or_default().trim_matches(['[', ']']);
        let address = host.parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|a| a.to_canonical().is_loopback())
    }

    fn encryption(&self) -> anyhow::Result<ClientTlsConfig> {
        let read = |path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("reading {}", path.display()))
        };
        let mut tls = ClientTlsConfig::new();
        tls = match &self.ca {
            Some(path) => tls.ca_certificate(Certificate::from_pem(read(path)?)),
            None => tls.with_native_roots(),
        };
        if let (Some(certificate), Some(key)) = (&self.cert, &self.key) {
            tls = tls.identity(Identity::from_pem(read(certificate)?, read(key)?));
        }
        Ok(tls)
    }

    fn bearer(&self) -> anyhow::Result<Bearer> {
        if let Some(path) = &self.token_file {
            return Ok(Bearer::File(path.clone()));
        }
        match std::env::var("SITREP_TOKEN") {
            Ok(token) if !token.is_empty() => {
                Ok(Bearer::Token(bearer(&token).map_err(anyhow::Error::msg)?))
            }
            _ => Ok(Bearer::Nobody),
        }
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
