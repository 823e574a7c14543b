//! Linear models over hashed features, with whole-number weights: the same sums on every machine.

use super::codec::{Corrupt, Input, varint};

/// A feature: the hash of a template's number and its values. Never 0, which marks an empty slot.
pub type Feature = u32;

/// Hashes a template's number with its values.
#[inline]
pub fn feature(template: u32, values: [u32; 3]) -> Feature {
    // Three rounds of multiply and fold: cheap, and every bit of every value reaches the upper half.
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut h = (u64::from(template) << 32 | u64::from(values[0])).wrapping_mul(K);
    h = (h ^ h >> 31 ^ u64::from(values[1])).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    h = (h ^ h >> 31 ^ u64::from(values[2])).wrapping_mul(K);
    ((h >> 32) as u32).max(1)
}

/// Hashes text to a value of a feature (FNV-1a, 32 bits). Never 0, which stands for "nothing there".
#[inline]
pub fn text_hash(text: &[u8]) -> u32 {
    let mut h = 0x811C_9DC5u32;
    for &byte in text {
        h = (h ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    h.max(1)
}

/// The weights of a feature: pairs of class and weight.
pub type Row = Vec<(u8, i8)>;

/// A model with three classes: the weights lie in the slot, one memory access a feature.
pub struct Narrow {
    slots: Box<[(Feature, Triple)]>,
    shift: u32,
}

/// A model with many classes: a slot leads to the row of its weights.
pub struct Wide {
    /// Feature, and start of its row times 256 plus length of it.
    slots: Box<[(Feature, u32)]>,
    shift: u32,
    rows: Box<[(u8, i8)]>,
}

/// Slots for `n` features, at most two thirds full, as a power of two; and the shift from hash to slot.
fn slots_for(n: usize) -> (usize, u32) {
    let slots = (n + n / 2 + 2).next_power_of_two();
    (slots, 32 - slots.trailing_zeros())
}

#[inline]
fn first_slot(feature: Feature, shift: u32) -> usize {
    (feature.wrapping_mul(0x9E37_79B1) as u64 >> shift) as usize
}

/// Weights of a feature for three classes.
pub type Triple = [i8; 3];

impl Narrow {
    /// Builds the table; features are distinct.
    pub fn new(rows: &[(Feature, Triple)]) -> Self {
        let (count, shift) = slots_for(rows.len());
        let mut slots = vec![(0, [0i8; 3]); count].into_boxed_slice();
        for &(feature, weights) in rows {
            let mut at = first_slot(feature, shift);
            while slots[at].0 != 0 {
                at = (at + 1) & (count - 1);
            }
            slots[at] = (feature, weights);
        }
        Self { slots, shift }
    }

    /// Adds the weights of a feature to the scores.
    #[inline]
    pub fn add(&self, feature: Feature, scores: &mut [i32; 3]) {
        let mask = self.slots.len() - 1;
        let mut at = first_slot(feature, self.shift);
        loop {
            let (key, weights) = self.slots[at];
            if key == feature {
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += i32::from(weight);
                }
                return;
            }
            if key == 0 {
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

impl Wide {
    /// Builds the table; features are distinct.
    pub fn new(rows: &[(Feature, Row)]) -> Self {
        let (count, shift) = slots_for(rows.len());
        let mut slots = vec![(0, 0u32); count].into_boxed_slice();
        let mut weights = Vec::new();
        for (feature, row) in rows {
            let mut at = first_slot(*feature, shift);
            while slots[at].0 != 0 {
                at = (at + 1) & (count - 1);
            }
            slots[at] = (*feature, (weights.len() as u32) << 8 | row.len() as u32);
            weights.extend_from_slice(row);
        }
        Self {
            slots,
            shift,
            rows: weights.into_boxed_slice(),
        }
    }

    /// Adds the weights of a feature to the scores; classes without a score are left out.
    #[inline]
    pub fn add(&self, feature: Feature, scores: &mut [i32]) {
        let mask = self.slots.len() - 1;
        let mut at = first_slot(feature, self.shift);
        loop {
            let (key, place) = self.slots[at];
            if key == feature {
                let start = (place >> 8) as usize;
                for &(class, weight) in &self.rows[start..start + (place & 255) as usize] {
                    if let Some(score) = scores.get_mut(class as usize) {
                        *score += i32::from(weight);
                    }
                }
                return;
            }
            if key == 0 {
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

/// Most weights that a table holds: a start has 24 bits.
const WEIGHTS_MAX: usize = 1 << 24;

/// Writes rows: their number, then for each its feature (as the distance from the one before), length and weights.
/// `rows` are sorted by feature, none twice; a row has fewer than 256 classes.
pub fn encode(rows: &[(Feature, Row)], out: &mut Vec<u8>) {
    varint(rows.len() as u64, out);
    let mut before = 0;
    for (feature, row) in rows {
        varint(u64::from(feature - before), out);
        before = *feature;
        out.push(row.len() as u8);
        for &(class, weight) in row {
            out.push(class);
            out.push(weight as u8);
        }
    }
}

/// Reads what [`encode`] wrote; every class must be below `classes`.
pub fn decode(input: &mut Input<'_>, classes: usize) -> Result<Vec<(Feature, Row)>, Corrupt> {
    let count = input.count()?;
    let mut rows = Vec::with_capacity(count);
    let mut feature = 0;
    let mut weights = 0;
    for _ in 0..count {
        feature = rising(input, feature)?;
        let length = input.byte()? as usize;
        let mut row = Row::with_capacity(length);
        for _ in 0..length {
            let (class, weight) = (input.byte()?, input.byte()? as i8);
            if class as usize >= classes {
                return Err(input.corrupt("a class that the model has"));
            }
            row.push((class, weight));
        }
        weights += length;
        if weights > WEIGHTS_MAX {
            return Err(input.corrupt("at most 16,777,216 weights in a table"));
        }
        rows.push((feature, row));
    }
    Ok(rows)
}

/// Writes the rows of a [`Narrow`], sorted by feature.
pub fn encode_triples(rows: &[(Feature, Triple)], out: &mut Vec<u8>) {
    varint(rows.len() as u64, out);
    let mut before = 0;
    for (feature, weights) in rows {
        varint(u64::from(feature - before), out);
        before = *feature;
        out.extend(weights.map(|w| w as u8));
    }
}

/// Reads what [`encode_triples`] wrote.
pub fn decode_triples(input: &mut Input<'_>) -> Result<Vec<(Feature, Triple)>, Corrupt> {
    let count = input.count()?;
    let mut rows = Vec::with_capacity(count);
    let mut feature = 0;
    for _ in 0..count {
        feature = rising(input, feature)?;
        let weights = [
            input.byte()? as i8,
            input.byte()? as i8,
            input.byte()? as i8,
        ];
        rows.push((feature, weights));
    }
    Ok(rows)
}

/// The next feature of a sorted list.
fn rising(input: &mut Input<'_>, before: Feature) -> Result<Feature, Corrupt> {
    let next = u64::from(before).saturating_add(input.varint()?);
    match Feature::try_from(next) {
        Ok(next) if next > before => Ok(next),
        _ => Err(input.corrupt("features in rising order, below 2^32")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_return_what_was_put_in_and_nothing_for_the_rest() {
        let known = |i: u32| feature(1, [i, 0, 0]);
        let mut rows: Vec<(Feature, Row)> = (0..5000)
            .map(|i| (known(i), vec![((i % 3) as u8, (i % 100) as i8)]))
            .collect();
        rows.sort();
        rows.dedup_by_key(|r| r.0);
        let mut bytes = Vec::new();
        encode(&rows, &mut bytes);
        assert_eq!(decode(&mut Input::new(&bytes), 3).unwrap(), rows);
        assert!(decode(&mut Input::new(&bytes[..bytes.len() - 1]), 3).is_err());
        assert!(decode(&mut Input::new(&bytes), 2).is_err());
        let wide = Wide::new(&rows);
        for i in 0..5000 {
            let mut scores = [0; 3];
            wide.add(known(i), &mut scores);
            wide.add(feature(2, [i, 0, 0]), &mut scores);
            let mut expected = [0; 3];
            expected[(i % 3) as usize] = (i % 100) as i32;
            assert_eq!(scores, expected);
        }
    }

    #[test]
    fn triples_come_back() {
        let mut rows: Vec<(Feature, Triple)> = (0..100)
            .map(|i| (feature(1, [i, 0, 0]), [i as i8, -7, 1]))
            .collect();
        rows.sort();
        let mut bytes = Vec::new();
        encode_triples(&rows, &mut bytes);
        assert_eq!(decode_triples(&mut Input::new(&bytes)).unwrap(), rows);
        assert!(decode_triples(&mut Input::new(&bytes[..bytes.len() - 1])).is_err());
        let narrow = Narrow::new(&rows);
        let mut scores = [0; 3];
        narrow.add(feature(1, [40, 0, 0]), &mut scores);
        narrow.add(feature(3, [40, 0, 0]), &mut scores);
        assert_eq!(scores, [40, -7, 1]);
    }
}
