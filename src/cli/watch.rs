//! `sitrep watch`: follows the feed.

use super::client::{self, Backoff, Server};
use super::{json, lines, time};
use crate::wire::v1::{
    Category, Change, Filter, Status, SubscribeRequest, SubscribeResponse,
    feed_service_client::FeedServiceClient, subscribe_request::Start, subscribe_response::Message,
};
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

/// A server that says nothing for so long, with heartbeats every ten seconds, is gone.
const SILENCE: Duration = Duration::from_secs(35);

/// Follow the feed: a readable line for each update, or JSON.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep watch                                          from now on, a line an update
  sitrep watch --from earliest --until-caught-up        all that the log holds, then end
  sitrep watch --type military.strike --country UKR     strikes that involve or hit Ukraine
  sitrep watch --json --from \"$CURSOR\" | jq .update     continue after a cursor, one JSON object a line

When the connection is lost, watch waits and continues exactly where it was.")]
pub struct Watch {
    #[command(flatten)]
    server: Server,
    /// Where to start: a cursor (after it), `earliest`, or a time such as 2026-03-03T06:00:00Z (commit time). Without it, now.
    #[arg(long, value_name = "CURSOR|earliest|TIME")]
    from: Option<String>,
    /// Print each message of the feed as one line of ProtoJSON, with its cursor.
    #[arg(long)]
    json: bool,
    /// Print progress messages too (with --json).
    #[arg(long, requires = "json")]
    progress: bool,
    /// End after so many updates.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    max_updates: u32,
    /// End when everything in the log so far was sent.
    #[arg(long)]
    until_caught_up: bool,
    /// End instead of waiting for a server that is out of reach.
    #[arg(long)]
    no_reconnect: bool,
    #[command(flatten)]
    filter: FilterFlags,
}

