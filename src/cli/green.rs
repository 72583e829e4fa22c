//! What changed since the last healthy check.

use super::context::Context;
use crate::config::Origin;
use crate::facts::{Facts, Severity};
use crate::report::{Aside, Report, SinceGreen};
use crate::state::{Green, Pinned};

/// Compares with the last healthy check, where that is `asked` for, and remembers this one if it is healthy itself.
pub(super) fn compare(context: &Context, report: &mut Report, facts: &Facts, asked: bool) {
    let healthy = is_healthy(report) && context.asks_for_all();
    let Some(state) = context.state().ok().filter(|_| asked || healthy) else { return };
    let files = Pinned::now(&*context.machine, &context.project).map(|pinned| pinned.files);
    let now = Green::now(&context.project, facts, files.unwrap_or_default());
    if asked {
        let before = state.green(&*context.machine, &context.project);
        report.since_green = Some(match before {
            Some(before) => SinceGreen {
                at: Some(before.at),
                differences: now.since(&before).into_iter().map(|it| (it.what, it.how)).collect(),
            },
            None => SinceGreen::default(),
        });
    }
    if healthy {
        // Where nothing can be remembered, a check is one all the same.
        let _ = state.keep_green(&*context.machine, &now);
    }
}

/// Whether nothing is wrong, be it ever so old, and all is known. What the settings ignore, somebody has thought about.
fn is_healthy(report: &Report) -> bool {
    report.worst().is_none_or(|worst| worst == Severity::Info)
        && report.unknown.is_empty()
        && report.unrecognised.is_empty()
        && report.set_aside.iter().all(|aside| matches!(aside.why, Aside::Ignored { .. }))
}

impl Context {
    /// Whether neither the command line nor the environment narrows what is asked here as a rule.
    fn asks_for_all(&self) -> bool {
        let by_hand = |origin: &Origin| matches!(origin, Origin::Flag(_) | Origin::Variable(_));
        let words = self.settings.layers().iter().flat_map(|layer| layer.only.iter().chain(&layer.skip));
        words.into_iter().all(|word| !by_hand(&word.origin))
    }
}
