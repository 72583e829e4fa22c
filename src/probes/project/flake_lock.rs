//! What `flake.lock` pins, how old it is, and whether it goes with `flake.nix`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::{Context, Probe};
use super::nix_file::File;
use crate::facts::{Facts, Place, Reading, Value};
use crate::project::{Flake, FlakeLock, LockError, Nixpkgs, Release, parse_flake_lock, same_input};

const DAY: u64 = 24 * 60 * 60;

pub(super) const PROBE: Probe = Probe {
    name: "flake.lock",
    yields: &[
        "project.flake_lock.changed_inputs",
        "project.flake_lock.ended_releases",
        "project.flake_lock.error",
        "project.flake_lock.inputs",
        "project.flake_lock.nixpkgs_age",
        "project.flake_lock.unlocked_inputs",
        "project.flake_lock.unused_inputs",
    ],
    usual: &[],
    apart: false,
    run,
};

/// The facts for which flake.nix must be read as well.
const COMPARED: &[&str] = &[
    "project.flake_lock.changed_inputs",
    "project.flake_lock.unlocked_inputs",
    "project.flake_lock.unused_inputs",
];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let nix = File::read(context, "flake.nix");
    let parsed = context.flake().present();
    let parsed = parsed.as_ref().and_then(|parsed| parsed.content.as_ref().ok());
    let flake = nix.as_present().zip(parsed);
    let file = File::read(context, "flake.lock");
    let lock = match &file {
        Reading::Present(file) => match parse_flake_lock(&file.text) {
            Ok(lock) => Some(lock),
            Err(error) => {
                refuse(&mut facts, file, &error);
                return facts;
            }
        },
        // Without one the releases that flake.nix names are known all the same.
        Reading::Absent => None,
        _ => return File::none(&file, "flake.lock", PROBE.yields),
    };
    if let (Some(lock), Reading::Present(file)) = (&lock, &file) {
        describe(&mut facts, context, lock, file);
        if let Some((nix, flake)) = &flake {
            compare(&mut facts, lock, nix, flake);
        } else if let Some(nix) = nix.as_present() {
            nix.add_unread(&mut facts, COMPARED);
        }
    }
    ended(&mut facts, context, lock.as_ref(), flake);
    facts
}

fn refuse(facts: &mut Facts, file: &File, error: &LockError) {
    match error {
        LockError::Invalid(why) => {
            let place = Place {
                file: file.name.clone(),
                line: why.line() as u64,
                column: why.column().max(1) as u64,
                excerpt: file.text.lines().nth(why.line().saturating_sub(1)).unwrap_or_default().to_owned(),
            };
            let reading = Reading::Present(Value::from(why.to_string()));
            facts.add_at("project.flake_lock.error", reading, &file.name, vec![place]);
        }
        LockError::Version(_) | LockError::TooMuch => {
            for name in PROBE.yields {
                facts.add(*name, Reading::failed(format!("flake.lock: {error}")), &file.name);
            }
        }
    }
}

fn describe(facts: &mut Facts, context: &Context, lock: &FlakeLock, file: &File) {
    let names = lock.inputs.keys().cloned().collect();
    facts.add("project.flake_lock.inputs", Reading::Present(Value::List(names)), &file.name);
    let nixpkgs = lock
        .inputs
        .values()
        .filter(|input| input.asked.as_deref().is_some_and(|url| Nixpkgs::of(url).is_some()));
    if let Some(modified) = nixpkgs.filter_map(|input| input.modified).min() {
        let age = context.machine().now().map(|now| Value::from(now.saturating_sub(modified) / DAY));
        facts.add("project.flake_lock.nixpkgs_age", age, &file.name);
    }
}

/// What the lock file says and flake.nix does not, and the other way round.
fn compare(facts: &mut Facts, lock: &FlakeLock, nix: &File, flake: &Flake) {
    let taken: Vec<_> = flake.undeclared().into_iter().map(|it| (it.value.clone(), it.offset)).collect();
    let declared = || flake.inputs.iter().map(|input| (input.name.clone(), input.offset));
    let unlocked =
        declared().chain(taken.iter().cloned()).filter(|(name, _)| !lock.inputs.contains_key(name));
    nix.add_list(facts, "project.flake_lock.unlocked_inputs", unlocked);
    // What takes its arguments as one may use any.
    let open = flake.arguments.is_none();
    let used = |name: &str| open || declared().chain(taken.iter().cloned()).any(|(used, _)| used == *name);
    let unused = lock.inputs.keys().filter(|name| !used(name)).cloned().collect();
    facts.add("project.flake_lock.unused_inputs", Reading::Present(Value::List(unused)), "flake.lock");
    let changed = flake.inputs.iter().filter_map(|input| {
        let url = input.url.as_ref()?;
        let asked = lock.inputs.get(&input.name)?.asked.as_ref()?;
        (!same_input(url, asked))
            .then(|| (format!("{} (flake.nix: {url}, flake.lock: {asked})", input.name), input.offset))
    });
    nix.add_list(facts, "project.flake_lock.changed_inputs", changed);
}

