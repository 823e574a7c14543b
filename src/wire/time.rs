//! Points in time on the wire: seconds since 1970 rounded down, and nanoseconds after that.

use super::Invalid;
use jiff::Timestamp;

/// Years that a time in a request may lie in.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// A time as a message.
pub fn timestamp(time: Timestamp) -> pbjson_types::Timestamp {
    let nanos = time.as_nanosecond();
    let seconds = nanos.div_euclid(1_000_000_000);
    pbjson_types::Timestamp {
        seconds: seconds as i64,
        nanos: (nanos - seconds * 1_000_000_000) as i32,
    }
}

/// A message as a time, if it is one that the program can hold (years -9999 to 9999, nanos 0 to 999,999,999).
pub fn timestamp_back(message: &pbjson_types::Timestamp) -> Option<Timestamp> {
    if !(0..1_000_000_000).contains(&message.nanos) {
        return None;
    }
    let nanos = i128::from(message.seconds) * 1_000_000_000 + i128::from(message.nanos);
    Timestamp::from_nanosecond(nanos).ok()
}

/// A time of a request: within the years 1900 to 2200, nanos within a second.
pub fn timestamp_in_range(
    field: &str,
    message: &pbjson_types::Timestamp,
) -> Result<Timestamp, Invalid> {
    if !(0..1_000_000_000).contains(&message.nanos) {
        return Err(Invalid::one(
            format!("{field}.nanos"),
            format!("expected 0 to 999,999,999, found {}", message.nanos),
        ));
    }
    let time = timestamp_back(message)
        .filter(|t| YEARS.contains(&jiff::tz::Offset::UTC.to_datetime(*t).year()));
    time.ok_or_else(|| {
        Invalid::one(
            field,
            format!(
                "expected a time in the years 1900 to 2200, found {} seconds since 1970",
                message.seconds
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_1970_survive_both_ways() {
        let time: Timestamp = "1969-12-31T23:59:58.25Z".parse().unwrap();
        let message = timestamp(time);
        assert_eq!((message.seconds, message.nanos), (-2, 250_000_000));
        assert_eq!(timestamp_back(&message), Some(time));
    }

    #[test]
    fn years_0_and_9999_and_odd_nanos_name_their_field() {
        for (seconds, nanos, field) in [
            (-62_135_596_800, 0, "t"),
            (253_370_764_800, 0, "t"),
            (i64::MAX, 0, "t"),
            (i64::MIN, 0, "t"),
            (0, -1, "t.nanos"),
            (0, 1_000_000_000, "t.nanos"),
        ] {
            let found = timestamp_in_range("t", &pbjson_types::Timestamp { seconds, nanos });
            assert_eq!(
                found.unwrap_err().violations[0].field,
                field,
                "{seconds} {nanos}"
            );
        }
    }
}
