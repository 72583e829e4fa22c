//! Nix: expressions that do not build, flakes that Git hides, and caches that are damaged or out of date.

use std::fs;

use crate::lab::{Lab, Machine, on_each_machine};
use crate::scenario::{End, Scenario, SeenBy, play_until_undone, scenarios};

/// The consent to change files of the project.
const PROJECT: &[&str] = &["--yes=project"];

/// The consent to change the user's own configuration.
const USER: &[&str] = &["--yes=user"];

/// What Nix itself keeps of what it fetched and evaluated, whichever command runs.
const CACHES: &[&str] = &["home/.cache/nix"];

/// The part of it that tells what was evaluated, by the version of its format.
const EVALUATION_CACHES: &[&str] =
    &["home/.cache/nix/eval-cache-v2", "home/.cache/nix/eval-cache-v5", "home/.cache/nix/eval-cache-v6"];

/// The same, and Git's objects: it makes an empty one for each file whose content it does not know yet, or touches the one that
/// is there. Nothing refers to it after the undoing.
const CACHES_AND_OBJECTS: &[&str] = &["home/.cache/nix", "project/.git/objects"];

scenarios! {
    hash_mismatch_in_a_derivation on [host, trixie, sid] Scenario {
        needs: &["nix-build"],
        break_it: |lab| lab.write("default.nix", &derivation(WRONG_HASH)),
        fails: &["nix-build", "--no-out-link"],
        seen_by: SeenBy::Run,
        rule: "fixed-output-hash-mismatch",
        end: End::Repaired {
            consent: PROJECT,
            works: &["nix-build", "--no-out-link"],
            not_ours: &[],
        },
    };
    hash_mismatch_in_a_flake on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| flake(lab, &format!("packages.x86_64-linux.default = {};", derivation(WRONG_HASH))),
        fails: &["nix", "build", "--no-link"],
        seen_by: SeenBy::Run,
        rule: "fixed-output-hash-mismatch",
        end: End::Repaired { consent: PROJECT, works: &["nix", "build", "--no-link"], not_ours: CACHES },
    };
    attribute_typo_in_default_nix on [host, trixie, sid] Scenario {
        needs: &["nix-instantiate"],
        break_it: |lab| lab.write("default.nix", "let\n  shells = { elixir_1_17 = \"1.17\"; };\nin\n  shells.elxir_1_17\n"),
        fails: &["nix-instantiate", "--eval", "default.nix"],
        seen_by: SeenBy::Run,
        rule: "missing-attribute",
        end: End::Repaired {
            consent: PROJECT,
            works: &["nix-instantiate", "--eval", "default.nix"],
            not_ours: &[],
        },
    };
    attribute_typo_in_flake_nix on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| flake(lab, "lib.elixir_1_17 = \"1.17\";\n    answer = self.lib.elxir_1_17;"),
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "missing-attribute",
        end: End::Repaired { consent: PROJECT, works: &["nix", "eval", ".#answer"], not_ours: CACHES },
    };
    semicolon_missing_in_flake_nix on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            flake(lab, "");
            lab.write("flake.nix", "{\n  outputs = { self }:\n    {\n      answer = 42;\n    }\n}\n");
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Check,
        rule: "nix-syntax-error",
        end: End::Repaired { consent: PROJECT, works: &["nix", "eval", ".#answer"], not_ours: CACHES },
    };
    semicolon_and_system_missing_in_flake_nix on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: flake_of_the_handbook,
        fails: &["nix", "build", "--no-link", ".#devShells.x86_64-linux.default"],
        seen_by: SeenBy::Check,
        rule: "nix-syntax-error",
        end: End::Repaired {
            consent: PROJECT,
            works: &["nix", "build", "--no-link", ".#devShells.x86_64-linux.default"],
            not_ours: CACHES,
        },
    };
    file_of_the_flake_untracked on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            lab.write("nix/default.nix", "import ./answer.nix\n");
            flake(lab, "answer = import ./nix;");
            lab.write("nix/answer.nix", "42\n");
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "untracked-file",
        end: End::Repaired { consent: PROJECT, works: &["nix", "eval", ".#answer"], not_ours: CACHES_AND_OBJECTS },
    };
    folder_of_the_flake_untracked on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            flake(lab, "answer = import ./nix;");
            lab.write("nix/default.nix", "42\n");
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "untracked-file",
        end: End::Repaired { consent: PROJECT, works: &["nix", "eval", ".#answer"], not_ours: CACHES_AND_OBJECTS },
    };
    features_not_enabled on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            without_features(lab);
            flake(lab, "answer = 42;");
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "experimental-features-disabled",
        end: End::Repaired { consent: USER, works: &["nix", "eval", ".#answer"], not_ours: CACHES },
    };
    features_not_enabled_beside_other_settings on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            without_features(lab);
            nix_conf(lab, "# as the team wants it\ncores = 1 # of two\nexperimental-features = nix-command");
            flake(lab, "answer = 42;");
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "experimental-features-disabled",
        end: End::Repaired { consent: USER, works: &["nix", "eval", ".#answer"], not_ours: CACHES },
    };
    setting_without_space on [host, trixie, sid] Scenario {
        needs: &["nix-instantiate"],
        break_it: |lab| nix_conf(lab, "# as the team wants it\ncores=1\nkeep-outputs = true\n"),
        fails: &["nix-instantiate", "--eval", "--expr", "42"],
        seen_by: SeenBy::Run,
        rule: "nix-conf-invalid",
        end: End::Repaired {
            consent: USER,
            works: &["nix-instantiate", "--eval", "--expr", "42"],
            not_ours: &[],
        },
    };
    line_that_is_no_setting on [host, trixie, sid] Scenario {
        needs: &["nix-instantiate"],
        break_it: |lab| nix_conf(lab, "keep-outputs = true\n<<<<<<< HEAD\ncores = 1\n"),
        fails: &["nix-instantiate", "--eval", "--expr", "42"],
        seen_by: SeenBy::Run,
        rule: "nix-conf-invalid",
        end: End::Repaired {
            consent: USER,
            works: &["nix-instantiate", "--eval", "--expr", "42"],
            not_ours: &[],
        },
    };
    fetcher_cache_damaged on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            input(lab, "input", "42");
            flake_with_input(lab, "path", "input");
            lab.run(&["nix", "flake", "lock"]).exits(0);
            commit(lab);
            lab.run(&["nix", "eval", ".#answer"]).exits(0);
            let cache = cached(lab, "fetcher-cache-");
            fs::write(cache, "a disk error in the midst of a file").unwrap();
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "nix-store-database-unopenable",
        end: End::Repaired {
            consent: &["--yes"],
            works: &["nix", "eval", ".#answer"],
            not_ours: EVALUATION_CACHES,
        },
    };
    input_changed_since_it_was_locked on [sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            input(lab, "input", "41");
            flake_with_input(lab, "path", "input");
            lab.run(&["nix", "flake", "lock"]).exits(0);
            forget_the_fetched_input(lab);
            input(lab, "input", "42");
        },
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "flake-input-nar-hash-mismatch",
        end: End::Repaired { consent: PROJECT, works: &["nix", "eval", ".#answer"], not_ours: CACHES_AND_OBJECTS },
    };
    lock_file_behind_flake_nix on [host, trixie, sid] Scenario {
        needs: &["nix", "git"],
        break_it: |lab| {
            input(lab, "old", "41");
            input(lab, "new", "42");
            flake_with_input(lab, "path", "old");
            lab.run(&["nix", "flake", "lock"]).exits(0);
            let text = lab.read("flake.nix").replace("dep", "new").replace("/old", "/new");
            lab.write("flake.nix", &text);
        },
        fails: &["nix", "eval", "--no-update-lock-file", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "flake-lock-cannot-write",
        end: End::Repaired {
            consent: PROJECT,
            works: &["nix", "eval", "--no-update-lock-file", ".#answer"],
            not_ours: CACHES_AND_OBJECTS,
        },
    };
}

