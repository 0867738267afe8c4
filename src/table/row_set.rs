//! A set of rows.

/// How many rows one word of the set speaks of.
const BITS: usize = u64::BITS as usize;

/// A set of rows, one bit for each; empty sets take no memory.
#[derive(Clone, Debug, Default)]
pub struct RowSet {
    bits: Vec<u64>,
    len: usize,
}

impl RowSet {
    /// Adds a row.
    pub fn insert(&mut self, row: usize) {
        let at = row / BITS;
        if at >= self.bits.len() {
            self.bits.resize(at + 1, 0);
        }
        if let Some(word) = self.bits.get_mut(at) {
            let bit = 1 << (row % BITS);
            self.len += usize::from(*word & bit == 0);
            *word |= bit;
        }
    }

    /// Whether a row is in it.
    #[inline]
    pub fn contains(&self, row: usize) -> bool {
        self.bits
            .get(row / BITS)
            .is_some_and(|word| word >> (row % BITS) & 1 == 1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.bits.iter().enumerate().flat_map(|(at, word)| {
            (0..BITS)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| at * BITS + bit)
        })
    }
}

impl FromIterator<usize> for RowSet {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> RowSet {
        let mut set = RowSet::default();
        rows.into_iter().for_each(|row| set.insert(row));
        set
    }
}

/// Sets of the same rows are equal.
impl PartialEq for RowSet {
    fn eq(&self, other: &RowSet) -> bool {
        self.len == other.len && self.bits.iter().zip(&other.bits).all(|(a, b)| a == b)
    }
}

impl Eq for RowSet {}
