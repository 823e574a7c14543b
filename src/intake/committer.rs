//! The thread that merges and commits: one owner of the ledger and of the writer.

use super::workers::{self, Outcome};
use super::{Clock, Condition, Entry, Error, Job, Merge, Read, Retraction, count};
use crate::model::{Answer, Caused, Change, Event, NewsItem, Warning};
use crate::store::{self, Group, Limits, StoredItem, Writer};
use crate::telemetry::metrics::as_gauge;
use crate::telemetry::{Telemetry, Tracer, trace};
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How often retention looks for what is too old or too much.
const TRIM_EVERY: Duration = Duration::from_secs(30);

/// Events that were merged one into the next, followed at most.
const MAX_MERGES: usize = 64;

/// What the thread owns.
pub(super) struct Committer {
    pub merge: Box<dyn Merge>,
    pub read: Read,
    pub writer: Writer,
    pub clock: Clock,
    pub group: usize,
    pub limits: Limits,
    pub condition: watch::Sender<Condition>,
    pub telemetry: Telemetry,
}

impl Committer {
    /// Runs until the channel is closed and empty. The writer is closed with it.
    pub fn run(mut self, entries: &Receiver<Entry>) {
        let mut held: Option<Entry> = None;
        let mut next_trim = Instant::now();
        loop {
            let wait = next_trim.saturating_duration_since(Instant::now());
            let first = match held.take() {
                Some(entry) => Some(entry),
                None => match entries.recv_timeout(wait) {
                    Ok(entry) => Some(entry),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                },
            };
            if let Some(first) = first {
                let mut group = vec![ready(first)];
                while group.len() < self.group {
                    match entries.try_recv().map(try_ready) {
                        Ok(Ok(entry)) => group.push(entry),
                        Ok(Err(entry)) => {
                            held = Some(entry);
                            break;
                        }
                        Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                    }
                }
                self.commit(group);
            }
            if Instant::now() >= next_trim {
                // While there is more to remove, batches alternate with groups of items.
                let unfinished = self.trim();
                next_trim = Instant::now()
                    + if unfinished {
                        Duration::ZERO
                    } else {
                        TRIM_EVERY
                    };
            }
        }
    }

    /// Merges a group, commits it, and only then answers.
    fn commit(&mut self, group: Vec<Ready>) {
        let Committer {
            merge,
            read,
            writer,
            clock,
            telemetry,
            ..
        } = self;
        let begun = Instant::now();
        let now = clock();
        let mut replies = Vec::with_capacity(group.len());
        let mut tasks = Vec::with_capacity(group.len());
        for Ready { task, entry } in group {
            tasks.push((task, entry.span.as_parent()));
            replies.push(entry);
        }
        let work = || {
            writer.commit(now, |group| {
                let mut merging = Merging {
                    merge: merge.as_mut(),
                    read,
                    group,
                    now,
                    tracer: &telemetry.tracer,
                };
                tasks
                    .into_iter()
                    .map(|(task, parent)| merging.one(task, &parent))
                    .collect::<Result<Vec<_>, _>>()
            })
        };
        let answers = match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(answers)) => answers,
            Ok(Err(error)) => {
                self.fail(&error);
                replies.iter().map(|_| Err(Error::Failed)).collect()
            }
            Err(_) => {
                self.fail(&"a panic while merging");
                replies.iter().map(|_| Err(Error::Failed)).collect()
            }
        };
        let (telemetry, writer) = (&self.telemetry, &self.writer);
        let took = begun.elapsed();
        count::group(&telemetry.metrics, took, &answers);
        telemetry.metrics.store_bytes.set(as_gauge(writer.bytes()));
        for (entry, answer) in replies.into_iter().zip(answers) {
            // A sender that has gone finds its answer by sending the item again.
            let _ = entry.reply.send(answer);
        }
    }

    /// Removes a batch of what need not be kept; true while there is more.
    fn trim(&mut self) -> bool {
        if *self.condition.borrow() == Condition::Failed {
            return false;
        }
        let (now, limits) = ((self.clock)(), self.limits);
        match catch_unwind(AssertUnwindSafe(|| self.writer.trim(now, &limits))) {
            Ok(Ok(trimmed)) => {
                if trimmed.updates + trimmed.items > 0 {
                    let bytes = as_gauge(self.writer.bytes());
                    self.telemetry.metrics.store_bytes.set(bytes);
                    tracing::info!(
                        updates = trimmed.updates,
                        items = trimmed.items,
                        events = trimmed.events.len(),
                        "retention removed records"
                    );
                }
                trimmed.unfinished
            }
            Ok(Err(error)) => {
                self.fail(&error);
                false
            }
            Err(_) => {
                self.fail(&"a panic while removing old records");
                false
            }
        }
    }

    fn fail(&self, error: &dyn std::fmt::Display) {
        if self.condition.send_replace(Condition::Failed) != Condition::Failed {
            tracing::error!(%error, "the store failed, intake is refused until a restart");
        }
    }
}

