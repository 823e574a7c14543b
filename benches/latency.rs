//! From submit to subscriber, and how fast items are read: `cargo bench --bench latency`.
//!
//! One process: the service on loopback with a store in a temporary folder, one subscriber, one sender. The items are the
//! bundled samples, again and again under new ids; only those that cause an update are timed. Prints a table: reading alone
//! on one thread and on all, one item at a time through the service, and items arriving at random (Poisson) at half of the
//! rate that reading reaches.

use sitrep::{
    app,
    config::Config,
    embedded,
    engine::Engine,
    wire::{
        self,
        v1::{
            NewsItem, SubmitNewsItemRequest, SubscribeRequest,
            feed_service_client::FeedServiceClient, intake_service_client::IntakeServiceClient,
            subscribe_response::Message,
        },
    },
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Timed items of each run.
const ROUNDS: usize = 400;

fn main() {
    let samples = samples();
    let words: usize = samples
        .iter()
        .map(|i| text(i).split_whitespace().count())
        .sum();
    println!(
        "{} sample items, {:.0} words each on average",
        samples.len(),
        words as f64 / samples.len() as f64
    );
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let alone = reading(&samples, 1);
    println!("reading, 1 thread: {alone:.0} items a second");
    let all = reading(&samples, cores);
    println!("reading, {cores} threads: {all:.0} items a second");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        one_by_one(&samples).await;
        at_random(&samples, all / 2.0).await;
    });
    println!("resident memory at the end: {} MiB", resident_mib());
}

fn samples() -> Vec<NewsItem> {
    let lines = embedded::SAMPLES
        .iter()
        .filter(|(name, _)| name.ends_with(".jsonl") && *name != "bait.jsonl");
    lines
        .flat_map(|(_, bytes)| std::str::from_utf8(bytes).expect("UTF-8").lines())
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("a sample item"))
        .collect()
}

fn text(item: &NewsItem) -> &str {
    use wire::v1::news_item::Body;
    match &item.body {
        Some(Body::Text(text) | Body::Html(text)) => text,
        None => "",
    }
}

/// Items a second, read by the engine on so many threads for about three seconds.
fn reading(samples: &[NewsItem], threads: usize) -> f64 {
    let engine = Engine::embedded().expect("the engine inside the program");
    let items: Vec<_> = samples
        .iter()
        .map(|i| wire::item(i.clone()).expect("a good item"))
        .collect();
    let started = Instant::now();
    let done: usize = std::thread::scope(|scope| {
        let work = |offset: usize| {
            let (engine, items) = (&engine, &items);
            move || {
                let mut done = 0;
                while started.elapsed() < Duration::from_secs(3) {
                    std::hint::black_box(engine.read(&items[(offset + done) % items.len()]));
                    done += 1;
                }
                done
            }
        };
        let running: Vec<_> = (0..threads).map(|t| scope.spawn(work(t * 7))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().expect("a reader"))
            .sum()
    });
    done as f64 / started.elapsed().as_secs_f64()
}

/// The service with a subscriber that notes when each item's first update arrived.
struct Service {
    address: String,
    arrived: Arc<Mutex<HashMap<String, Instant>>>,
    stop: oneshot::Sender<()>,
    server: tokio::task::JoinHandle<()>,
    _data: tempfile::TempDir,
}

impl Service {
    async fn start() -> Service {
        let data = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config::default();
        config.store.data = data.path().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(async move {
            app::run(config, listener, async {
                let _ = stopped.await;
            })
            .await
            .expect("the service runs");
        });
        let arrived = Arc::new(Mutex::new(HashMap::new()));
        let mut feed = loop {
            match FeedServiceClient::connect(address.clone()).await {
                Ok(client) => break client,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        let mut messages = feed
            .subscribe(SubscribeRequest::default())
            .await
            .expect("a feed")
            .into_inner();
        let noted = arrived.clone();
        tokio::spawn(async move {
            while let Ok(Some(message)) = messages.message().await {
                if let Some(Message::Update(update)) = message.message {
                    let now = Instant::now();
                    noted
                        .lock()
                        .expect("no panic")
                        .entry(update.caused_by_item_id)
                        .or_insert(now);
                }
            }
        });
        Service {
            address,
            arrived,
            stop,
            server,
            _data: data,
        }
    }

    async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.server.await;
    }

    /// Milliseconds from each sending to the first update, in order of size; items without an update are left out.
    fn latencies(&self, sent: &[(String, Instant)]) -> Vec<f64> {
        let arrived = self.arrived.lock().expect("no panic");
        let mut all: Vec<f64> = sent
            .iter()
            .filter_map(|(id, at)| Some((*arrived.get(id)? - *at).as_secs_f64() * 1e3))
            .collect();
        all.sort_by(f64::total_cmp);
        all
    }
}

fn renamed(samples: &[NewsItem], i: usize) -> NewsItem {
    let mut item = samples[i % samples.len()].clone();
    item.item_id = format!("bench-{i}");
    item
}

fn show(what: &str, all: &[f64]) {
    let at = |share: f64| {
        all.get(((all.len() as f64 * share) as usize).min(all.len().saturating_sub(1)))
            .copied()
    };
    println!(
        "{what}: {} items with updates, p50 {:.1} ms, p99 {:.1} ms, greatest {:.1} ms",
        all.len(),
        at(0.5).unwrap_or(f64::NAN),
        at(0.99).unwrap_or(f64::NAN),
        all.last().copied().unwrap_or(f64::NAN)
    );
}

/// Each item is sent when the one before has been answered.
async fn one_by_one(samples: &[NewsItem]) {
    let service = Service::start().await;
    println!("resident memory at rest: {} MiB", resident_mib());
    let mut intake = IntakeServiceClient::connect(service.address.clone())
        .await
        .expect("intake");
    let mut sent = Vec::new();
    for i in 0..ROUNDS {
        let item = renamed(samples, i);
        sent.push((item.item_id.clone(), Instant::now()));
        intake
            .submit_news_item(SubmitNewsItemRequest { item: Some(item) })
            .await
            .expect("an answer");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    show("one item at a time", &service.latencies(&sent));
    service.end().await;
}

/// Items arrive at random, on average so many a second, whether or not those before have been answered.
async fn at_random(samples: &[NewsItem], rate: f64) {
    let service = Service::start().await;
    let client = IntakeServiceClient::connect(service.address.clone())
        .await
        .expect("intake");
    let mut sent = Vec::new();
    let mut due = tokio::time::Instant::now();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for i in 0..ROUNDS * 2 {
        tokio::time::sleep_until(due).await;
        let item = renamed(samples, i);
        // Counted from when it was due: a sender that lags does not flatter the figure.
        sent.push((item.item_id.clone(), due.into_std()));
        let mut client = client.clone();
        tokio::spawn(async move {
            let _ = client
                .submit_news_item(SubmitNewsItemRequest { item: Some(item) })
                .await;
        });
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let uniform = (seed >> 11) as f64 / (1_u64 << 53) as f64;
        due += Duration::from_secs_f64(-(1.0 - uniform).ln() / rate);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    show(
        &format!("at random, {rate:.0} items a second"),
        &service.latencies(&sent),
    );
    service.end().await;
}

/// Resident memory of this process in MiB, 0 where the system does not tell.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmRSS:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<u64>().ok())
        .unwrap_or_default()
        / 1024
}
