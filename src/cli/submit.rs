//! `sitrep submit`: sends items and says what became of each.

use super::client::{self, Backoff, Server};
use super::items::{About, Fault, Format, Origin};
use super::lines::{counted, plain};
use super::sources::{self, Flow};
use crate::wire::v1::{
    NewsItem, Rejection, StreamNewsItemsRequest, StreamNewsItemsResponse, SubmitNewsItemResponse,
    intake_service_client::IntakeServiceClient, stream_news_items_response::Outcome,
};
use anstyle::{AnsiColor, Style};
use std::collections::VecDeque;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

/// Items sent and not yet answered, at most. Few enough to bound memory, enough to keep both ends busy.
const IN_FLIGHT: usize = 32;

/// Attempts to reach a lost server before giving up (about half a minute); with --follow there is no end.
const ATTEMPTS: u32 = 6;

/// Send news items to a server and print what became of each.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep submit items.jsonl                      JSON Lines of NewsItem
  sitrep submit --source mod.example briefing.txt page.html
  sitrep submit spool/ --follow                  what is in the folder, then what comes
  producer | sitrep submit -                     JSON Lines from a pipe

Each line of output is an item's own outcome, in order. Items are sent again when the connection is lost: a server takes
the same item in once. Exit code 1 when any item was refused.")]
pub struct Submit {
    #[command(flatten)]
    server: Server,
    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "FILES|DIR|-")]
    inputs: Vec<PathBuf>,
    /// How the inputs hold items; by extension when left out, jsonl for -.
    #[arg(long, value_enum)]
    input: Option<Format>,
    /// Go on with new files and lines as they come.
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    about: About,
}

/// What the reading thread hands on.
struct Entry {
    origin: Origin,
    item: Result<NewsItem, Fault>,
}

