//! envdoctor's own settings.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::{Context, Probe};
use crate::facts::{Facts, Lines, Place, Reading, Value};
use crate::machine::Machine;
use crate::project::{EndingIgnore, parse_ignores};

pub(super) const PROBE: Probe =
    Probe { name: "settings", yields: &["project.expired_ignores"], usual: &[], apart: false, run };

/// An ignore, and where it stands.
type Ignore = (EndingIgnore, Place);

fn run(context: &Context) -> Facts {
    let machine = context.machine();
    let expired = ignores(context).and_then(|ignores| match ignores.is_empty() {
        // Then nobody needs to know what day it is.
        true => Reading::Present(ignores),
        false => today(machine).map(|today| over(ignores, today)),
    });
    let places = expired.as_present().into_iter().flatten().map(|(_, place)| place.clone()).collect();
    let told = |(ignore, _): &Ignore| format!("{} (until {})", ignore.rule.value, ignore.until);
    let told = expired.map(|expired| Value::List(expired.iter().map(told).collect()));
    let mut facts = Facts::default();
    facts.add_at("project.expired_ignores", told, "envdoctor.yaml", places);
    facts
}

/// Those of the project, and of the user.
fn ignores(context: &Context) -> Reading<Vec<Ignore>> {
    let machine = context.machine();
    let own = ("envdoctor.yaml".to_owned(), context.project.join("envdoctor.yaml"));
    let user = context.config_home().map(|folder| {
        let path = folder.join("envdoctor/config.yaml");
        let below = context.home().and_then(|home| Some(path.strip_prefix(home).ok()?.to_owned()));
        (below.map_or_else(|| path.display().to_string(), |below| format!("~/{}", below.display())), path)
    });
    let mut all = Vec::new();
    for (name, path) in std::iter::once(own).chain(user) {
        match of_file(machine, &name, &path) {
            Reading::Present(ignores) => all.extend(ignores),
            Reading::Absent => {}
            other => return other,
        }
    }
    Reading::Present(all)
}

fn of_file(machine: &dyn Machine, name: &str, path: &Path) -> Reading<Vec<Ignore>> {
    machine.read(path).and_then(|text| match parse_ignores(&text) {
        Ok(ignores) => {
            let lines = Lines::of(&text);
            let placed = |it: EndingIgnore| {
                let place = lines.place(name, &text, it.rule.offset);
                (it, place)
            };
            Reading::Present(ignores.into_iter().map(placed).collect())
        }
        Err(error) => Reading::failed(format!("{name}: {error}")),
    })
}

/// The day, in UTC.
fn today(machine: &dyn Machine) -> Reading<Date> {
    let now = machine.now().map(|now| i64::try_from(now).unwrap_or(i64::MAX));
    now.map(|now| Timestamp::from_second(now).unwrap_or_default().to_zoned(TimeZone::UTC).date())
}

fn over(mut ignores: Vec<Ignore>, today: Date) -> Vec<Ignore> {
    ignores.retain(|(ignore, _)| ignore.until < today);
    ignores
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
