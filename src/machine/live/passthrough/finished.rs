//! How a command ended.

/// How a command ended: with a code of its own, or by a signal. With neither it could not be ended, and still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The code it exited with.
    pub code: Option<i32>,
    /// The signal that killed it.
    pub signal: Option<i32>,
    /// What brought its end about.
    pub ended: Ended,
}

/// What brought a command's end about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing but itself.
    ByItself,
    /// It still ran at its deadline, and was ended with all that it started.
    AtDeadline,
    /// We were told to end meanwhile, by a signal or by Ctrl-C. The person's own command may have gone on after that; a
    /// remedy's was ended with all that it started.
    Told,
    /// A remedy's command asked for the terminal, which it did not have, and was ended with all that it started.
    WantedTerminal,
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
        let ended = Ended::ByItself;
        assert_eq!(Finished { code: Some(3), signal: None, ended }.exit_code(), 3);
        assert_eq!(Finished { code: None, signal: Some(9), ended }.exit_code(), 137);
        assert_eq!(Finished { code: None, signal: None, ended }.exit_code(), 1);
    }
}
