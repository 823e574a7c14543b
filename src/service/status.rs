//! From what went wrong to what a client is told: the only place where that is decided.

use super::reason::{self, Reason};
use crate::access::{Denied, Exceeded, What};
use crate::feed::{Cursor, End};
use crate::wire::{Invalid, Violation, v1};
use crate::{intake, store};
use std::collections::BTreeMap;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, QuotaViolation, StatusExt};

/// Message and details together must fit in HTTP/2 headers with room to spare.
const MAX_MESSAGE_BYTES: usize = 400;
const MAX_VALUE_BYTES: usize = 200;
/// Encoded details; as a header they are a third longer.
const MAX_DETAILS_BYTES: usize = 2400;
/// When to try again after a full queue.
const RETRY_FULL: Duration = Duration::from_millis(500);
/// When to try again after a shutdown or a failed store.
const RETRY_DOWN: Duration = Duration::from_secs(2);

/// What a client is told, before it takes the form of a status or of a rejection.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    reason: Reason,
    message: String,
    more: Box<More>,
}

/// The details of a fault.
#[derive(Debug, Clone, PartialEq, Default)]
struct More {
    /// The dynamic parts of the message.
    metadata: BTreeMap<&'static str, String>,
    violations: Vec<Violation>,
    /// What there is too much of, and of whom.
    quota: Option<(&'static str, String)>,
    retry_after: Option<Duration>,
}

impl Fault {
    fn new(reason: Reason, message: impl Into<String>) -> Self {
        Fault {
            reason,
            message: cut(message.into(), MAX_MESSAGE_BYTES),
            more: Box::default(),
        }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.more
            .metadata
            .insert(name, cut(value.to_string(), MAX_VALUE_BYTES));
        self
    }

    fn retry(mut self, after: Duration) -> Self {
        self.more.retry_after = Some(after);
        self
    }

    fn quota(mut self, subject: &'static str, description: impl Into<String>) -> Self {
        self.more.quota = Some((subject, description.into()));
        self
    }

    /// No such event.
    pub fn event_unknown(id: &str) -> Self {
        Fault::new(
            reason::EVENT_UNKNOWN,
            format!("expected the id of a stored event, found {id:?}"),
        )
        .with("event_id", id)
    }

    /// As many subscriptions as there may be.
    pub fn subscriptions_full(bound: usize) -> Self {
        Fault::new(
            reason::SUBSCRIPTIONS_FULL,
            format!("expected fewer than {bound} open subscriptions, found {bound}"),
        )
        .with("bound", bound)
        .quota("subscriptions", format!("{bound} at a time"))
        .retry(RETRY_DOWN)
    }

    /// Somebody who was recognised, and may not do this.
    pub fn scope_missing(scope: &'static str) -> Self {
        Fault::new(
            reason::SCOPE_MISSING,
            format!("expected a caller with scope {scope}, found one without"),
        )
        .with("scope", scope)
    }

    /// A method that nobody may use, because no scope was named for it.
    pub fn method_closed() -> Self {
        Fault::new(
            reason::SCOPE_MISSING,
            "expected a method of this service, found one that is closed to all",
        )
        .with("scope", "none")
    }

    /// The credential of an open stream was withdrawn.
    pub fn revoked() -> Self {
        Denied::Invalid.into()
    }

    /// A cursor of another log.
    pub fn cursor_of_another_log(log_id: &str) -> Self {
        Fault::new(
            reason::CURSOR_FOREIGN,
            format!("expected a cursor of log {log_id}, found one of another log"),
        )
        .with("log_id", log_id)
    }

    /// What the transport refused by itself; its words are for its developers.
    pub fn of_transport(status: &Status) -> Self {
        let message = status.message();
        let is_size = message.contains("too large") || message.contains("limit");
        match status.code() {
            Code::OutOfRange | Code::ResourceExhausted if is_size => Fault::new(
                reason::MESSAGE_TOO_LARGE,
                "expected a message of at most 4 MiB, found a larger one",
            ),
            // Everything else that it calls internal is about the message that came.
            Code::Internal if !message.contains("ncoding") => Fault::new(
                reason::MESSAGE_UNREADABLE,
                "expected a message of this method, found something else",
            ),
            Code::Unimplemented if message.is_empty() => Fault::new(
                reason::METHOD_UNKNOWN,
                "expected a method of this service, found another",
            ),
            Code::Unimplemented => Fault::new(
                reason::MESSAGE_UNREADABLE,
                "expected a message without compression or with gzip or zstd, found another",
            ),
            _ => Fault::internal(),
        }
    }

