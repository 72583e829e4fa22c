//! Tools, programs, and the variables that they read.

use super::{Asked, Unmet, Verdict, is_unrecorded, place_of, told, unknown, unmet};
use crate::facts::{Reading, Value};
use crate::judge::Evidence;
use crate::machine::{Execution, Question, Reply, Subject, command_line, is_loopback};
use crate::matching::{Matcher, meets};
use crate::require::tools::RequiredTool;
use crate::require::{CommandNeed, Wanted};
use crate::secrets::{without_literal_secrets, without_secret_settings, without_secrets};

pub(super) fn tool(
    tool: &RequiredTool,
    version: Option<&str>,
    server: Option<&(String, u16)>,
    asked: &Asked<'_>,
) -> Verdict {
    // A server may run elsewhere, such as in a container: its program is needed only for its version.
    let program = match (version, server) {
        (None, Some(_)) => Verdict::Met,
        _ => of_program(tool, version, asked),
    };
    match (program, server) {
        (Verdict::Met, Some((host, port))) => answers(host, *port, asked),
        (program, _) => program,
    }
}

fn of_program(tool: &RequiredTool, version: Option<&str>, asked: &Asked<'_>) -> Verdict {
    let mut why_unknown = None;
    for program in tool.programs {
        let (path, told) = (format!("tool.{program}.path"), format!("tool.{program}.version"));
        let reading = |name: &str| asked.facts.get(name).map(|fact| &fact.reading);
        match (reading(&told), reading(&path), version) {
            (Some(Reading::Present(Value::Text(found))), _, Some(required)) => {
                return compare(found, required, &told, asked);
            }
            (Some(Reading::Present(_)), _, None) | (_, Some(Reading::Present(_)), None) => {
                return Verdict::Met;
            }
            (Some(other), Some(Reading::Present(_)), Some(_)) => {
                return unknown(other, &format!("nothing tells the version of {program}"));
            }
            (_, Some(other), _) => {
                why_unknown = why_unknown.or_else(|| other.why_unknown());
            }
            (_, None, _) => why_unknown = why_unknown.or(Some("it was not asked for".to_owned())),
        }
    }
    match why_unknown {
        Some(why) => Verdict::Unknown(why),
        None => unmet("required-tool-missing", version.unwrap_or("any version"), "is not there", "PATH"),
    }
}

fn compare(found: &str, required: &str, fact: &str, asked: &Asked<'_>) -> Verdict {
    match meets(found, required) {
        Some(true) => Verdict::Met,
        Some(false) => {
            let known = asked.facts.get(fact);
            let evidence = Evidence {
                fact: fact.to_owned(),
                value: Some(Value::from(found.to_owned())),
                source: known.map(|fact| fact.source.clone()).unwrap_or_default(),
                places: known.map(|fact| fact.places.clone()).unwrap_or_default(),
            };
            Verdict::Unmet(Unmet {
                rule: "required-version-not-met",
                wanted: required.to_owned(),
                seen: found.to_owned(),
                source: evidence.source.clone(),
                facts: vec![evidence],
            })
        }
        None => Verdict::Unknown(format!("'{found}' and '{required}' cannot be compared")),
    }
}

fn answers(host: &str, port: u16, asked: &Asked<'_>) -> Verdict {
    let at = format!("{host}:{port}");
    let silent = |seen: &str| {
        let (wanted, source) = (at.clone(), at.clone());
        let (rule, seen, facts) = ("required-server-silent", seen.to_owned(), of_project(host, port, asked));
        Verdict::Unmet(Unmet { rule, wanted, seen, source, facts })
    };
    if !is_loopback(host) {
        // Only whether somebody is there: another machine is not asked who it is.
        return match asked.machine.connect(host, port) {
            Reading::Present(()) => Verdict::Met,
            Reading::Absent => silent("nothing listens there"),
            reading if is_unrecorded(&reading) || reading == Reading::Denied => unknown(&reading, ""),
            reading => silent(&reading.why_unknown().unwrap_or_default()),
        };
    }
    match (asked.postgres)(host, port) {
        Reading::Present(true) => Verdict::Met,
        Reading::Present(false) => match asked.machine.connect(host, port) {
            Reading::Present(()) => silent("something else listens there"),
            _ => silent("nothing listens there"),
        },
        Reading::TimedOut(_) => silent("what listens there says nothing"),
        other => unknown(&other, "nobody can tell"),
    }
}