pub fn run(submit: Submit) -> anyhow::Result<ExitCode> {
    let known = sources::expand(&submit.inputs)?;
    let (sender, entries) = mpsc::channel(IN_FLIGHT);
    let Submit {
        server,
        inputs,
        input,
        follow,
        about,
    } = submit;
    // Ends with its inputs, or when the receiver is gone; the process does not wait for it.
    let reading = std::thread::spawn(move || {
        let mut each = |raw: super::items::Raw, _| {
            let item = raw.parse(&about);
            let sent = sender.blocking_send(Entry {
                origin: raw.origin,
                item,
            });
            if sent.is_ok() { Flow::GoOn } else { Flow::Stop }
        };
        if follow {
            sources::follow(&inputs, input, &mut each)
        } else {
            sources::read(&known, input, &mut each)
        }
    });
    let (refused, read_to_end) = client::block_on(async {
        let mut work = Work {
            entries,
            pending: VecDeque::new(),
            more: true,
            refused: 0,
            follow,
        };
        tokio::select! {
            done = work.run(&server) => done.map(|()| (work.refused, true)),
            _ = tokio::signal::ctrl_c() => Ok((work.refused, false)),
        }
    })?;
    if read_to_end {
        reading
            .join()
            .map_err(|_| anyhow::anyhow!("reading the inputs failed"))??;
    }
    Ok(if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The items on their way.
struct Work {
    entries: mpsc::Receiver<Entry>,
    /// Read and not yet answered, in order; what is no item waits here too, so that outcomes come in order.
    pending: VecDeque<Entry>,
    /// False when the inputs are at their end.
    more: bool,
    refused: u64,
    follow: bool,
}

impl Work {
    async fn run(&mut self, server: &Server) -> anyhow::Result<()> {
        let mut intake = IntakeServiceClient::new(server.channel()?);
        let mut backoff = Backoff::new();
        let mut connected = false;
        loop {
            let Err(status) = self
                .stream(&mut intake, &mut backoff, &mut connected)
                .await?
            else {
                return Ok(());
            };
            let limit = if self.follow { u32::MAX } else { ATTEMPTS };
            let hopeless = !client::passes(&status)
                || !(connected || self.follow)
                || backoff.attempts() >= limit;
            if hopeless {
                anyhow::bail!(
                    "{}; {} unanswered",
                    client::describe(&status),
                    counted(self.pending.len(), "item")
                );
            }
            let pause = backoff.next(&status);
            if backoff.attempts() == 1 {
                eprintln!(
                    "sitrep: {}; sending unanswered items again",
                    client::describe(&status)
                );
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// One connection: sends what is pending, then what comes, until every item has its answer. The inner error is the
    /// connection's, the outer one ours.
    async fn stream(
        &mut self,
        intake: &mut IntakeServiceClient<client::Connection>,
        backoff: &mut Backoff,
        connected: &mut bool,
    ) -> anyhow::Result<Result<(), Status>> {
        // Holds every item in flight, so that sending never waits while an answer could be read.
        let (requests, sending) = mpsc::channel(IN_FLIGHT);
        for entry in &self.pending {
            if let Ok(item) = &entry.item {
                let _ = requests.try_send(StreamNewsItemsRequest {
                    item: Some(item.clone()),
                });
            }
        }
        let mut answers = match intake.stream_news_items(ReceiverStream::new(sending)).await {
            Ok(response) => response.into_inner(),
            Err(status) => return Ok(Err(status)),
        };
        *connected = true;
        loop {
            self.tell_faults()?;
            if !self.more && self.pending.is_empty() {
                return Ok(Ok(()));
            }
            tokio::select! {
                entry = self.entries.recv(), if self.more && self.pending.len() < IN_FLIGHT => match entry {
                    Some(entry) => {
                        if let Ok(item) = &entry.item {
                            let _ = requests.try_send(StreamNewsItemsRequest { item: Some(item.clone()) });
                        }
                        self.pending.push_back(entry);
                    }
                    None => self.more = false,
                },
                answer = answers.message() => match answer {
                    Ok(Some(answer)) => {
                        backoff.reset();
                        self.tell(answer)?;
                    }
                    Ok(None) => return Ok(Err(Status::unavailable("the server ended the stream"))),
                    Err(status) => return Ok(Err(status)),
                },
            }
        }
    }

    /// Says what became of the first pending item.
    fn tell(&mut self, answer: StreamNewsItemsResponse) -> anyhow::Result<()> {
        let Some(entry) = self.pending.pop_front() else {
            anyhow::bail!("expected one answer for each item, found one more");
        };
        match answer.outcome {
            Some(Outcome::Accepted(accepted)) => accept(&entry.origin, &accepted),
            Some(Outcome::Rejected(rejection)) => {
                self.refused += 1;
                let id = entry.item.map(|item| item.item_id).unwrap_or_default();
                refuse(&entry.origin, &id, &reason(&rejection))
            }
            None => {
                anyhow::bail!("expected an outcome, found none: is the server of another version?")
            }
        }
    }

    /// Says what is wrong with the entries at the front that are no items; they were never sent.
    fn tell_faults(&mut self) -> anyhow::Result<()> {
        while let Some(Entry {
            origin,
            item: Err(fault),
        }) = self.pending.front()
        {
            refuse(
                origin,
                &fault.item_id,
                &format!("{}: {}", fault.reason, fault.message),
            )?;
            self.refused += 1;
            self.pending.pop_front();
        }
        Ok(())
    }
}

fn reason(rejection: &Rejection) -> String {
    let reason = match rejection.reason.as_str() {
        "" => format!("{:?}", Code::from_i32(rejection.code)),
        reason => reason.to_string(),
    };
    let field = if rejection.field.is_empty() || rejection.message.contains(&rejection.field) {
        String::new()
    } else {
        format!("{}: ", rejection.field)
    };
    format!("{reason}: {field}{}", rejection.message)
}

const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
const DIM: Style = Style::new().dimmed();

fn accept(origin: &Origin, accepted: &SubmitNewsItemResponse) -> anyhow::Result<()> {
    let (word, style) = if accepted.duplicate {
        ("duplicate", DIM)
    } else {
        ("accepted", GREEN)
    };
    let mut said: Vec<String> = vec![counted(accepted.updates.len(), "update")];
    for update in &accepted.updates {
        let change = update
            .change()
            .as_str_name()
            .trim_start_matches("CHANGE_")
            .to_lowercase();
        said.push(format!("{change} {}", update.r#type));
    }
    said.extend(
        accepted
            .warnings
            .iter()
            .map(|warning| warning.reason.clone()),
    );
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{style}{word:<10}{style:#} {} {DIM}{origin}{DIM:#}  {}",
        plain(&accepted.item_id),
        plain(&said.join(", "))
    )?;
    Ok(out.flush()?)
}

fn refuse(origin: &Origin, item_id: &str, why: &str) -> anyhow::Result<()> {
    let id = if item_id.is_empty() { "-" } else { item_id };
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{RED}{:<10}{RED:#} {} {DIM}{origin}{DIM:#}  {}",
        "refused",
        plain(id),
        plain(why)
    )?;
    Ok(out.flush()?)
}
