//! Git: a repository that belongs to somebody else.

use std::{fs, os::unix::fs::lchown};

use walkdir::WalkDir;

use crate::lab::Lab;
use crate::scenario::{End, Scenario, SeenBy, scenarios};

const USER: &[&str] = &["--yes=user"];

scenarios! {
    repository_of_another_user on [trixie, sid] Scenario {
        needs: &["git"],
        break_it: somebody_elses,
        fails: &["git", "status", "--short"],
        seen_by: SeenBy::Run,
        rule: "git-ownership",
        end: End::Repaired { consent: USER, works: &["git", "status", "--short"], not_ours: &[] },
    };
    repository_of_another_user_and_settings_of_ones_own on [trixie, sid] Scenario {
        needs: &["git"],
        break_it: |lab| {
            let settings = lab.path("home/.config/git/config");
            fs::create_dir_all(settings.parent().unwrap()).unwrap();
            fs::write(settings, "# mine\n[alias]\n\tst = status\n").unwrap();
            somebody_elses(lab);
        },
        fails: &["git", "st", "--short"],
        seen_by: SeenBy::Run,
        rule: "git-ownership",
        end: End::Repaired { consent: USER, works: &["git", "st", "--short"], not_ours: &[] },
    };
    flake_of_another_user on [trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            lab.write("flake.nix", "{ outputs = { self }: { answer = 42; }; }\n");
            somebody_elses(lab);
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "git-ownership",
        end: End::Repaired {
            consent: USER,
            works: &["nix", "eval", ".#answer"],
            not_ours: &["home/.cache/nix"],
        },
    };
}

/// A repository in the project's folder that another user of the machine has made.
fn somebody_elses(lab: &mut Lab) {
    lab.run(&["git", "init", "--quiet"]).exits(0);
    lab.run(&["git", "add", "--all"]).exits(0);
    for entry in WalkDir::new(lab.project()) {
        lchown(entry.unwrap().path(), Some(12345), Some(12345)).unwrap();
    }
}