/// What is known of the server that the project's own files name, where that is the required one.
fn of_project(host: &str, port: u16, asked: &Asked<'_>) -> Vec<Evidence> {
    let named = asked.facts.get("postgres.server").and_then(|fact| fact.reading.as_present());
    let named = named.map(ToString::to_string).unwrap_or_default();
    let is_it = named
        .rsplit_once(':')
        .is_some_and(|(other, at)| is_loopback(other) && at.parse() == Ok(port) && is_loopback(host));
    let answers = asked.facts.get("postgres.answers").filter(|_| is_it);
    let evidence = answers.map(|fact| Evidence {
        fact: "postgres.answers".to_owned(),
        value: fact.reading.as_present().cloned(),
        source: fact.source.clone(),
        places: fact.places.clone(),
    });
    evidence.into_iter().collect()
}

pub(super) fn variable(name: &str, wanted: &Wanted, asked: &Asked<'_>) -> Verdict {
    let source = "environment";
    let value = asked.machine.env(name);
    match (&value, wanted) {
        (Reading::Present(_) | Reading::NotText, Wanted::There) | (Reading::Absent, Wanted::Absent) => {
            Verdict::Met
        }
        (Reading::Absent, Wanted::There) => unmet("required-variable-unset", "is set", "is not set", source),
        (Reading::Absent, Wanted::So(matcher)) => {
            unmet("required-variable-unset", told(name, matcher), "is not set", source)
        }
        (Reading::Present(_) | Reading::NotText, Wanted::Absent) => {
            unmet("required-variable-differs", "is not set", "set", source)
        }
        (Reading::Present(value), Wanted::So(matcher)) => {
            match asked.machine.matches(Subject::Variable(name.to_owned()), matcher) {
                Reading::Present(true) => Verdict::Met,
                Reading::Present(false) => {
                    let is_secret = without_secrets(name, "x") != "x";
                    let shown = match without_secrets(name, value) {
                        _ if value.is_empty() => "empty".to_owned(),
                        shown if !is_secret && shown == *value => shown,
                        _ => "set to another value".to_owned(),
                    };
                    unmet("required-variable-differs", told(name, matcher), shown, source)
                }
                other => unknown(&other, "it was unset meanwhile"),
            }
        }
        (other, _) => unknown(other, ""),
    }
}

pub(super) fn on_path(name: &str, absent: bool, asked: &Asked<'_>) -> Verdict {
    let is = match name.contains('/') {
        // A path is one from the project's folder.
        true => asked.machine.resolve(&place_of(name, asked.machine, asked.project)),
        false => asked.machine.which(name),
    };
    match is {
        Reading::Present(_) => super::there(true, absent, "required-command-missing", "PATH"),
        Reading::Absent => super::there(false, absent, "required-command-missing", "PATH"),
        other => unknown(&other, ""),
    }
}

pub(super) fn command(need: &CommandNeed, asked: &Asked<'_>) -> Verdict {
    let rule = "required-command-failed";
    let timeout = u64::try_from(need.timeout.as_millis()).unwrap_or(u64::MAX);
    let mut argv = need.argv.clone();
    if let Some(program) = argv.first_mut().filter(|program| program.contains('/')) {
        let path = place_of(program, asked.machine, asked.project);
        *program = path.to_string_lossy().into_owned();
    }
    let question = Question::Execute {
        argv,
        folder: asked.project.to_owned(),
        timeout,
        stdout: need.stdout.clone(),
        stderr: need.stderr.clone(),
    };
    let source = without_literal_secrets(&command_line(&need.argv));
    let Execution { code, stdout, stderr, said } = match asked.machine.ask(&question) {
        Reading::Present(Reply::Execution(execution)) => execution,
        Reading::Absent => {
            return unmet("required-command-missing", "is on PATH", "is not there", "PATH");
        }
        Reading::TimedOut(_) => {
            let seen = format!("did not end within {} s", need.timeout.as_secs());
            return unmet(rule, format!("ends within {} s", need.timeout.as_secs()), seen, source);
        }
        Reading::Denied => return unmet(rule, "runs", "may not be run", source),
        other => return unknown(&other, "the answer is of another kind"),
    };
    let said = without_secret_settings(&said);
    let saying = |text: &str| if said.is_empty() { text.to_owned() } else { format!("{text}: {said}") };
    let Some(code) = code else { return unmet(rule, "ends by itself", "was killed by a signal", source) };
    if !need.exit.holds(&code.to_string()) {
        let seen = saying(&format!("ended with status {code}"));
        return unmet(rule, format!("ends with a status that {}", need.exit.told()), seen, source);
    }
    for (holds, matcher, what) in
        [(stdout, &need.stdout, "standard output"), (stderr, &need.stderr, "standard error")]
    {
        if let (false, Some(matcher)) = (holds, matcher) {
            let wanted = format!("prints on its {what} what {}", wanted_text(matcher));
            return unmet(rule, wanted, saying("prints something else"), source);
        }
    }
    Verdict::Met
}

fn wanted_text(matcher: &Matcher) -> String {
    match matcher {
        Matcher::Satisfies(requirement) => format!("has a version {requirement}"),
        other => told("", other),
    }
}
