//! Ending a remedy's command with all that it started.

use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// How long a command that was asked to end may go on.
const GRACE: Duration = Duration::from_secs(3);

/// How long the system may take to end what was killed: a process that hangs in the kernel ends only when the kernel
/// lets it, and one of another user's not at all.
const KILLING: Duration = Duration::from_secs(1);

/// How often process groups are looked at, which say nothing when they end.
const LOOK: Duration = Duration::from_millis(50);

/// Ends a remedy's command with all that it started: first by a signal that it may heed, then by one that it cannot.
#[derive(Debug)]
pub(super) struct Ending {
    stage: Stage,
    /// What was asked to end. A group's number stays its own for as long as anything is in the group.
    groups: Vec<Pid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nobody asked it to end yet. None: its deadline is never.
    Running {
        deadline: Option<Instant>,
    },
    Asked {
        until: Instant,
    },
    Killed {
        until: Instant,
    },
    Over,
}

impl Ending {
    pub(super) fn after(deadline: Duration) -> Self {
        let deadline = Instant::now().checked_add(deadline);
        Self { stage: Stage::Running { deadline }, groups: Vec::new() }
    }

    /// The deadline has passed, and nobody asked it to end yet.
    pub(super) fn is_due(&self) -> bool {
        matches!(self.stage, Stage::Running { deadline: Some(deadline) } if Instant::now() >= deadline)
    }

    /// It was asked to end, and may still run.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Asked { .. } | Stage::Killed { .. })
    }

    /// It has ended, or cannot be ended.
    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    /// Time in which the command was stopped does not count.
    pub(super) fn postpone(&mut self, by: Duration) {
        if let Stage::Running { deadline: Some(deadline) } = &mut self.stage {
            *deadline += by;
        }
    }

    /// It ended by itself: what it left running, such as a server, lives on.
    pub(super) fn dismiss(&mut self) {
        if !self.is_under_way() {
            self.stage = Stage::Over;
        }
    }

    /// From now on these process groups have the grace to end.
    pub(super) fn begin(&mut self, groups: Vec<Pid>) {
        self.groups = groups;
        self.stage = Stage::Asked { until: Instant::now() + GRACE };
    }

    /// Sends a signal to what still runs, and lets go on what is stopped and could not heed it.
    pub(super) fn send(&self, signal: Signal) {
        for &group in &self.groups {
            // A group that is gone already needs no signal.
            kill_process_group(group, signal).ok();
            kill_process_group(group, Signal::CONT).ok();
        }
    }

    /// How long nothing is to be done about it.
    pub(super) fn timeout(&self) -> Option<Duration> {
        let left = |until: Instant| until.saturating_duration_since(Instant::now());
        match self.stage {
            Stage::Running { deadline } => deadline.map(left),
            Stage::Asked { until } | Stage::Killed { until } => Some(left(until).min(LOOK)),
            Stage::Over => None,
        }
    }

    /// Does what is due by now.
    pub(super) fn advance(&mut self) {
        if !self.is_under_way() {
            return;
        }
        self.groups.retain(|&group| test_kill_process_group(group) != Err(Errno::SRCH));
        let now = Instant::now();
        self.stage = match self.stage {
            _ if self.groups.is_empty() => Stage::Over,
            Stage::Asked { until } if now >= until => {
                self.send(Signal::KILL);
                Stage::Killed { until: now + KILLING }
            }
            Stage::Killed { until } if now >= until => Stage::Over,
            other => other,
        };
    }
}
