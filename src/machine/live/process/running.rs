//! The programs that run now, so that all of them can be ended.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// The process groups of the programs that run now. A program stays among them until it is reaped, so that a group's
/// number is still its own when it is killed.
#[derive(Clone, Debug, Default)]
pub(in crate::machine::live) struct Running(Arc<Mutex<Groups>>);

#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) numbers: BTreeSet<i32>,
    /// How often all were killed.
    pub(super) kills: u64,
}

impl Running {
    /// Kills them all, and those that are about to start. Those who started them see them end.
    pub(in crate::machine::live) fn kill(&self) {
        let mut groups = self.groups();
        groups.kills += 1;
        for group in groups.numbers.iter().copied().filter_map(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    pub(super) fn groups(&self) -> MutexGuard<'_, Groups> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a started program in, unless all were killed since `kills` was read: then that one is too.
    pub(super) fn add(&self, group: Option<Pid>, kills: u64) {
        let mut groups = self.groups();
        groups.numbers.extend(group.map(|group| group.as_raw_nonzero().get()));
        if groups.kills != kills {
            let _ = group.map(|group| kill_process_group(group, Signal::KILL));
        }
    }

    pub(super) fn remove(&self, group: Option<Pid>) {
        if let Some(group) = group {
            self.groups().numbers.remove(&group.as_raw_nonzero().get());
        }
    }
}
