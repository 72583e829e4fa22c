//! Running the probes that are needed, all at once and within one deadline.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::observer::{Observer, TICK};
use super::once::Once;
use super::parsed::Parsed;
use super::versions::{Survey, survey};
use super::{Context, PROBES, Probe, postgres_answers, subject};
use crate::facts::{Fact, Facts, Place, Reading, known};
use crate::machine::Machine;
use crate::secrets::without_literal_secrets;

/// Asks for the wanted facts. Every one of them comes back, if only with the reason why it is not known.
pub fn gather(
    machine: Arc<dyn Machine>,
    project: &Path,
    wanted: &BTreeSet<String>,
    deadline: Duration,
) -> Facts {
    Inquiry::new(machine, project, deadline).facts(wanted)
}

/// So much longer than a question may take, a probe may: what it has learnt elsewhere shall not be lost with the answer
/// that came too late.
const GRACE: Duration = Duration::from_millis(250);

/// Asking in several steps, in which no question is put to the machine twice.
pub struct Inquiry {
    once: Once,
    project: PathBuf,
    deadline: Duration,
    parsed: Arc<Parsed>,
    observer: Option<Arc<dyn Observer>>,
}

impl Inquiry {
    /// An inquiry about a project, each step of which ends with the deadline.
    pub fn new(machine: Arc<dyn Machine>, project: &Path, deadline: Duration) -> Self {
        let (project, parsed) = (project.to_owned(), Arc::default());
        Inquiry { once: Once::new(machine), project, deadline, parsed, observer: None }
    }

    /// The same, watched by somebody.
    #[must_use]
    pub fn watched_by(self, observer: Arc<dyn Observer>) -> Self {
        Inquiry { observer: Some(observer), ..self }
    }

    /// Asks for the wanted facts. Every one of them comes back, if only with the reason why it is not known.
    pub fn facts(&self, wanted: &BTreeSet<String>) -> Facts {
        self.ask(PROBES, wanted)
    }

    /// The same inquiry, for somebody who asks at the same time.
    pub fn again(&self) -> Inquiry {
        let (project, parsed) = (self.project.clone(), Arc::clone(&self.parsed));
        // Only one of the two tells what is waited for.
        Inquiry { once: self.once.again(), project, deadline: self.deadline, parsed, observer: None }
    }

    /// The machine, which is asked no question twice.
    pub fn machine(&self) -> Arc<dyn Machine> {
        Arc::new(self.once.again())
    }

    /// Tells whoever watches that somebody who uses this inquiry waits for these, too.
    pub fn waiting_for(&self, names: &[String]) -> ControlFlow<()> {
        self.observer.as_ref().map_or(ControlFlow::Continue(()), |observer| observer.waiting(names))
    }

    /// And that they do not any more.
    pub fn waited(&self) {
        if let Some(observer) = &self.observer {
            observer.done();
        }
    }

    /// Ends the programs that still run to answer a question.
    pub fn stop(&self) {
        self.once.end_programs();
    }

    /// Whether PostgreSQL answers at a port of this machine.
    pub fn postgres_answers(&self, host: &str, port: u16) -> Reading<bool> {
        postgres_answers(&self.context(), host, port)
    }

