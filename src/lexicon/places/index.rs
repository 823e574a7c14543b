//! From a folded name to rows, compactly: sorted pairs of hash and row, with a directory over the hashes' first bits.

use super::PlaceId;

const DIRECTORY_BITS: u32 = 16;

/// Rows by the hash of each of their folded names. Two names may share a hash: who looks up compares the names.
#[derive(Debug, Clone, Default)]
pub struct Index {
    hashes: Vec<u64>,
    rows: Vec<PlaceId>,
    /// Where hashes with these first bits begin; one longer than there are first bits.
    directory: Vec<u32>,
}

impl Index {
    /// An index over (hash of a folded name, row).
    pub fn new(entries: &[(u64, PlaceId)]) -> Self {
        // Pairs go to their bucket first; what is left to sort is one or two pairs in each.
        let bucket_of = |hash: u64| (hash >> (64 - DIRECTORY_BITS)) as usize;
        let mut directory = vec![0u32; (1 << DIRECTORY_BITS) + 1];
        for (hash, _) in entries {
            directory[bucket_of(*hash) + 1] += 1;
        }
        for i in 1..directory.len() {
            directory[i] += directory[i - 1];
        }
        let mut next = directory.clone();
        let mut pairs = vec![(0, PlaceId(0)); entries.len()];
        for pair in entries {
            let slot = &mut next[bucket_of(pair.0)];
            pairs[*slot as usize] = *pair;
            *slot += 1;
        }
        for bucket in directory.windows(2) {
            pairs[bucket[0] as usize..bucket[1] as usize].sort_unstable();
        }
        let (hashes, rows) = pairs.into_iter().unzip();
        Self {
            hashes,
            rows,
            directory,
        }
    }

    /// Rows under a hash, ascending.
    pub fn rows(&self, hash: u64) -> &[PlaceId] {
        let bucket = (hash >> (64 - DIRECTORY_BITS)) as usize;
        let (Some(from), Some(to)) = (self.directory.get(bucket), self.directory.get(bucket + 1))
        else {
            return &[];
        };
        let (from, to) = (*from as usize, *to as usize);
        let start = from + self.hashes[from..to].partition_point(|h| *h < hash);
        let end = from + self.hashes[from..to].partition_point(|h| *h <= hash);
        &self.rows[start..end]
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }
}

/// FNV-1a with a last mix, so that the first bits are even.
pub fn hash(name: &str) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for byte in name.bytes() {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^= h >> 32;
    h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}