    /// Work of ours ended without an answer.
    pub fn internal() -> Self {
        Fault::new(
            reason::INTERNAL,
            "something failed that should not; the log of the service says more",
        )
    }

    /// Why a subscription could not start, or ended; cursors are those of `log_id`.
    pub fn end_of_subscription(end: End, log_id: &str) -> Self {
        let cursor = |position| Cursor::new(log_id, position).encode();
        match end {
            End::Expired { oldest } => Fault::new(
                reason::CURSOR_EXPIRED,
                "expected a position within what is retained, found an older one",
            )
            .with("oldest_cursor", cursor(oldest)),
            End::BeyondEnd { newest, .. } => Fault::new(
                reason::CURSOR_FOREIGN,
                "expected a position within this log, found one past its end: was an older copy of it restored?",
            )
            .with("log_id", log_id)
            .with("newest_cursor", cursor(newest)),
            End::Stalled { position } => Fault::new(
                reason::SUBSCRIBER_STALLED,
                "expected a subscriber that takes what it is sent, found one that accepted nothing for too long",
            )
            .with("cursor", cursor(position))
            .quota("subscriber", "one must accept something within the time given in the manual"),
            End::Draining { position } => {
                Fault::from(intake::Error::Draining).with("cursor", cursor(position))
            }
            End::Failed(error) => error.into(),
        }
    }

    /// Its reason's name.
    pub fn reason(&self) -> &'static str {
        self.reason.name
    }

    /// As the end of a call.
    pub fn to_status(&self) -> Status {
        let mut violations = self.more.violations.as_slice();
        loop {
            let details = self.details(violations);
            let fits = details_bytes(&details) <= MAX_DETAILS_BYTES;
            if fits || violations.is_empty() {
                return Status::with_error_details(self.reason.code, self.message.clone(), details);
            }
            violations = &violations[..violations.len() / 2];
        }
    }

    fn details(&self, violations: &[Violation]) -> ErrorDetails {
        let metadata = self
            .more
            .metadata
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.clone()));
        let mut details = ErrorDetails::new();
        details.set_error_info(
            self.reason.name,
            reason::DOMAIN,
            metadata.collect::<std::collections::HashMap<_, _>>(),
        );
        if !violations.is_empty() {
            let violations: Vec<_> = violations
                .iter()
                .map(|v| FieldViolation {
                    field: cut(v.field.clone(), MAX_VALUE_BYTES),
                    description: cut(v.description.clone(), MAX_VALUE_BYTES),
                    ..FieldViolation::default()
                })
                .collect();
            details.set_bad_request(violations);
        }
        if let Some((subject, description)) = &self.more.quota {
            details.set_quota_failure(vec![QuotaViolation::new(*subject, description.clone())]);
        }
        if let Some(after) = self.more.retry_after {
            details.set_retry_info(Some(after));
        }
        details
    }

    /// As the outcome of one item of a stream.
    pub fn to_rejection(&self) -> v1::Rejection {
        v1::Rejection {
            code: self.reason.code as i32,
            reason: self.reason.name.to_owned(),
            message: self.message.clone(),
            field: self
                .more
                .violations
                .first()
                .map(|v| cut(v.field.clone(), MAX_VALUE_BYTES))
                .unwrap_or_default(),
        }
    }
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        // Who is not known is told nothing but that: not which part of a credential was wrong.
        match denied {
            Denied::Missing => Fault::new(
                reason::CREDENTIALS_MISSING,
                "expected a bearer token or a client's certificate, found neither",
            ),
            Denied::Invalid => Fault::new(
                reason::CREDENTIALS_INVALID,
                "expected credentials that this service knows, found others",
            ),
            Denied::Expired => Fault::new(
                reason::CREDENTIALS_EXPIRED,
                "expected credentials within their time, found them past it",
            ),
            Denied::KeysUnavailable => Fault::new(
                reason::KEYS_UNAVAILABLE,
                "the keys to check tokens with are not here yet",
            )
            .retry(RETRY_DOWN),
        }
    }
}

