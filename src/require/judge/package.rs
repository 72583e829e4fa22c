//! Packages of the system, read from the lists that its package managers keep.

use std::path::Path;

use super::{Asked, Verdict, there, unmet};
use crate::facts::Reading;
use crate::machine::Machine;
use crate::matching::Matcher;

/// The version of a package; absent: it is not installed. `None`: this list is not kept here.
type Lookup = fn(&dyn Machine, &str) -> Option<Reading<String>>;

const LISTS: &[(&str, Lookup)] =
    &[("dpkg", dpkg), ("apk", apk), ("pacman", pacman), ("Homebrew", brew), ("rpm", rpm)];

pub(super) fn package(name: &str, version: Option<&Matcher>, absent: bool, asked: &Asked<'_>) -> Verdict {
    let mut lists = Vec::new();
    let mut why_unknown = None;
    for (list, lookup) in LISTS {
        match lookup(asked.machine, name) {
            None => {}
            Some(Reading::Present(found)) => {
                if absent {
                    return there(true, true, "", list);
                }
                return match version.filter(|version| !version.holds(&found)) {
                    None => Verdict::Met,
                    Some(version) => unmet("required-package-differs", version.told(), found, *list),
                };
            }
            Some(Reading::Absent) => lists.push(*list),
            Some(other) => why_unknown = other.why_unknown(),
        }
    }
    match (why_unknown, lists.as_slice()) {
        (Some(why), _) => Verdict::Unknown(why),
        (None, []) => Verdict::Unknown(
            "this system keeps no list of packages that envdoctor reads (dpkg, apk, pacman, Homebrew, rpm): require a program \
             or a file of the package"
                .to_owned(),
        ),
        (None, lists) => there(false, absent, "required-package-missing", &lists.join(", ")),
    }
}

/// The text of a list; `None`: there is none.
fn list(machine: &dyn Machine, file: &str) -> Option<Reading<String>> {
    match machine.read(Path::new(file)) {
        Reading::Absent => None,
        other => Some(other),
    }
}

/// Debian's and Ubuntu's.
fn dpkg(machine: &dyn Machine, name: &str) -> Option<Reading<String>> {
    let status = list(machine, "/var/lib/dpkg/status")?;
    Some(status.and_then(|text| Reading::from(of_dpkg(&text, name))))
}

fn of_dpkg(text: &str, name: &str) -> Option<String> {
    let (name, architecture) = name.split_once(':').map_or((name, None), |(name, arch)| (name, Some(arch)));
    let head = format!("Package: {name}\n");
    let starts = memchr::memmem::find_iter(text.as_bytes(), &head);
    let starts = starts.filter(|&at| at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n'));
    let version = |at: usize| {
        let paragraph = text.get(at..)?.split("\n\n").next()?;
        let field = |name: &str| paragraph.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        // A recording leaves out what is installed as it should be.
        let installed = field("Status:").is_none_or(|status| status.ends_with(" installed"));
        let fits = architecture.is_none_or(|wanted| field("Architecture:").is_none_or(|is| is == wanted));
        (installed && fits).then(|| field("Version:").map(str::to_owned))?
    };
    starts.into_iter().find_map(version)
}

/// Alpine's.
fn apk(machine: &dyn Machine, name: &str) -> Option<Reading<String>> {
    let installed = list(machine, "/lib/apk/db/installed")?;
    Some(installed.and_then(|text| {
        let named = |paragraph: &&str| paragraph.lines().any(|line| line.strip_prefix("P:") == Some(name));
        let version =
            |paragraph: &str| paragraph.lines().find_map(|line| line.strip_prefix("V:")).map(str::to_owned);
        Reading::from(text.split("\n\n").find(named).and_then(version))
    }))
}

/// Arch's: a folder for each, named by the package, its version and its release.
fn pacman(machine: &dyn Machine, name: &str) -> Option<Reading<String>> {
    let folders = match machine.list(Path::new("/var/lib/pacman/local")) {
        Reading::Absent => return None,
        other => other,
    };
    let version = |folder: &String| {
        let (rest, release) = folder.rsplit_once('-')?;
        let (package, version) = rest.rsplit_once('-')?;
        (package == name).then(|| format!("{version}-{release}"))
    };
    Some(folders.and_then(|folders| Reading::from(folders.iter().find_map(version))))
}

/// Homebrew's: a folder for each, with one for each version in it.
fn brew(machine: &dyn Machine, name: &str) -> Option<Reading<String>> {
    let own = machine.env("HOMEBREW_PREFIX").present();
    let usual = ["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"].map(str::to_owned);
    let cellars = own.into_iter().chain(usual).map(|prefix| Path::new(&prefix).join("Cellar"));
    let mut is_kept = false;
    for cellar in cellars.filter(|cellar| cellar.is_absolute()) {
        if !machine.exists(&cellar) {
            continue;
        }
        is_kept = true;
        // A tap's name stands before that of its package.
        let own_name = name.rsplit('/').next().unwrap_or(name);
        match machine.list(&cellar.join(own_name)) {
            Reading::Present(versions) if !versions.is_empty() => {
                return Some(Reading::from(versions.last().cloned()));
            }
            Reading::Present(_) | Reading::Absent => {}
            other => return Some(other.and_then(|_| Reading::Absent)),
        }
    }
    is_kept.then_some(Reading::Absent)
}

/// Fedora's and SUSE's, whose list no text tells.
fn rpm(machine: &dyn Machine, name: &str) -> Option<Reading<String>> {
    let kept = ["/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/Packages"];
    if !kept.iter().any(|file| machine.exists(Path::new(file))) {
        return None;
    }
    match machine.run(&["rpm", "--query", "--queryformat", "%{VERSION}", "--", name]) {
        Reading::Failed { code: Some(1), .. } => Some(Reading::Absent),
        // The list of another system's package manager may lie here without the program: then it is not this one's.
        Reading::Absent => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dpkg_knows_what_is_installed() {
        let status = "Package: git\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:2.39.5-0\nDescription: x\n\n\
                      Package: git-lfs\nStatus: deinstall ok config-files\nVersion: 3\n\nPackage: xgit\nVersion: 1\n";
        assert_eq!(of_dpkg(status, "git").as_deref(), Some("1:2.39.5-0"));
        assert_eq!(of_dpkg(status, "git:amd64").as_deref(), Some("1:2.39.5-0"));
        assert_eq!(of_dpkg(status, "git:arm64"), None);
        assert_eq!(of_dpkg(status, "git-lfs"), None);
        assert_eq!(of_dpkg(status, "gi"), None);
        assert!(Matcher::Satisfies(">= 2.30.0".into()).holds("1:2.39.5-0"));
    }
}
