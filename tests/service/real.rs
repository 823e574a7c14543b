//! The whole way with the engine and the ledger that the program has: the samples in, events out.

use sitrep::app;
use sitrep::wire::v1::{self, subscribe_request::Start};
use std::collections::BTreeSet;
use tokio::sync::oneshot;
use v1::analysis_service_client::AnalysisServiceClient;
use v1::feed_service_client::FeedServiceClient;
use v1::intake_service_client::IntakeServiceClient;
use v1::stream_news_items_response::Outcome;

fn samples() -> Vec<v1::NewsItem> {
    let files = sitrep::embedded::SAMPLES
        .iter()
        .filter(|(path, _)| path.ends_with(".jsonl"));
    let text = |bytes: &'static [u8]| std::str::from_utf8(bytes).unwrap().lines();
    let lines = files.flat_map(|(_, bytes)| text(bytes));
    lines
        .filter(|l| !l.trim().is_empty())
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

struct Server {
    channel: tonic::transport::Channel,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<Result<(), app::Error>>,
}

async fn started(data: &std::path::Path) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel();
    let config = crate::house::config(data);
    let task = tokio::spawn(app::run(config, listener, async {
        stopped.await.unwrap_or(())
    }));
    let channel = tonic::transport::Endpoint::from_shared(address)
        .unwrap()
        .connect()
        .await
        .unwrap();
    Server {
        channel,
        stop,
        task,
    }
}

