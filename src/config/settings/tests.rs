use super::*;
use crate::built_in;
use crate::facts::Risk;
use crate::machine::{Recorded, Recording};

fn load_with(flags: Layer, machine: &str) -> Result<Settings, String> {
    let text = format!("project: /p\notherwise: absent\n{machine}");
    let machine = Recorded::new(&Recording::parse(&text, "m").unwrap());
    let words = Words::new(
        ["hex-missing", "hex-fetch-failed", "nix-syntax-error", "mix-lock-outdated"],
        ["beam", "nix"],
    );
    let user = Some(Path::new("/h/.config/envdoctor"));
    Settings::load(&machine, flags, Path::new("/p"), user, &words).map_err(|error| error.to_string())
}

fn load(machine: &str) -> Settings {
    load_with(Layer::default(), machine).unwrap()
}

fn files(user: &str, project: &str) -> String {
    format!(
        "files:\n  /h/.config/envdoctor/config.yaml: {user:?}\n  /p/envdoctor.yaml: {project:?}\nenv:\n  HOME: /h\n"
    )
}

fn flags(only: &[&str], skip: &[&str]) -> Layer {
    let stated = |name, words: &[&str]| {
        words.iter().map(|word| Stated::new((*word).to_owned(), Origin::Flag(name))).collect()
    };
    Layer { only: stated("--only", only), skip: stated("--skip", skip), ..Layer::default() }
}

#[test]
fn the_nearest_layer_decides_and_each_value_knows_its_own() {
    let fail_on = |settings: &Settings| {
        let stated = settings.fail_on();
        (stated.value.to_string(), stated.origin.to_string())
    };
    let of = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    assert_eq!(fail_on(&load("")), of("error", "built in"));
    let user = files("fail_on: info\n", "");
    assert_eq!(fail_on(&load(&user)), of("info", "~/.config/envdoctor/config.yaml:1"));
    let both = files("fail_on: info\n", "# ours\nfail_on: warning\n");
    assert_eq!(fail_on(&load(&both)), of("warning", "envdoctor.yaml:2"));
    let variable = format!("{both}  ENVDOCTOR_FAIL_ON: error\n");
    assert_eq!(fail_on(&load(&variable)), of("error", "ENVDOCTOR_FAIL_ON"));
    let flag =
        Layer { fail_on: Some(Stated::new(Severity::Info, Origin::Flag("--fail-on"))), ..Layer::default() };
    assert_eq!(fail_on(&load_with(flag, &variable).unwrap()), of("info", "--fail-on"));
}

#[test]
fn who_stands_nearest_chooses_the_rules() {
    let choice = |settings: &Settings, id: &str| settings.choice(built_in::rules().get(id).unwrap());
    use Choice::{Asked, LeftOut, NotNamed};
    let none = load("");
    assert!(!none.choose());
    assert_eq!(choice(&none, "hex-missing"), Asked);
    let project = files("", "skip: [beam]\n");
    assert_eq!(choice(&load(&project), "hex-missing"), LeftOut);
    assert_eq!(choice(&load(&project), "nix-syntax-error"), Asked);
    let asked = load_with(flags(&["hex-missing"], &[]), &project).unwrap();
    assert_eq!(choice(&asked, "hex-missing"), Asked);
    assert_eq!(choice(&asked, "hex-fetch-failed"), NotNamed);
    let less = load_with(flags(&["beam"], &["hex-missing"]), "").unwrap();
    assert_eq!(choice(&less, "hex-missing"), LeftOut);
    assert_eq!(choice(&less, "hex-fetch-failed"), Asked);
    let env = load("env: {ENVDOCTOR_ONLY: 'nix, hex-missing'}\n");
    assert_eq!(choice(&env, "hex-missing"), Asked);
    assert_eq!(choice(&env, "hex-fetch-failed"), NotNamed);
    let why = load_with(flags(&["bem"], &[]), "").unwrap_err();
    assert_eq!(why, "--only: there is no rule, family or tag `bem` (did you mean `beam`?)");
}

