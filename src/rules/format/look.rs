//! What a text looks like, as far as a pattern tells it.

/// More bytes than this has no name, path or argument.
pub const LONGEST_WORD: usize = 4096;

/// What a text looks like.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// A pattern that JavaScript and Rust read alike.
    pub pattern: &'static str,
    /// What is said of a text that looks otherwise.
    pub otherwise: &'static str,
    /// What else it can be.
    pub bare: Bare,
}

impl Look {
    pub(crate) const fn new(pattern: &'static str, otherwise: &'static str) -> Self {
        Look { pattern, otherwise, bare: Bare::Text }
    }

    pub(crate) const fn or(self, bare: Bare) -> Self {
        Look { bare, ..self }
    }
}

/// What YAML takes such a text for where it stands without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// Text.
    Text,
    /// Or any number.
    Number,
    /// Or a number from 0.
    Positive,
    /// Or a whole number in this range.
    Whole(u64, u64),
    /// Or a number from 0, `true` or `false`.
    Word,
    /// Or any number, `true` or `false`.
    AnyWord,
}
