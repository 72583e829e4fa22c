//! `fix --plan FILE` and `fix --apply FILE`: what the file says is done, or nothing.

use std::fs;

use serde_json::{Value, json};

use crate::{
    house::{House, NEW, OLD},
    lab::output::Ran,
};

/// A house with a log of three complaints, and the plan for them in `plan.json` beside the project.
fn planned() -> House {
    let house = House::with(&[]).unwrap();
    house.rule(
        "hash-wrong",
        "  - {title: Put the right one, risk: project, edit: {kind: nix-hash, find: \"${one}\", replace: \"${two}\", in: [\"*.nix\"]}}",
    );
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [junk]}");
    house.rule("out-stale", "  - {title: Make it anew, risk: project, run: [sh, ./mend], changes: [out]}");
    let lab = &house.lab;
    lab.write("a.nix", &format!("{{ hash = \"{OLD}\"; }}\n"));
    lab.write("junk/file", "junk\n");
    lab.write("other/file", "worth keeping\n");
    lab.write("out/file", "old\n");
    lab.write("mend", "echo new >out/file\n");
    house.complain(&[&format!("hash-wrong {OLD} {NEW}"), "junk-left", "out-stale"]);
    let before = house.look();
    house.doctor(&["fix", "--log", &house.log, "--plan", &plan(&house)]).exits(1);
    house.must_be(&before, "to plan changes something");
    assert!(house.fixes().is_empty());
    house
}

fn plan(house: &House) -> String {
    house.lab.inside("plan.json")
}

fn apply(house: &House, consent: &str) -> Ran {
    house.doctor(&["fix", "--apply", &plan(house), consent])
}

fn edit(house: &House, change: impl FnOnce(&mut Value)) {
    let text = fs::read_to_string(plan(house)).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    change(&mut json);
    fs::write(plan(house), json.to_string()).unwrap();
}

/// Nothing is done, with these words.
#[track_caller]
fn is_refused(house: &House, why: &str) {
    let before = house.look();
    apply(house, "--yes=system").exits(2).complains(why);
    house.must_be(&before, "a plan that does not fit was carried out");
    assert!(house.fixes().is_empty());
}

#[test]
fn it_is_carried_out_and_taken_back() {
    let house = planned();
    let before = house.look();
    let plan: Value = serde_json::from_str(&fs::read_to_string(plan(&house)).unwrap()).unwrap();
    assert_eq!(plan["remedies"].as_array().unwrap().len(), 3, "{plan:#}");
    apply(&house, "--yes=project").exits(3);
    assert!(house.lab.read("a.nix").contains(NEW) && !house.exists("junk"));
    assert_eq!(house.lab.read("out/file"), "new\n");
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

#[test]
fn a_plan_gives_no_consent() {
    let house = planned();
    let before = house.look();
    house.doctor(&["fix", "--apply", &plan(&house)]).fails().shows("--yes=project would allow it");
    house.must_be(&before, "it was carried out without consent");
    apply(&house, "--yes=cache").fails();
    assert!(
        house.lab.read("a.nix").contains(OLD) && !house.exists("junk"),
        "cache is all that was agreed to"
    );
}

#[test]
fn less_than_the_plan_is_done_where_less_stands_in_it() {
    let house = planned();
    edit(&house, |plan| {
        let remedies = plan["remedies"].as_array_mut().unwrap();
        remedies.retain(|remedy| remedy["rule"] == "junk-left");
    });
    apply(&house, "--yes=project").exits(3);
    assert!(house.lab.read("a.nix").contains(OLD) && !house.exists("junk"));
}

#[test]
fn a_file_that_it_edits_has_changed() {
    let house = planned();
    house.lab.write("a.nix", &format!("{{ hash = \"{OLD}\"; mine = 1; }}\n"));
    is_refused(&house, "a.nix has changed");
    fs::remove_file(house.lab.project().join("a.nix")).unwrap();
    is_refused(&house, "a.nix has changed");
}

#[test]
fn the_log_has_changed() {
    let house = planned();
    house.complain(&["junk-left"]);
    is_refused(&house, "build.log is not what it was made from");
    fs::remove_file(&house.log).unwrap();
    is_refused(&house, "build.log is not what it was made from");
}

#[test]
fn what_would_be_removed_is_gone() {
    let house = planned();
    fs::remove_dir_all(house.lab.project().join("junk")).unwrap();
    is_refused(&house, "is not what would be done now");
}

#[test]
fn it_is_for_another_project() {
    let house = planned();
    let elsewhere = house.lab.path("home/elsewhere");
    fs::create_dir_all(elsewhere.join("junk")).unwrap();
    let before = house.look();
    let arguments = ["-C", elsewhere.to_str().unwrap(), "fix", "--apply", &plan(&house), "--yes=system"];
    house.doctor(&arguments).exits(2).complains("it is for");
    house.must_be(&before, "a plan for another project was carried out");
}

#[test]
fn a_rule_offers_something_else_now() {
    let house = planned();
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [other]}");
    is_refused(&house, "is not what would be done now");
    assert!(house.exists("other/file"));
}