impl From<Exceeded> for Fault {
    fn from(exceeded: Exceeded) -> Self {
        let Exceeded {
            what,
            bound,
            retry_after,
        } = exceeded;
        let (subject, unit) = match what {
            What::Calls => ("calls", "calls a second"),
            What::Items => ("items", "items a second"),
            What::Streams => ("streams", "streams at a time"),
        };
        Fault::new(
            reason::QUOTA_EXCEEDED,
            format!("expected at most {bound} {unit} of one caller, found more"),
        )
        .with("quota", subject)
        .with("bound", bound)
        .quota(subject, format!("{bound} {unit}"))
        .retry(retry_after.unwrap_or(RETRY_DOWN))
    }
}

impl From<Fault> for Status {
    fn from(fault: Fault) -> Self {
        fault.to_status()
    }
}

impl From<Invalid> for Fault {
    fn from(invalid: Invalid) -> Self {
        let mut fault = Fault::new(reason::FIELD_INVALID, invalid.to_string());
        if let Some(first) = invalid.violations.first() {
            fault = fault.with("field", &first.field);
        }
        fault.more.violations = invalid.violations;
        fault
    }
}

impl From<intake::Error> for Fault {
    fn from(error: intake::Error) -> Self {
        let message = error.to_string();
        match error {
            intake::Error::Full { bound } => Fault::new(reason::INTAKE_FULL, message)
                .with("bound", bound)
                .quota("queue", format!("{bound} items waiting at a time"))
                .retry(RETRY_FULL),
            intake::Error::Draining => Fault::new(reason::DRAINING, message).retry(RETRY_DOWN),
            intake::Error::Failed => Fault::new(reason::STORE_FAILED, message).retry(RETRY_DOWN),
            intake::Error::Exists {
                item_id,
                expected,
                found,
            } => Fault::new(reason::ITEM_EXISTS, message)
                .with("item_id", item_id)
                .with("expected_version", expected)
                .with("found_version", found),
            intake::Error::Unknown { item_id } => {
                Fault::new(reason::ITEM_UNKNOWN, message).with("item_id", item_id)
            }
            intake::Error::UnknownEvent { event_id } => Fault::event_unknown(&event_id),
            intake::Error::Unreadable { item_id } => {
                Fault::new(reason::ITEM_UNREADABLE, message).with("item_id", item_id)
            }
        }
    }
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Self {
        // What exactly failed is for the log: paths and pages are nobody else's business.
        tracing::error!(%error, "reading the store failed");
        if error.is_corruption() {
            Fault::new(
                reason::RECORD_DAMAGED,
                "a stored record is damaged and is not served",
            )
        } else {
            Fault::new(reason::STORE_FAILED, "the store cannot be read").retry(RETRY_DOWN)
        }
    }
}

fn details_bytes(details: &ErrorDetails) -> usize {
    let status = Status::with_error_details(Code::Unknown, "", details.clone());
    status.details().len()
}

/// At most so many bytes, cut between characters.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let mut end = most - '…'.len_utf8();
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_status_stays_under_4_kib_on_the_wire() {
        let violation = |n: usize| Violation {
            field: format!("filter.event_types[{n}]"),
            description: "é".repeat(1000),
        };
        let invalid = Invalid {
            violations: (0..200).map(violation).collect(),
        };
        let status = Fault::from(invalid).to_status();
        let response = status.clone().into_http::<tonic::body::Body>();
        let headers = response.headers();
        let bytes: usize = headers
            .iter()
            .map(|(k, v)| k.as_str().len() + v.len())
            .sum();
        assert!(bytes < 4096, "{bytes}");
        assert!(
            status
                .get_details_bad_request()
                .unwrap()
                .field_violations
                .len()
                > 2
        );
    }

    #[test]
    fn every_reason_is_listed_once() {
        let mut names: Vec<_> = reason::ALL.iter().map(|r| r.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), reason::ALL.len());
    }
}