    /// Asks for what the project's files want of each tool, and what there is.
    pub fn versions(&self) -> Reading<Survey> {
        let Some(observer) = &self.observer else { return survey(&self.context()) };
        let (send, receive) = mpsc::channel();
        let context = self.context();
        let machine = Arc::clone(&context.machine);
        let surveying = move || _ = send.send(survey(&context));
        if let Err(error) = thread::Builder::new().name("versions".to_owned()).spawn(surveying) {
            return Reading::failed(error.to_string());
        }
        let begun = Instant::now();
        let found = loop {
            match receive.recv_timeout(TICK) {
                Ok(found) => break found,
                Err(RecvTimeoutError::Disconnected) => break Reading::failed("the probe itself failed"),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if observer.waiting(&["versions".to_owned()]).is_break() {
                machine.stop();
                break Reading::failed("it was stopped");
            }
        };
        observer.answered("versions", begun.elapsed());
        observer.done();
        found
    }

    fn ask(&self, probes: &[&[Probe]], wanted: &BTreeSet<String>) -> Facts {
        gather_with(probes, &self.context(), wanted, self.deadline, self.observer.as_deref())
    }

    fn context(&self) -> Context {
        let machine: Arc<dyn Machine> = Arc::new(self.once.again());
        let (project, parsed) = (self.project.clone(), Arc::clone(&self.parsed));
        Context { machine, project, wanted: BTreeSet::new(), parsed }
    }
}

fn gather_with(
    probes: &[&[Probe]],
    context: &Context,
    wanted: &BTreeSet<String>,
    deadline: Duration,
    observer: Option<&dyn Observer>,
) -> Facts {
    let begun = Instant::now();
    let (send, receive) = mpsc::channel();
    let mut facts = Facts::default();
    let mut no_thread = None;
    let jobs = jobs(probes, wanted);
    let mut pending: BTreeMap<usize, (Probe, BTreeSet<String>)> = jobs.iter().cloned().enumerate().collect();
    let queue = Arc::new(Mutex::new(jobs.into_iter().enumerate().collect::<Queue>()));
    // A thread for each would cost more than most probes do. But as long as one waits there is another thread for it, so
    // that none waits for the answer to another one's question.
    while waiting(&queue) > 0 {
        let (queue, context, send) = (Arc::clone(&queue), context.clone(), send.clone());
        let worker = move || work(&queue, &context, &send);
        if let Err(error) = thread::Builder::new().name("probes".to_owned()).spawn(worker) {
            no_thread = Some(error);
            break;
        }
    }
    if let Some(error) = no_thread {
        while let Some((number, (probe, wanted))) = next(&queue) {
            pending.remove(&number);
            fill(&mut facts, &wanted, probe.name, Duration::ZERO, &Reading::failed(error.to_string()));
        }
    }
    drop(send);
    while !pending.is_empty() {
        let left = (deadline + GRACE).saturating_sub(begun.elapsed());
        let Some((number, found, took)) = heard(&receive, left, observer, &pending) else { break };
        let Some((probe, wanted)) = pending.remove(&number) else { continue };
        if let Some(observer) = observer {
            observer.answered(&named(&probe, &wanted), took);
        }
        match found {
            Some(found) => {
                for name in &wanted {
                    let fact = found.get(name).cloned().unwrap_or_else(|| Fact {
                        reading: Reading::Absent,
                        source: probe.name.to_owned(),
                        places: Vec::new(),
                        took,
                    });
                    // What stands in a line beside what is meant may be a secret.
                    let shown =
                        |place: Place| Place { excerpt: without_literal_secrets(&place.excerpt), ..place };
                    let places = fact.places.into_iter().map(shown).collect();
                    facts.insert(name, Fact { took, places, ..fact });
                }
            }
            None => fill(&mut facts, &wanted, probe.name, took, &Reading::failed("the probe itself failed")),
        }
    }
    // The threads that still wait are left behind, but not the programs that they wait for.
    if !pending.is_empty() {
        context.machine.stop();
    }
    let late = Reading::TimedOut(u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX));
    if let Some(observer) = observer {
        for (probe, wanted) in pending.values() {
            observer.answered(&named(probe, wanted), begun.elapsed());
        }
        observer.done();
    }
    for (probe, wanted) in pending.into_values() {
        fill(&mut facts, &wanted, probe.name, begun.elapsed(), &late);
    }
    let unheard_of: BTreeSet<String> =
        wanted.iter().filter(|name| facts.get(name).is_none()).cloned().collect();
    fill(&mut facts, &unheard_of, "", Duration::ZERO, &Reading::failed("there is no such fact"));
    facts
}

