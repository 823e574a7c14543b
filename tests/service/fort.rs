//! A service that asks who comes, reached over TCP; and those who come, with what they show.

use crate::house::{ByName, config, reader};
use sitrep::access::{Scope, entry, new_token};
use sitrep::app::{self, Beside};
use sitrep::config::Config;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Request, Status};

/// A running service.
pub struct Fort {
    pub address: SocketAddr,
    pub admin: SocketAddr,
    pub reload: Arc<Notify>,
    pub folder: tempfile::TempDir,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), app::Error>>,
}

/// Shows a token, or nothing.
#[derive(Clone)]
pub struct Shown(pub Option<String>);

impl Interceptor for Shown {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            let value = format!("Bearer {token}").parse().unwrap();
            request.metadata_mut().insert("authorization", value);
        }
        Ok(request)
    }
}

pub type Client = InterceptedService<Channel, Shown>;

impl Fort {
    /// With a configuration that may name files in a folder.
    pub async fn with(prepare: impl FnOnce(&mut Config, &Path)) -> Fort {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(&folder.path().join("data"));
        prepare(&mut config, folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let admin = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, admin_address) =
            (listener.local_addr().unwrap(), admin.local_addr().unwrap());
        let beside = Beside {
            admin: Some(admin),
            ..Beside::default()
        };
        let reload = beside.reload.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(app::serve_beside(
            config,
            reader(),
            Box::<ByName>::default(),
            TcpListenerStream::new(listener),
            beside,
            async { stopped.await.unwrap_or(()) },
        ));
        Fort {
            address,
            admin: admin_address,
            reload,
            folder,
            stop,
            server,
        }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A connection without encryption.
    pub async fn plain(&self) -> Channel {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.address)).unwrap();
        endpoint.connect().await.unwrap()
    }

    /// A connection with encryption, or why there is none.
    pub async fn encrypted(
        &self,
        tls: ClientTlsConfig,
    ) -> Result<Channel, tonic::transport::Error> {
        let url = format!("https://localhost:{}", self.address.port());
        let endpoint = Endpoint::from_shared(url)?.tls_config(tls)?;
        endpoint
            .connect_timeout(Duration::from_secs(10))
            .connect()
            .await
    }

    pub async fn showing(&self, token: &str) -> Client {
        InterceptedService::new(self.plain().await, Shown(Some(token.to_owned())))
    }

    /// What the admin port answers: status and text.
    pub async fn page(&self, path: &str, token: Option<&str>) -> (u16, String) {
        page(self.admin, path, token).await
    }

    /// The value of a metric, by its name and labels as they are written; 0 where it is not there.
    pub async fn metric(&self, name: &str) -> f64 {
        let (status, text) = self.page("/metrics", None).await;
        assert_eq!(status, 200, "{text}");
        value(&text, name)
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap().unwrap();
    }
}

/// What a port for HTTP answers.
pub async fn page(address: SocketAddr, path: &str, token: Option<&str>) -> (u16, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut connection = TcpStream::connect(address).await.unwrap();
    let shown = token.map_or(String::new(), |t| format!("Authorization: Bearer {t}\r\n"));
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{shown}\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// The value of a metric in a scrape.
pub fn value(text: &str, name: &str) -> f64 {
    let line = text
        .lines()
        .find_map(|l| l.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0.0, |v| v.parse().unwrap())
}

/// Waits for something that comes about by itself.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: not within ten seconds");
}

/// Adds a token to a file of credentials.
pub fn token(file: &Path, name: &str, scopes: &[Scope]) -> String {
    token_until(file, name, scopes, None)
}

pub fn token_until(
    file: &Path,
    name: &str,
    scopes: &[Scope],
    until: Option<jiff::Timestamp>,
) -> String {
    let made = new_token().unwrap();
    let mut text = std::fs::read_to_string(file).unwrap_or_default();
    text.push('\n');
    text.push_str(&entry(name, &made.hash, scopes, until));
    std::fs::write(file, text).unwrap();
    made.token
}
