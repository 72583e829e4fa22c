//! Services in the background, and processes. Who manages services is known from the machine's answers alone.

use std::path::Path;

use super::{Asked, Verdict, there, unknown, unmet};
use crate::facts::Reading;

/// What the processes of services are called whose name says it not.
const PROCESSES: &[(&str, &[&str])] = &[
    ("containerd", &["containerd"]),
    ("cron", &["cron", "crond"]),
    ("docker", &["dockerd"]),
    ("mariadb", &["mariadbd", "mysqld"]),
    ("memcached", &["memcached"]),
    ("minio", &["minio"]),
    ("mongodb", &["mongod"]),
    ("mysql", &["mysqld", "mariadbd"]),
    ("nginx", &["nginx"]),
    ("nix-daemon", &["nix-daemon"]),
    ("ollama", &["ollama"]),
    ("postgresql", &["postgres", "postmaster"]),
    ("redis", &["redis-server"]),
    ("redis-server", &["redis-server"]),
    ("ssh", &["sshd"]),
    ("sshd", &["sshd"]),
    ("valkey", &["valkey-server"]),
];

/// What a manager of services says of one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    runs: bool,
    enabled: Option<bool>,
    /// The manager, and its word for it.
    told: String,
}

pub(super) fn service(name: &str, enabled: Option<bool>, absent: bool, asked: &Asked<'_>) -> Verdict {
    let rule = "required-service-down";
    let managed = managed(name, asked);
    let process = by_process(name, asked);
    let state = managed.as_present();
    let runs = match (&managed, &process) {
        (Reading::Present(state), _) if state.runs => Some(true),
        (_, Reading::Present(true)) => Some(true),
        (Reading::Present(_), _) | (_, Reading::Present(false)) => Some(false),
        _ => None,
    };
    let told = match (state, &process) {
        (Some(state), _) => format!(" ({})", state.told),
        (None, Reading::Present(_)) => " (no such process)".to_owned(),
        _ => String::new(),
    };
    match (runs, absent) {
        (None, _) => {
            let why = managed.why_unknown().or_else(|| process.why_unknown());
            return Verdict::Unknown(why.unwrap_or_else(|| {
                format!(
                    "neither systemd nor launchd manages a service {name} here, and what its process is called is not known: \
                     `processes:` names it"
                )
            }));
        }
        (Some(true), true) => return there(true, true, rule, "services"),
        (Some(false), true) => return Verdict::Met,
        (Some(false), false) => return unmet(rule, "runs", format!("does not run{told}"), "services"),
        (Some(true), false) => {}
    }
    match (enabled, state.and_then(|state| state.enabled)) {
        (None, _) => Verdict::Met,
        (Some(wanted), Some(is)) if wanted == is => Verdict::Met,
        (Some(true), Some(_)) => {
            unmet(rule, "starts by itself", format!("does not start by itself{told}"), "services")
        }
        (Some(false), Some(_)) => {
            unmet(rule, "does not start by itself", format!("starts by itself{told}"), "services")
        }
        (Some(_), None) => {
            Verdict::Unknown(format!("neither systemd nor launchd tells whether {name} starts by itself"))
        }
    }
}

pub(super) fn process(name: &str, absent: bool, asked: &Asked<'_>) -> Verdict {
    match asked.machine.process(name) {
        Reading::Present(runs) => there(runs, absent, "required-process-missing", "processes"),
        other => unknown(&other, "nobody can tell"),
    }
}

/// Whether one of the processes runs that a service is known by; absent: they are not known.
fn by_process(name: &str, asked: &Asked<'_>) -> Reading<bool> {
    let plain = name.split('@').next().unwrap_or(name);
    let plain = plain.strip_suffix(".service").unwrap_or(plain);
    let Some((_, processes)) = PROCESSES.iter().find(|(service, _)| *service == plain) else {
        // A process of the service's own name is that service; that there is none says nothing.
        return match asked.machine.process(plain) {
            Reading::Present(true) => Reading::Present(true),
            Reading::Present(false) => Reading::Absent,
            other => other,
        };
    };
    let mut told = Reading::Present(false);
    for process in *processes {
        match asked.machine.process(process) {
            Reading::Present(true) => return Reading::Present(true),
            Reading::Present(false) => {}
            other => told = other,
        }
    }
    told
}