on_each_machine! {
    fetcher_cache_out_of_date needs ["nix", "git", "tar"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// The store is nobody's project or home: what was fetched into it meanwhile stays, until it is deleted.
fn fetcher_cache_out_of_date(mut lab: Lab) {
    // A Nix that names the input locks it again, which asks whether it has changed; of another one the cache is removed.
    let named = !lab.run(&["nix", "--version"]).stdout.contains("2.8");
    let (consent, not_ours) = if named { (PROJECT, CACHES) } else { (&["--yes"][..], &[][..]) };
    let scenario = Scenario {
        needs: &[],
        break_it: cached_before_a_release,
        fails: &["nix", "eval", ".#answer"],
        seen_by: SeenBy::Run,
        rule: "flake-input-nar-hash-mismatch",
        end: End::Repaired { consent, works: &["nix", "eval", ".#answer"], not_ours },
    };
    play_until_undone(&scenario, &mut lab);
    // Asking whether the input has changed has brought the cache up to date as well.
    if !named {
        forget_the_fetched_input(&lab);
        lab.run(scenario.fails).fails();
    }
}

const WRONG_HASH: &str = "sha256-q8b9WV/AedMRTUtxpNhLHR0Ped8ecPiBMhLypl2JFt8=";

/// A derivation that needs nothing but a shell.
fn derivation(hash: &str) -> String {
    format!(
        r#"derivation {{
  name = "greeting.txt";
  system = "x86_64-linux";
  builder = "/bin/sh";
  args = [ "-c" "echo hello > $out" ];
  outputHashMode = "flat";
  outputHashAlgo = "sha256";
  outputHash = "{hash}";
}}
"#
    )
}

/// Nix as it is installed: with neither the nix command nor flakes.
fn without_features(lab: &mut Lab) {
    lab.set("NIX_CONFIG", "build-users-group =\nsubstituters =\nsandbox = false");
}

/// The user's own settings.
fn nix_conf(lab: &Lab, text: &str) {
    fs::create_dir_all(lab.path("home/.config/nix")).unwrap();
    fs::write(lab.path("home/.config/nix/nix.conf"), text).unwrap();
}

