//! Running the probes that are needed, all at once and within one deadline.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::once::Once;
use super::parsed::Parsed;
use super::versions::{Survey, survey};
use super::{Context, PROBES, Probe, subject};
use crate::facts::{Fact, Facts, Reading, known};
use crate::machine::Machine;

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
}

impl Inquiry {
    /// An inquiry about a project, each step of which ends with the deadline.
    pub fn new(machine: Arc<dyn Machine>, project: &Path, deadline: Duration) -> Self {
        Inquiry { once: Once::new(machine), project: project.to_owned(), deadline, parsed: Arc::default() }
    }

    /// Asks for the wanted facts. Every one of them comes back, if only with the reason why it is not known.
    pub fn facts(&self, wanted: &BTreeSet<String>) -> Facts {
        self.ask(PROBES, wanted)
    }

    /// Asks for what the project's files want of each tool, and what there is.
    pub fn versions(&self) -> Reading<Survey> {
        survey(&self.context())
    }

    fn ask(&self, probes: &[&[Probe]], wanted: &BTreeSet<String>) -> Facts {
        gather_with(probes, &self.context(), wanted, self.deadline)
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
) -> Facts {
    let begun = Instant::now();
    let (send, receive) = mpsc::channel();
    let mut facts = Facts::default();
    let mut pending = BTreeMap::new();
    for (number, (probe, wanted)) in jobs(probes, wanted).into_iter().enumerate() {
        let context = Context { wanted: wanted.clone(), ..context.clone() };
        let send = send.clone();
        let spawned = thread::Builder::new().name(probe.name.to_owned()).spawn(move || {
            let begun = Instant::now();
            let found = catch_unwind(AssertUnwindSafe(|| (probe.run)(&context)));
            let _ = send.send((number, found.ok(), begun.elapsed()));
        });
        match spawned {
            Ok(_) => _ = pending.insert(number, (probe, wanted)),
            Err(error) => {
                fill(&mut facts, &wanted, probe.name, Duration::ZERO, &Reading::failed(error.to_string()))
            }
        }
    }
    drop(send);
    while !pending.is_empty() {
        let left = (deadline + GRACE).saturating_sub(begun.elapsed());
        let Ok((number, found, took)) = receive.recv_timeout(left) else { break };
        let Some((probe, wanted)) = pending.remove(&number) else { continue };
        match found {
            Some(found) => {
                for name in &wanted {
                    let fact = found.get(name).cloned().unwrap_or_else(|| Fact {
                        reading: Reading::Absent,
                        source: probe.name.to_owned(),
                        places: Vec::new(),
                        took,
                    });
                    facts.insert(name, Fact { took, ..fact });
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
    for (probe, wanted) in pending.into_values() {
        fill(&mut facts, &wanted, probe.name, begun.elapsed(), &late);
    }
    let unheard_of: BTreeSet<String> =
        wanted.iter().filter(|name| facts.get(name).is_none()).cloned().collect();
    fill(&mut facts, &unheard_of, "", Duration::ZERO, &Reading::failed("there is no such fact"));
    facts
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
