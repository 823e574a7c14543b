//! Who gets in: every method, with every kind of credential.

use crate::errors::checked;
use crate::fort::{Fort, Shown, eventually, token, token_until};
use crate::issuer::{Key, claims, published};
use jsonwebtoken::Algorithm;
use prost::Message;
use serde_json::{Value, json};
use sitrep::access::Scope;
use sitrep::config::{Config, Server};
use sitrep::service::policy::{METHODS, Needs};
use sitrep::service::reason;
use sitrep::wire::v1;
use std::collections::BTreeSet;
use std::path::Path;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::service::interceptor::InterceptedService;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;
use v1::feed_service_client::FeedServiceClient;

/// Every method that the service describes, as a path.
fn described() -> BTreeSet<String> {
    let sets = [
        sitrep::wire::DESCRIPTOR_SET,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ];
    let mut paths = BTreeSet::new();
    for bytes in sets {
        let set = prost_types::FileDescriptorSet::decode(bytes).unwrap();
        for file in &set.file {
            for service in &file.service {
                for method in &service.method {
                    paths.insert(format!(
                        "/{}.{}/{}",
                        file.package(),
                        service.name(),
                        method.name()
                    ));
                }
            }
        }
    }
    paths
}

/// Calls a method with an empty message; the outcome is its first status.
async fn call(channel: crate::fort::Client, path: &str) -> Result<(), Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let path: PathAndQuery = path.parse().unwrap();
    let codec = ProstCodec::<(), ()>::default();
    let answer = client.server_streaming(Request::new(()), path, codec).await;
    answer.map(|_| ())
}

/// The reason that refuses a caller at the door; none for whoever gets in, whatever becomes of an empty message.
async fn refusal(channel: crate::fort::Client, path: &str) -> Option<&'static str> {
    let status = call(channel, path).await.err()?;
    let reasons = [
        reason::CREDENTIALS_MISSING,
        reason::CREDENTIALS_INVALID,
        reason::CREDENTIALS_EXPIRED,
        reason::SCOPE_MISSING,
    ];
    let details = tonic_types::StatusExt::get_error_details(&status);
    let found = reasons
        .into_iter()
        .find(|r| details.error_info().is_some_and(|i| i.reason == r.name));
    let at_the_door = [Code::Unauthenticated, Code::PermissionDenied].contains(&status.code());
    assert_eq!(found.is_some(), at_the_door, "{path}: {status:?}");
    found.map(|r| {
        checked(&status, r);
        r.name
    })
}

/// Tokens that a kind of credential has: of the past, without a scope, and with one alone.
struct Kind {
    garbage: String,
    expired: String,
    without: Box<dyn Fn(Scope) -> String>,
    with: Box<dyn Fn(Scope) -> String>,
}

async fn walk(fort: &Fort, kind: &Kind) {
    let channel = fort.plain().await;
    let showing = |token: Option<&str>| {
        InterceptedService::new(channel.clone(), Shown(token.map(str::to_owned)))
    };
    let paths = described();
    assert_eq!(paths.len(), METHODS.len());
    for path in paths {
        let method = METHODS.iter().find(|m| m.path == path);
        let needs = method
            .unwrap_or_else(|| panic!("{path} is in no policy"))
            .needs;
        assert_eq!(
            refusal(showing(None), &path).await,
            Some("CREDENTIALS_MISSING"),
            "{path}"
        );
        let garbage = refusal(showing(Some(&kind.garbage)), &path).await;
        assert_eq!(garbage, Some("CREDENTIALS_INVALID"), "{path}");
        let expired = refusal(showing(Some(&kind.expired)), &path).await;
        assert_eq!(expired, Some("CREDENTIALS_EXPIRED"), "{path}");
        match needs {
            Needs::Scope(scope) => {
                let without = refusal(showing(Some(&(kind.without)(scope))), &path).await;
                assert_eq!(without, Some("SCOPE_MISSING"), "{path}");
                let with = refusal(showing(Some(&(kind.with)(scope))), &path).await;
                assert_eq!(with, None, "{path}");
            }
            Needs::Anybody | Needs::Health => {
                let with = refusal(showing(Some(&(kind.with)(Scope::Admin))), &path).await;
                assert_eq!(with, None, "{path}");
            }
        }
    }
    // What is in no list is closed to those who may do everything else, and says nothing of what there is.
    for path in [
        "/sitrep.v1.IntakeService/Forget",
        "/weather.v1.Weather/Tell",
    ] {
        let status = call(showing(None), path).await.unwrap_err();
        checked(&status, reason::CREDENTIALS_MISSING);
        let status = call(showing(Some(&(kind.with)(Scope::Intake))), path)
            .await
            .unwrap_err();
        assert_eq!(checked(&status, reason::SCOPE_MISSING)["scope"], "none");
    }
}

