//! Chance that is decided by a seed, so that the same message always gets the same text and tests know what comes.

/// SplitMix64: its output for a seed never changes between versions of a library, which keeps a conversation's picks.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A chance that belongs to a text: FNV-1a of its bytes over the seed.
    pub(super) fn of_text(seed: u64, text: &str) -> Self {
        let mixed = text
            .bytes()
            .fold(seed ^ 0xCBF2_9CE4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        Self(mixed)
    }

    /// A number from 0 to below `end`; 0 if there is none.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // The high half of the product is even enough for dice; the bias is below end / 2^64.
        u64::try_from((u128::from(z) * u128::from(end)) >> 64).unwrap_or(0)
    }
}