/// A flake without inputs in a Git repository of its own, which tracks all that is there by now.
fn flake(lab: &Lab, outputs: &str) {
    lab.write("flake.nix", &format!("{{\n  outputs = {{ self }}: {{\n    {outputs}\n  }};\n}}\n"));
    track_all(lab);
}

/// A flake whose answer is that of one input, which stands beside the project.
fn flake_with_input(lab: &Lab, scheme: &str, input: &str) {
    let url = format!("{scheme}:{}{}", if scheme == "file" { "//" } else { "" }, lab.inside(input));
    lab.write(
        "flake.nix",
        &format!(
            "{{\n  inputs.dep.url = \"{url}\";\n  outputs = {{ self, dep }}: {{ inherit (dep) answer; source = dep.outPath; }};\n}}\n"
        ),
    );
    track_all(lab);
}

/// A shell as handbooks show it, with two mistakes of which the second comes to light when the first is repaired. In place of
/// nixpkgs stands a flake that has of it what the shell needs.
fn flake_of_the_handbook(lab: &mut Lab) {
    fs::create_dir_all(lab.path("nixpkgs")).unwrap();
    let nixpkgs = r#"{
  outputs = { self }: {
    lib = { };
    legacyPackages.x86_64-linux = {
      elixir_1_17 = "Elixir 1.17";
      mkShell = shell: derivation {
        name = "shell";
        system = "x86_64-linux";
        builder = "/bin/sh";
        args = [ "-c" "echo ${toString shell.buildInputs} > $out" ];
      };
    };
  };
}
"#;
    fs::write(lab.path("nixpkgs/flake.nix"), nixpkgs).unwrap();
    let flake = format!(
        "{{
  inputs.nixpkgs.url = \"path:{}\";

  outputs = {{ self, nixpkgs }}:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
    in
    {{
      devShells.default = pkgs.mkShell {{
        buildInputs = with pkgs; [
          # Elixir (flexible versioning with ~>)
          pkgs.elixir_1_17        # Latest stable
        ];
      }};
    }};
}}
",
        lab.inside("nixpkgs")
    );
    lab.write("flake.nix", &flake);
    track_all(lab);
    lab.run(&["nix", "flake", "lock"]).exits(0);
    let (start, end) = flake.rsplit_once(';').unwrap();
    lab.write("flake.nix", &format!("{start}{end}"));
}

/// Another flake, beside the project.
fn input(lab: &Lab, name: &str, answer: &str) {
    fs::create_dir_all(lab.path(name)).unwrap();
    fs::write(
        lab.path(name).join("flake.nix"),
        format!("{{ outputs = {{ self }}: {{ answer = {answer}; }}; }}\n"),
    )
    .unwrap();
}

fn track_all(lab: &Lab) {
    lab.run(&["git", "init", "--quiet"]).exits(0);
    lab.run(&["git", "add", "--all"]).exits(0);
}

fn commit(lab: &Lab) {
    let author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    lab.run(&[&["git"], &author[..], &["commit", "--quiet", "--all", "--message=all"]].concat()).exits(0);
}

/// The one file of Nix's caches whose name begins so and ends as a database's does.
fn cached(lab: &Lab, beginning: &str) -> std::path::PathBuf {
    let names = fs::read_dir(lab.path("home/.cache/nix")).unwrap().map(|entry| entry.unwrap().path());
    let mut fitting = names.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(beginning) && name.ends_with(".sqlite")
    });
    fitting.next().unwrap()
}

/// The input is a tarball, as those of a branch or a channel are. It was replaced, a colleague locked the new one, and Nix
/// still has the old one in its cache, where it stays for an hour.
fn cached_before_a_release(lab: &mut Lab) {
    let pack = |lab: &Lab| {
        lab.run_in("", &["tar", "--create", "--gzip", "--file=input.tar.gz", "input"], b"").exits(0);
    };
    // Each lab's own, so that what another one has in the same store does not help.
    input(lab, "input", &format!("\"{} 1\"", lab.inside("")));
    pack(lab);
    flake_with_input(lab, "file", "input.tar.gz");
    lab.run(&["nix", "eval", ".#answer"]).exits(0);

    fs::rename(lab.path("home/.cache/nix"), lab.path("cache")).unwrap();
    fs::remove_file(lab.project().join("flake.lock")).unwrap();
    input(lab, "input", &format!("\"{} 2\"", lab.inside("")));
    pack(lab);
    forget_the_fetched_input(lab);
    fs::remove_dir_all(lab.path("home/.cache/nix")).unwrap();
    fs::rename(lab.path("cache"), lab.path("home/.cache/nix")).unwrap();
}

/// Locks the input, and takes what was fetched for it from the store, as a garbage collection does.
fn forget_the_fetched_input(lab: &Lab) {
    let source = lab.run(&["nix", "eval", "--raw", ".#source"]).exits(0).stdout.clone();
    lab.run(&["nix-store", "--delete", source.trim()]).exits(0);
}