#[test]
fn a_fact_has_changed() {
    let mut house = House::with(&[]).unwrap();
    house.lab.set("GIZMO", "loose");
    house.check(
        "a-loose-gear",
        "{fact: env.GIZMO, exists: true}",
        "  - {title: Remove it, risk: cache, remove: [junk]}",
    );
    house.lab.write("junk/file", "junk\n");
    house.doctor(&["fix", "--plan", &plan(&house)]).exits(1);
    house.lab.set("GIZMO", "looser");
    is_refused(&house, "env.GIZMO was");
    house.lab.set("GIZMO", "loose");
    apply(&house, "--yes").exits(1).shows("still broken");
}

/// Whoever can write the file cannot make us do what no rule offers.
#[test]
fn a_plan_that_was_tampered_with() {
    type Change = fn(&mut Value);
    let changes: &[(&str, Change)] = &[
        ("another argument", |plan| {
            remedy(plan, "out-stale")["command"] = json!(["sh", "-c", "touch owned"])
        }),
        ("another path", |plan| remedy(plan, "junk-left")["paths"] = json!(["/"])),
        ("a path more", |plan| {
            remedy(plan, "junk-left")["paths"].as_array_mut().unwrap().push(json!("other"))
        }),
        ("another diff", |plan| remedy(plan, "hash-wrong")["diff"] = json!("-a\n+b\n")),
        ("a lesser risk", |plan| remedy(plan, "out-stale")["risk"] = json!("none")),
        ("another rule", |plan| remedy(plan, "junk-left")["rule"] = json!("out-stale")),
        ("a key of a remedy", |plan| remedy(plan, "junk-left")["more"] = json!(true)),
        ("a remedy more", |plan| {
            let more =
                json!({"rule": "junk-left", "title": "x", "risk": "none", "command": ["touch", "owned"]});
            plan["remedies"].as_array_mut().unwrap().push(more);
        }),
        ("a remedy that is none", |plan| plan["remedies"] = json!([7])),
        ("an unknown rule", |plan| remedy(plan, "junk-left")["rule"] = json!("no-such-rule")),
        ("an unknown key", |plan| plan["more"] = json!(1)),
        ("another form", |plan| plan["schema_version"] = json!(2)),
        ("no form", |plan| drop(plan.as_object_mut().unwrap().remove("schema_version"))),
        ("another project", |plan| plan["project"] = json!("/")),
        ("another log", |plan| plan["source"]["file"] = json!("/etc/passwd")),
        ("no log", |plan| plan["source"] = Value::Null),
        ("other files", |plan| plan["files"] = json!({"/etc/passwd": null})),
    ];
    let house = planned();
    let sound = fs::read(plan(&house)).unwrap();
    let before = house.look();
    for (what, change) in changes {
        edit(&house, change);
        let refused = apply(&house, "--yes=system");
        refused.must(refused.code() == 2, &format!("{what} must be refused"));
        house.must_be(&before, what);
        fs::write(plan(&house), &sound).unwrap();
    }
    for text in ["", "{", "[]", "null", "\u{0}"] {
        fs::write(plan(&house), text).unwrap();
        is_refused(&house, "is no plan that `envdoctor fix --plan` wrote");
    }
    fs::remove_file(plan(&house)).unwrap();
    is_refused(&house, "there is no such file");
    fs::write(plan(&house), &sound).unwrap();
    apply(&house, "--yes=project").exits(3);
}

fn remedy<'p>(plan: &'p mut Value, rule: &str) -> &'p mut Value {
    let mut remedies = plan["remedies"].as_array_mut().unwrap().iter_mut();
    remedies.find(|remedy| remedy["rule"] == rule).unwrap()
}
