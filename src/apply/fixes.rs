//! The fixes of before, each with its journal and its backups, and how long they are kept.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::{Journal, Past, Record};
use crate::facts::Reading;
use crate::machine::{Change, ChangeError, Machine};
use crate::state::State;

/// A fix of before whose journal cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its name.
    pub id: String,
    /// Why, as a sentence for a person.
    pub why: String,
}

/// The fixes of before, the last first, and those that cannot be understood.
pub fn fixes(state: &State, machine: &dyn Machine) -> (Vec<Past>, Vec<Unread>) {
    let (mut fixes, mut unread) = (Vec::new(), Vec::new());
    let names = match machine.list(&state.fixes()) {
        Reading::Present(names) => names,
        Reading::Absent => Vec::new(),
        other => {
            let why = other.why_unknown().unwrap_or_default();
            unread.push(Unread { id: String::new(), why: format!("{}: {why}", state.fixes().display()) });
            Vec::new()
        }
    };
    for id in names.into_iter().rev().filter(|name| is_id(name)) {
        match Past::read(machine, &state.fix(&id)) {
            Ok(past) => fixes.extend(past),
            Err(why) => unread.push(Unread { id, why }),
        }
    }
    (fixes, unread)
}

/// Removes the backups of fixes that are older than so many days, or together with the later ones larger than so many bytes.
/// Their journals stay, and so does the last fix of each project that can be taken back.
///
/// # Errors
/// A backup cannot be removed.
pub fn prune(
    state: &State,
    machine: &dyn Machine,
    (days, most): (u64, u64),
    now: Timestamp,
) -> Result<(), ChangeError> {
    /// A thousand years: what is kept longer is kept for ever.
    const LONGEST: i64 = 365_000;
    let days = i64::try_from(days).map_or(LONGEST, |days| days.min(LONGEST));
    let (fixes, _) = fixes(state, machine);
    let stands = |past: &&Past| !past.pruned && !past.standing().is_empty();
    let is_last = |past: &Past| {
        fixes.iter().filter(stands).find(|it| it.project == past.project).is_some_and(|it| it.id == past.id)
    };
    let mut bytes = 0u64;
    for past in &fixes {
        let folders = ["backup", "aside"].map(|name| past.folder.join(name));
        let size: u64 = folders.iter().map(|folder| size(machine, folder)).sum();
        bytes = bytes.saturating_add(size);
        let old = now.duration_since(past.at) > SignedDuration::from_hours(24 * days);
        if (old || bytes > most || past.pruned && size > 0) && !is_last(past) {
            if !past.pruned {
                Journal::reopen(machine, past)?.write(&Record::Pruned)?;
            }
            folders.into_iter().try_for_each(|folder| machine.change(&Change::RemoveTree(folder)))?;
        }
    }
    Ok(())
}

/// Whether a name is that of a fix: the time of its beginning.
fn is_id(name: &str) -> bool {
    name.ends_with('Z') && name.chars().all(|c| c.is_ascii_digit() || c == 'T' || c == 'Z')
}

fn size(machine: &dyn Machine, folder: &Path) -> u64 {
    match machine.imprint(folder) {
        Reading::Present(imprint) => imprint.bytes(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::machine::{Imprint, Live};

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    /// Fixes of so many days ago, each with so many bytes of backup and a step that stands.
    fn kept(ages: &[(i32, usize)], keep: (u64, u64)) -> Vec<bool> {
        let folder = tempfile::tempdir().unwrap();
        let state = State::at(folder.path().join("state"));
        let live = Live::new(Duration::from_secs(1));
        let machine: &dyn Machine = &live;
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
        for &(days, bytes) in ages {
            let mut journal = Journal::begin(machine, &state, Path::new("/p"), now - DAY * days).unwrap();
            let backup = journal.backup_of(Path::new("/p/x"));
            machine.change(&Change::Write { path: backup.clone(), content: vec![0; bytes] }).unwrap();
            let risk = crate::facts::Risk::Cache;
            journal.write(&Record::Remedy { rule: "r".into(), title: "t".into(), risk }).unwrap();
            journal.write(&Record::Remove { path: "/p/x".into(), backup }).unwrap();
        }
        prune(&state, machine, keep, now).unwrap();
        let (fixes, unread) = fixes(&state, machine);
        assert!(unread.is_empty(), "{unread:?}");
        assert!(fixes.iter().all(|past| past.pruned
            == matches!(machine.imprint(&past.folder.join("backup")), Reading::Absent)
            && machine.imprint(&past.folder.join("journal.jsonl")) != Reading::Present(Imprint::Other)));
        fixes.iter().map(|past| !past.pruned).collect()
    }

    #[test]
    fn what_is_old_or_large_goes_and_never_the_last() {
        let keep = (30, 1000);
        assert_eq!(kept(&[(1, 400), (2, 400), (40, 1)], keep), [true, true, false]);
        assert_eq!(kept(&[(1, 400), (2, 400), (3, 400)], keep), [true, true, false]);
        assert_eq!(kept(&[(90, 4000), (91, 1)], keep), [true, false]);
        assert_eq!(kept(&[(1, 4000)], keep), [true]);
    }
}