/// An entry whose reading is there.
struct Ready {
    task: Task,
    entry: Replying,
}

struct Replying {
    reply: tokio::sync::oneshot::Sender<Result<Answer, Error>>,
    span: trace::Span,
    _room: super::Room,
}

enum Task {
    Take {
        item: std::sync::Arc<NewsItem>,
        hash: [u8; 32],
        outcome: Outcome,
    },
    Retract(Retraction),
}

/// Waits for the reading.
fn ready(entry: Entry) -> Ready {
    let Entry {
        job,
        reply,
        span,
        _room,
    } = entry;
    let task = match job {
        Job::Take {
            item,
            hash,
            outcome,
        } => {
            // A reader that is gone without a word has panicked outside of the reading.
            let outcome = outcome.blocking_recv().unwrap_or(Outcome::Panicked);
            Task::Take {
                item,
                hash,
                outcome,
            }
        }
        Job::Retract(retraction) => Task::Retract(retraction),
    };
    Ready {
        task,
        entry: Replying { reply, span, _room },
    }
}

/// The entry itself when its reading is not there yet.
fn try_ready(entry: Entry) -> Result<Ready, Entry> {
    let Entry {
        job,
        reply,
        span,
        _room,
    } = entry;
    let task = match job {
        Job::Retract(retraction) => Task::Retract(retraction),
        Job::Take {
            item,
            hash,
            mut outcome,
        } => match outcome.try_recv() {
            Ok(outcome) => Task::Take {
                item,
                hash,
                outcome,
            },
            Err(tokio::sync::oneshot::error::TryRecvError::Closed) => Task::Take {
                item,
                hash,
                outcome: Outcome::Panicked,
            },
            Err(tokio::sync::oneshot::error::TryRecvError::Empty) => {
                return Err(Entry {
                    job: Job::Take {
                        item,
                        hash,
                        outcome,
                    },
                    reply,
                    span,
                    _room,
                });
            }
        },
    };
    Ok(Ready {
        task,
        entry: Replying { reply, span, _room },
    })
}

/// One group being merged.
struct Merging<'a, 'g, 't> {
    merge: &'a mut dyn Merge,
    read: &'a Read,
    group: &'g mut Group<'t>,
    now: Timestamp,
    tracer: &'a Tracer,
}

/// An answer to a sender, or a failure of the store, which fails the whole group.
type Outcomes = Result<Result<Answer, Error>, store::Error>;

