//! How a command that is passed through is watched.

use std::time::Duration;

/// How a command that is passed through is watched: as the person's own, or as a remedy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// None: it is the person's own command.
    deadline: Option<Duration>,
}

impl Watch {
    /// The person's own command: it may run for ever, and what it starts is its own business.
    #[must_use]
    pub fn own() -> Self {
        Watch { deadline: None }
    }

    /// A remedy's command: it is ended with all that it started, at its deadline or when we are told to end. Unless it
    /// runs on a terminal of its own, it reads nothing.
    #[must_use]
    pub fn remedy(deadline: Duration) -> Self {
        Watch { deadline: Some(deadline) }
    }

    /// How long a remedy's command may run; none for the person's own.
    pub(super) fn deadline(self) -> Option<Duration> {
        self.deadline
    }
}
