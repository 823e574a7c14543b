//! Metrics as a scraper sees them, against what was done.

use crate::fort::{Fort, eventually, page, value};
use crate::house::item;
use sitrep::app::{self, Beside};
use sitrep::wire::v1::{self, subscribe_request::Start};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use v1::feed_service_client::FeedServiceClient;
use v1::intake_service_client::IntakeServiceClient;

const MEETING: &str = "Turkish Foreign Minister Hakan Fidan met his Greek counterpart George \
    Gerapetritis in Athens on Wednesday.";

/// The whole program, with the engine and the ledger that it has, over TCP.
#[tokio::test(flavor = "multi_thread")]
async fn a_scrape_says_what_was_done() {
    let data = tempfile::tempdir().unwrap();
    let (listener, admin) = (
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
    );
    let address = format!("http://{}", listener.local_addr().unwrap());
    let admin_address = admin.local_addr().unwrap();
    let beside = Beside {
        admin: Some(admin),
        ..Beside::default()
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let config = crate::house::config(data.path());
    let server = tokio::spawn(app::run_beside(config, listener, beside, async {
        stopped.await.unwrap_or(())
    }));
    let endpoint = tonic::transport::Endpoint::from_shared(address).unwrap();
    let channel = endpoint.connect().await.unwrap();
    let mut intake = IntakeServiceClient::new(channel.clone());
    let mut feed = FeedServiceClient::new(channel);

    let mut stream = feed
        .subscribe(v1::SubscribeRequest::default())
        .await
        .unwrap()
        .into_inner();
    stream.message().await.unwrap().unwrap();
    let submit = |id: &str, text: &str| v1::SubmitNewsItemRequest {
        item: Some(item(id, text)),
    };
    // Once, and again; another of the same; one without words, alone and in a stream; one to take back, and one that is not there.
    intake.submit_news_item(submit("a", MEETING)).await.unwrap();
    intake.submit_news_item(submit("a", MEETING)).await.unwrap();
    intake.submit_news_item(submit("b", MEETING)).await.unwrap();
    intake.submit_news_item(submit("c", "")).await.unwrap_err();
    let empty = v1::StreamNewsItemsRequest {
        item: Some(item("c", "")),
    };
    let answers = intake.stream_news_items(tokio_stream::iter([empty])).await;
    let mut answers = answers.unwrap().into_inner();
    while answers.message().await.unwrap().is_some() {}
    let retract = |id: &str| v1::RetractNewsItemRequest {
        item_id: id.into(),
        reason: String::new(),
    };
    intake.retract_news_item(retract("b")).await.unwrap();
    intake.retract_news_item(retract("x")).await.unwrap_err();
    let mut changes = Vec::new();
    for _ in 0..3 {
        let message = stream.message().await.unwrap().unwrap().message.unwrap();
        if let v1::subscribe_response::Message::Update(update) = message {
            assert_eq!(update.event.as_ref().unwrap().r#type, "diplomatic.meeting");
            changes.push(update.change().as_str_name().to_lowercase());
        }
    }
    assert_eq!(
        changes.len(),
        3,
        "the test's item makes one update each time"
    );

    let (status, text) = page(admin_address, "/metrics", None).await;
    assert_eq!(status, 200);
    let says = |name: &str| value(&text, name);
    let bytes = 3 * MEETING.len();
    for (name, expected) in [
        (r#"sitrep_intake_items_total{outcome="accepted"}"#, 3.0),
        (r#"sitrep_intake_items_total{outcome="duplicate"}"#, 1.0),
        (r#"sitrep_intake_items_total{outcome="refused"}"#, 1.0),
        ("sitrep_intake_text_bytes_total", bytes as f64),
        ("sitrep_intake_open", 1.0),
        ("sitrep_feed_position", 3.0),
        ("sitrep_feed_oldest_position", 0.0),
        ("sitrep_feed_updates_delivered_total", 3.0),
        ("sitrep_feed_subscribers", 1.0),
        ("sitrep_feed_slowest_lag_updates", 0.0),
        ("sitrep_connections", 1.0),
        // Three items and two withdrawals, each in a commit of its own because its sender waited.
        ("sitrep_commit_seconds_count", 5.0),
        ("sitrep_commit_items_sum", 5.0),
        (r#"sitrep_rejections_total{reason="FIELD_INVALID"}"#, 2.0),
        (r#"sitrep_rejections_total{reason="ITEM_UNKNOWN"}"#, 1.0),
        (
            r#"sitrep_grpc_calls_total{method="sitrep.v1.IntakeService/SubmitNewsItem",code="OK"}"#,
            3.0,
        ),
        (
            r#"sitrep_grpc_calls_total{method="sitrep.v1.IntakeService/SubmitNewsItem",code="INVALID_ARGUMENT"}"#,
            1.0,
        ),
        (
            r#"sitrep_grpc_call_seconds_count{method="sitrep.v1.IntakeService/SubmitNewsItem"}"#,
            4.0,
        ),
        (
            r#"sitrep_grpc_open_calls{method="sitrep.v1.FeedService/Subscribe"}"#,
            1.0,
        ),
        (
            r#"sitrep_grpc_open_calls{method="sitrep.v1.IntakeService/SubmitNewsItem"}"#,
            0.0,
        ),
    ] {
        assert_eq!(says(name), expected, "{name} in\n{text}");
    }
    // Two items were read and one was known; each stage was timed once for each.
    for stage in ["normalise", "parse", "extract", "complete"] {
        let name = format!(r#"sitrep_extraction_stage_seconds_count{{stage="{stage}"}}"#);
        assert_eq!(says(&name), 2.0, "{name}");
        let sum = format!(r#"sitrep_extraction_stage_seconds_sum{{stage="{stage}"}}"#);
        assert!(says(&sum) > 0.0, "{sum}");
    }
    let events = text
        .lines()
        .filter(|l| l.starts_with("sitrep_events_total{"));
    let counted: f64 = events
        .map(|l| l.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
        .sum();
    assert_eq!(counted, 3.0);
    let created = r#"sitrep_events_total{type="diplomatic.meeting",change="created"}"#;
    assert_eq!(says(created), 1.0, "{text}");
    assert!(says("sitrep_store_bytes") > MEETING.len() as f64);
    assert!(says("sitrep_grpc_received_bytes_total") > bytes as f64);
    assert!(says("sitrep_grpc_sent_bytes_total") > 500.0);
    assert!(text.contains(&format!(
        r#"sitrep_build_info{{version="{}""#,
        env!("CARGO_PKG_VERSION")
    )));
    assert!(text.ends_with("# EOF\n"));

    let (status, health) = page(admin_address, "/health", None).await;
    let health: serde_json::Value = serde_json::from_str(&health).unwrap();
    assert_eq!(status, 200);
    for (key, expected) in [
        ("status", serde_json::json!("serving")),
        ("intake", "open".into()),
        ("newest_position", 3.into()),
        ("oldest_position", 0.into()),
        ("subscribers", 1.into()),
        ("slowest_subscriber_behind", 0.into()),
    ] {
        assert_eq!(health[key], expected, "{key}");
    }
    // Room in the queue is given back just after the answer is sent.
    eventually("the queue is empty", async || {
        let (_, text) = page(admin_address, "/metrics", None).await;
        text.contains("\nsitrep_intake_queue_items 0\n")
    })
    .await;
    drop(stream);
    eventually("the subscriber is gone", async || {
        let (_, text) = page(admin_address, "/metrics", None).await;
        let ended =
            r#"sitrep_grpc_calls_total{method="sitrep.v1.FeedService/Subscribe",code="CANCELLED"}"#;
        value(&text, "sitrep_feed_subscribers") == 0.0 && value(&text, ended) == 1.0
    })
    .await;
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_slowest_subscriber_is_seen_and_nothing_callers_choose_becomes_a_label() {
    let fort = Fort::with(|_, _| {}).await;
    let channel = fort.plain().await;
    let mut feed = FeedServiceClient::new(channel.clone());
    let mut intake = IntakeServiceClient::new(channel.clone());
    let mut slow = feed
        .subscribe(v1::SubscribeRequest {
            start: Some(Start::Earliest(true)),
            ..Default::default()
        })
        .await
        .unwrap()
        .into_inner();
    // More than all the buffers between the log and the client hold.
    let long = format!(
        "#port military.strike RUS>UKR Odesa claimed 0.8 : {}",
        "words ".repeat(20_000)
    );
    let count = 30;
    for n in 0..count {
        let request = v1::SubmitNewsItemRequest {
            item: Some(item(&format!("i{n}"), &long)),
        };
        intake.submit_news_item(request).await.unwrap();
    }
    let lag = fort.metric("sitrep_feed_slowest_lag_updates").await;
    assert!(lag > 0.0 && lag <= f64::from(count), "{lag}");
    let mut updates = 0;
    while updates < count {
        let message = slow.message().await.unwrap().unwrap().message.unwrap();
        updates += i32::from(matches!(
            message,
            v1::subscribe_response::Message::Update(_)
        ));
    }
    eventually("it has caught up", async || {
        fort.metric("sitrep_feed_slowest_lag_updates").await == 0.0
    })
    .await;

    for n in 0..50 {
        let mut client = tonic::client::Grpc::new(channel.clone());
        client.ready().await.unwrap();
        let path = format!("/made.up{n}/Name{n}").parse().unwrap();
        let codec = tonic_prost::ProstCodec::<(), ()>::default();
        client
            .unary(tonic::Request::new(()), path, codec)
            .await
            .unwrap_err();
    }
    let (_, text) = fort.page("/metrics", None).await;
    assert!(!text.contains("made.up"));
    let other = r#"sitrep_grpc_calls_total{method="other",code="UNIMPLEMENTED"}"#;
    assert_eq!(value(&text, other), 50.0);
    fort.stop().await;
}

#[tokio::test]
async fn a_failed_store_is_seen_on_the_admin_port() {
    let fort = Fort::with(|_, _| {}).await;
    assert_eq!(fort.page("/readyz", None).await, (200, "ready\n".into()));
    let mut intake = IntakeServiceClient::new(fort.plain().await);
    let request = v1::SubmitNewsItemRequest {
        item: Some(item("breaks-the-ledger", "x")),
    };
    intake.submit_news_item(request).await.unwrap_err();
    assert_eq!(fort.page("/readyz", None).await.0, 503);
    assert_eq!(fort.page("/livez", None).await.0, 200);
    let (status, health) = fort.page("/health", None).await;
    assert!(
        status == 503 && health.contains(r#""intake": "failed""#),
        "{health}"
    );
    assert_eq!(fort.metric("sitrep_intake_open").await, 0.0);
    assert_eq!(
        fort.metric(r#"sitrep_rejections_total{reason="STORE_FAILED"}"#)
            .await,
        1.0
    );
    fort.stop().await;
}
