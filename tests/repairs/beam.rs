//! Mix and Hex, against a Hex registry of our own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::lab::{
    Lab, Machine,
    hex::{Release, serve_registry, take_hex_away},
};
use crate::scenario::{End, Scenario, SeenBy, scenarios};

scenarios! {
    hex_missing on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            take_hex_away(lab);
            write_project(lab, "{:jason, \"~> 1.4\"}");
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "hex-missing",
        end: End::Repaired { consent: &["--yes=user"], works: &["mix", "test"], not_ours: &[HEX_CACHE] },
    };

    dependencies_not_fetched on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            write_project(lab, "{:jason, \"~> 1.4\"}");
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "mix-deps-unavailable",
        end: End::Repaired { consent: &["--yes=project"], works: &["mix", "test"], not_ours: &[HEX_CACHE] },
    };

    // What a `git pull` leaves behind: mix.lock names a newer release than the one in deps.
    lock_of_another_release on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            fetch(lab, "{:jason, \"1.4.8\"}");
            let deps = put_aside(lab, "deps");
            fetch(lab, "{:jason, \"1.4.9\"}");
            put_back(lab, "deps", &deps);
            write_project(lab, "{:jason, \"~> 1.4\"}");
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Check,
        rule: "mix-lock-mismatch",
        end: End::Repaired { consent: &["--yes=project"], works: &["mix", "test"], not_ours: &[HEX_CACHE] },
    };

    // A merge that took one line of mix.lock from each side, after which each had fetched its own.
    lock_that_contradicts_itself on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            let jason = merge_locks(lab);
            put_back(lab, "deps/jason", &jason);
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "mix-deps-diverged",
        end: End::Repaired { consent: &["--yes=project"], works: &["mix", "test"], not_ours: &[HEX_CACHE] },
    };

    // The same in a fresh clone.
    lock_that_cannot_be_fetched on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            merge_locks(lab);
            fs::remove_dir_all(lab.project().join("deps")).unwrap();
        },
        fails: &["mix", "deps.get"],
        seen_by: SeenBy::Run,
        rule: "hex-resolution-failed",
        end: End::Repaired { consent: &["--yes=project"], works: &["mix", "test"], not_ours: &[HEX_CACHE] },
    };

    // A fetch that broke off: Hex's own note of what it fetched is missing.
    dependency_half_fetched on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            fetch(lab, "{:jason, \"~> 1.4\"}");
            fs::remove_file(lab.project().join("deps/jason/.hex")).unwrap();
            fs::remove_file(lab.project().join("deps/jason/lib/jason.ex")).unwrap();
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "mix-lock-mismatch",
        end: End::Repaired { consent: &["--yes=project"], works: &["mix", "test"], not_ours: &[HEX_CACHE] },
    };

    // A full disk cut a file of a dependency off: it takes two rounds, since `mix deps.get` alone sees nothing wrong.
    dependency_damaged on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            fetch(lab, "{:jason, \"~> 1.4\"}");
            lab.write("deps/jason/lib/jason.ex", "defmodule Jason do\n  def decode(");
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "dep-source-does-not-parse",
        end: End::Repaired { consent: &["--yes=project"], works: &["mix", "test"], not_ours: &[HEX_CACHE] },
    };

    // A cache of CI brought the build of another release. (Mix 1.20 notices by itself.)
    dependency_build_stale on [trixie] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            fetch(lab, "{:jason, \"1.4.8\"}");
            lab.run(&["mix", "compile"]).exits(0);
            let build = put_aside(lab, "_build");
            fetch(lab, "{:jason, \"~> 1.4.9\"}");
            fs::remove_dir_all(lab.project().join("_build")).ok();
            put_back(lab, "_build", &build);
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "mix-dep-version-mismatch",
        end: End::Repaired { consent: &["--yes=cache"], works: &["mix", "test"], not_ours: &[] },
    };

    // A build that broke off left an empty application file.
    dependency_build_broken_off on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            fetch(lab, "{:jason, \"~> 1.4\"}");
            lab.run(&["mix", "compile"]).exits(0);
            lab.write("_build/dev/lib/jason/ebin/jason.app", "");
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "mix-deps-no-app-file",
        end: End::Repaired { consent: &["--yes=cache"], works: &["mix", "run", "-e", "Shop.stock()"], not_ours: &[] },
    };

    // A compiled module was cut off.
    compiled_module_damaged on [trixie, sid] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| {
            serve_registry(lab, JASON);
            fetch(lab, "{:jason, \"~> 1.4\"}");
            lab.run(&["mix", "compile"]).exits(0);
            lab.write("_build/dev/lib/jason/ebin/Elixir.Jason.beam", "");
        },
        fails: &["mix", "run", "-e", "Shop.stock()"],
        seen_by: SeenBy::Run,
        rule: "stale-build-dir",
        end: End::Repaired { consent: &["--yes=cache"], works: &["mix", "test"], not_ours: &[] },
    };

    // An image or a mounted folder brought what a newer Elixir and OTP compiled.
    build_of_another_otp on [trixie] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| build_elsewhere(lab, "sid"),
        fails: &["mix", "compile", "--no-deps-check"],
        seen_by: SeenBy::Run,
        rule: "stale-build-dir",
        end: End::Repaired { consent: &["--yes=cache"], works: &["mix", "test"], not_ours: &[] },
    };

    build_of_another_otp_seen_by_check on [trixie] Scenario {
        needs: &["mix", "hex"],
        break_it: |lab| build_elsewhere(lab, "sid"),
        fails: &["mix", "compile", "--no-deps-check"],
        seen_by: SeenBy::Check,
        rule: "stale-build-dir",
        end: End::Repaired { consent: &["--yes=cache"], works: &["mix", "test"], not_ours: &[] },
    };
}

