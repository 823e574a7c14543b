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

/// A time for a message.
pub fn to_proto(time: Timestamp) -> pbjson_types::Timestamp {
    let nanos = time.as_nanosecond();
    pbjson_types::Timestamp {
        seconds: nanos.div_euclid(1_000_000_000) as i64,
        nanos: nanos.rem_euclid(1_000_000_000) as i32,
    }
}

/// A time of a message; none where it is out of range.
pub fn from_proto(time: &pbjson_types::Timestamp) -> Option<Timestamp> {
    Timestamp::new(time.seconds, time.nanos).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_1970_have_nanoseconds_that_count_upwards() {
        let time = to_proto(Timestamp::new(-1, -500_000_000).unwrap());
        assert_eq!((time.seconds, time.nanos), (-2, 500_000_000));
    }

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
