//! The shells' hooks, in real shells on a terminal.

use std::fs;

use crate::lab::{Lab, Machine, left_out, output::Ran};
use crate::project::{RULE, broken, snippet};
use crate::stand_in;

/// A shell with its hook.
struct Shell {
    name: &'static str,
    /// The file that it reads at its start, in the home folder.
    file: &'static str,
    /// The line in it, among our snippets.
    snippet: &'static str,
    /// What stands above the line: options and prompts of somebody who is strict.
    before: &'static str,
    /// What it says of the last exit code.
    code: &'static str,
}

const BASH: Shell = Shell {
    name: "bash",
    file: ".bashrc",
    snippet: "bashrc",
    before: "set -u\nPROMPT_COMMAND='seen=$? ;'\nalias cat=false\n",
    code: "$?",
};

const ZSH: Shell = Shell {
    name: "zsh",
    file: ".zshrc",
    snippet: "zshrc",
    before: "setopt nounset ksharrays shwordsplit\nalias cat=false\n",
    code: "$?",
};

const FISH: Shell = Shell {
    name: "fish",
    file: ".config/fish/config.fish",
    snippet: "config.fish",
    before: "function cat; false; end\n",
    code: "$status",
};

impl Shell {
    /// A lab with that shell, whose hook is read twice, as when somebody sources the file again.
    fn lab(&self) -> Option<Lab> {
        let lab = Lab::host(&[self.name, "script"])?;
        let line =
            snippet(self.snippet).replace("envdoctor hook", &format!("{} hook", lab.inside("envdoctor")));
        let file = lab.path("home").join(self.file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("{}{line}{line}", self.before)).unwrap();
        Some(lab)
    }

    /// Types lines at its prompt, in the home folder.
    fn type_in(&self, lab: &mut Lab, lines: &[&str]) -> Ran {
        lab.set("TERM", "dumb");
        let mut typed = lines.join("\n").replace("$CODE", self.code);
        typed.push_str("\nexit 0\n");
        lab.run_in("home", &["script", "-qec", &format!("{} -i", self.name), "/dev/null"], typed.as_bytes())
    }
}

/// The folders in which envdoctor was asked, in their order.
fn folders(lab: &Lab) -> Vec<String> {
    let asked = stand_in::asked(lab);
    let lab_folder = format!("{}/", lab.inside("").trim_end_matches('/'));
    asked
        .chunks(2)
        .map(|call| {
            assert_eq!(call[1], "[check][--quiet]");
            call[0].strip_prefix(&lab_folder).unwrap().to_owned()
        })
        .collect()
}

