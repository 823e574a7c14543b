//! `sitrep demo`: the whole service on one's own machine, with sample news.

use super::{client, lines, serve};
use crate::app;
use crate::embedded;
use crate::wire::v1::{
    GetFeedInfoRequest, NewsItem, StreamNewsItemsRequest, SubscribeRequest, SubscribeResponse,
    feed_service_client::FeedServiceClient, intake_service_client::IntakeServiceClient,
    stream_news_items_response::Outcome, subscribe_request::Start, subscribe_response::Message,
};
use anstyle::Style;
use anyhow::Context;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::Streaming;
use tonic::transport::Channel;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Try it: start a server on this machine, feed it the sample news, print the events as the feed delivers them, and serve on.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep demo
  sitrep demo --data ./demo-data      keep what it stores; the next demo with it goes on from there

The sample news is fictional. Ctrl-C ends the demo.")]
pub struct Demo {
    /// Where to listen; another port is taken when this one is in use.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50051")]
    listen: SocketAddr,
    /// Keep the data in this folder; without it, in a temporary one that is removed at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub fn run(demo: Demo) -> anyhow::Result<ExitCode> {
    let temporary = match &demo.data {
        Some(_) => None,
        None => Some(
            tempfile::Builder::new()
                .prefix("sitrep-demo-")
                .tempdir()
                .context("making a temporary folder")?,
        ),
    };
    let data = match (&demo.data, &temporary) {
        (Some(data), _) => data.clone(),
        (None, Some(folder)) => folder.path().to_path_buf(),
        (None, None) => unreachable!("a folder is given or made"),
    };
    serve::runtime()?.block_on(async {
        let listener = listen(demo.listen).await?;
        let address = listener.local_addr()?;
        say(&format!("{BOLD}sitrep{BOLD:#} serves on {address}, data in {}", data.display()))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let config = serve::defaults(data);
        // Ends when told to stop; an error of its own ends the demo.
        let mut server = tokio::spawn(app::run(config, listener, async {
            let _ = stopped.await;
        }));
        let shown = tokio::select! {
            ended = &mut server => return Ok(ended.context("the server ended")?.map(|()| ExitCode::SUCCESS)?),
            shown = show(address) => shown,
            _ = tokio::signal::ctrl_c() => Ok(()),
        };
        let _ = stop.send(());
        server.await.context("the server ended")??;
        shown.map(|()| ExitCode::SUCCESS)
    })
}

/// The port asked for, else a free one beside it.
async fn listen(asked: SocketAddr) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(asked).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            say(&format!("{asked} is in use, taking a free port"))?;
            Ok(TcpListener::bind(SocketAddr::new(asked.ip(), 0))
                .await
                .context("listening on a free port")?)
        }
        Err(error) => Err(error).with_context(|| format!("listening on {asked}")),
    }
}

/// Submits the samples and prints the feed, which goes on until the server ends it.
async fn show(address: SocketAddr) -> anyhow::Result<()> {
    let channel = Channel::from_shared(format!("http://{address}"))?
        .connect_timeout(Duration::from_secs(5))
        .connect_lazy();
    let mut feed = FeedServiceClient::new(channel.clone());
    let request = SubscribeRequest {
        start: Some(Start::Earliest(true)),
        ..Default::default()
    };
    let mut messages = told(feed.subscribe(request).await)?.into_inner();
    let items = samples()?;
    say(&format!(
        "submitting {} sample items; the feed says:\n",
        items.len()
    ))?;
    let submitting = submit(channel, items);
    tokio::pin!(submitting);
    let refused = loop {
        tokio::select! {
            refused = &mut submitting => break refused?,
            message = messages.message() => print(&told(message)?.context("the feed ended early")?)?,
        }
    };
    let newest = told(feed.get_feed_info(GetFeedInfoRequest {}).await)?
        .into_inner()
        .newest_cursor;
    catch_up(&mut messages, &newest).await?;
    if refused > 0 {
        say(&format!("\n{refused} sample items were refused"))?;
    }
    invite(address)?;
    while let Some(message) = told(messages.message().await)? {
        print(&message)?;
    }
    Ok(())
}

/// Prints until the feed has reached a position, or has nothing more to say for a moment.
async fn catch_up(messages: &mut Streaming<SubscribeResponse>, newest: &str) -> anyhow::Result<()> {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(1), messages.message()).await;
        let Ok(message) = next else { return Ok(()) };
        let message = told(message)?.context("the feed ended early")?;
        print(&message)?;
        if message.cursor == newest {
            return Ok(());
        }
    }
}

/// How many were refused.
async fn submit(channel: Channel, items: Vec<NewsItem>) -> anyhow::Result<usize> {
    let requests = items
        .into_iter()
        .map(|item| StreamNewsItemsRequest { item: Some(item) });
    let mut intake = IntakeServiceClient::new(channel);
    let mut answers = told(
        intake
            .stream_news_items(tokio_stream::iter(requests.collect::<Vec<_>>()))
            .await,
    )?
    .into_inner();
    let mut refused = 0;
    while let Some(answer) = told(answers.message().await)? {
        refused += usize::from(matches!(answer.outcome, Some(Outcome::Rejected(_))));
    }
    Ok(refused)
}

/// The sample items, in order of publication.
fn samples() -> anyhow::Result<Vec<NewsItem>> {
    let mut items = Vec::new();
    for (name, bytes) in embedded::SAMPLES {
        if !name.ends_with(".jsonl") {
            continue;
        }
        for line in bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
        {
            let item: NewsItem = serde_json::from_slice(line)
                .with_context(|| format!("reading sample file {name}"))?;
            items.push(item);
        }
    }
    items.sort_by_key(|item| {
        item.published_at
            .as_ref()
            .map(|time| (time.seconds, time.nanos))
    });
    Ok(items)
}

fn invite(address: SocketAddr) -> anyhow::Result<()> {
    let json =
        r#"{"earliest": true, "maxUpdates": 3, "filter": {"eventTypes": ["military.strike"]}}"#;
    let program = std::env::args().next().unwrap_or_else(|| "sitrep".into());
    say(&format!(
        "\n{BOLD}Try it{BOLD:#}, in another terminal:\n  \
         grpcurl -plaintext -d '{json}' {address} sitrep.v1.FeedService/Subscribe\n  \
         grpcurl -plaintext {address} describe sitrep.v1.FeedService\n  \
         {program} watch --address {address} --from earliest --json\n\
         {DIM}Ctrl-C ends the demo.{DIM:#}\n"
    ))
}

fn print(message: &SubscribeResponse) -> anyhow::Result<()> {
    match &message.message {
        Some(Message::Update(update)) => say(&lines::update(update)),
        _ => Ok(()),
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// An answer, or its status as an error in one line.
fn told<T>(answer: Result<T, tonic::Status>) -> anyhow::Result<T> {
    answer.map_err(|status| anyhow::anyhow!(client::describe(&status)))
}