/// What the manager of services says; absent: there is none, or it does not know the service.
fn managed(name: &str, asked: &Asked<'_>) -> Reading<State> {
    let machine = asked.machine;
    if machine.exists(Path::new("/run/systemd/system")) {
        let unit = if name.contains('.') { name.to_owned() } else { format!("{name}.service") };
        let ask = |whose: &str| {
            let properties = "--property=LoadState,ActiveState,UnitFileState";
            machine.run(&["systemctl", whose, "show", properties, "--", &unit])
        };
        let system = ask("--system").and_then(|told| Reading::from(of_systemd(&told)));
        return match system {
            Reading::Present(state) if state.runs => Reading::Present(state),
            system => match ask("--user").and_then(|told| Reading::from(of_systemd(&told))) {
                Reading::Present(state) => Reading::Present(state),
                // Who is not logged in has no manager of his own.
                _ => system,
            },
        };
    }
    if machine.host().present().is_some_and(|host| host.family == "macos") {
        return machine.run(&["launchctl", "list"]).and_then(|told| Reading::from(of_launchd(&told, name)));
    }
    Reading::Absent
}

fn of_systemd(told: &str) -> Option<State> {
    let property = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    if property("LoadState")? == "not-found" {
        return None;
    }
    let active = property("ActiveState")?;
    let enabled = match property("UnitFileState").unwrap_or_default() {
        "enabled" | "enabled-runtime" | "alias" => Some(true),
        "disabled" | "masked" | "masked-runtime" => Some(false),
        _ => None,
    };
    let runs = matches!(active, "active" | "reloading" | "refreshing");
    Some(State { runs, enabled, told: format!("systemd: {active}") })
}

/// `launchctl list` has a process's number, the last status and the label in each line; Homebrew's labels are its own.
fn of_launchd(told: &str, name: &str) -> Option<State> {
    let is_it = |label: &str| {
        let brewed = label.strip_prefix("homebrew.mxcl.").unwrap_or(label);
        label == name || brewed == name || brewed.split('@').next() == Some(name)
    };
    let lines = told.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let (process, _status, label) = (fields.next()?, fields.next()?, fields.next()?);
        is_it(label).then_some(process != "-")
    });
    let runs = lines.reduce(|one, other| one || other)?;
    let told = if runs { "launchd: running" } else { "launchd: loaded, not running" };
    Some(State { runs, enabled: Some(true), told: told.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systemd_says() {
        let state = |told: &str| of_systemd(told);
        let on = state("LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n").unwrap();
        assert_eq!((on.runs, on.enabled), (true, Some(true)));
        let off = state("LoadState=loaded\nActiveState=failed\nUnitFileState=disabled\n").unwrap();
        assert_eq!((off.runs, off.enabled, off.told.as_str()), (false, Some(false), "systemd: failed"));
        assert_eq!(state("LoadState=not-found\nActiveState=inactive\nUnitFileState=\n"), None);
        assert_eq!(state("nonsense"), None);
    }

    #[test]
    fn what_launchd_says() {
        let list = "PID\tStatus\tLabel\n-\t0\tcom.apple.x\n812\t0\thomebrew.mxcl.postgresql@16\n-\t1\thomebrew.mxcl.redis\n";
        assert!(of_launchd(list, "postgresql").unwrap().runs);
        assert!(of_launchd(list, "postgresql@16").unwrap().runs);
        assert!(!of_launchd(list, "redis").unwrap().runs);
        assert_eq!(of_launchd(list, "postgres"), None);
    }
}