/// Which updates; each flag may be given several times, alternatives inside one flag, all flags together.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Filter (several values of one flag are alternatives)")]
struct FilterFlags {
    /// Category.
    #[arg(long, value_name = "CATEGORY", value_enum)]
    category: Vec<CategoryName>,
    /// Event type; a dotted prefix stands for its subtree.
    #[arg(long = "type", value_name = "TYPE")]
    event_types: Vec<String>,
    /// Country (ISO 3166 alpha-3), in any role or as the place.
    #[arg(long, value_name = "ISO3")]
    country: Vec<String>,
    /// Country of an initiator or participant.
    #[arg(long, value_name = "ISO3")]
    initiator_country: Vec<String>,
    /// Country of a target or participant.
    #[arg(long, value_name = "ISO3")]
    target_country: Vec<String>,
    /// Country of the place.
    #[arg(long, value_name = "ISO3")]
    location_country: Vec<String>,
    /// Actor id, such as RUS.president or org.nato.
    #[arg(long, value_name = "ID")]
    actor: Vec<String>,
    /// Status.
    #[arg(long, value_enum)]
    status: Vec<StatusName>,
    /// What happened to the event.
    #[arg(long, value_enum)]
    change: Vec<ChangeName>,
    /// Source of a report, as submitted.
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Words in the evidence.
    #[arg(long, value_name = "WORDS")]
    text: Vec<String>,
    /// Least confidence, 0 to 1.
    #[arg(
        long,
        value_name = "X",
        default_value_t = 0.0,
        hide_default_value = true
    )]
    min_confidence: f64,
    /// Least number of independent sources.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    min_sources: u32,
    /// Leave out this event type and its subtree.
    #[arg(long, value_name = "TYPE")]
    exclude_type: Vec<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum CategoryName {
    Diplomatic,
    Military,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum StatusName {
    Occurred,
    Ongoing,
    Planned,
    Claimed,
    Denied,
    Threatened,
    Hypothetical,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ChangeName {
    Created,
    Corroborated,
    Revised,
    Merged,
    Retracted,
}

impl FilterFlags {
    /// The filter as a message; none where no flag is given.
    fn message(&self) -> Option<Filter> {
        let category = |name: &CategoryName| match name {
            CategoryName::Diplomatic => Category::Diplomatic as i32,
            CategoryName::Military => Category::Military as i32,
        };
        let status = |name: &StatusName| match name {
            StatusName::Occurred => Status::Occurred as i32,
            StatusName::Ongoing => Status::Ongoing as i32,
            StatusName::Planned => Status::Planned as i32,
            StatusName::Claimed => Status::Claimed as i32,
            StatusName::Denied => Status::Denied as i32,
            StatusName::Threatened => Status::Threatened as i32,
            StatusName::Hypothetical => Status::Hypothetical as i32,
        };
        let change = |name: &ChangeName| match name {
            ChangeName::Created => Change::Created as i32,
            ChangeName::Corroborated => Change::Corroborated as i32,
            ChangeName::Revised => Change::Revised as i32,
            ChangeName::Merged => Change::Merged as i32,
            ChangeName::Retracted => Change::Retracted as i32,
        };
        let exclude = Filter {
            event_types: self.exclude_type.clone(),
            ..Default::default()
        };
        let filter = Filter {
            categories: self.category.iter().map(category).collect(),
            event_types: self.event_types.clone(),
            countries: self.country.clone(),
            initiator_countries: self.initiator_country.clone(),
            target_countries: self.target_country.clone(),
            location_countries: self.location_country.clone(),
            actor_ids: self.actor.clone(),
            statuses: self.status.iter().map(status).collect(),
            changes: self.change.iter().map(change).collect(),
            sources: self.source.clone(),
            text_contains: self.text.clone(),
            min_confidence: self.min_confidence,
            min_independent_sources: self.min_sources,
            exclude: (exclude != Filter::default()).then(|| Box::new(exclude)),
            ..Default::default()
        };
        (filter != Filter::default()).then_some(filter)
    }
}

/// What `--from` says.
fn start(from: Option<&str>) -> Option<Start> {
    let from = from?;
    if from == "earliest" {
        return Some(Start::Earliest(true));
    }
    Some(match time::parse(from) {
        Ok(time) => Start::StartTime(time::to_proto(time)),
        Err(_) => Start::Cursor(from.to_string()),
    })
}

pub fn run(watch: &Watch) -> anyhow::Result<ExitCode> {
    client::block_on(async {
        tokio::select! {
            ended = follow(watch) => ended,
            _ = tokio::signal::ctrl_c() => Ok(ExitCode::SUCCESS),
        }
    })
}

/// Reads the feed to its end, connecting again from the last cursor as often as it takes.
async fn follow(watch: &Watch) -> anyhow::Result<ExitCode> {
    let mut feed = FeedServiceClient::new(watch.server.channel()?);
    let mut output = Output {
        json: watch.json,
        progress: watch.progress,
        printed: 0,
    };
    let mut start = start(watch.from.as_deref());
    let mut backoff = Backoff::new();
    loop {
        let request = SubscribeRequest {
            filter: watch.filter.message(),
            start: start.clone(),
            max_updates: watch.max_updates.saturating_sub(output.printed),
            end_when_caught_up: watch.until_caught_up,
            heartbeat_interval: None,
        };
        let status = match stream(&mut feed, request, &mut start, &mut backoff, &mut output).await?
        {
            Ok(()) => return Ok(ExitCode::SUCCESS),
            Err(status) => status,
        };
        let done = watch.max_updates > 0 && output.printed >= watch.max_updates;
        if done {
            return Ok(ExitCode::SUCCESS);
        }
        if watch.no_reconnect || !client::passes(&status) {
            anyhow::bail!(client::describe(&status));
        }
        let pause = backoff.next(&status);
        if backoff.attempts() == 1 {
            eprintln!(
                "sitrep: {}; trying again from the same position",
                client::describe(&status)
            );
        }
        tokio::time::sleep(pause).await;
    }
}

/// One connection's worth of the feed: the stream's own end, `Ok` when it ended as it should. The outer error is ours.
async fn stream(
    feed: &mut FeedServiceClient<client::Connection>,
    request: SubscribeRequest,
    start: &mut Option<Start>,
    backoff: &mut Backoff,
    output: &mut Output,
) -> anyhow::Result<Result<(), tonic::Status>> {
    let mut messages = match feed.subscribe(request).await {
        Ok(response) => response.into_inner(),
        Err(status) => return Ok(Err(status)),
    };
    loop {
        let message = match tokio::time::timeout(SILENCE, messages.message()).await {
            Ok(Ok(Some(message))) => message,
            Ok(Ok(None)) => return Ok(Ok(())),
            Ok(Err(status)) => return Ok(Err(status)),
            Err(_) => return Ok(Err(tonic::Status::unavailable("the server fell silent"))),
        };
        backoff.reset();
        output.print(&message)?;
        *start = Some(Start::Cursor(message.cursor));
    }
}

/// Where messages go.
struct Output {
    json: bool,
    progress: bool,
    /// Updates so far.
    printed: u32,
}

impl Output {
    fn print(&mut self, message: &SubscribeResponse) -> anyhow::Result<()> {
        let mut out = anstream::stdout().lock();
        match &message.message {
            Some(Message::Update(update)) => {
                self.printed += 1;
                if self.json {
                    out.write_all(&json::line(message)?)?;
                } else {
                    writeln!(out, "{}", lines::update(update))?;
                }
            }
            Some(Message::Progress(_)) if self.progress => {
                out.write_all(&json::line(message)?)?;
            }
            _ => return Ok(()),
        }
        out.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_is_a_word_a_time_or_a_cursor() {
        assert_eq!(start(None), None);
        assert_eq!(start(Some("earliest")), Some(Start::Earliest(true)));
        assert!(
            matches!(start(Some("2026-03-03")), Some(Start::StartTime(time)) if time.seconds == 1_772_496_000)
        );
        assert_eq!(start(Some("AZ-q_7")), Some(Start::Cursor("AZ-q_7".into())));
    }
}
