//! Messages as ProtoJSON, one a line, spelled as other tools spell it: times end in `Z`, whole numbers have no fraction.

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// Fields that hold a time.
const TIMES: [&str; 7] = [
    "start",
    "end",
    "publishedAt",
    "firstReported",
    "lastReported",
    "committedAt",
    "startTime",
];

/// A message as a line, line break included.
pub fn line(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(1024);
    message.serialize(&mut Serializer::with_formatter(
        &mut line,
        Spelling::default(),
    ))?;
    line.push(b'\n');
    Ok(line)
}

/// Writes what the generated code hands over, but for the two spellings.
#[derive(Default)]
struct Spelling {
    in_key: bool,
    /// The value that follows is a time.
    is_time: bool,
}

impl Formatter for Spelling {
    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.in_key = true;
        self.is_time = false;
        CompactFormatter.begin_object_key(writer, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.in_key = false;
        CompactFormatter.end_object_key(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.is_time = false;
        CompactFormatter.end_object_value(writer)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if self.in_key {
            self.is_time = TIMES.contains(&fragment);
        } else if self.is_time
            && let Some(time) = fragment.strip_suffix("+00:00")
        {
            writer.write_all(time.as_bytes())?;
            return writer.write_all(b"Z");
        }
        CompactFormatter.write_string_fragment(writer, fragment)
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // Every whole number up to here is exact as a double and as an integer.
        if value.fract() == 0.0 && value.abs() < 9e15 {
            return CompactFormatter.write_i64(writer, value as i64);
        }
        CompactFormatter.write_f64(writer, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::v1;

    #[test]
    fn times_end_in_z_and_words_stay_as_they_are() {
        let at = Some(pbjson_types::Timestamp {
            seconds: 1_772_520_120,
            nanos: 0,
        });
        let words = "2026-03-03T06:42:00+00:00".to_string();
        let message = v1::Event {
            id: words.clone(),
            first_reported: at,
            time: Some(v1::Time {
                start: at,
                text: words,
                ..Default::default()
            }),
            confidence: 0.95,
            quantities: vec![v1::Quantity {
                value: 49.0,
                max_value: Some(-0.5),
                ..Default::default()
            }],
            ..Default::default()
        };
        assert_eq!(
            String::from_utf8(line(&message).unwrap()).unwrap(),
            "{\"id\":\"2026-03-03T06:42:00+00:00\",\"time\":{\"start\":\"2026-03-03T06:42:00Z\",\
             \"text\":\"2026-03-03T06:42:00+00:00\"},\"quantities\":[{\"value\":49,\"maxValue\":-0.5}],\
             \"confidence\":0.95,\"firstReported\":\"2026-03-03T06:42:00Z\"}\n"
        );
    }
}
