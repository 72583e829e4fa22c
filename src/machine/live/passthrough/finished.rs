//! How a command ended.

/// How a command ended: with a code of its own, or by a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The code it exited with.
    pub code: Option<i32>,
    /// The signal that killed it.
    pub signal: Option<i32>,
}

impl Finished {
    /// The exit code as a shell reports it: the command's own, or 128 and the signal's number.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        self.code.or(self.signal.map(|signal| 128 + signal)).unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_handed_on_and_a_signal_counts_from_128() {
        assert_eq!(Finished { code: Some(3), signal: None }.exit_code(), 3);
        assert_eq!(Finished { code: None, signal: Some(9) }.exit_code(), 137);
    }
}
