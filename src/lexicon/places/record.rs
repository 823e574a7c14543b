//! Fields of the tables: what they hold, and what is said where they hold something else.

use super::{Code, Error};

/// Lines of a table after its head, each split into exactly `N` fields, with their numbers from 1.
pub fn records<'a, const N: usize>(
    file: &'static str,
    text: &'a str,
    head: &str,
) -> Result<impl Iterator<Item = Result<(usize, [&'a str; N]), Error>>, Error> {
    let mut lines = text.lines();
    let found = lines.next().unwrap_or_default();
    if found != head {
        return Err(error(
            file,
            1,
            format!("expected the columns {head:?}, found {found:?}"),
        ));
    }
    Ok(lines.enumerate().map(move |(i, line)| {
        let mut fields = [""; N];
        let mut count = 0;
        for field in line.split('\t') {
            if let Some(slot) = fields.get_mut(count) {
                *slot = field;
            }
            count += 1;
        }
        match count == N {
            true => Ok((i + 2, fields)),
            false => Err(error(
                file,
                i + 2,
                format!("expected {N} fields, found {count}"),
            )),
        }
    }))
}

/// Three upper-case ASCII letters.
pub fn parse_code(code: &str) -> Option<Code> {
    let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
    bytes
        .iter()
        .all(u8::is_ascii_uppercase)
        .then_some(Code(bytes))
}

/// A field that may not be empty.
pub fn filled<'a>(file: &str, line: usize, name: &'a str) -> Result<&'a str, Error> {
    match name.trim() {
        "" => Err(error(file, line, "expected a name, found none")),
        _ => Ok(name),
    }
}

/// A whole number; `what` says of what.
pub fn integer(file: &str, line: usize, what: &str, digits: &str) -> Result<u32, Error> {
    digits
        .parse()
        .map_err(|_| error(file, line, format!("expected {what}, found {digits:?}")))
}

/// A coordinate of a table as millionths of a degree.
pub fn angle(file: &str, line: usize, number: &str, most: i32) -> Result<i32, Error> {
    degrees(number, most).ok_or_else(|| coordinate(file, line, number))
}

/// A decimal number of degrees as millionths, none where it is not one or beyond `most`.
fn degrees(number: &str, most: i32) -> Option<i32> {
    let (negative, digits) = number
        .strip_prefix('-')
        .map_or((false, number), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || whole.len() > 3 || fraction.len() > 6 {
        return None;
    }
    let mut value = 0i32;
    for byte in whole
        .bytes()
        .chain(fraction.bytes())
        .chain(std::iter::repeat_n(b'0', 6 - fraction.len()))
    {
        value = value * 10 + i32::from(byte.is_ascii_digit().then(|| byte - b'0')?);
    }
    (value <= most * 1_000_000).then_some(if negative { -value } else { value })
}

/// A coordinate of a TOML file as millionths of a degree.
pub fn microdegrees(file: &str, line: usize, number: f64, most: f64) -> Result<i32, Error> {
    if number.abs() <= most {
        Ok((number * 1e6).round() as i32)
    } else {
        Err(coordinate(file, line, &number.to_string()))
    }
}

fn coordinate(file: &str, line: usize, found: &str) -> Error {
    error(
        file,
        line,
        format!("expected degrees with at most six decimals, found {found:?}"),
    )
}

/// The line, from 1, that holds a byte.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

/// An error at a line; 0 means the whole file.
pub fn error(file: &str, line: usize, message: impl Into<String>) -> Error {
    Error {
        file: file.to_owned(),
        line,
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_exact_and_bounded() {
        assert_eq!(degrees("48.594", 90), Some(48_594_000));
        assert_eq!(degrees("-0.5", 90), Some(-500_000));
        assert_eq!(degrees("180", 180), Some(180_000_000));
        for wrong in [
            "",
            "-",
            "90.000001",
            "1e3",
            "4O.1",
            "12.1234567",
            "+1",
            "1.2.3",
            "9999",
        ] {
            assert_eq!(degrees(wrong, 90), None, "{wrong}");
        }
    }
}