fn others(scope: Scope) -> Vec<Scope> {
    Scope::ALL.into_iter().filter(|s| *s != scope).collect()
}

#[tokio::test]
async fn every_method_asks_for_a_token_of_ours_with_its_scope() {
    let mut kind = None;
    let fort = Fort::with(|config, folder| {
        let file = folder.join("credentials.toml");
        config.auth.credentials = file.clone();
        let past = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(1);
        let expired = token_until(&file, "past", &Scope::ALL, Some(past));
        let of = |name: &str, scopes: &dyn Fn(Scope) -> Vec<Scope>| {
            Scope::ALL.map(|s| token(&file, &format!("{name}-{}", s.name()), &scopes(s)))
        };
        let without = of("without", &others);
        let with = of("with", &|s| vec![s]);
        kind = Some(Kind {
            garbage: sitrep::access::new_token().unwrap().token,
            expired,
            without: Box::new(move |s| without[s as usize].clone()),
            with: Box::new(move |s| with[s as usize].clone()),
        });
    })
    .await;
    walk(&fort, &kind.unwrap()).await;
    fort.stop().await;
}

fn with_issuer(config: &mut Config, folder: &Path, keys: &[&Key]) {
    let file = folder.join("jwks.json");
    std::fs::write(&file, published(keys)).unwrap();
    config.jwt.jwks = file.to_str().unwrap().to_owned();
    config.jwt.issuer = "https://issuer.example".into();
    config.jwt.audience = "sitrep".into();
    config.jwt.leeway_seconds = 0;
}

fn changed(scope: &str, change: Value) -> Value {
    let mut claims = claims(scope);
    for (key, value) in change.as_object().unwrap() {
        claims[key] = value.clone();
    }
    claims
}

#[tokio::test]
async fn every_method_asks_for_a_token_of_the_issuer_with_its_scope() {
    let key = Key::new("one", Algorithm::ES256);
    let fort = Fort::with(|config, folder| with_issuer(config, folder, &[&key])).await;
    let expired = key.sign(&changed(
        "intake feed analysis admin",
        json!({"exp": 1_700_000_000}),
    ));
    let sign = std::sync::Arc::new(key);
    let (one, two) = (sign.clone(), sign);
    let kind = Kind {
        garbage: format!("{}x", expired.trim_end_matches('x')),
        expired,
        without: Box::new(move |s| {
            let words: Vec<_> = others(s).into_iter().map(Scope::name).collect();
            one.sign(&claims(&words.join(" ")))
        }),
        with: Box::new(move |s| two.sign(&claims(s.name()))),
    };
    walk(&fort, &kind).await;
    fort.stop().await;
}

/// Asks for something small that needs scope `feed`.
async fn asks(fort: &Fort, token: &str) -> Result<(), Status> {
    let mut feed = FeedServiceClient::new(fort.showing(token).await);
    let answer = feed.get_feed_info(v1::GetFeedInfoRequest {}).await;
    answer.map(|_| ())
}

