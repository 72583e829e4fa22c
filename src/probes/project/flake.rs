//! What `flake.nix` says, and what of it cannot hold.

use std::collections::BTreeSet;

use super::super::{Context, Probe};
use super::nix_file::File;
use super::tracked::untracked;
use crate::facts::{Facts, Reading};
use crate::formats::{in_global_registry, parse_registry};
use crate::project::{Flake, Located, LockedInput, parse_flake_lock, same_input};

const PREFIX: &str = "project.flake";

pub(super) const PROBE: Probe = Probe {
    name: "flake.nix",
    yields: &[
        "project.flake.existing_attributes",
        "project.flake.exports",
        "project.flake.inputs",
        "project.flake.missing_attributes",
        "project.flake.packages",
        "project.flake.parses",
        "project.flake.semicolon_column",
        "project.flake.semicolon_line",
        "project.flake.shells",
        "project.flake.syntax_error",
        "project.flake.systems",
        "project.flake.taken_from_flake",
        "project.flake.unaccepted_inputs",
        "project.flake.undeclared_inputs",
        "project.flake.undefined_names",
        "project.flake.unresolvable_inputs",
        "project.flake.untracked",
        "project.flake.without_system",
    ],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let file = File::read(context, "flake.nix");
    let Some(nix) = file.as_present() else { return File::none(&file, "flake.nix", PROBE.yields) };
    let mut facts = Facts::default();
    let Reading::Present(parsed) = context.flake() else { return facts };
    nix.add_syntax(&mut facts, PREFIX, &parsed.content);
    let flake = parsed.content.as_ref().ok();
    if let Some(flake) = flake {
        describe(&mut facts, nix, flake);
        inputs(&mut facts, context, nix, flake);
    }
    if context.wants("project.flake.untracked") {
        untracked(&mut facts, context, nix, flake);
    }
    if flake.is_none() {
        nix.add_unread(&mut facts, PROBE.yields);
    }
    facts
}

fn describe(facts: &mut Facts, nix: &File, flake: &Flake) {
    nix.add_expression(facts, PREFIX, &flake.expression);
    let mut list = |name: &str, items: &[Located<String>]| {
        let items = items.iter().map(|item| (item.value.clone(), item.offset));
        nix.add_list(facts, &format!("{PREFIX}.{name}"), items);
    };
    list("shells", &flake.shells);
    list("systems", &flake.expression.systems);
    list("taken_from_flake", &flake.expression.taken_from_flake);
    list("without_system", &flake.without_system);
    list("unaccepted_inputs", &flake.unaccepted());
    let inputs = flake.inputs.iter().map(|input| (input.name.clone(), input.offset));
    nix.add_list(facts, &format!("{PREFIX}.inputs"), inputs);
}

/// The inputs that are taken from a registry when the flake is next locked, and those that none has.
fn inputs(facts: &mut Facts, context: &Context, nix: &File, flake: &Flake) {
    let names = ["undeclared_inputs", "unresolvable_inputs"].map(|name| format!("{PREFIX}.{name}"));
    let lock = context.machine().read(&context.project.join("flake.lock"));
    let locked = match &lock {
        Reading::Present(text) => parse_flake_lock(text).map(|lock| lock.inputs).unwrap_or_default(),
        _ => Default::default(),
    };
    // A lock of what was declared once pins nothing: Nix sees that the flake asks for another input now, and locks anew.
    let pinned = |name: &str| {
        let asked = |input: &LockedInput| input.asked.as_deref().is_none_or(|url| same_input(name, url));
        locked.get(name).is_some_and(asked)
    };
    let undeclared: Vec<_> = flake.undeclared().into_iter().filter(|input| !pinned(&input.value)).collect();
    let known = if undeclared.iter().all(|input| in_global_registry(&input.value)) {
        Some(BTreeSet::new())
    } else {
        registered(context)
    };
    let unresolvable = undeclared.iter().filter(|input| {
        let known = known.as_ref();
        known.is_some_and(|known| !known.contains(&input.value)) && !in_global_registry(&input.value)
    });
    let item = |input: &&&Located<String>| (input.value.clone(), input.offset);
    nix.add_list(facts, &names[1], unresolvable.map(|input| item(&input)));
    nix.add_list(facts, &names[0], undeclared.iter().map(|input| item(&input)));
}

/// The names in the system's and the user's registries; `None`: there may be others.
fn registered(context: &Context) -> Option<BTreeSet<String>> {
    let machine = context.machine();
    let configured = machine.env("XDG_CONFIG_HOME").present().filter(|folder| folder.starts_with('/'));
    let user = configured
        .map(std::path::PathBuf::from)
        .or_else(|| Some(context.home()?.join(".config")))
        .map(|folder| folder.join("nix"));
    let folders: Vec<_> = [Some("/etc/nix".into()), user].into_iter().flatten().collect();
    let mut names = BTreeSet::new();
    for folder in &folders {
        match machine.read(&folder.join("registry.json")) {
            Reading::Present(text) => names.extend(parse_registry(&text)?),
            Reading::Absent => {}
            _ => return None,
        }
        // Another global registry may have any name.
        match machine.read(&folder.join("nix.conf")) {
            Reading::Present(text) if text.contains("flake-registry") => return None,
            Reading::Present(_) | Reading::Absent => {}
            _ => return None,
        }
    }
    let overridden = machine.env("NIX_CONFIG").present().is_some_and(|text| text.contains("flake-registry"));
    (!overridden).then_some(names)
}

