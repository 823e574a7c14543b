//! How the reports of one item fit the events of the items before it.

use super::{BOLD, DIM, NO, YES};
use crate::cli::lines::plain;
use crate::merge::{Ledger, Score};
use crate::model::{NewsItem, Report};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Events shown for a report; the others fit less.
const SHOWN: usize = 4;

/// The events of all items so far.
pub struct Joining {
    ledger: Ledger,
    /// What each event was called when it last changed.
    summaries: BTreeMap<String, String>,
    /// As when the items come in one after the other, and none before it was published.
    received: Timestamp,
}

/// A report with the events that it was compared with.
struct Compared {
    event_type: String,
    trigger: String,
    scores: Vec<(String, Score)>,
}

impl Joining {
    pub fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            summaries: BTreeMap::new(),
            received: Timestamp::UNIX_EPOCH,
        }
    }

    /// Takes an item's reports in, and tells which events they were compared with and which they joined.
    pub fn show(
        &mut self,
        out: &mut impl Write,
        item: &NewsItem,
        reports: Vec<Report>,
    ) -> io::Result<()> {
        let compared: Vec<Compared> = reports
            .iter()
            .map(|report| Compared {
                event_type: report.event_type.clone(),
                trigger: report.trigger.text.clone(),
                scores: self.ledger.explain(report),
            })
            .filter(|compared| !compared.scores.is_empty())
            .collect();
        let before = self.summaries.clone();
        self.received = self.received.max(item.published_at.unwrap_or_default());
        let mut joined: Vec<(String, String)> = Vec::new();
        for change in self.ledger.apply(item, reports, self.received) {
            let event = change.update.event;
            let ours = change.reports.iter().filter(|r| r.item_id == item.item_id);
            joined.extend(ours.map(|r| (event.id.clone(), r.trigger.text.clone())));
            self.summaries.insert(event.id, event.summary);
        }
        if compared.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\n{BOLD}Compared{BOLD:#} {DIM}with the events of the items before{DIM:#}"
        )?;
        for Compared {
            event_type,
            trigger,
            scores,
        } in compared
        {
            writeln!(
                out,
                "  {} {BOLD}{}{BOLD:#}",
                plain(&event_type),
                plain(&trigger)
            )?;
            for (id, score) in scores.iter().take(SHOWN) {
                let is_joined = joined.contains(&(id.clone(), trigger.clone()));
                let (mark, style) = if is_joined { ("✓", YES) } else { ("✗", NO) };
                let summary = before.get(id).map(String::as_str).unwrap_or_default();
                writeln!(
                    out,
                    "    {style}{mark}{style:#} {} {DIM}{id}{DIM:#}",
                    plain(summary)
                )?;
                writeln!(out, "      {DIM}{score}{DIM:#}")?;
            }
        }
        Ok(())
    }
}
