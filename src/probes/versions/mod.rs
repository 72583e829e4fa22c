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
    yields: &[
        "versions.unmet",
        "versions.unmet_tools",
        "versions.unmet_engines",
        "versions.disagreeing",
        "versions.disagreeing_tools",
    ],
    usual: &[],
    apart: false,
    run,
}];

/// What is wrong, in words, and where.
type Problem = (String, Option<Place>);

fn run(context: &Context) -> Facts {
    let survey = survey(context);
    let mut facts = Facts::default();
    let mut add = |name: &str, of_tools: bool, problems: fn(&Standing) -> Vec<Problem>| {
        let mut places = Vec::new();
        let reading = survey.clone().and_then(|survey| {
            let (items, stand): (Vec<String>, Vec<Option<Place>>) =
                survey.standings.iter().flat_map(problems).unzip();
            places = stand.into_iter().flatten().collect();
            // What is wrong with one tool is worth telling, whatever is not known of another.
            match survey.why_unknown(of_tools).filter(|_| items.is_empty()) {
                Some(why) => Reading::failed(why),
                None => Reading::Present(Value::List(items)),
            }
        });
        facts.add_at(name, reading, "the project's files", places);
    };
    add("versions.unmet", true, |it| placed(it.unmet()));
    add("versions.unmet_engines", true, |it| placed(it.unmet_engines()));
    add("versions.unmet_tools", true, |it| named(it, it.unmet().is_some()));
    add("versions.disagreeing", false, |it| placed(it.at_odds()));
    add("versions.disagreeing_tools", false, |it| named(it, !it.conflicts.is_empty()));
    facts
}

fn placed(problems: impl IntoIterator<Item = (String, Place)>) -> Vec<Problem> {
    problems.into_iter().map(|(words, place)| (words, Some(place))).collect()
}

/// The tool's name, if it has the problem.
fn named(standing: &Standing, has_problem: bool) -> Vec<Problem> {
    if has_problem { vec![(standing.tool.to_string(), None)] } else { Vec::new() }
}