async fn history(server: &Server) -> Vec<(String, v1::Update)> {
    let request = v1::SubscribeRequest {
        start: Some(Start::Earliest(true)),
        end_when_caught_up: true,
        ..Default::default()
    };
    let mut feed = FeedServiceClient::new(server.channel.clone());
    let mut messages = feed.subscribe(request).await.unwrap().into_inner();
    let mut found = Vec::new();
    while let Some(message) = messages.message().await.unwrap() {
        if let Some(v1::subscribe_response::Message::Update(update)) = message.message {
            found.push((message.cursor, update));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_become_events_that_survive_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let server = started(data.path()).await;
    let items = samples();
    assert!(items.len() >= 24);
    let requests: Vec<_> = items
        .iter()
        .map(|i| v1::StreamNewsItemsRequest {
            item: Some(i.clone()),
        })
        .collect();
    let mut intake = IntakeServiceClient::new(server.channel.clone());
    let stream = tokio_stream::iter(requests.clone());
    let mut answers = intake.stream_news_items(stream).await.unwrap().into_inner();
    let mut caused = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        let Some(Outcome::Accepted(answer)) = answer.outcome else {
            panic!("{answer:?}")
        };
        assert!(!answer.duplicate);
        caused.extend(answer.updates);
    }
    assert!(!caused.is_empty(), "there are events in the samples");

    // The feed holds exactly the updates that were answered, in that order, once.
    let told = history(&server).await;
    let short: Vec<_> = told
        .iter()
        .map(|(_, u)| {
            let event = u.event.as_ref().unwrap();
            (
                event.id.clone(),
                event.revision,
                u.change,
                event.r#type.clone(),
            )
        })
        .collect();
    let answered: Vec<_> = caused
        .iter()
        .map(|c| (c.event_id.clone(), c.revision, c.change, c.r#type.clone()))
        .collect();
    assert_eq!(short, answered);
    let mut analysis = AnalysisServiceClient::new(server.channel.clone());
    let types = analysis
        .list_event_types(v1::ListEventTypesRequest {})
        .await
        .unwrap()
        .into_inner();
    let types: BTreeSet<_> = types.event_types.into_iter().map(|t| t.name).collect();
    for (_, update) in &told {
        let event = update.event.as_ref().unwrap();
        assert!(types.contains(&event.r#type), "{}", event.r#type);
        assert!(!event.summary.is_empty() && !event.engine.as_ref().unwrap().version.is_empty());
    }

    server.stop.send(()).unwrap();
    server.task.await.unwrap().unwrap();
    let server = started(data.path()).await;
    assert_eq!(history(&server).await, told, "the same after a restart");
    // Sent again, every item is known and nothing happens.
    let mut intake = IntakeServiceClient::new(server.channel.clone());
    let mut answers = intake
        .stream_news_items(tokio_stream::iter(requests))
        .await
        .unwrap()
        .into_inner();
    while let Some(answer) = answers.message().await.unwrap() {
        let Some(Outcome::Accepted(answer)) = answer.outcome else {
            panic!("{answer:?}")
        };
        assert!(answer.duplicate, "{}", answer.item_id);
    }
    // Withdrawn, all of them, the ledger being the one of the restart: nothing is left.
    for item in &items {
        let request = v1::RetractNewsItemRequest {
            item_id: item.item_id.clone(),
            reason: "test".into(),
        };
        intake.retract_news_item(request).await.unwrap();
    }
    let mut feed = FeedServiceClient::new(server.channel.clone());
    let left = feed
        .list_events(v1::ListEventsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(left.events.len(), 0, "{:?}", left.events.first());
    server.stop.send(()).unwrap();
    server.task.await.unwrap().unwrap();
}

fn told_by(id: &str, version: u32, source: &str, text: &str) -> v1::NewsItem {
    v1::NewsItem {
        item_id: id.into(),
        version,
        source: source.into(),
        body: Some(v1::news_item::Body::Text(text.into())),
        published_at: Some(pbjson_types::Timestamp {
            seconds: 1_772_540_000,
            nanos: 0,
        }),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_operator_retracted_is_not_raised_again_also_after_a_restart() {
    const TEXT: &str =
        "Russian drones struck the port of Odesa overnight, killing four people, officials said.";
    const CORRECTED: &str =
        "Russian drones struck the port of Odesa overnight, killing five people, officials said.";
    let data = tempfile::tempdir().unwrap();
    let server = started(data.path()).await;
    let submit = async |server: &Server, item: v1::NewsItem| {
        let mut intake = IntakeServiceClient::new(server.channel.clone());
        let request = v1::SubmitNewsItemRequest { item: Some(item) };
        let answer = intake.submit_news_item(request).await.unwrap();
        answer.into_inner().updates
    };
    let retract = async |server: &Server, event_id: &str| {
        let mut intake = IntakeServiceClient::new(server.channel.clone());
        let request = v1::RetractEventRequest {
            event_id: event_id.into(),
            reason: "an exercise".into(),
        };
        intake.retract_event(request).await.unwrap().into_inner()
    };
    let created = submit(&server, told_by("a", 1, "lakeshore.example", TEXT)).await;
    assert!(!created.is_empty(), "the sentence tells an event");
    for update in &created {
        let answer = retract(&server, &update.event_id).await;
        assert!(!answer.already_retracted);
        let caused = answer.update.unwrap();
        assert_eq!(caused.change(), v1::Change::Retracted);
        assert_eq!(
            (caused.event_id, caused.revision),
            (update.event_id.clone(), 2)
        );
    }
    let (_, last) = history(&server).await.pop().unwrap();
    assert_eq!(
        (
            last.change(),
            last.reason.as_str(),
            last.caused_by_item_id.as_str()
        ),
        (v1::Change::Retracted, "an exercise", "")
    );
    let event = last.event.unwrap();
    assert!(event.retracted);
    assert_eq!(last.changed_fields, ["retracted"]);

    // A copy, a correction and the owner's next telling say nothing new: neither now nor after a restart.
    assert_eq!(
        submit(&server, told_by("b", 1, "riverside.example", TEXT)).await,
        []
    );
    server.stop.send(()).unwrap();
    server.task.await.unwrap().unwrap();
    let server = started(data.path()).await;
    let again = retract(&server, &event.id).await;
    assert!(again.already_retracted);
    assert_eq!(again.update.unwrap().revision, 2);
    assert_eq!(
        submit(&server, told_by("a", 2, "lakeshore.example", CORRECTED)).await,
        []
    );
    assert_eq!(
        submit(&server, told_by("c", 1, "hillside.example", TEXT)).await,
        []
    );
    assert_eq!(
        submit(&server, told_by("d", 1, "lakeshore.example", CORRECTED)).await,
        []
    );
    // Nobody copied this: it is a witness of its own.
    let independent = "Four dockers died in Odesa when Russian drones struck its port in the night, the mayor wrote.";
    let raised = submit(&server, told_by("e", 1, "meadow.example", independent)).await;
    assert!(raised.iter().all(|u| u.change() == v1::Change::Created));
    assert!(!raised.is_empty());
    server.stop.send(()).unwrap();
    server.task.await.unwrap().unwrap();
}
