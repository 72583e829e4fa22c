//! Ports, web servers, addresses and host names.

use super::{Asked, Verdict, is_unrecorded, told, unknown, unmet};
use crate::facts::Reading;
use crate::matching::Matcher;
use crate::require::HttpNeed;
use crate::secrets::{without_literal_secrets, without_secrets};

pub(super) fn port(host: Option<&str>, port: u16, free: bool, asked: &Asked<'_>) -> Verdict {
    let (holder, source) = match host {
        Some(host) => {
            let listens = match asked.machine.connect(host, port) {
                Reading::Present(()) => Reading::Present("something".to_owned()),
                // Who says nothing at all does not listen.
                Reading::TimedOut(_) => Reading::Absent,
                other => other.and_then(|()| Reading::Absent),
            };
            (listens, "connecting")
        }
        None => {
            let fact = asked.facts.get(&format!("port.{port}.process"));
            let Some(fact) = fact else { return Verdict::Unknown("it was not asked for".to_owned()) };
            // The number of the process changes with each start, and tells nothing.
            let name = |value: &crate::facts::Value| {
                let text = value.to_string();
                text.split_once(" (").map_or(text.clone(), |(name, _)| name.to_owned())
            };
            (fact.reading.as_ref().map(name), "open sockets")
        }
    };
    match (holder, free) {
        (Reading::Present(_), false) | (Reading::Absent, true) => Verdict::Met,
        (Reading::Absent, false) => unmet("required-port-closed", "is open", "nothing listens", source),
        (Reading::Present(process), true) => unmet("required-port-taken", "is free", process, source),
        (other, _) => unknown(&other, ""),
    }
}

pub(super) fn http(need: &HttpNeed, asked: &Asked<'_>) -> Verdict {
    let rule = "required-http-failed";
    let source = &without_literal_secrets(&need.request.url);
    let page = match asked.machine.request(need.request.clone()) {
        Reading::Present(page) => page,
        reading if is_unrecorded(&reading) || reading == Reading::Denied => return unknown(&reading, ""),
        Reading::Absent => return unmet(rule, "answers", "does not answer: nothing listens there", source),
        Reading::TimedOut(after) => {
            let seconds = after / 1000;
            return unmet(rule, "answers", format!("does not answer within {seconds} s"), source);
        }
        other => {
            let why = other.why_unknown().unwrap_or_default();
            let why = why.strip_prefix(&format!("{}: ", need.request.url)).unwrap_or(&why);
            let why = without_literal_secrets(why);
            return unmet(rule, "answers", format!("does not answer: {why}"), source);
        }
    };
    if !need.status.holds(&page.status.to_string()) {
        let wanted = format!("answers with a status that {}", need.status.told());
        return unmet(rule, wanted, format!("answers {}", page.status), source);
    }
    for ((name, matcher), header) in need.request.wanted_headers.iter().zip(&page.headers) {
        let wanted = || format!("sends a header {name} that {}", told(name, matcher));
        match header {
            None => return unmet(rule, wanted(), format!("sends no header {name}"), source),
            Some(header) if !header.met => {
                let value = without_secrets(name, &without_literal_secrets(&header.value));
                return unmet(rule, wanted(), format!("sends {name}: {value}"), source);
            }
            Some(_) => {}
        }
    }
    match (&need.request.wanted, page.body) {
        (Some(matcher), false) => unmet(
            rule,
            format!("answers with a text that {}", told("", matcher)),
            "answers with another text",
            source,
        ),
        _ => Verdict::Met,
    }
}

pub(super) fn address(host: &str, port: u16, absent: bool, asked: &Asked<'_>) -> Verdict {
    let source = format!("{host}:{port}");
    let reading = asked.machine.connect(host, port);
    match (&reading, absent) {
        (Reading::Present(()), false) => Verdict::Met,
        (Reading::Present(()), true) => {
            unmet("unwanted-present", "accepts no connections", "accepts connections", source)
        }
        (Reading::Denied, _) => unknown(&reading, ""),
        _ if is_unrecorded(&reading) => unknown(&reading, ""),
        (_, true) => Verdict::Met,
        (Reading::Absent, false) => {
            unmet("required-address-unreachable", "accepts connections", "nothing listens there", source)
        }
        (other, false) => {
            let why = other.why_unknown().unwrap_or_default();
            unmet("required-address-unreachable", "accepts connections", why, source)
        }
    }
}

pub(super) fn name(name: &str, wanted: Option<&Matcher>, absent: bool, asked: &Asked<'_>) -> Verdict {
    let source = "the system's resolver";
    match (asked.machine.lookup(name), absent) {
        (Reading::Absent, true) => Verdict::Met,
        (Reading::Absent, false) => {
            unmet("required-name-unresolved", "has an address", "has no address", source)
        }
        (Reading::Present(_), true) => unmet("unwanted-present", "has no address", "has an address", source),
        (Reading::Present(found), false) => match wanted.filter(|wanted| !wanted.holds_of(&found)) {
            None => Verdict::Met,
            Some(wanted) => {
                let wanted = format!("has addresses such that the list {}", wanted.told());
                unmet("required-name-differs", wanted, found.join(", "), source)
            }
        },
        (other, _) => unknown(&other, ""),
    }
}
