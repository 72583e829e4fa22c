//! Asking about all requirements at once, and what comes of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::judge::{Asked, Unmet, Verdict, judge, usual_rule};
use super::{Owner, Requirement, Trust};
use crate::causes::{Finding, Status};
use crate::facts::{Facts, Value};
use crate::judge::Evidence;
use crate::probes::{Inquiry, TICK};
use crate::rules::RuleSet;

/// So many requirements are asked about at a time.
const AT_ONCE: usize = 16;

/// So much longer than its questions may take, a requirement may.
const GRACE: Duration = Duration::from_millis(500);

/// A requirement with what the machine says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The requirement.
    pub requirement: Requirement,
    /// Whether it is met.
    pub verdict: Verdict,
    /// How long it took to tell.
    pub took: Duration,
}

impl Judged {
    /// The rule that it would be, or is, a finding of.
    pub fn rule(&self) -> &'static str {
        match &self.verdict {
            Verdict::Unmet(unmet) => unmet.rule,
            Verdict::Met | Verdict::Unknown(_) => usual_rule(&self.requirement.need),
        }
    }
}

/// A requirement of which nobody can tell whether it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The rule that it would be a finding of.
    pub rule: &'static str,
    /// What is required.
    pub name: String,
    /// Why nobody can tell.
    pub why: String,
    /// Where it is required.
    pub place: String,
    /// How long it took.
    pub took: Duration,
}

