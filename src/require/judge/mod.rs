//! From a machine's answers to whether a requirement is met. What cannot be told is unknown, never met.

mod file;
mod network;
mod package;
mod program;
mod service;
mod system;

use std::path::{Path, PathBuf};

use super::{Need, Requirement, Trust, Wanted, needs};
use crate::facts::{Facts, Reading, Value};
use crate::judge::Evidence;
use crate::machine::{Machine, NOT_RECORDED};
use crate::matching::Matcher;
use crate::rules::RequirementKind;
use crate::secrets::{without_literal_secrets, without_secrets};

/// Whether a requirement is met.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not.
    Unmet(Unmet),
    /// Nobody can tell, and why.
    Unknown(String),
}

/// What shows that a requirement is not met.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmet {
    /// The rule that says so.
    pub rule: &'static str,
    /// What is required, as the rule's messages go on.
    pub wanted: String,
    /// What there is instead, in the same way.
    pub seen: String,
    /// Where that was learnt.
    pub source: String,
    /// The facts that show it, where there are any.
    pub facts: Vec<Evidence>,
}

/// Whom a requirement is asked of.
pub(super) struct Asked<'a> {
    pub(super) machine: &'a dyn Machine,
    pub(super) project: &'a Path,
    pub(super) facts: &'a Facts,
    /// Whether PostgreSQL answers at a host and port of this machine.
    pub(super) postgres: &'a dyn Fn(&str, u16) -> Reading<bool>,
    pub(super) trust: &'a Trust,
}

/// Whether a requirement is met.
pub(super) fn judge(requirement: &Requirement, asked: &Asked<'_>) -> Verdict {
    if let Trust::NotGiven(why) = asked.trust
        && let Some(needs) = needs(requirement, asked.machine, asked.project)
    {
        return Verdict::Unknown(format!("it {}, and {why}", without_literal_secrets(&needs.told())));
    }
    match &requirement.need {
        Need::Tool { tool, version, server } => {
            program::tool(tool, version.as_deref(), server.as_ref(), asked)
        }
        Need::Variable { name, wanted } => program::variable(name, wanted, asked),
        Need::File(need) => file::file(need, asked),
        Need::Program { name, absent } => program::on_path(name, *absent, asked),
        Need::Command(need) => program::command(need, asked),
        Need::Port { host, port, free } => network::port(host.as_deref(), *port, *free, asked),
        Need::Http(need) => network::http(need, asked),
        Need::Address { host, port, absent } => network::address(host, *port, *absent, asked),
        Need::Name { name, addresses, absent } => network::name(name, addresses.as_ref(), *absent, asked),
        Need::Service { name, enabled, absent } => service::service(name, *enabled, *absent, asked),
        Need::Process { name, absent } => service::process(name, *absent, asked),
        Need::Package { name, version, absent } => package::package(name, version.as_ref(), *absent, asked),
        Need::User(need) => system::user(need, asked),
        Need::Group { name, gid, absent } => system::group(name, gid.as_ref(), *absent, asked),
        Need::Mount(need) => system::mount(need, asked),
        Need::Sysctl { name, wanted } => system::sysctl(name, wanted, asked),
        Need::Fact { name, wanted } => fact(name, wanted, asked),
    }
}

/// The rule that a requirement which nobody can judge is told under.
pub(super) fn usual_rule(need: &Need) -> &'static str {
    match need.kind() {
        RequirementKind::Tool => "required-version-not-met",
        RequirementKind::Variable => "required-variable-unset",
        RequirementKind::File => "required-file-missing",
        RequirementKind::Command if matches!(need, Need::Command(_)) => "required-command-failed",
        RequirementKind::Command => "required-command-missing",
        RequirementKind::Port => "required-port-closed",
        RequirementKind::Http => "required-http-failed",
        RequirementKind::Service => "required-service-down",
        RequirementKind::Process => "required-process-missing",
        RequirementKind::Package => "required-package-missing",
        RequirementKind::User => "required-user-missing",
        RequirementKind::Group => "required-group-missing",
        RequirementKind::Address => "required-address-unreachable",
        RequirementKind::Name => "required-name-unresolved",
        RequirementKind::Mount => "required-mount-missing",
        RequirementKind::Sysctl => "required-sysctl-differs",
        RequirementKind::Fact => "required-fact-differs",
        RequirementKind::Any => "unwanted-present",
    }
}

