//! Times on the command line and on the wire.

use jiff::{Timestamp, civil, tz::TimeZone};

/// A time as a person types it: RFC 3339 with an offset, or a calendar day, which starts at midnight UTC.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let day = text.parse::<civil::Date>().map_err(|_| {
        format!("expected a time such as 2026-03-03T06:42:00Z or a day such as 2026-03-03, found {text:?}")
    })?;
    TimeZone::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_err(|error| error.to_string())
}

pub use crate::wire::{timestamp as to_proto, timestamp_back as from_proto};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_read() {
        assert_eq!(
            parse("2026-03-03").unwrap(),
            parse("2026-03-03T00:00:00Z").unwrap()
        );
        assert_eq!(
            parse("2026-03-03T02:00:00+02:00").unwrap(),
            parse("2026-03-03").unwrap()
        );
        assert!(parse("2026-03-03 noonish").unwrap_err().contains("noonish"));
    }
}
