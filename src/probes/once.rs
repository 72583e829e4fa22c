//! A machine that asks another one each question once, however many probes have it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::facts::Reading;
use crate::machine::{Machine, Question, Reply};

type Answer = Arc<OnceLock<Reading<Reply>>>;

pub(super) struct Once {
    machine: Arc<dyn Machine>,
    stopped: AtomicBool,
    answers: Arc<Mutex<HashMap<Question, Answer>>>,
}

impl Once {
    pub(super) fn new(machine: Arc<dyn Machine>) -> Self {
        Once { machine, stopped: AtomicBool::new(false), answers: Arc::default() }
    }

    /// The same, with all that it knows, for another step: that the last one was stopped does not stop this one.
    pub(super) fn again(&self) -> Self {
        Once {
            machine: Arc::clone(&self.machine),
            stopped: AtomicBool::new(false),
            answers: Arc::clone(&self.answers),
        }
    }
}

impl Once {
    /// Ends the programs that still run, and goes on answering.
    pub(super) fn end_programs(&self) {
        self.machine.stop();
    }
}

impl Machine for Once {
    fn ask(&self, question: &Question) -> Reading<Reply> {
        if self.stopped.load(Ordering::SeqCst) {
            return Reading::failed("it was asked too late");
        }
        let answer = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.entry(question.clone()).or_default().clone()
        };
        answer.get_or_init(|| self.machine.ask(question)).clone()
    }

    /// From now on nothing is asked any more.
    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.machine.stop();
    }
}
