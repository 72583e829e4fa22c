//! The processes that run.

use std::ffi::OsStr;

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use super::super::Reply;
use crate::facts::Reading;

/// Linux knows no more bytes than this of a process's name.
const LONGEST: usize = 15;

/// Whether a process of that name runs, or one of a program of that name.
pub(super) fn runs(name: &str) -> Reading<Reply> {
    let mut system = match System::new() {
        Ok(system) => system,
        Err(error) => return Reading::failed(error.to_string()),
    };
    let what = ProcessRefreshKind::nothing().with_exe(UpdateKind::Always).without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    if system.processes().is_empty() {
        return Reading::failed("the system tells of no process at all");
    }
    let is_it = |seen: &OsStr| {
        let seen = seen.to_string_lossy();
        seen == name || (seen.len() == LONGEST && name.starts_with(&*seen))
    };
    let runs = system.processes().values().any(|process| {
        is_it(process.name()) || process.exe().and_then(|exe| exe.file_name()).is_some_and(|exe| exe == name)
    });
    Reading::Present(Reply::Flag(runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_runs_and_another_does_not() {
        let own = std::env::current_exe().unwrap();
        let own = own.file_name().unwrap().to_string_lossy();
        assert_eq!(runs(&own), Reading::Present(Reply::Flag(true)));
        assert_eq!(runs("no-such-process"), Reading::Present(Reply::Flag(false)));
    }
}
