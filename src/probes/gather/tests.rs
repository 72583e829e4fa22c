//! Probes that hang, panic or say nothing.

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
fn one_bad_probe_spoils_only_its_own_facts() {
    let begun = Instant::now();
    let facts = Inquiry::new(recorded("project: /p"), Path::new("/p"), Duration::from_millis(1000)).ask(
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
    let inquiry = Inquiry::new(machine.clone(), Path::new("/p"), deadline);
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
    gather(machine.clone(), Path::new("/p"), &names(&["os.name", "os.version", "disk.nix.free"]), deadline);
    assert_eq!(machine.0.load(Ordering::Relaxed), 2, "the host and the disk");
}
