//! The log on standard error: constant messages, the rest in fields.
//!
//! A field may hold what somebody sent. Control characters in it are escaped in either form, so that nobody writes lines of
//! their own or speaks to the reader's terminal. Bodies of items and tokens are never given to the log at all.

use crate::config::{Log, LogFormat};
use std::fmt::Write;
use std::io::IsTerminal;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::debug_fn;

/// Begins the log. Called once, before anything is logged.
pub fn begin(log: &Log) -> Result<(), String> {
    let subscriber = subscriber(log, std::io::stderr)?;
    tracing::subscriber::set_global_default(subscriber)
        .map_err(|e| format!("the log has begun already: {e}"))
}

/// A log to any place.
pub fn subscriber<W>(log: &Log, place: W) -> Result<Box<dyn Subscriber + Send + Sync>, String>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&log.level).map_err(|e| {
        format!(
            "log.level: expected a level or directives, found {:?}: {e}",
            log.level
        )
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(place)
        .with_target(false);
    Ok(match log.format {
        LogFormat::Json => Box::new(builder.json().flatten_event(true).with_ansi(false).finish()),
        LogFormat::Human => {
            let is_plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
            let fields = debug_fn(|writer, field, value| {
                let text = escaped(&format!("{value:?}"));
                match field.name() {
                    "message" => write!(writer, "{text}"),
                    name => write!(writer, "{name}={text}"),
                }
            });
            let builder = builder
                .with_ansi(std::io::stderr().is_terminal() && !is_plain)
                .fmt_fields(tracing_subscriber::field::MakeExt::delimited(fields, " "));
            Box::new(builder.finish())
        }
    })
}

/// Without control characters, and without those that turn the direction of writing.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let breaks = matches!(c, '\u{2028}' | '\u{2029}');
        if c.is_control() || turns || breaks {
            let _ = write!(safe, "{}", c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_somebody_sent_writes_no_lines_and_no_escapes() {
        let sent = "a\nERROR forged \u{1b}[31mred\r\u{9b}2J \u{202e}drawkcab\u{2028}";
        for format in [LogFormat::Human, LogFormat::Json] {
            let page = Page::default();
            let of = page.clone();
            let log = Log {
                format,
                level: "info".into(),
            };
            let subscriber = subscriber(&log, move || of.clone()).unwrap();
            tracing::subscriber::with_default(subscriber, || {
                tracing::warn!(item_id = sent, error = %sent, other = ?sent, "a constant message");
            });
            let written = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
            assert!(written.contains("a constant message") && written.contains("forged"));
            assert_eq!(written.lines().count(), 1, "{written}");
            let inside = written.trim_end_matches('\n');
            // JSON leaves it to its reader to show the rest.
            let is_safe = |c: char| match format {
                LogFormat::Human => escaped(&c.to_string()) == c.to_string(),
                LogFormat::Json => c >= ' ',
            };
            assert!(inside.chars().all(is_safe), "{inside:?}");
        }
    }
}
