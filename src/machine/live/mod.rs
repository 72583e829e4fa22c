//! The real machine.

pub(super) mod passthrough;

use super::{Change, ChangeError, Machine, Question, Reply};
use crate::facts::Reading;

/// The machine that envdoctor runs on.
pub struct Live;

impl Machine for Live {
    fn ask(&self, _question: &Question) -> Reading<Reply> {
        Reading::Absent
    }

    fn change(&self, change: &Change) -> Result<(), ChangeError> {
        Err(ChangeError { path: format!("{change:?}").into(), why: "not yet".into() })
    }
}
