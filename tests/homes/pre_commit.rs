//! The hooks for pre-commit, run by the real one in real repositories.

use std::fs;

use crate::checkers::from_python;
use crate::lab::{Lab, output::Ran};
use crate::project::{RULE, broken, healthy, ours, snippet};

/// A repository with envdoctor on PATH, and the path of pre-commit.
fn repository() -> Option<(Lab, String)> {
    let pre_commit = from_python("pre-commit")?;
    let mut lab = Lab::host(&["git", "elixir"])?;
    let here = lab.inside("");
    lab.put_on_path(&here);
    lab.set("PRE_COMMIT_HOME", &lab.inside("home/pre-commit"));
    for name in ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"] {
        lab.set(name, "Somebody");
    }
    for email in ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"] {
        lab.set(email, "somebody@example.org");
    }
    git(&lab, "project", &["init", "--quiet"]);
    Some((lab, pre_commit))
}

fn git(lab: &Lab, folder: &str, arguments: &[&str]) -> Ran {
    let ran = lab.run_in(folder, &[&["git"], arguments].concat(), b"");
    ran.exits(0);
    ran
}

fn commit(lab: &Lab) -> Ran {
    git(lab, "project", &["add", "."]);
    lab.run(&["git", "commit", "--message", "Change"])
}

#[test]
fn the_snippet_guards_a_commit() {
    let Some((lab, pre_commit)) = repository() else { return };
    lab.write(".pre-commit-config.yaml", &snippet("pre-commit.yaml"));
    lab.run(&[&pre_commit, "validate-config"]).exits(0);
    lab.run(&[&pre_commit, "install"]).exits(0);

    broken(&lab);
    commit(&lab).exits(1).shows(RULE).shows("Failed");
    healthy(&lab);
    commit(&lab).exits(0).shows("Passed");
}

#[test]
fn the_hook_of_this_repository_runs() {
    let Some((mut lab, pre_commit)) = repository() else { return };
    fs::create_dir(lab.path("hooks")).unwrap();
    fs::write(lab.path("hooks/.pre-commit-hooks.yaml"), ours(".pre-commit-hooks.yaml")).unwrap();
    lab.run_in("hooks", &[&pre_commit, "validate-manifest"], b"").exits(0);
    git(&lab, "hooks", &["init", "--quiet"]);
    git(&lab, "hooks", &["add", "."]);
    git(&lab, "hooks", &["commit", "--quiet", "--message", "The hooks"]);
    lab.set("NO_COLOR", "1");

    let hooks = lab.inside("hooks");
    let try_repo = [pre_commit.as_str(), "try-repo", &hooks, "envdoctor-system", "--all-files"];
    broken(&lab);
    git(&lab, "project", &["add", "."]);
    lab.run(&try_repo).exits(1).shows(RULE);
    healthy(&lab);
    git(&lab, "project", &["add", "."]);
    lab.run(&try_repo).exits(0).shows("Passed");
}
