//! Reading and writing the parts of a weights file.

/// What was wrong inside a file whose checksum held: it was written by something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at byte {offset} of the contents")]
pub struct Corrupt {
    pub expected: &'static str,
    pub offset: usize,
}

/// Bytes yet to be read.
pub struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The error for this place.
    pub fn corrupt(&self, expected: &'static str) -> Corrupt {
        Corrupt {
            expected,
            offset: self.at,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub fn byte(&mut self) -> Result<u8, Corrupt> {
        let byte = *self
            .bytes
            .get(self.at)
            .ok_or(self.corrupt("another byte"))?;
        self.at += 1;
        Ok(byte)
    }

    /// A number in LEB128.
    pub fn varint(&mut self) -> Result<u64, Corrupt> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(value);
            }
        }
        Err(self.corrupt("a number of at most 63 bits"))
    }

    /// A number of things of at least one byte each: never more than there are bytes left, so that it may size memory.
    pub fn count(&mut self) -> Result<usize, Corrupt> {
        let count = self.varint()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.bytes.len() - self.at => Ok(count),
            _ => Err(self.corrupt("a count that the rest of the file can hold")),
        }
    }

    /// A text after its length.
    pub fn text(&mut self) -> Result<&'a str, Corrupt> {
        let length = self.count()?;
        let bytes = &self.bytes[self.at..self.at + length];
        let text = std::str::from_utf8(bytes).map_err(|_| self.corrupt("UTF-8"))?;
        self.at += length;
        Ok(text)
    }
}

/// Writes a number in LEB128.
pub fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 128 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes a text after its length.
pub fn text(text: &str, out: &mut Vec<u8>) {
    varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut out = Vec::new();
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX)] {
            varint(value, &mut out);
        }
        text("é", &mut out);
        let mut input = Input::new(&out);
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX)] {
            assert_eq!(input.varint(), Ok(value));
        }
        assert_eq!(input.text(), Ok("é"));
        assert!(input.is_empty());
        assert!(input.byte().is_err());
    }

    #[test]
    fn a_count_beyond_the_file_is_refused() {
        let mut out = Vec::new();
        varint(1 << 40, &mut out);
        assert!(Input::new(&out).count().is_err());
    }
}