/// Two releases of one package.
const JASON: &[Release] = &[("jason", "1.4.8", ""), ("jason", "1.4.9", "")];

/// What Hex downloaded once it does not download again; it stays whatever becomes of a project.
const HEX_CACHE: &str = "home/.hex";

/// Fetches these dependencies, whatever mix.lock says.
fn fetch(lab: &Lab, dependencies: &str) {
    write_project(lab, dependencies);
    let _ = fs::remove_file(lab.project().join("mix.lock"));
    lab.run(&["mix", "deps.get"]).exits(0);
}

/// A mix.lock whose plug asks for a newer jason than it names; where the deps/jason of that older version is.
fn merge_locks(lab: &mut Lab) -> PathBuf {
    let plug = ("plug", "1.0.0", "{:jason, \"~> 1.4.9\"}");
    serve_registry(lab, &[JASON, &[plug]].concat());
    let line = |lab: &Lab, name: &str| {
        let lock = lab.read("mix.lock");
        lock.lines().find(|line| line.starts_with(&format!("  \"{name}\":"))).unwrap().to_owned()
    };
    fetch(lab, "{:jason, \"1.4.8\"}");
    let (old, aside) = (line(lab, "jason"), put_aside(lab, "deps/jason"));
    fetch(lab, "{:jason, \"~> 1.4\"}, {:plug, \"~> 1.0\"}");
    lab.write("mix.lock", &format!("%{{\n{old}\n{}\n}}\n", line(lab, "plug")));
    aside
}

/// Moves a folder of the project away; where it is now.
fn put_aside(lab: &Lab, folder: &str) -> PathBuf {
    let aside = lab.path("aside");
    fs::rename(lab.project().join(folder), &aside).unwrap();
    aside
}

/// Moves a folder back, in place of what is there now.
fn put_back(lab: &Lab, folder: &str, aside: &Path) {
    let folder = lab.project().join(folder);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::rename(aside, folder).unwrap();
}

/// The project with its dependency, and a `_build` that another Debian compiled.
fn build_elsewhere(lab: &mut Lab, root: &'static str) {
    serve_registry(lab, JASON);
    fetch(lab, "{:jason, \"~> 1.4\"}");
    let other = Lab::on(Machine::Root(root), &["mix", "hex"]).unwrap();
    let copy = |from: &Path, to: &Path| {
        let copied = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
        assert!(copied.success());
    };
    copy(&lab.project().join("."), &other.project());
    other.run(&["mix", "compile"]).exits(0);
    copy(&other.project().join("_build"), &lab.project());
}

/// A project with these dependencies.
fn write_project(lab: &Lab, dependencies: &str) {
    let project = format!(
        "defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: \"0.1.0\", elixir: \"~> 1.14\", deps: [{dependencies}]]
  end
end
"
    );
    lab.write("mix.exs", &project);
    lab.write("lib/shop.ex", "defmodule Shop do\n  def stock, do: Jason.version()\nend\n");
    lab.write("test/test_helper.exs", "ExUnit.start()\n");
    lab.write(
        "test/shop_test.exs",
        "defmodule ShopTest do\n  use ExUnit.Case\n  test \"stock\", do: assert Shop.stock() =~ \"1.4\"\nend\n",
    );
}
