//! The recorded logs, and what is known of each.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use envdoctor::built_in;
use envdoctor::causes::{Finding, diagnose, findings_from_log};
use envdoctor::rules::RuleSet;
use envdoctor::scan::{Index, Scanner};

use crate::hidden::Hidden;

static RULES: LazyLock<RuleSet> = LazyLock::new(built_in::rules);
static INDEX: LazyLock<Arc<Index<'static>>> = LazyLock::new(|| Arc::new(Index::new(&RULES)));

/// Every recorded log.
pub(crate) static LOGS: LazyLock<Vec<Log>> = LazyLock::new(|| {
    let logs = glob::glob(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/logs/*/*.log")).unwrap();
    logs.map(|path| Log::read(path.unwrap())).collect()
});

pub(crate) struct Log {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) first: Option<Known>,
}

/// What is known of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) rule: String,
    pub(crate) line: u64,
    pub(crate) captures: BTreeMap<String, String>,
}

impl Log {
    fn read(path: PathBuf) -> Self {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let first = first(text.as_bytes());
        Log { path, text, first }
    }
}

/// What the bytes are diagnosed as.
pub(crate) fn findings(bytes: &[u8]) -> Vec<Finding> {
    let mut scanner = Scanner::over(Arc::clone(&INDEX));
    scanner.feed(bytes);
    findings_from_log(&RULES, scanner.finish().sightings, None)
}

pub(crate) fn first(bytes: &[u8]) -> Option<Known> {
    diagnose(&RULES, findings(bytes)).first().map(|it| known(&it.root))
}

pub(crate) fn known(finding: &Finding) -> Known {
    Known {
        rule: finding.rule.clone(),
        line: finding.line().unwrap_or(0),
        captures: finding.captures.clone(),
    }
}

/// A way to make a log hard to read.
pub(crate) type Form<'a> = (&'a str, Box<dyn Fn(&str) -> Hidden + Sync + 'a>);

/// Each form is tried with one log in so many, another one for each; with all of them where `ENVDOCTOR_EVERY_FORM` is set.
const SHARE: usize = 6;

static EVERY: LazyLock<bool> = LazyLock::new(|| std::env::var_os("ENVDOCTOR_EVERY_FORM").is_some());

/// Every log is diagnosed in every form as it is in its own.
#[track_caller]
pub(crate) fn same_in(forms: &[Form<'_>]) {
    same_but_for(0, forms);
}

/// So many logs of a form may be diagnosed otherwise: what was broken up cannot always be put together again. Of a sample,
/// up to twice its share.
#[track_caller]
pub(crate) fn same_but_for(most_wrong: usize, forms: &[Form<'_>]) {
    let wrong = Mutex::new(BTreeMap::<(&str, usize), Vec<String>>::new());
    on_all_processors(LOGS.len(), |at| {
        let log = &LOGS[at];
        let tried = |number: usize| *EVERY || (at + number).is_multiple_of(SHARE);
        for (number, (name, form)) in forms.iter().enumerate().filter(|(number, _)| tried(*number)) {
            let hidden = form(&log.text);
            let mut seen = first(&hidden.bytes);
            if let Some(known) = &mut seen {
                known.line = hidden.origin(known.line);
            }
            if seen != log.first {
                let path = log.path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display();
                let line = format!("{path}\n    expected {:?}\n    seen     {seen:?}", log.first);
                wrong.lock().unwrap().entry((name, number)).or_default().push(line);
            }
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    let bound = if *EVERY { most_wrong } else { 2 * most_wrong.div_ceil(SHARE) };
    wrong.retain(|_, logs| logs.len() > bound);
    let mut told = String::new();
    for ((name, _), logs) in &wrong {
        let _ = writeln!(told, "{name}: {} of {} logs", logs.len(), LOGS.len());
        logs.iter().take(20).for_each(|log| {
            let _ = writeln!(told, "  {log}");
        });
    }
    assert!(wrong.is_empty(), "{told}");
}

/// Calls `work` with each number below `count`.
pub(crate) fn on_all_processors(count: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    work(at);
                }
            });
        }
    });
}