/// The releases of nixpkgs that are asked for and no longer maintained: what flake.nix says if it can be read, for that
/// is what the next lock file will say.
fn ended(facts: &mut Facts, context: &Context, lock: Option<&FlakeLock>, flake: Option<(&File, &Flake)>) {
    const FACT: &str = "project.flake_lock.ended_releases";
    let release = |url: &str| {
        let branch = Nixpkgs::of(url)?.branch?;
        let ends = Release::of_branch(&branch)?.ends();
        Some((branch, ends))
    };
    let asked: Vec<(String, Date, Option<usize>)> = match flake {
        Some((_, flake)) => flake
            .inputs
            .iter()
            .filter_map(|input| {
                let (branch, ends) = release(input.url.as_deref()?)?;
                Some((branch, ends, Some(input.offset)))
            })
            .collect(),
        None => lock
            .into_iter()
            .flat_map(|lock| lock.inputs.values())
            .filter_map(|input| release(input.asked.as_deref()?).map(|(branch, ends)| (branch, ends, None)))
            .collect(),
    };
    let source = if flake.is_some() { "flake.nix" } else { "flake.lock" };
    if asked.is_empty() {
        return facts.add(FACT, Reading::Present(Value::List(Vec::new())), source);
    }
    let today = match context.machine().now() {
        Reading::Present(now) => {
            match i64::try_from(now).ok().and_then(|now| Timestamp::from_second(now).ok()) {
                Some(now) => now.to_zoned(TimeZone::UTC).date(),
                None => {
                    return facts.add(
                        FACT,
                        Reading::failed("the clock says nothing that is a time"),
                        "the clock",
                    );
                }
            }
        }
        unknown => return facts.add(FACT, unknown.map(Value::from), "the clock"),
    };
    let ended = asked.into_iter().filter(|(_, ends, _)| today > *ends);
    let (items, offsets): (Vec<_>, Vec<_>) =
        ended.map(|(branch, ends, offset)| (format!("{branch} (maintained until {ends})"), offset)).unzip();
    let place = |offset: Option<usize>| flake.zip(offset).map(|((nix, _), offset)| nix.place(offset));
    let places = offsets.into_iter().filter_map(place).collect();
    facts.add_at(FACT, Reading::Present(Value::List(items)), source, places);
}

#[cfg(test)]
mod tests {
    use crate::facts::{Facts, Reading};
    use crate::probes::recorded::{facts_of as run, list, shown as text};

    /// A lock file that pins these inputs, each with what was asked for.
    fn lock(inputs: &[(&str, &str)]) -> String {
        let named: Vec<_> = inputs.iter().map(|(name, _)| format!("\"{name}\": \"{name}\"")).collect();
        let nodes: String = inputs
            .iter()
            .map(|(name, original)| {
                format!(
                    ", \"{name}\": {{\"locked\": {{\"lastModified\": 1735563628}}, \"original\": {original}}}"
                )
            })
            .collect();
        let root = format!("\"root\": {{\"inputs\": {{{}}}}}", named.join(", "));
        format!("{{\"version\": 7, \"root\": \"root\", \"nodes\": {{{root}{nodes}}}}}")
    }

    fn facts(url: &str, lock: Option<&str>) -> Facts {
        let lock = lock.map(|lock| format!("  /p/flake.lock: '{lock}'\n")).unwrap_or_default();
        // 2 January 2025
        run(
            &super::PROBE,
            &format!(
                "clock: 2025-01-02T00:00:00Z\nfiles:\n  /p/flake.nix: '{{ inputs.nixpkgs.url = \"{url}\"; outputs = {{ self, nixpkgs, \
                 flake-utils }}: {{ }}; }}'\n{lock}"
            ),
        )
    }

    const OLD: &str = r#"{"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-24.05"}"#;

    #[test]
    fn a_release_ends() {
        let ended = "project.flake_lock.ended_releases";
        let old = facts("github:NixOS/nixpkgs/nixos-24.05", None);
        assert_eq!(list(&old, ended), ["nixos-24.05 (maintained until 2024-12-31)"]);
        assert_eq!(old.get(ended).unwrap().places[0].to_string(), "flake.nix:1:3");
        assert!(list(&facts("github:NixOS/nixpkgs/nixos-24.11", None), ended).is_empty());
        assert!(list(&facts("github:NixOS/nixpkgs/nixos-unstable", None), ended).is_empty());
    }

    #[test]
    fn a_lock_file_out_of_step() {
        let pinned = lock(&[("nixpkgs", OLD), ("gone", OLD)]);
        let facts = facts("github:NixOS/nixpkgs/nixos-24.11", Some(&pinned));
        assert_eq!(list(&facts, "project.flake_lock.unlocked_inputs"), ["flake-utils"]);
        assert_eq!(list(&facts, "project.flake_lock.unused_inputs"), ["gone"]);
        assert_eq!(list(&facts, "project.flake_lock.changed_inputs").len(), 1);
        assert_eq!(text(&facts, "project.flake_lock.nixpkgs_age"), "2");
    }

    #[test]
    fn a_lock_file_in_step() {
        let pinned = lock(&[("nixpkgs", OLD), ("flake-utils", OLD)]);
        let facts = facts("github:nixos/nixpkgs/nixos-24.05", Some(&pinned));
        for name in ["unlocked_inputs", "unused_inputs", "changed_inputs"] {
            assert!(list(&facts, &format!("project.flake_lock.{name}")).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_lock_file_that_cannot_be_read() {
        let conflict = facts("nixpkgs", Some("<<<<<<< HEAD"));
        assert_eq!(conflict.get("project.flake_lock.error").unwrap().places[0].to_string(), "flake.lock:1:1");
        let newer = facts("nixpkgs", Some(r#"{"version": 8}"#));
        assert!(matches!(newer.get("project.flake_lock.inputs").unwrap().reading, Reading::Failed { .. }));
    }
}
