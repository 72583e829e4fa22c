//! Whether the tools themselves may be asked, as `--deep` does in a trusted project.

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading};

pub(super) const PROBE: Probe =
    Probe { name: "depth", yields: &["check.deep"], usual: &[], apart: false, run };

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    facts.add("check.deep", Reading::Present(context.deep.into()), "--deep");
    facts
}