#[cfg(test)]
mod tests {
    use crate::facts::Facts;
    use crate::probes::recorded::{facts_of as run, list, shown as text};

    fn facts(flake: &str, more: &str) -> Facts {
        let flake = flake.replace('\n', "\n    ");
        run(&super::PROBE, &format!("{more}\nfiles:\n  /p/flake.nix: |\n    {flake}\n"))
    }

    #[test]
    fn a_semicolon_that_is_missing_is_placed_in_characters() {
        let facts = facts("{\n  outputs = { self }: { x = \"é\"; }\n}", "");
        assert_eq!(text(&facts, "project.flake.parses"), "no");
        assert_eq!(text(&facts, "project.flake.syntax_error"), "';' is missing after the value of `outputs`");
        assert_eq!(facts.get("project.flake.syntax_error").unwrap().places[0].to_string(), "flake.nix:2:35");
        assert_eq!(text(&facts, "project.flake.semicolon_column"), "35");
        let unread = &facts.get("project.flake.inputs").unwrap().reading;
        assert_eq!(unread.why_unknown().as_deref(), Some("flake.nix does not parse"));
    }

    #[test]
    fn undeclared_inputs_are_those_that_nothing_pins() {
        let flake = "{ outputs = { self, nixpkgs, flake-parts, mine }: { }; }";
        let registry = "env: {HOME: /h}\n";
        let some = facts(flake, registry);
        assert_eq!(list(&some, "project.flake.undeclared_inputs"), ["nixpkgs", "flake-parts", "mine"]);
        assert_eq!(list(&some, "project.flake.unresolvable_inputs"), ["flake-parts", "mine"]);
        let with = |more: &str| {
            let text = format!(
                "env: {{HOME: /h}}\nfiles:\n  /p/flake.nix: '{flake}'\n  /h/.config/nix/registry.json: \
                 '{{\"flakes\": [{{\"from\": {{\"id\": \"mine\", \"type\": \"indirect\"}}}}]}}'\n{more}"
            );
            run(&super::PROBE, &text)
        };
        assert_eq!(list(&with(""), "project.flake.unresolvable_inputs"), ["flake-parts"]);
        let own = with("  /etc/nix/nix.conf: 'flake-registry = /r.json'");
        assert!(list(&own, "project.flake.unresolvable_inputs").is_empty());
        let locked = with(
            "  /p/flake.lock: '{\"version\": 7, \"root\": \"root\", \"nodes\": {\"root\": {\"inputs\": {\"nixpkgs\": \"n\", \"flake-parts\": \"f\"}}}}'",
        );
        assert_eq!(list(&locked, "project.flake.undeclared_inputs"), ["mine"]);
        let node = |name: &str, original: &str| format!("\"{name}\": {{\"original\": {{{original}}}}}");
        let nodes = [
            node("n", r#""type": "indirect", "id": "nixpkgs""#),
            node("f", r#""type": "github", "owner": "hercules-ci", "repo": "flake-parts""#),
        ];
        let locked_once = with(&format!(
            "  /p/flake.lock: '{{\"version\": 7, \"root\": \"root\", \"nodes\": {{\"root\": {{\"inputs\": {{\"nixpkgs\": \"n\", \"flake-parts\": \"f\"}}}}, {}}}}}'",
            nodes.join(", ")
        ));
        assert_eq!(list(&locked_once, "project.flake.undeclared_inputs"), ["flake-parts", "mine"]);
    }

    #[test]
    fn files_that_git_does_not_track() {
        let flake = "{ outputs = { self }: { a = ./a.nix; b = ./nix/b.nix; c = ./gone.nix; d = toString ./d; e = ./dir; s = ./sub/x; }; }";
        let files =
            ["a.nix", "nix/b.nix", "d", "dir/x", "sub/x"].map(|name| format!("  /p/{name}: x\n")).concat();
        let with = |tracked: &str, more: &str| {
            let text = format!("{tracked}files:\n  /p/flake.nix: '{flake}'\n{files}{more}");
            run(&super::PROBE, &text)
        };
        let facts = with("tracked: {/p: [flake.nix, a.nix, sub]}\n", "");
        assert_eq!(list(&facts, "project.flake.untracked"), ["nix/b.nix", "dir"]);
        assert_eq!(facts.get("project.flake.untracked").unwrap().places[0].column, 42);
        assert_eq!(list(&with("tracked: {/p: []}\n", ""), "project.flake.untracked")[0], "flake.nix");
        assert!(with("", "").get("project.flake.untracked").unwrap().reading.as_present().is_none());
        let path = with("tracked: {/p: []}\n", "  /p/.envrc: 'use flake path:.'\n");
        assert!(path.get("project.flake.untracked").unwrap().reading.as_present().is_none());
    }

    #[test]
    fn an_overlay_may_bring_any_attribute() {
        let plain = facts("{ outputs = { self, nixpkgs }: { x = (import nixpkgs { }).credo; }; }", "");
        assert_eq!(list(&plain, "project.flake.missing_attributes"), ["credo"]);
        let overlaid = facts(
            "{ outputs = { self, nixpkgs }: { x = (import nixpkgs { overlays = [ o ]; }).credo; }; }",
            "",
        );
        assert!(list(&overlaid, "project.flake.missing_attributes").is_empty());
        let optional =
            facts("{ outputs = { self, nixpkgs }: { x = (import nixpkgs { }).credo or null; }; }", "");
        assert!(list(&optional, "project.flake.missing_attributes").is_empty());
    }
}
