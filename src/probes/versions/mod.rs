//! What each place asks for, and whether they agree.

mod files;
mod survey;

pub use files::Unread;
pub use survey::Survey;
pub(super) use survey::survey;

use super::{Context, Probe};
use crate::facts::{Facts, Place, Reading, Value};
use crate::versions::Standing;

pub(super) const PROBES: &[Probe] = &[Probe {
    name: "versions",
    yields: &["versions.unmet", "versions.unmet_engines", "versions.disagreeing"],
    usual: &[],
    apart: false,
    run,
}];

fn run(context: &Context) -> Facts {
    let survey = survey(context);
    let mut facts = Facts::default();
    let mut add = |name: &str, problems: fn(&Standing) -> Vec<(String, Place)>, of_tools: bool| {
        let mut places = Vec::new();
        let reading = survey.clone().and_then(|survey| {
            let items: Vec<String>;
            (items, places) = survey.standings.iter().flat_map(problems).unzip();
            // What is wrong with one tool is worth telling, whatever is not known of another.
            match survey.why_unknown(of_tools).filter(|_| items.is_empty()) {
                Some(why) => Reading::failed(why),
                None => Reading::Present(Value::List(items)),
            }
        });
        facts.add_at(name, reading, "the project's files", places);
    };
    add("versions.unmet", Standing::unmet, true);
    add("versions.unmet_engines", Standing::unmet_engines, true);
    add("versions.disagreeing", Standing::at_odds, false);
    facts
}