/// Probes that no thread has taken up yet, numbered, each with what is wanted of it.
type Queue = VecDeque<(usize, (Probe, BTreeSet<String>))>;

/// What came of a probe, if it did not fail by itself, and how long it took.
type Outcome = (usize, Option<Facts>, Duration);

fn waiting(queue: &Mutex<Queue>) -> usize {
    queue.lock().unwrap_or_else(PoisonError::into_inner).len()
}

fn next(queue: &Mutex<Queue>) -> Option<(usize, (Probe, BTreeSet<String>))> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// Runs one waiting probe after another.
fn work(queue: &Mutex<Queue>, context: &Context, send: &Sender<Outcome>) {
    while let Some((number, (probe, wanted))) = next(queue) {
        let begun = Instant::now();
        let context = Context { wanted, ..context.clone() };
        let found = catch_unwind(AssertUnwindSafe(|| (probe.run)(&context)));
        let _ = send.send((number, found.ok(), begun.elapsed()));
    }
}

/// The next outcome, if one comes in the time that is left, and nobody ends the asking before.
fn heard(
    receive: &Receiver<Outcome>,
    left: Duration,
    observer: Option<&dyn Observer>,
    pending: &BTreeMap<usize, (Probe, BTreeSet<String>)>,
) -> Option<Outcome> {
    let Some(observer) = observer else { return receive.recv_timeout(left).ok() };
    let begun = Instant::now();
    loop {
        let left = left.saturating_sub(begun.elapsed());
        match receive.recv_timeout(left.min(TICK)) {
            Ok(outcome) => return Some(outcome),
            Err(RecvTimeoutError::Timeout) if left > TICK => {}
            Err(_) => return None,
        }
        let mut names: Vec<String> = Vec::new();
        for name in pending.values().map(|(probe, wanted)| named(probe, wanted)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if observer.waiting(&names).is_break() {
            return None;
        }
    }
}

/// What a person calls that which a probe asks: what the wanted facts have in common, such as `tool.elixir`.
fn named(probe: &Probe, wanted: &BTreeSet<String>) -> String {
    let mut names = wanted.iter();
    let Some(first) = names.next() else { return probe.name.to_owned() };
    let mut common: Vec<&str> = first.split('.').collect();
    for name in names {
        common.truncate(common.iter().zip(name.split('.')).take_while(|(one, other)| *one == other).count());
    }
    match common.is_empty() {
        true => probe.name.to_owned(),
        false => common.join("."),
    }
}

/// Which probes have to run, each with what is wanted of it.
fn jobs(probes: &[&[Probe]], wanted: &BTreeSet<String>) -> Vec<(Probe, BTreeSet<String>)> {
    let probes: Vec<&Probe> = probes.iter().copied().flatten().collect();
    let yielded = probes
        .iter()
        .enumerate()
        .flat_map(|(number, probe)| probe.yields.iter().map(move |it| (*it, number)));
    let yielded: HashMap<&str, usize> = yielded.collect();
    let mut jobs: BTreeMap<(usize, Option<&str>), BTreeSet<String>> = BTreeMap::new();
    for name in wanted {
        let Some(&number) = known(name).and_then(|known| yielded.get(known.name)) else { continue };
        let part = subject(name).filter(|_| probes[number].apart);
        jobs.entry((number, part)).or_default().insert(name.clone());
    }
    jobs.into_iter().map(|((number, _), wanted)| (*probes[number], wanted)).collect()
}

fn fill(
    facts: &mut Facts,
    names: &BTreeSet<String>,
    source: &str,
    took: Duration,
    reading: &Reading<crate::facts::Value>,
) {
    for name in names {
        facts.insert(
            name,
            Fact { reading: reading.clone(), source: source.to_owned(), places: Vec::new(), took },
        );
    }
}

#[cfg(test)]
mod tests;
