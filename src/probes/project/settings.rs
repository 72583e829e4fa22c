//! envdoctor's own settings.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::{Context, Probe};
use crate::config::{Ignore, Origin, ending_ignores};
use crate::facts::{Facts, Place, Reading, Value};
use crate::machine::Machine;

pub(super) const PROBE: Probe =
    Probe { name: "settings", yields: &["project.expired_ignores"], usual: &[], apart: false, run };

fn run(context: &Context) -> Facts {
    let machine = context.machine();
    let expired = ending_ignores(machine, &context.project).and_then(|ending| match ending.is_empty() {
        // Then nobody needs to know what day it is.
        true => Reading::Present(ending),
        false => today(machine).map(|today| over(ending, today)),
    });
    let places: Vec<Place> = expired.as_present().into_iter().flatten().filter_map(place).collect();
    let told = expired.map(|expired| Value::List(expired.iter().map(told).collect()));
    let mut facts = Facts::default();
    facts.add_at("project.expired_ignores", told, "envdoctor.yaml", places);
    facts
}

/// The day, in UTC.
fn today(machine: &dyn Machine) -> Reading<Date> {
    let now = machine.now().map(|now| i64::try_from(now).unwrap_or(i64::MAX));
    now.map(|now| Timestamp::from_second(now).unwrap_or_default().to_zoned(TimeZone::UTC).date())
}

fn over(mut ignores: Vec<Ignore>, today: Date) -> Vec<Ignore> {
    ignores.retain(|ignore| ignore.until.is_some_and(|until| until < today));
    ignores
}

fn told(ignore: &Ignore) -> String {
    let until = ignore.until.map(|until| format!(" (until {until})")).unwrap_or_default();
    format!("{}{until}", ignore.rule)
}

fn place(ignore: &Ignore) -> Option<Place> {
    match &ignore.origin {
        Origin::File(place) => Some(place.clone()),
        Origin::BuiltIn | Origin::Variable(_) | Origin::Flag(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    #[test]
    fn an_ignore_is_over_the_day_after_its_last() {
        let machine = |now: &str| {
            format!(
                "clock: {now}\nenv: {{HOME: /h}}\nfiles:\n  /p/envdoctor.yaml: |\n    ignore:\n    \
                 - {{rule: a, reason: r, until: 2026-01-31}}\n    - {{rule: b, reason: r}}\n  \
                 /h/.config/envdoctor/config.yaml: 'ignore: [{{rule: c, reason: r, until: 2026-01-30}}]'\n"
            )
        };
        assert_eq!(
            ask(&machine("2026-01-31T23:59:59Z"), &["project.expired_ignores"]),
            ["c (until 2026-01-30)"]
        );
        let both = "a (until 2026-01-31), c (until 2026-01-30)";
        assert_eq!(ask(&machine("2026-02-01T00:00:00Z"), &["project.expired_ignores"]), [both]);
        assert_eq!(ask("clock: 2026-01-31T00:00:00Z\nenv: {HOME: /h}\n", &["project.expired_ignores"]), [""]);
    }
}
