//! Running the probes that are needed, all at once and within one deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::once::Once;
use super::versions::{Survey, survey};
use super::{Context, PROBES, Probe, subject};
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
    Inquiry::new(machine, project, deadline, false).facts(wanted)
}

/// So much longer than a question may take, a probe may: what it has learnt elsewhere shall not be lost with the answer
/// that came too late.
const GRACE: Duration = Duration::from_millis(250);

/// Asking in several steps, in which no question is put to the machine twice.
pub struct Inquiry {
    once: Once,
    project: PathBuf,
    deadline: Duration,
    deep: bool,
}

impl Inquiry {
    /// An inquiry about a project, each step of which ends with the deadline. `deep`: the tools themselves may be asked
    /// about the project, whose code they would run.
    pub fn new(machine: Arc<dyn Machine>, project: &Path, deadline: Duration, deep: bool) -> Self {
        Inquiry { once: Once::new(machine), project: project.to_owned(), deadline, deep }
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
        Context { machine, project: self.project.clone(), wanted: BTreeSet::new(), deep: self.deep }
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
    let mut jobs: Vec<(Probe, BTreeSet<String>)> = Vec::new();
    for probe in probes.iter().copied().flatten() {
        let mut parts: BTreeMap<Option<&str>, BTreeSet<String>> = BTreeMap::new();
        for name in wanted {
            if known(name).is_some_and(|known| probe.yields.contains(&known.name)) {
                let part = subject(name).filter(|_| probe.apart);
                parts.entry(part).or_default().insert(name.clone());
            }
        }
        jobs.extend(parts.into_values().map(|part| (*probe, part)));
    }
    jobs
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
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;
    use crate::facts::Value;
    use crate::machine::{Question, Recorded, Recording, Reply};

    const HANGS: Probe = Probe {
        name: "hangs",
        yields: &["gpu.count"],
        usual: &[],
        apart: false,
        run: |_| {
            thread::sleep(Duration::from_secs(5));
            Facts::default()
        },
    };
    const PANICS: Probe = Probe {
        name: "panics",
        yields: &["mlx.version"],
        usual: &[],
        apart: false,
        run: |_| panic!("on purpose"),
    };
    const SILENT: Probe =
        Probe { name: "silent", yields: &["mlx.gpu"], usual: &[], apart: false, run: |_| Facts::default() };
    const TALKS: Probe = Probe {
        name: "talks",
        yields: &["os.name"],
        usual: &[],
        apart: false,
        run: |_| {
            let mut facts = Facts::default();
            facts.add("os.name", Reading::Present("x".into()), "here");
            facts.add("os.version", Reading::Present("unwanted".into()), "here");
            facts
        },
    };

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn recorded(text: &str) -> Arc<dyn Machine> {
        Arc::new(Recorded::new(&Recording::parse(text, "m").unwrap()))
    }

    #[test]
    fn no_secret_is_shown_beside_what_is_meant() {
        let machine = recorded(
            "project: /p\notherwise: absent\nfiles:\n  /p/.envrc: 'export API_TOKEN=s3cret; export PGPORT=5432'\n  /p/.env: 'CODE=s3cret'",
        );
        let wanted = names(&["project.envrc.exports", "project.env_file.exports"]);
        let facts = gather(machine, Path::new("/p"), &wanted, Duration::from_secs(20));
        let excerpts: Vec<_> = facts
            .iter()
            .flat_map(|(_, fact)| fact.places.iter().map(|place| place.excerpt.as_str()))
            .collect();
        assert!(excerpts.len() > 1 && !excerpts.concat().contains("s3cret"), "{excerpts:?}");
    }

    #[test]
    fn one_bad_probe_spoils_only_its_own_facts() {
        let begun = Instant::now();
        let facts =
            Inquiry::new(recorded("project: /p"), Path::new("/p"), Duration::from_millis(1000), false).ask(
                &[&[HANGS, PANICS], &[SILENT, TALKS]],
                &names(&["gpu.count", "mlx.version", "mlx.gpu", "os.name", "no.such"]),
            );
        assert!(begun.elapsed() < Duration::from_secs(4));
        let reading = |name: &str| facts.get(name).unwrap().reading.clone();
        assert_eq!(reading("gpu.count"), Reading::TimedOut(1000));
        assert_eq!(reading("mlx.version"), Reading::failed("the probe itself failed"));
        assert_eq!(reading("mlx.gpu"), Reading::Absent);
        assert_eq!(reading("os.name"), Reading::Present(Value::from("x")));
        assert_eq!(reading("no.such"), Reading::failed("there is no such fact"));
        assert_eq!(facts.iter().count(), 5);
    }

    /// Answers no question before it is stopped.
    struct Hangs {
        asked: AtomicUsize,
        stopped: AtomicBool,
    }

    impl Machine for Hangs {
        fn ask(&self, _: &Question) -> Reading<Reply> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            while !self.stopped.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(5));
            }
            Reading::Absent
        }

        fn stop(&self) {
            self.stopped.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn what_answers_too_late_is_stopped_and_asked_nothing_more() {
        let asks: Probe = Probe {
            name: "asks",
            yields: &["os.name"],
            usual: &[],
            apart: false,
            run: |context| {
                let _ = context.machine().env("A");
                let _ = context.machine().env("B");
                Facts::default()
            },
        };
        let machine = Arc::new(Hangs { asked: AtomicUsize::new(0), stopped: AtomicBool::new(false) });
        let deadline = Duration::from_millis(100);
        let inquiry = Inquiry::new(machine.clone(), Path::new("/p"), deadline, false);
        let facts = inquiry.ask(&[&[asks]], &names(&["os.name"]));
        assert_eq!(facts.get("os.name").unwrap().reading, Reading::TimedOut(100));
        assert!(machine.stopped.load(Ordering::SeqCst));
        thread::sleep(Duration::from_millis(100));
        assert_eq!(machine.asked.load(Ordering::SeqCst), 1);

        // What was late in one step does not keep the next one from asking.
        let talks: Probe = Probe {
            run: |context| {
                let mut facts = Facts::default();
                facts.add("os.name", context.machine().env("C").map(Value::from), "here");
                facts
            },
            ..asks
        };
        let facts = inquiry.ask(&[&[talks]], &names(&["os.name"]));
        assert_eq!(facts.get("os.name").unwrap().reading, Reading::Absent);
        assert_eq!(machine.asked.load(Ordering::SeqCst), 2);
    }

    struct Counts(AtomicUsize);

    impl Machine for Counts {
        fn ask(&self, question: &Question) -> Reading<Reply> {
            match question {
                Question::Env(_) | Question::Which(_) => Reading::Absent,
                _ => {
                    self.0.fetch_add(1, Ordering::Relaxed);
                    Reading::Absent
                }
            }
        }
    }

    #[test]
    fn only_what_is_wanted_is_asked_and_each_question_once() {
        let machine = Arc::new(Counts(AtomicUsize::new(0)));
        let deadline = Duration::from_secs(10);
        gather(machine.clone(), Path::new("/p"), &names(&["env.A", "tool.git.path"]), deadline);
        assert_eq!(machine.0.load(Ordering::Relaxed), 0);
        gather(
            machine.clone(),
            Path::new("/p"),
            &names(&["os.name", "os.version", "disk.nix.free"]),
            deadline,
        );
        assert_eq!(machine.0.load(Ordering::Relaxed), 2, "the host and the disk");
    }
}
