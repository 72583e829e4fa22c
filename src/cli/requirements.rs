//! What the user's and the project's settings require, and whether it is so here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Failure;
use super::context::Context;
use crate::config::Requirements;
use crate::facts::{Facts, Reading};
use crate::machine::Machine;
use crate::probes::Inquiry;
use crate::report::{Examined, Report, Standing, Unknown};
use crate::require::{self, Judged, Need, Requirement, Trust, Verdict, files_run, needs};
use crate::state::Pinned;

/// Reads what is required here.
///
/// # Errors
/// Every mistake in the settings.
pub(super) fn load(context: &Context, machine: &dyn Machine) -> Result<Requirements, Failure> {
    let folder = context.settings_folder();
    // A recording need not hold the settings of whoever made it; a file that is there and cannot be read is told.
    let held = |file: &Path| match context.is_replay() {
        true => machine.exists(file),
        false => machine.resolve(file) != Reading::Absent,
    };
    let user = user_settings(machine).filter(|user| held(&user.join("config.yaml")));
    if !context.asks_for_requirements() || user.is_none() && !held(&folder.join("envdoctor.yaml")) {
        return Ok(Requirements::default());
    }
    Ok(Requirements::load(machine, user.as_deref(), folder)?)
}

/// The folder of the user's settings, as the machine's own variables name it.
fn user_settings(machine: &dyn Machine) -> Option<PathBuf> {
    let variable = |name: &str| machine.env(name).present().map(PathBuf::from).filter(|it| it.is_absolute());
    let own = variable("XDG_CONFIG_HOME");
    let below_home = variable("HOME").map(|home| home.join(".config"));
    Some(own.or(below_home)?.join("envdoctor"))
}

/// Asks whether all that is required is so.
pub(super) fn examine(
    context: &Context,
    inquiry: &Inquiry,
    requirements: &Requirements,
    known: &Facts,
) -> Vec<Judged> {
    if requirements.all.is_empty() {
        return Vec::new();
    }
    let deadline = context.settings.timeout().value;
    let trust = trust(context, &*inquiry.machine(), requirements);
    require::examine(inquiry, context.settings_folder(), &requirements.all, &trust, known, deadline)
}

/// Whether the project may have what its requirements ask for.
fn trust(context: &Context, machine: &dyn Machine, requirements: &Requirements) -> Trust {
    // What a recording does not hold is not asked of anybody.
    let asks = |it: &Requirement| needs(it, machine, context.settings_folder()).is_some();
    if context.is_replay() || !requirements.all.iter().any(asks) {
        return Trust::Given;
    }
    let live: &dyn Machine = &*context.machine;
    let before = context.state().ok().and_then(|state| state.trusted(live, context.settings_folder()));
    let Some(before) = before else {
        return Trust::NotGiven(
            "this project is not trusted: `envdoctor trust` shows what it would do".to_owned(),
        );
    };
    match changed(context, &before, requirements) {
        Err(why) => {
            Trust::NotGiven(format!("it cannot be told whether this project is as it was trusted ({why})"))
        }
        Ok(changed) if changed.is_empty() => Trust::Given,
        Ok(changed) => Trust::NotGiven(format!(
            "this project has changed since it was trusted ({}): `envdoctor trust` shows it again",
            changed.join(", ")
        )),
    }
}

fn changed(context: &Context, before: &Pinned, requirements: &Requirements) -> Result<Vec<String>, String> {
    let machine = &*context.machine;
    let names = programs(machine, context.settings_folder(), requirements);
    let now = Pinned::now(machine, context.settings_folder())?.with_programs(
        machine,
        context.settings_folder(),
        &names,
    )?;
    let mut changed = now.changed_since(before);
    changed.extend(before.programs_changed(&now));
    // What was parsed is what was trusted, also where the file has changed in between.
    if requirements.project_text.as_ref().is_some_and(|text| !before.has_settings(text)) {
        changed.push("envdoctor.yaml".to_owned());
    }
    changed.sort();
    changed.dedup();
    Ok(changed)
}

/// The files of the project that its required commands run.
pub(super) fn programs(machine: &dyn Machine, project: &Path, requirements: &Requirements) -> Vec<String> {
    let mut names: Vec<String> =
        requirements.all.iter().flat_map(|requirement| files_run(requirement, machine, project)).collect();
    names.sort();
    names.dedup();
    names
}

/// What the project's requirements would do once it is trusted, each as a clause.
pub(super) fn asked_for(machine: &dyn Machine, project: &Path, requirements: &Requirements) -> Vec<String> {
    let needs = requirements.all.iter().filter_map(|requirement| {
        let place = &requirement.place;
        Some(format!("{}   ({}:{})", needs(requirement, machine, project)?.told(), place.file, place.line))
    });
    needs.collect()
}

/// Adds to a report what was asked, and of what nobody can tell.
pub(super) fn add_to(context: &Context, report: &mut Report, judged: &[Judged]) {
    let asked = || judged.iter().filter(|it| context.is_asked(it.rule()));
    report.summary.requirements = asked().count();
    report.examined.extend(asked().map(|it| examined(context, it)));
    let undecided = require::undecided(judged).into_iter().filter(|it| context.is_asked(it.rule));
    report.unknown.extend(undecided.map(|it| {
        let fact = format!("{} ({})", it.name, it.place);
        Unknown {
            rule: it.rule.to_owned(),
            requirement: Some(it.name),
            title: title(context, it.rule),
            baseline: context.gate.was_unknown(it.rule, &fact),
            fact,
            why: it.why,
            source: it.place,
            took: it.took,
        }
    }));
}

fn examined(context: &Context, judged: &Judged) -> Examined {
    let rule = judged.rule();
    Examined {
        rule: rule.to_owned(),
        requirement: Some(judged.requirement.need.name()),
        title: format!("{}: {}", title(context, rule), judged.requirement.need.name()),
        family: context.rules.get(rule).map(|rule| rule.family.clone()).unwrap_or_default(),
        verdict: match &judged.verdict {
            Verdict::Met => Standing::Healthy,
            Verdict::Unmet(_) => Standing::Broken,
            Verdict::Unknown(_) => Standing::Unknown,
        },
    }
}

fn title(context: &Context, rule: &str) -> String {
    context.rules.get(rule).map(|rule| rule.title.clone()).unwrap_or_default()
}

/// Asks whether all that is required is so, where the answers are kept. Gives the names of the packages among it.
pub(super) fn ask_for_recording(
    context: &Context,
    inquiry: &Inquiry,
    machine: &dyn Machine,
) -> Result<BTreeSet<String>, Failure> {
    let required = load(context, machine)?;
    examine(context, inquiry, &required, &Facts::default());
    let packages = required.all.iter().filter_map(|requirement| match &requirement.need {
        Need::Package { name, .. } => Some(name.split(':').next().unwrap_or(name).to_owned()),
        _ => None,
    });
    Ok(packages.collect())
}