#[tokio::test]
async fn an_issuers_token_is_checked_in_every_part() {
    let keys = [
        Key::new("rsa", Algorithm::RS256),
        Key::new("ec", Algorithm::ES256),
        Key::new("ed", Algorithm::EdDSA),
    ];
    let stranger = Key::new("ec", Algorithm::ES256);
    let all: Vec<_> = keys.iter().collect();
    let fort = Fort::with(|config, folder| {
        with_issuer(config, folder, &all);
        config.jwt.leeway_seconds = 5;
    })
    .await;
    for key in &keys {
        asks(&fort, &key.sign(&claims("feed"))).await.unwrap();
    }
    let now = jiff::Timestamp::now().as_second();
    // Within the leeway, an audience among several, scopes as a list, and under the other name.
    for good in [
        json!({"exp": now - 2}),
        json!({"nbf": now + 3}),
        json!({"aud": ["weather", "sitrep"]}),
        json!({"scope": ["intake", "feed"]}),
        json!({"scope": "", "scp": ["feed"]}),
    ] {
        asks(&fort, &keys[1].sign(&changed("feed", good)))
            .await
            .unwrap();
    }
    for (bad, expected) in [
        (json!({"exp": now - 30}), reason::CREDENTIALS_EXPIRED),
        (json!({"exp": null}), reason::CREDENTIALS_INVALID),
        (json!({"nbf": now + 60}), reason::CREDENTIALS_INVALID),
        (
            json!({"iss": "https://other.example"}),
            reason::CREDENTIALS_INVALID,
        ),
        (json!({"iss": null}), reason::CREDENTIALS_INVALID),
        (json!({"aud": "weather"}), reason::CREDENTIALS_INVALID),
        (json!({"aud": null}), reason::CREDENTIALS_INVALID),
        (json!({"sub": null}), reason::CREDENTIALS_INVALID),
        (json!({"sub": ""}), reason::CREDENTIALS_INVALID),
        (json!({"scope": "feeds"}), reason::SCOPE_MISSING),
        (json!({"scope": null}), reason::CREDENTIALS_INVALID),
    ] {
        let told = bad.to_string();
        let refused = asks(&fort, &keys[1].sign(&changed("feed", bad))).await;
        let status = refused.expect_err(&told);
        checked(&status, expected);
    }
    // Signed by another under a known id; by nobody; by the public key as if it were a secret.
    let forged = stranger.sign(&claims("feed"));
    let good = keys[1].sign(&claims("feed"));
    let parts: Vec<_> = good.split('.').collect();
    let header = |text: &str| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    };
    let unsigned = format!("{}.{}.", header(r#"{"alg":"none","kid":"ec"}"#), parts[1]);
    let critical = format!(
        "{}.{}.{}",
        header(r#"{"alg":"ES256","kid":"ec","crit":["exp"]}"#),
        parts[1],
        parts[2]
    );
    let secret = jsonwebtoken::EncodingKey::from_secret(published(&all).as_bytes());
    let confused = jsonwebtoken::Header {
        kid: Some("ec".into()),
        ..jsonwebtoken::Header::new(Algorithm::HS256)
    };
    let confused = jsonwebtoken::encode(&confused, &claims("feed"), &secret).unwrap();
    for token in [
        forged,
        unsigned,
        critical,
        confused,
        "a.b.c".into(),
        "x".into(),
    ] {
        let status = asks(&fort, &token).await.expect_err(&token);
        checked(&status, reason::CREDENTIALS_INVALID);
    }
    fort.stop().await;
}

#[tokio::test]
async fn keys_of_the_issuer_change_under_way_in_a_file() {
    let (old, new) = (
        Key::new("old", Algorithm::EdDSA),
        Key::new("new", Algorithm::EdDSA),
    );
    let fort = Fort::with(|config, folder| with_issuer(config, folder, &[&old])).await;
    asks(&fort, &old.sign(&claims("feed"))).await.unwrap();
    let status = asks(&fort, &new.sign(&claims("feed"))).await.unwrap_err();
    checked(&status, reason::CREDENTIALS_INVALID);
    // An unknown key makes the service look by itself.
    std::fs::write(fort.file("jwks.json"), published(&[&old, &new])).unwrap();
    eventually("the new key is found", async || {
        asks(&fort, &new.sign(&claims("feed"))).await.is_ok()
    })
    .await;
    asks(&fort, &old.sign(&claims("feed"))).await.unwrap();
    // What is no key set changes nothing; what drops a key shuts it out.
    std::fs::write(fort.file("jwks.json"), "{").unwrap();
    fort.reload.notify_one();
    asks(&fort, &new.sign(&claims("feed"))).await.unwrap();
    std::fs::write(fort.file("jwks.json"), published(&[&new])).unwrap();
    fort.reload.notify_one();
    eventually("the old key is shut out", async || {
        asks(&fort, &old.sign(&claims("feed"))).await.is_err()
    })
    .await;
    asks(&fort, &new.sign(&claims("feed"))).await.unwrap();
    fort.stop().await;
}

#[tokio::test]
async fn keys_of_the_issuer_are_fetched_kept_and_fetched_again() {
    use std::sync::{Arc, Mutex};
    let (old, new) = (
        Key::new("old", Algorithm::ES256),
        Key::new("new", Algorithm::ES256),
    );
    // What the issuer says at the moment: a status and a body.
    let said = Arc::new(Mutex::new((503, String::new())));
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let (says, counts) = (said.clone(), asked.clone());
    let issuer = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", issuer.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        loop {
            let (mut connection, _) = issuer.accept().await.unwrap();
            let _ = connection.read(&mut [0; 4096]).await;
            counts.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let (status, body) = says.lock().unwrap().clone();
            let answer = format!(
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = connection.write_all(answer.as_bytes()).await;
        }
    });
    let fort = Fort::with(|config, folder| {
        with_issuer(config, folder, &[&old]);
        config.jwt.jwks = url;
    })
    .await;
    // Without keys nothing can be said of a token, which passes.
    let status = asks(&fort, &old.sign(&claims("feed"))).await.unwrap_err();
    checked(&status, reason::KEYS_UNAVAILABLE);
    assert!(crate::errors::retry(&status) > std::time::Duration::ZERO);
    *said.lock().unwrap() = (200, published(&[&old]));
    // The next attempt is ten seconds away; the test makes them pass.
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    tokio::time::resume();
    eventually("the keys are fetched", async || {
        asks(&fort, &old.sign(&claims("feed"))).await.is_ok()
    })
    .await;
    // Known keys need no asking, whatever becomes of the issuer; many unknown ones make for one attempt at most.
    *said.lock().unwrap() = (500, String::new());
    let before = asked.load(std::sync::atomic::Ordering::SeqCst);
    for _ in 0..20 {
        asks(&fort, &old.sign(&claims("feed"))).await.unwrap();
        asks(&fort, &new.sign(&claims("feed"))).await.unwrap_err();
    }
    assert!(asked.load(std::sync::atomic::Ordering::SeqCst) <= before + 1);
    *said.lock().unwrap() = (200, published(&[&new]));
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    tokio::time::resume();
    asks(&fort, &new.sign(&claims("feed"))).await.unwrap();
    let status = asks(&fort, &old.sign(&claims("feed"))).await.unwrap_err();
    checked(&status, reason::CREDENTIALS_INVALID);
    serving.abort();
    fort.stop().await;
}