#[test]
fn an_ignore_ends_with_its_last_day() {
    let settings = load(&files(
        "ignore: [{rule: hex-missing, reason: mine}]\n",
        "ignore:\n  - {rule: hex-fetch-failed, reason: ours, until: 2026-02-28}\n",
    ));
    let day = |day| jiff::civil::date(2026, 2, day);
    assert!(settings.ignore("hex-fetch-failed", day(28)).is_some());
    assert!(settings.ignore("hex-fetch-failed", jiff::civil::date(2026, 3, 1)).is_none());
    assert_eq!(settings.ignore("hex-missing", day(1)).unwrap().reason, "mine");
    assert!(settings.ignore("nix-syntax-error", day(1)).is_none());
}

#[test]
fn a_baseline_lies_where_its_file_says() {
    assert_eq!(load("").baseline(), None);
    let baseline = load(&files("", "baseline: ci/known.json\n")).baseline().unwrap();
    assert_eq!(baseline.value, Path::new("/p/ci/known.json"));
}

#[test]
fn what_variables_say_is_checked() {
    for (variables, why) in [
        ("ENVDOCTOR_FIX_MOST: projct", "ENVDOCTOR_FIX_MOST: `projct` is no risk (one of: none, cache"),
        ("ENVDOCTOR_FIX_NEVER: hex-mising", "there is no rule `hex-mising` (did you mean `hex-missing`?)"),
        ("ENVDOCTOR_TIMEOUT: soon", "ENVDOCTOR_TIMEOUT: `soon` is not a number of seconds above 0"),
        ("ENVDOCTOR_FAIL_ON: all", "ENVDOCTOR_FAIL_ON: `all` is no severity (one of: error, warning, info)"),
        ("ENVDOCTOR_SKIP: gpuu", "ENVDOCTOR_SKIP: there is no rule, family or tag `gpuu`"),
    ] {
        let told = load_with(Layer::default(), &format!("env: {{{variables}}}\n")).unwrap_err();
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn what_cannot_be_read_is_no_settings() {
    for (machine, why) in [
        ("folders: {/p/envdoctor.yaml: []}", "envdoctor.yaml: /p/envdoctor.yaml: not a regular file"),
        ("files: {/etc/x: ''}\nlinks: {/p/envdoctor.yaml: /etc/x}", "it leads out of the project, to /etc/x"),
    ] {
        let told = load_with(Layer::default(), machine).unwrap_err();
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn the_lesser_of_all_layers_is_repaired() {
    let of = |user: &str, project: &str| load(&files(user, project)).fix_policy();
    let both = of("fix: {most: cache, keep: {days: 3}}\n", "fix: {most: system, never: [hex-missing]}\n");
    assert_eq!((both.most(), both.keep().days), (Risk::Cache, 3));
    assert!(both.refusal("x", Risk::Project).unwrap().starts_with("~/.config/envdoctor/config.yaml:1 says"));
    assert_eq!(
        both.refusal("hex-missing", Risk::None).unwrap(),
        "envdoctor.yaml:1 says that `hex-missing` is never repaired"
    );
    assert_eq!(of("fix: {most: system}\n", "fix: {most: none}\n").most(), Risk::None);
    let cache =
        load("env: {ENVDOCTOR_FIX_MOST: cache, ENVDOCTOR_FIX_NEVER: ' hex-missing, mix-lock-outdated '}\n");
    let policy = cache.fix_policy();
    assert_eq!(
        policy.refusal("x", Risk::Project).unwrap(),
        "ENVDOCTOR_FIX_MOST says that nothing beyond `cache` is repaired"
    );
    assert_eq!(
        policy.refusal("mix-lock-outdated", Risk::None).unwrap(),
        "ENVDOCTOR_FIX_NEVER says that `mix-lock-outdated` is never repaired"
    );
}
