//! Files, folders and links.

use std::path::Path;

use super::{Asked, Verdict, place_of, there, told, unknown, unmet};
use crate::facts::Reading;
use crate::machine::{FileKind, Stat, Subject};
use crate::require::{FileNeed, FileType};

const DIFFERS: &str = "required-file-differs";

pub(super) fn file(need: &FileNeed, asked: &Asked<'_>) -> Verdict {
    let path = place_of(&need.path, asked.machine, asked.project);
    let source = path.display().to_string();
    let link = match need.kind == Some(FileType::Link) || need.target.is_some() || need.absent {
        true => asked.machine.link(&path),
        false => Reading::Absent,
    };
    let stat = asked.machine.stat(&path);
    if need.absent {
        return match (&link, &stat) {
            // A link that leads nowhere is there all the same.
            (Reading::Present(_), _) | (_, Reading::Present(_)) => there(true, true, "", &source),
            (Reading::Absent, Reading::Absent) => Verdict::Met,
            (Reading::Absent, other) => unknown(other, ""),
            (other, _) => unknown(other, ""),
        };
    }
    match (&link, &stat) {
        (Reading::Present(_), _) | (_, Reading::Present(_)) => {}
        (_, Reading::Absent) => return there(false, false, "required-file-missing", &source),
        (_, other) => return unknown(other, ""),
    }
    let mut verdicts = vec![kind(need, &link, &stat, &source)];
    if let Some(stat) = stat.as_present() {
        verdicts.extend([mode(need, stat, &source), owner(need, stat, asked), group(need, stat, asked)]);
        if let Some(size) = need.size.as_ref().filter(|size| !size.holds(&stat.size.to_string())) {
            let wanted = format!("has a size that {}", size.told());
            verdicts.push(unmet(DIFFERS, wanted, format!("has {} bytes", stat.size), &source));
        }
    }
    verdicts.push(sha256(need, &path, asked));
    verdicts.push(content(need, &path, asked));
    // What is wrong is worth more than what is unknown.
    let worst = |verdict: &&Verdict| matches!(verdict, Verdict::Unmet(_));
    let told = verdicts.iter().find(worst).or_else(|| verdicts.iter().find(|it| **it != Verdict::Met));
    told.cloned().unwrap_or(Verdict::Met)
}

fn kind(need: &FileNeed, link: &Reading<std::path::PathBuf>, stat: &Reading<Stat>, source: &str) -> Verdict {
    if need.kind == Some(FileType::Link) || need.target.is_some() {
        let target = match link {
            Reading::Present(target) => target.to_string_lossy().into_owned(),
            Reading::Absent => return unmet(DIFFERS, "is a link", "is no link", source),
            other => return unknown(other, ""),
        };
        if let Some(matcher) = need.target.as_ref().filter(|matcher| !matcher.holds(&target)) {
            let wanted = format!("is a link to what {}", matcher.told());
            return unmet(DIFFERS, wanted, format!("is a link to {target}"), source);
        }
    }
    let (wanted, is) = match need.kind {
        None | Some(FileType::Link) => return Verdict::Met,
        Some(FileType::File) => ("is a file", FileKind::File),
        Some(FileType::Folder) => ("is a folder", FileKind::Folder),
        Some(FileType::Socket) => ("is a socket", FileKind::Socket),
    };
    let seen = match stat {
        Reading::Present(stat) if stat.kind == is => return Verdict::Met,
        Reading::Present(stat) => match stat.kind {
            FileKind::File => "is a file",
            FileKind::Folder => "is a folder",
            FileKind::Socket => "is a socket",
            FileKind::Other => "is a device or a pipe",
        },
        Reading::Absent => "is a link that leads nowhere",
        other => return unknown(other, ""),
    };
    unmet(DIFFERS, wanted, seen, source)
}

fn mode(need: &FileNeed, stat: &Stat, source: &str) -> Verdict {
    match need.mode {
        Some(mode) if mode != stat.mode => {
            unmet(DIFFERS, format!("has mode {mode:04o}"), format!("has mode {:04o}", stat.mode), source)
        }
        _ => Verdict::Met,
    }
}

fn owner(need: &FileNeed, stat: &Stat, asked: &Asked<'_>) -> Verdict {
    let Some(name) = &need.owner else { return Verdict::Met };
    let number = match (name.parse::<u32>(), asked.machine.account(name)) {
        (_, Reading::Present(account)) => account.uid,
        (Ok(number), _) => number,
        (_, Reading::Absent) => {
            return unmet(DIFFERS, format!("belongs to {name}"), "cannot: there is no such user", "users");
        }
        (_, other) => return unknown(&other, ""),
    };
    let me = asked.machine.account("me").present().is_some_and(|me| me.uid == stat.uid);
    let seen = match stat.uid {
        0 => "belongs to root".to_owned(),
        _ if me => "belongs to you".to_owned(),
        uid => format!("belongs to the user {uid}"),
    };
    let wanted = if name == "me" { "you" } else { name };
    match number == stat.uid {
        true => Verdict::Met,
        false => unmet(DIFFERS, format!("belongs to {wanted}"), seen, &need.path),
    }
}

fn group(need: &FileNeed, stat: &Stat, asked: &Asked<'_>) -> Verdict {
    let Some(name) = &need.group else { return Verdict::Met };
    let number = match (asked.machine.group_number(name), name.parse::<u64>()) {
        (Reading::Present(number), _) | (_, Ok(number)) => number,
        (Reading::Absent, _) => {
            return unmet(
                DIFFERS,
                format!("belongs to the group {name}"),
                "cannot: there is no such group",
                "groups",
            );
        }
        (other, _) => return unknown(&other, ""),
    };
    match number == u64::from(stat.gid) {
        true => Verdict::Met,
        false => {
            let seen = format!("belongs to the group {}", stat.gid);
            unmet(DIFFERS, format!("belongs to the group {name} ({number})"), seen, &need.path)
        }
    }
}

fn sha256(need: &FileNeed, path: &Path, asked: &Asked<'_>) -> Verdict {
    let Some(wanted) = &need.sha256 else { return Verdict::Met };
    match asked.machine.checksum(path) {
        Reading::Present(sha256) if sha256 == *wanted => Verdict::Met,
        Reading::Present(sha256) => unmet(
            DIFFERS,
            format!("has the SHA-256 {wanted}"),
            format!("has the SHA-256 {sha256}"),
            &need.path,
        ),
        other => unknown(&other, "it is gone"),
    }
}

fn content(need: &FileNeed, path: &Path, asked: &Asked<'_>) -> Verdict {
    let Some(matcher) = &need.content else { return Verdict::Met };
    match asked.machine.matches(Subject::File(path.to_owned()), matcher) {
        Reading::Present(true) => Verdict::Met,
        Reading::Present(false) => unmet(DIFFERS, told("", matcher), "has another text", &need.path),
        other => unknown(&other, "it is gone"),
    }
}