#[tokio::test]
async fn a_stream_ends_with_the_credential_that_opened_it() {
    let mut tokens = Vec::new();
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
    let fort = Fort::with(|config, folder| {
        let file = folder.join("credentials.toml");
        config.auth.credentials = file.clone();
        tokens.push(token(&file, "stays", &[Scope::Feed, Scope::Admin]));
        tokens.push(token(&file, "goes", &[Scope::Feed]));
        tokens.push(token_until(&file, "expires", &[Scope::Feed], Some(soon)));
    })
    .await;
    let mut streams = Vec::new();
    for token in &tokens {
        let mut feed = FeedServiceClient::new(fort.showing(token).await);
        let stream = feed.subscribe(v1::SubscribeRequest::default()).await;
        let mut stream = stream.unwrap().into_inner();
        stream.message().await.unwrap().unwrap();
        streams.push(stream);
    }
    let [stays, goes, expires] = streams.as_mut_slice() else {
        panic!("three streams")
    };
    // The file without its second entry.
    let file = fort.file("credentials.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let entries: Vec<_> = text.split("[[token]]").collect();
    let rest = [entries[0], entries[1], entries[3]].join("[[token]]");
    std::fs::write(&file, rest).unwrap();
    fort.reload.notify_one();
    let ended = async |stream: &mut tonic::Streaming<v1::SubscribeResponse>| loop {
        match stream.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it ends with a status"),
            Err(status) => return status,
        }
    };
    checked(&ended(goes).await, reason::CREDENTIALS_INVALID);
    checked(&ended(expires).await, reason::CREDENTIALS_EXPIRED);
    let status = asks(&fort, &tokens[1]).await.unwrap_err();
    checked(&status, reason::CREDENTIALS_INVALID);
    let going_on = tokio::time::timeout(std::time::Duration::from_millis(300), ended(stays));
    assert!(going_on.await.is_err(), "the others' streams go on");
    fort.stop().await;
}

#[tokio::test]
async fn health_may_be_left_open_and_the_admin_port_asks_for_its_scope() {
    let mut tokens = Vec::new();
    let fort = Fort::with(|config, folder| {
        let file = folder.join("credentials.toml");
        config.auth.credentials = file.clone();
        config.auth.open_health = true;
        tokens.push(token(&file, "admin", &[Scope::Admin]));
        tokens.push(token(&file, "feed", &[Scope::Feed]));
    })
    .await;
    let nobody = || async { InterceptedService::new(fort.plain().await, Shown(None)) };
    assert_eq!(
        refusal(nobody().await, "/grpc.health.v1.Health/Check").await,
        None
    );
    let feed = "/sitrep.v1.FeedService/GetFeedInfo";
    assert_eq!(
        refusal(nobody().await, feed).await,
        Some("CREDENTIALS_MISSING")
    );
    for page in ["/metrics", "/health"] {
        assert_eq!(fort.page(page, None).await.0, 401);
        assert_eq!(fort.page(page, Some("sitrep_x")).await.0, 401);
        assert_eq!(fort.page(page, Some(&tokens[1])).await.0, 403);
        assert_eq!(fort.page(page, Some(&tokens[0])).await.0, 200);
    }
    for page in ["/livez", "/readyz"] {
        assert_eq!(fort.page(page, None).await.0, 200);
    }
    fort.stop().await;
}

#[tokio::test]
async fn beyond_loopback_nothing_is_served_that_is_open_or_readable() {
    use sitrep::app;
    let directory = tempfile::tempdir().unwrap();
    let attempt = async |change: &dyn Fn(&mut Server)| {
        let mut config = crate::house::config(directory.path());
        change(&mut config.server);
        let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
        // Ends at once where it begins at all.
        app::run(config, listener, async {}).await
    };
    let refused = attempt(&|_| {}).await.unwrap_err().to_string();
    assert!(refused.contains("--allow-unauthenticated"), "{refused}");
    let refused = attempt(&|s| s.allow_unauthenticated = true).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("--allow-plaintext"), "{refused}");
}