fn unmet(
    rule: &'static str,
    wanted: impl Into<String>,
    seen: impl Into<String>,
    source: impl Into<String>,
) -> Verdict {
    let (wanted, seen, source) = (wanted.into(), seen.into(), source.into());
    Verdict::Unmet(Unmet { rule, wanted, seen, source, facts: Vec::new() })
}

/// What something of that name is required to be, as the end of a sentence, without the secrets in it.
fn told(name: &str, matcher: &Matcher) -> String {
    let open = |name: &str, text: &str| without_secrets(name, &without_literal_secrets(text));
    matcher.with_texts(name, &open).told()
}

/// Something that is only to be there, or not to be.
fn there(is: bool, absent: bool, rule: &'static str, source: &str) -> Verdict {
    match (is, absent) {
        (true, false) | (false, true) => Verdict::Met,
        (false, false) => unmet(rule, "is there", "is not there", source),
        (true, true) => unmet("unwanted-present", "is not there", "is there", source),
    }
}

/// Why nothing is known; of what is absent, `absent`.
fn unknown<T>(reading: &Reading<T>, absent: &str) -> Verdict {
    Verdict::Unknown(reading.why_unknown().unwrap_or_else(|| absent.to_owned()))
}

/// Whether the reading is knowledge only for want of a recording.
fn is_unrecorded<T>(reading: &Reading<T>) -> bool {
    matches!(reading, Reading::Failed { stderr, .. } if stderr.starts_with(NOT_RECORDED))
}

/// A path of a requirement: from the project's folder, or from the home where it begins with `~/`.
pub(super) fn place_of(path: &str, machine: &dyn Machine, project: &Path) -> PathBuf {
    let home = || machine.env("HOME").present().map(PathBuf::from).filter(|home| home.is_absolute());
    match path.strip_prefix("~/").and_then(|below| Some(home()?.join(below))) {
        Some(path) => path,
        None if path == "~" => home().unwrap_or_else(|| project.join(path)),
        None => project.join(path),
    }
}

/// The first of several things that is not as it must be; each with what it must be, what it is, and whether that holds.
fn first_unmet(
    rule: &'static str,
    source: &str,
    verb: &str,
    parts: impl IntoIterator<Item = (&'static str, Option<Matcher>, String)>,
) -> Verdict {
    for (what, matcher, value) in parts {
        if let Some(matcher) = matcher.filter(|matcher| !matcher.holds(&value)) {
            let wanted = format!("{verb} a {what} that {}", matcher.told());
            return unmet(rule, wanted, format!("has the {what} {value}"), source);
        }
    }
    Verdict::Met
}

fn fact(name: &str, wanted: &Wanted, asked: &Asked<'_>) -> Verdict {
    let Some(fact) = asked.facts.get(name) else {
        return Verdict::Unknown("it was not asked for".to_owned());
    };
    let rule = "required-fact-differs";
    let variable = name.strip_prefix("env.").unwrap_or_default();
    match (&fact.reading, wanted) {
        (Reading::Present(_), Wanted::There) | (Reading::Absent, Wanted::Absent) => Verdict::Met,
        (Reading::Present(_), Wanted::Absent) => {
            unmet("unwanted-present", "is not there", "is there", &fact.source)
        }
        (Reading::Absent, Wanted::There) => unmet(rule, "is there", "not there", &fact.source),
        (Reading::Absent, Wanted::So(matcher)) => {
            unmet(rule, told(variable, matcher), "not there", &fact.source)
        }
        (Reading::Present(value), Wanted::So(matcher)) => {
            let holds = match value {
                Value::List(items) => matcher.holds_of(items),
                value => matcher.holds(&value.to_string()),
            };
            match holds {
                true => Verdict::Met,
                false => {
                    let seen = without_secrets(variable, &value.to_string());
                    unmet(rule, told(variable, matcher), seen, &fact.source)
                }
            }
        }
        (other, _) => unknown(other, ""),
    }
}

#[cfg(test)]
mod tests;