fn asks_once_a_project(shell: &Shell) {
    let Some(mut lab) = shell.lab() else { return };
    stand_in::envdoctor(&mut lab, 1);
    lab.write("mix.exs", "");
    lab.write("lib/demo.ex", "");
    for (file, text) in [("other/envdoctor.yaml", "{}"), ("plain/notes", ""), ("home/.tool-versions", "")] {
        let file = lab.path(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    fs::create_dir(lab.path("home/below")).unwrap();
    let ran = shell.type_in(
        &mut lab,
        &[
            // The home folder's own files make no project of it, nor of what stands below.
            "cd below",
            "cd ../../plain",
            "cd ../project",
            "true",
            "cd lib",
            "cd ../../other",
            "cd ../project",
            "echo '# changed' >> mix.exs",
            "true",
            "cd ../other",
            "cd ../project/lib",
            "echo to the $CODE end",
        ],
    );
    ran.exits(0).shows("to the 0 end");
    assert_eq!(folders(&lab), ["project", "other", "project/lib"], "{}", ran.all());
}

/// A folder's name can hold anything.
fn knows_odd_names(shell: &Shell) {
    let Some(mut lab) = shell.lab() else { return };
    stand_in::envdoctor(&mut lab, 0);
    let name = "odd *[a] $(touch pwned) 'b' \\ \"c\"\nd";
    for below in [format!("project/{name}/mix.exs"), format!("empty/{name}/-n/notes")] {
        let file = lab.path(&below);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "").unwrap();
    }
    let ran = shell.type_in(
        &mut lab,
        &["cd ../project/odd*", "cd ..", "cd odd*", "cd ../../empty/odd*/-n", "echo to the $CODE end"],
    );
    ran.exits(0).shows("to the 0 end");
    let asked = fs::read_to_string(lab.path("asked")).unwrap();
    let expected = format!("{}\n[check][--quiet]\n", lab.inside(&format!("project/{name}")));
    assert_eq!(asked, expected, "{}", ran.all());
    assert!(!lab.path("home/pwned").exists() && !lab.project().join("pwned").exists());
}

fn leaves_the_exit_code(shell: &Shell) {
    let Some(mut lab) = shell.lab() else { return };
    stand_in::envdoctor(&mut lab, 1);
    lab.write("mix.exs", "");
    let ran = shell.type_in(
        &mut lab,
        &["cd ../project; sh -c 'exit 7'", "echo \"after: $CODE\"", "echo \"then: $CODE\""],
    );
    ran.exits(0).shows("after: 7").shows("then: 0");
    assert_eq!(folders(&lab), ["project"]);
}

/// Whoever has loaded `use envdoctor` has been told.
fn leaves_it_to_direnv(shell: &Shell) {
    let Some(mut lab) = shell.lab() else { return };
    stand_in::envdoctor(&mut lab, 0);
    lab.write("mix.exs", "");
    lab.set("USE_ENVDOCTOR", &lab.inside("project"));
    shell.type_in(&mut lab, &["cd ../project"]).exits(0);
    assert!(folders(&lab).is_empty());
}

fn is_silent_without_envdoctor(shell: &Shell) {
    let Some(mut lab) = shell.lab() else { return };
    lab.write("mix.exs", "");
    lab.set("PATH", "/usr/bin:/bin");
    let ran = shell.type_in(&mut lab, &["cd ../project", "echo \"code: $CODE\""]);
    ran.exits(0).shows("code: 0").must(!ran.all().contains("not found"), "it does not complain");
}

fn shows_what_is_wrong(shell: &Shell) {
    let Some(mut lab) = shell.lab() else { return };
    if which::which("elixir").is_err() {
        return left_out(Machine::Host, "elixir");
    }
    let here = lab.inside("");
    lab.put_on_path(&here);
    broken(&lab);
    shell.type_in(&mut lab, &["cd ../project"]).exits(0).shows(RULE);
}

macro_rules! in_each_shell {
    ($($test:ident),+ $(,)?) => {
        mod bash { $(#[test] fn $test() { super::$test(&super::BASH); })+ }
        mod fish { $(#[test] fn $test() { super::$test(&super::FISH); })+ }
        mod zsh { $(#[test] fn $test() { super::$test(&super::ZSH); })+ }
    };
}

in_each_shell! {
    asks_once_a_project,
    knows_odd_names,
    leaves_the_exit_code,
    leaves_it_to_direnv,
    is_silent_without_envdoctor,
    shows_what_is_wrong,
}

/// A PROMPT_COMMAND may be a string, an array or nothing; each is kept.
#[test]
fn bash_keeps_other_prompt_commands() {
    for before in [
        "PROMPT_COMMAND='other'",
        "PROMPT_COMMAND='other;'",
        "PROMPT_COMMAND=(other another)",
        "unset PROMPT_COMMAND",
    ] {
        let Some(mut lab) = BASH.lab() else { return };
        let file = lab.path("home/.bashrc");
        let hook = fs::read_to_string(&file).unwrap().replace(BASH.before, &format!("set -u\n{before}\n"));
        let others = "other() { others=${others-}o; }; another() { others=${others-}a; }\n";
        fs::write(&file, format!("{others}{hook}")).unwrap();
        stand_in::envdoctor(&mut lab, 0);
        lab.write("mix.exs", "");
        let ran = BASH.type_in(&mut lab, &["cd ../project", "echo \"others: ${others-none}.\""]);
        let expected = match before {
            "unset PROMPT_COMMAND" => "others: none.",
            "PROMPT_COMMAND=(other another)" => "others: oaoa.",
            _ => "others: oo.",
        };
        ran.exits(0).shows(expected);
        assert_eq!(folders(&lab), ["project"], "{before}");
    }
}

#[test]
fn shellcheck_has_no_complaint() {
    let Some(lab) = Lab::host(&["shellcheck"]) else { return };
    for hook in ["bash", "direnv"] {
        let text = lab.doctor(&["hook", hook]).exits(0).stdout.clone();
        lab.write(hook, &text);
        lab.run(&["shellcheck", "--shell=bash", hook]).exits(0);
    }
}

/// What a shell reads at each start does not wait for the rules, and does not speak of a project's mistakes.
#[test]
fn the_hook_is_printed_whatever_the_project_holds() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("envdoctor.yaml", "no such key: true\n");
    for shell in ["bash", "direnv", "fish", "zsh"] {
        lab.doctor(&["hook", shell]).exits(0).silent(shell).shows("envdoctor check --quiet");
    }
}