/// Asks about all requirements, within `deadline` beside what commands and web servers may take by themselves. `known` are
/// facts that were asked for before.
pub fn examine(
    inquiry: &Inquiry,
    project: &Path,
    requirements: &[Requirement],
    trust: &Trust,
    known: &Facts,
    deadline: Duration,
) -> Vec<Judged> {
    let begun = Instant::now();
    let facts = Arc::new(facts(inquiry, requirements, known));
    let (send, receive) = mpsc::channel();
    let queue: VecDeque<(usize, Requirement)> = requirements.iter().cloned().enumerate().collect();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..AT_ONCE.min(requirements.len()) {
        let worker = Worker {
            queue: Arc::clone(&queue),
            inquiry: inquiry.again(),
            project: project.to_owned(),
            facts: Arc::clone(&facts),
            trust: trust.clone(),
        };
        let send = send.clone();
        let work = move || worker.work(|told| send.send(told).is_ok());
        if thread::Builder::new().name("requirements".to_owned()).spawn(work).is_err() {
            break;
        }
    }
    drop(send);
    let mut verdicts: BTreeMap<usize, (Verdict, Duration)> = BTreeMap::new();
    let limit = limit(requirements, deadline);
    while verdicts.len() < requirements.len() {
        let left = limit.saturating_sub(begun.elapsed());
        match receive.recv_timeout(left.min(TICK)) {
            Ok((number, verdict, took)) => _ = verdicts.insert(number, (verdict, took)),
            Err(RecvTimeoutError::Timeout) if left > TICK => {
                let waiting = requirements.iter().enumerate().filter(|(at, _)| !verdicts.contains_key(at));
                let names: Vec<String> = waiting.map(|(_, requirement)| requirement.need.name()).collect();
                if inquiry.waiting_for(&names).is_break() {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    inquiry.waited();
    if verdicts.len() < requirements.len() {
        queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
        inquiry.stop();
    }
    let late = || (Verdict::Unknown(format!("no answer in {:.1} s", limit.as_secs_f64())), begun.elapsed());
    let judged = requirements.iter().enumerate().map(|(number, requirement)| {
        let (verdict, took) = verdicts.remove(&number).unwrap_or_else(late);
        Judged { requirement: requirement.clone(), verdict, took }
    });
    judged.collect()
}

/// What all of them may take together, where each takes as long as it may.
fn limit(requirements: &[Requirement], deadline: Duration) -> Duration {
    let own: Duration = requirements.iter().map(|requirement| requirement.need.timeout()).sum();
    let longest = requirements.iter().map(|requirement| requirement.need.timeout()).max().unwrap_or_default();
    let rounds = u32::try_from(requirements.len().div_ceil(AT_ONCE)).unwrap_or(u32::MAX);
    // A service may ask its manager twice before it looks at the processes.
    (deadline * 3).saturating_mul(rounds.min(20)) + own / (AT_ONCE as u32) + longest + GRACE
}

/// The facts that decide requirements.
fn facts(inquiry: &Inquiry, requirements: &[Requirement], known: &Facts) -> Facts {
    let wanted: BTreeSet<String> =
        requirements.iter().flat_map(|requirement| requirement.need.facts()).collect();
    let mut facts = Facts::default();
    let (had, asked): (Vec<String>, Vec<String>) =
        wanted.into_iter().partition(|name| known.get(name).is_some());
    for name in had {
        if let Some(fact) = known.get(&name) {
            facts.insert(name, fact.clone());
        }
    }
    facts.extend(inquiry.facts(&asked.into_iter().collect()));
    facts
}

struct Worker {
    queue: Arc<Mutex<VecDeque<(usize, Requirement)>>>,
    inquiry: Inquiry,
    project: std::path::PathBuf,
    facts: Arc<Facts>,
    trust: Trust,
}

impl Worker {
    fn work(self, told: impl Fn((usize, Verdict, Duration)) -> bool) {
        let machine = self.inquiry.machine();
        let postgres = |host: &str, port: u16| self.inquiry.postgres_answers(host, port);
        loop {
            let next = self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some((number, requirement)) = next else { return };
            let begun = Instant::now();
            let trust = match requirement.owner {
                Owner::User => &Trust::Given,
                Owner::Project => &self.trust,
            };
            let asked = Asked {
                machine: machine.as_ref(),
                project: &self.project,
                facts: &self.facts,
                postgres: &postgres,
                trust,
            };
            let verdict = catch_unwind(AssertUnwindSafe(|| judge(&requirement, &asked)));
            let verdict =
                verdict.unwrap_or_else(|_| Verdict::Unknown("the question itself failed".to_owned()));
            if !told((number, verdict, begun.elapsed())) {
                return;
            }
        }
    }
}

/// A finding for each requirement that is not met.
pub fn findings(judged: &[Judged], rules: &RuleSet) -> Vec<Finding> {
    judged.iter().filter_map(|judged| finding(judged, rules)).collect()
}

fn finding(judged: &Judged, rules: &RuleSet) -> Option<Finding> {
    let Verdict::Unmet(Unmet { rule, wanted, seen, source, facts }) = &judged.verdict else { return None };
    let requirement = &judged.requirement;
    let rule = rules.get(rule)?;
    let name = requirement.need.name();
    let mut captures = BTreeMap::from([
        ("name".to_owned(), name.clone()),
        ("wanted".to_owned(), wanted.clone()),
        ("seen".to_owned(), seen.clone()),
        ("file".to_owned(), requirement.place.file.clone()),
    ]);
    captures.extend(requirement.why.iter().map(|why| ("why".to_owned(), why.trim().to_owned())));
    captures.extend(requirement.remedy.iter().map(|text| ("remedy".to_owned(), text.trim().to_owned())));
    let asked = Evidence {
        fact: format!("require.{}.{name}", requirement.need.kind().name()),
        value: Some(Value::from(seen.clone())),
        source: source.clone(),
        places: vec![requirement.place.clone()],
    };
    Some(Finding {
        rule: rule.id.clone(),
        severity: requirement.severity.unwrap_or(rule.severity),
        sightings: Vec::new(),
        evidence: std::iter::once(asked).chain(facts.iter().cloned()).collect(),
        captures,
        status: Status::Confirmed,
    })
}

/// Those of which nobody can tell.
pub fn undecided(judged: &[Judged]) -> Vec<Undecided> {
    let undecided = judged.iter().filter_map(|judged| match &judged.verdict {
        Verdict::Unknown(why) => Some(Undecided {
            rule: judged.rule(),
            name: judged.requirement.need.name(),
            why: why.clone(),
            place: format!("{}:{}", judged.requirement.place.file, judged.requirement.place.line),
            took: judged.took,
        }),
        Verdict::Met | Verdict::Unmet(_) => None,
    });
    undecided.collect()
}
