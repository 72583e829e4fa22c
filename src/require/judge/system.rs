//! Users, groups, mounts and settings of the kernel.

use std::path::Path;

use super::{Asked, Verdict, first_unmet, there, unknown, unmet};
use crate::facts::Reading;
use crate::formats::{Mounted, mounted_at, mounted_by_program};
use crate::matching::Matcher;
use crate::require::{MountNeed, UserNeed};

pub(super) fn user(need: &UserNeed, asked: &Asked<'_>) -> Verdict {
    let rule = "required-user-missing";
    let account = match asked.machine.account(&need.name) {
        Reading::Present(account) => account,
        Reading::Absent => return there(false, need.absent, rule, "users"),
        other => return unknown(&other, ""),
    };
    if need.absent {
        return there(true, true, rule, "users");
    }
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let parts = [
        ("number", need.uid.clone(), account.uid.to_string()),
        ("group number", need.gid.clone(), account.gid.to_string()),
        ("home", need.home.clone(), shown(&account.home)),
        ("shell", need.shell.clone(), shown(&account.shell)),
    ];
    match first_unmet("required-user-differs", "users", "has", parts) {
        Verdict::Met => {}
        other => return other,
    }
    match need.groups.as_ref().filter(|groups| !groups.holds_of(&account.groups)) {
        None => Verdict::Met,
        Some(groups) => {
            let wanted = format!("is in groups such that the list {}", groups.told());
            unmet("required-user-differs", wanted, format!("is in {}", account.groups.join(", ")), "users")
        }
    }
}

pub(super) fn group(name: &str, gid: Option<&Matcher>, absent: bool, asked: &Asked<'_>) -> Verdict {
    match asked.machine.group_number(name) {
        Reading::Present(number) if !absent => {
            let parts = [("number", gid.cloned(), number.to_string())];
            first_unmet("required-group-differs", "groups", "has", parts)
        }
        Reading::Present(_) => there(true, absent, "required-group-missing", "groups"),
        Reading::Absent => there(false, absent, "required-group-missing", "groups"),
        other => unknown(&other, ""),
    }
}

pub(super) fn mount(need: &MountNeed, asked: &Asked<'_>) -> Verdict {
    let (found, source) = match asked.machine.read(Path::new("/proc/self/mountinfo")) {
        Reading::Present(text) => (Reading::from(mounted_at(&text, &need.path)), "/proc/self/mountinfo"),
        // Where no file tells it, a program of the system does.
        Reading::Absent => {
            let told = asked.machine.run(&["/sbin/mount"]);
            (told.and_then(|text| Reading::from(mounted_by_program(&text, &need.path))), "mount")
        }
        other => (other.and_then(|_| Reading::Absent), "/proc/self/mountinfo"),
    };
    let Mounted { source: device, kind, options } = match found {
        Reading::Present(mounted) => mounted,
        Reading::Absent => return there(false, need.absent, "required-mount-missing", source),
        other => return unknown(&other, ""),
    };
    if need.absent {
        return there(true, true, "required-mount-missing", source);
    }
    let rule = "required-mount-differs";
    let parts =
        [("source", need.source.clone(), device), ("kind of file system", need.filesystem.clone(), kind)];
    match first_unmet(rule, source, "has", parts) {
        Verdict::Met => {}
        other => return other,
    }
    if let Some(matcher) = need.options.as_ref().filter(|matcher| !matcher.holds_of(&options)) {
        let wanted = format!("has options such that the list {}", matcher.told());
        return unmet(rule, wanted, format!("has the options {}", options.join(", ")), source);
    }
    let Some(matcher) = &need.used else { return Verdict::Met };
    match asked.machine.file_system(&need.path) {
        Reading::Present(system) if system.total > 0 => {
            let used = (system.total.saturating_sub(system.free)) * 100 / system.total;
            match matcher.holds(&used.to_string()) {
                true => Verdict::Met,
                false => {
                    let wanted = format!("has a part used, in per cent, that {}", matcher.told());
                    unmet(rule, wanted, format!("is used by {used} %"), source)
                }
            }
        }
        Reading::Present(_) => Verdict::Unknown("the file system tells no size".to_owned()),
        other => unknown(&other, "it is gone"),
    }
}

pub(super) fn sysctl(name: &str, wanted: &Matcher, asked: &Asked<'_>) -> Verdict {
    let rule = "required-sysctl-differs";
    let file = Path::new("/proc/sys").join(name.replace('.', "/"));
    let (value, source) = match asked.machine.read(&file) {
        Reading::Absent if asked.machine.exists(Path::new("/proc/sys")) => (Reading::Absent, "/proc/sys"),
        // Where no file tells it, a program of the system does.
        Reading::Absent => (asked.machine.run(&["/usr/sbin/sysctl", "-n", "--", name]), "sysctl"),
        other => (other, "/proc/sys"),
    };
    match value {
        Reading::Present(value) if wanted.holds(&value) => Verdict::Met,
        Reading::Present(value) => {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            unmet(rule, wanted.told(), value, source)
        }
        Reading::Absent | Reading::Failed { code: Some(1), .. } => {
            unmet(rule, wanted.told(), "not there", source)
        }
        other => unknown(&other, ""),
    }
}
