//! TLS: certificates of both sides, changed under way, and handshakes that do not come to an end.

use crate::errors::checked;
use crate::fort::{Fort, eventually, token, value};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use sitrep::access::Scope;
use sitrep::config::Config;
use sitrep::service::reason;
use sitrep::wire::v1;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Identity};
use v1::feed_service_client::FeedServiceClient;

/// Somebody who vouches.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
struct Vouched {
    certificate: String,
    key: String,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Authority(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    fn vouch(&self, name: &str) -> Vouched {
        self.vouch_until(name, 2030)
    }

    fn vouch_until(&self, name: &str, year: i32) -> Vouched {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Vouched {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

impl Vouched {
    fn write(&self, folder: &Path) {
        std::fs::write(folder.join("server.pem"), &self.certificate).unwrap();
        std::fs::write(folder.join("server.key"), &self.key).unwrap();
    }

    fn identity(&self) -> Identity {
        Identity::from_pem(&self.certificate, &self.key)
    }
}

fn encrypted(config: &mut Config, folder: &Path, authority: &Authority) {
    authority.vouch("localhost").write(folder);
    config.tls.certificate = folder.join("server.pem");
    config.tls.key = folder.join("server.key");
}

fn trusting(authority: &Authority) -> ClientTlsConfig {
    ClientTlsConfig::new().ca_certificate(Certificate::from_pem(authority.pem()))
}

async fn asks(channel: Channel) -> Result<(), tonic::Status> {
    let mut feed = FeedServiceClient::new(channel);
    let answer = feed.get_feed_info(v1::GetFeedInfoRequest {}).await;
    answer.map(|_| ())
}

#[tokio::test]
async fn a_certificate_changes_under_way_and_open_streams_go_on() {
    let (old, new) = (Authority::new(), Authority::new());
    let fort = Fort::with(|config, folder| encrypted(config, folder, &old)).await;
    let channel = fort.encrypted(trusting(&old)).await.unwrap();
    let mut feed = FeedServiceClient::new(channel.clone());
    let request = v1::SubscribeRequest {
        heartbeat_interval: Some(pbjson_types::Duration {
            seconds: 1,
            nanos: 0,
        }),
        ..Default::default()
    };
    let mut stream = feed.subscribe(request).await.unwrap().into_inner();
    stream.message().await.unwrap().unwrap();
    // Who speaks in the clear, or trusts somebody else, does not get in.
    assert!(fort.encrypted(trusting(&new)).await.is_err());
    let plain = format!("http://{}", fort.address);
    let plain = tonic::transport::Endpoint::from_shared(plain).unwrap();
    assert!(asks(plain.connect_lazy()).await.is_err());

    // A key that does not belong to the certificate, as in the middle of a change, is not taken up.
    let next = new.vouch_until("localhost", 2031);
    std::fs::write(fort.file("server.pem"), &next.certificate).unwrap();
    fort.reload.notify_one();
    eventually("the half change is told", async || {
        fort.metric(r#"sitrep_reloads_total{what="certificates",outcome="failed"}"#)
            .await
            == 1.0
    })
    .await;
    asks(fort.encrypted(trusting(&old)).await.unwrap())
        .await
        .unwrap();
    let before = fort
        .metric("sitrep_tls_certificate_expiry_timestamp_seconds")
        .await;

    next.write(fort.folder.path());
    fort.reload.notify_one();
    eventually("the new certificate is shown", async || {
        fort.encrypted(trusting(&new)).await.is_ok()
    })
    .await;
    assert!(fort.encrypted(trusting(&old)).await.is_err());
    let after = fort
        .metric("sitrep_tls_certificate_expiry_timestamp_seconds")
        .await;
    assert_eq!(after - before, 365.0 * 86_400.0);
    // The stream of before goes on, on its own connection.
    for _ in 0..2 {
        stream.message().await.unwrap().unwrap();
    }
    asks(channel).await.unwrap();
    fort.stop().await;
}

#[tokio::test]
async fn a_client_may_be_known_by_its_certificate() {
    let (ours, others) = (Authority::new(), Authority::new());
    let mut admin = String::new();
    let fort = Fort::with(|config, folder| {
        encrypted(config, folder, &ours);
        std::fs::write(folder.join("clients.pem"), ours.pem()).unwrap();
        config.tls.client_ca = folder.join("clients.pem");
        config.auth.credentials = folder.join("credentials.toml");
        let known = r#"
            [[certificate]]
            name = "desk.example"
            scopes = ["feed"]
            [[certificate]]
            name = "wire.example"
            scopes = ["intake"]
        "#;
        std::fs::write(folder.join("credentials.toml"), known).unwrap();
        admin = token(&folder.join("credentials.toml"), "admin", &[Scope::Admin]);
    })
    .await;
    let as_client = async |vouched: Option<Vouched>| {
        let tls = match vouched {
            Some(vouched) => trusting(&ours).identity(vouched.identity()),
            None => trusting(&ours),
        };
        asks(fort.encrypted(tls).await.unwrap()).await
    };
    as_client(Some(ours.vouch("desk.example"))).await.unwrap();
    let refused = as_client(Some(ours.vouch("wire.example"))).await;
    checked(&refused.unwrap_err(), reason::SCOPE_MISSING);
    let refused = as_client(Some(ours.vouch("weather.example"))).await;
    checked(&refused.unwrap_err(), reason::CREDENTIALS_INVALID);
    checked(
        &as_client(None).await.unwrap_err(),
        reason::CREDENTIALS_MISSING,
    );
    // Vouched for by somebody else, or out of its time: the handshake itself fails.
    for vouched in [
        others.vouch("desk.example"),
        ours.vouch_until("desk.example", 2020),
    ] {
        let tls = trusting(&ours).identity(vouched.identity());
        let refused = match fort.encrypted(tls).await {
            Ok(channel) => asks(channel).await.is_err(),
            Err(_) => true,
        };
        assert!(refused);
    }
    eventually("the handshakes are counted", async || {
        let (_, text) = fort.page("/metrics", Some(&admin)).await;
        value(&text, r#"sitrep_tls_handshakes_total{outcome="failed"}"#) >= 2.0
    })
    .await;
    fort.stop().await;
}

#[tokio::test]
async fn a_certificate_may_be_required_of_every_client() {
    let ours = Authority::new();
    let fort = Fort::with(|config, folder| {
        encrypted(config, folder, &ours);
        std::fs::write(folder.join("clients.pem"), ours.pem()).unwrap();
        config.tls.client_ca = folder.join("clients.pem");
        config.tls.client_required = true;
        config.auth.credentials = folder.join("credentials.toml");
        let any = "[[certificate]]\nname = \"*\"\nscopes = [\"feed\"]\n";
        std::fs::write(folder.join("credentials.toml"), any).unwrap();
    })
    .await;
    let nobody = match fort.encrypted(trusting(&ours)).await {
        Ok(channel) => asks(channel).await.is_err(),
        Err(_) => true,
    };
    assert!(nobody);
    let anybody = trusting(&ours).identity(ours.vouch("anybody.example").identity());
    asks(fort.encrypted(anybody).await.unwrap()).await.unwrap();
    fort.stop().await;
}

#[tokio::test]
async fn a_handshake_that_goes_nowhere_is_cut_off_and_holds_nobody_up() {
    let authority = Authority::new();
    let fort = Fort::with(|config, folder| {
        encrypted(config, folder, &authority);
        config.tls.handshake_seconds = 1;
    })
    .await;
    // One says nothing, the other begins a handshake and stops.
    let mut silent = TcpStream::connect(fort.address).await.unwrap();
    let mut slow = TcpStream::connect(fort.address).await.unwrap();
    slow.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
    asks(fort.encrypted(trusting(&authority)).await.unwrap())
        .await
        .unwrap();
    for connection in [&mut silent, &mut slow] {
        let mut answer = [0; 64];
        let cut = tokio::time::timeout(Duration::from_secs(10), connection.read(&mut answer));
        // Closed, in one way or the other.
        assert!(matches!(cut.await.expect("it is cut off"), Ok(0) | Err(_)));
    }
    assert_eq!(
        fort.metric(r#"sitrep_tls_handshakes_total{outcome="timeout"}"#)
            .await,
        2.0
    );
    fort.stop().await;
}

#[tokio::test]
async fn files_that_are_not_right_are_told_by_name_and_nothing_is_served() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (one, two) = (authority.vouch("localhost"), authority.vouch("localhost"));
    for (certificate, key, expected) in [
        ("", one.key.as_str(), "server.pem"),
        (one.certificate.as_str(), "", "server.key"),
        (one.certificate.as_str(), two.key.as_str(), "server.key"),
        (one.key.as_str(), one.key.as_str(), "server.pem"),
    ] {
        std::fs::write(path.join("server.pem"), certificate).unwrap();
        std::fs::write(path.join("server.key"), key).unwrap();
        let mut config = crate::house::config(&path.join("data"));
        config.tls.certificate = path.join("server.pem");
        config.tls.key = path.join("server.key");
        let found = sitrep::app::serve(
            config,
            crate::house::reader(),
            Box::<crate::house::ByName>::default(),
            tokio_stream::pending::<std::io::Result<TcpStream>>(),
            async {},
        );
        let message = found.await.unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("PRIVATE"), "{message}");
    }
}