impl Merging<'_, '_, '_> {
    /// Merges one. Its updates are spans of their own, begun and ended here: durable they are at the end of the span above.
    fn one(&mut self, task: Task, parent: &trace::Parent) -> Outcomes {
        let span = self.tracer.part("merge", parent);
        let merged = match task {
            Task::Take {
                item,
                hash,
                outcome,
            } => self.take(&item, hash, outcome),
            Task::Retract(Retraction::Item { item_id, reason }) => self.retract(item_id, &reason),
            Task::Retract(Retraction::Event { event_id, reason }) => {
                self.retract_event(event_id, &reason)
            }
        };
        if let Ok(Ok(answer)) = &merged
            && !answer.duplicate
        {
            for update in &answer.updates {
                let mut told = self.tracer.part("update", &span.as_parent());
                told.set("event.id", update.event_id.clone());
                told.set("event.revision", i64::from(update.revision));
                told.set("event.type", update.event_type.clone());
                told.set("event.change", update.change.name());
            }
        }
        merged
    }

    fn take(&mut self, item: &NewsItem, hash: [u8; 32], outcome: Outcome) -> Outcomes {
        let id = &item.item_id;
        let stored = self.group.item(id)?;
        if let Some(stored) = &stored {
            let is_newer = item.version > stored.version;
            let is_same = stored.content_hash == hash;
            // A withdrawn item comes back with a higher version, even with the same words.
            if is_same && !(stored.retracted && is_newer) {
                return Ok(Ok(again(stored)));
            }
            if !is_newer {
                let expected = stored.version.saturating_add(1);
                let (item_id, found) = (id.clone(), item.version);
                return Ok(Err(Error::Exists {
                    item_id,
                    expected,
                    found,
                }));
            }
        }
        let outcome = match outcome {
            // What was known a moment ago is no longer: retention was faster.
            Outcome::Known => workers::read_one(self.read, item),
            other => other,
        };
        let Outcome::Read(reading) = outcome else {
            return Ok(Err(Error::Unreadable {
                item_id: id.clone(),
            }));
        };
        if stored.is_some() {
            self.restore_events_of(id)?;
        }
        let changes = self.merge.apply(item, reading.reports, self.now);
        let updates = self.group.append(self.now, changes)?;
        let answer = Answer {
            item_id: id.clone(),
            duplicate: false,
            updates,
            warnings: reading.warnings,
        };
        self.group.put_item(&StoredItem {
            version: item.version,
            received_at: self.now,
            content_hash: hash,
            answer: answer.clone(),
            retracted: false,
            withdrawal: Vec::new(),
            item: Some(item.clone()),
        })?;
        Ok(Ok(answer))
    }

    fn retract(&mut self, item_id: String, reason: &str) -> Outcomes {
        let Some(mut stored) = self.group.item(&item_id)? else {
            return Ok(Err(Error::Unknown { item_id }));
        };
        if stored.retracted {
            let updates = stored.withdrawal;
            let answer = Answer {
                item_id,
                duplicate: true,
                updates,
                warnings: Vec::new(),
            };
            return Ok(Ok(answer));
        }
        self.restore_events_of(&item_id)?;
        let changes = self.merge.retract(&item_id, reason, self.now);
        let updates = self.group.append(self.now, changes)?;
        stored.retracted = true;
        stored.withdrawal = updates.clone();
        self.group.put_item(&stored)?;
        Ok(Ok(Answer {
            item_id,
            duplicate: false,
            updates,
            warnings: Vec::new(),
        }))
    }

    fn retract_event(&mut self, event_id: String, reason: &str) -> Outcomes {
        let answer = |duplicate, updates| Answer {
            duplicate,
            updates,
            ..Answer::default()
        };
        let Some(event) = self.survivor(&event_id)? else {
            return Ok(Err(Error::UnknownEvent { event_id }));
        };
        if event.retracted {
            // Nothing changes a retracted event, so that its revision is still the one of the retraction.
            let caused = Caused {
                event_id: event.id,
                revision: event.revision,
                change: Change::Retracted,
                event_type: event.event_type,
            };
            return Ok(Ok(answer(true, vec![caused])));
        }
        let id = event.id.clone();
        if !self.merge.holds(&id) {
            self.merge.restore(event);
        }
        let Some(change) = self.merge.retract_event(&id, reason, self.now) else {
            return Ok(Err(Error::UnknownEvent { event_id }));
        };
        let updates = self.group.append(self.now, vec![change])?;
        Ok(Ok(answer(false, updates)))
    }
}

impl Merging<'_, '_, '_> {
    /// A stored event; of a merged one, the survivor.
    fn survivor(&self, event_id: &str) -> Result<Option<Event>, store::Error> {
        let mut event = self.group.event(event_id)?;
        for _ in 0..MAX_MERGES {
            let Some(merged) = event.as_ref().filter(|e| !e.merged_into.is_empty()) else {
                break;
            };
            event = self.group.event(&merged.merged_into)?;
        }
        Ok(event)
    }

    /// The ledger keeps recent events in memory; what an item said of older ones must be there before it changes.
    fn restore_events_of(&mut self, item_id: &str) -> Result<(), store::Error> {
        for event_id in self.group.events_of(item_id)? {
            if !self.merge.holds(&event_id)
                && let Some(event) = self.group.event(&event_id)?
            {
                self.merge.restore(event);
            }
        }
        Ok(())
    }
}

/// The answer to an item that is there already: as the first time, and that it was.
fn again(stored: &StoredItem) -> Answer {
    let mut answer = stored.answer.clone();
    answer.duplicate = true;
    if stored.retracted {
        answer.warnings.push(Warning {
            reason: "ITEM_RETRACTED".into(),
            message: "The item was withdrawn since; a higher version of it brings it back.".into(),
        });
    }
    answer
}
