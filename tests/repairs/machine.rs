//! The machine: its locale, its GPUs, its disks.

use std::{fs, path::PathBuf, process::Command};

use crate::lab::{Lab, Machine, lab_folder, left_out, on_each_machine};
use crate::scenario::{End, Scenario, SeenBy, play_on, scenarios};

const USER: &[&str] = &["--yes=user"];

scenarios! {
    locale_that_is_not_utf_8 on [trixie, sid] Scenario {
        needs: &["mix"],
        break_it: |lab| {
            lab.set("LANG", "C");
            project_with_umlauts(lab);
        },
        fails: &["mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "locale-latin1-warning",
        end: End::Told { words: &["`export LANG=C.UTF-8`"] },
    };
    locale_that_is_not_utf_8_and_direnv on [host, trixie] Scenario {
        needs: &["mix", "direnv"],
        break_it: |lab| {
            lab.set("LANG", "C");
            project_with_umlauts(lab);
            lab.write(".envrc", "export MIX_ENV=dev\n");
            lab.run(&["direnv", "allow"]).exits(0);
        },
        fails: &["direnv", "exec", ".", "mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "locale-latin1-warning",
        end: End::Repaired {
            consent: USER,
            works: &["direnv", "exec", ".", "mix", "compile"],
            not_ours: &["project/_build"],
        },
    };
    locale_overridden_and_direnv on [host, trixie] Scenario {
        needs: &["mix", "direnv"],
        break_it: |lab| {
            lab.set("LC_ALL", "POSIX");
            project_with_umlauts(lab);
            lab.write(".envrc", "export LANG=C.UTF-8\n");
            lab.run(&["direnv", "allow"]).exits(0);
        },
        fails: &["direnv", "exec", ".", "mix", "compile"],
        seen_by: SeenBy::Run,
        rule: "locale-latin1-warning",
        end: End::Repaired {
            consent: USER,
            works: &["direnv", "exec", ".", "mix", "compile"],
            not_ours: &["project/_build"],
        },
    };
}

/// A project with a module in a file whose name is not of ASCII alone.
fn project_with_umlauts(lab: &Lab) {
    lab.write(
        "mix.exs",
        "defmodule Shop.MixProject do\n  use Mix.Project\n  def project, do: [app: :shop, version: \"0.1.0\"]\nend\n",
    );
    lab.write("lib/größe.ex", "defmodule Shop.Size do\n  def all, do: [:s, :m, :l]\nend\n");
}

/// The project's program believes the variable; MLX itself says how many GPUs there are.
const MLX: Scenario = Scenario {
    needs: &["direnv"],
    break_it: |lab| {
        lab.write(
            "split.py",
            "import os, sys\nimport mlx.core as mx\n\nwanted = int(os.environ.get(\"MLX_MAX_GPUS\", 0))\n\
             if wanted > mx.device_count(mx.gpu):\n    sys.exit(f\"MLX error: No GPUs found (requested: {wanted})\")\n\
             print(mx.add(mx.array(1), mx.array(2)))\n",
        );
        lab.write(
            ".envrc",
            "# GPUs of the big machine\nexport MLX_MAX_GPUS=\"5\"\nexport MLX_BATCH_PLAN=\"1\"\n",
        );
        lab.run(&["direnv", "allow"]).exits(0);
    },
    fails: &["direnv", "exec", ".", "python", "split.py"],
    seen_by: SeenBy::Run,
    rule: "mlx-no-gpus-found",
    end: End::Repaired {
        consent: USER,
        works: &["direnv", "exec", ".", "python", "split.py"],
        not_ours: &[],
    },
};

#[test]
fn more_gpus_wanted_than_there_are() {
    let venv = lab_folder().join("mlx/bin");
    if !cfg!(target_os = "linux") || !venv.join("python").exists() {
        left_out(Machine::Host, &format!("Linux and MLX's CPU build in {}", venv.display()));
        return;
    }
    let Some(mut lab) = Lab::host(MLX.needs) else { return };
    lab.put_on_path(venv.to_str().unwrap());
    play_on(&MLX, lab);
}

on_each_machine! {
    disk_full needs ["nix-store", "nix-collect-garbage"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// A small disk of its own for Nix's store. What a garbage collection removes is not brought back, and `undo` says so.
fn disk_full(mut lab: Lab) {
    if small_disk(&mut lab, "nix").is_none() {
        return;
    }
    lab.set("NIX_STORE_DIR", &lab.inside("nix/store"));
    lab.set("NIX_STATE_DIR", &lab.inside("nix/var"));
    for number in 1..=4 {
        lab.write(&format!("dump-{number}"), &format!("{number}").repeat(10 << 20));
    }
    let wanted = ["nix-store", "--add", "./dump-4"];
    for number in 1..=3 {
        lab.run(&["nix-store", "--add", &format!("./dump-{number}")]).exits(0);
    }
    lab.run(&wanted).fails().complains("No space left on device");

    lab.doctor(&["run", "--", "nix-store", "--add", "./dump-4"]).fails().complains("disk-full");
    lab.doctor(&["fix"]).fails();
    let fix = lab.doctor(&["fix", "--yes", "--format", "json"]).exits(0).json();
    assert_eq!(fix["outcomes"][0]["outcome"], "fixed", "{fix:#}");
    lab.run(&wanted).exits(0);
}

on_each_machine! {
    full_disk_without_a_store needs ["nix-store", "nix-collect-garbage"];
    trixie: Machine::Root("trixie"),
}

/// The project's disk is full, and no garbage of Nix's lies there: nothing is collected.
fn full_disk_without_a_store(mut lab: Lab) {
    let Some(project) = small_disk(&mut lab, "project") else { return };
    fs::write(project.join("data"), vec![b'x'; 39 << 20]).unwrap();
    let fails = ["cp", "data", "copy"];
    lab.run(&fails).fails().complains("No space left on device");
    lab.doctor(&["run", "--", "cp", "data", "copy"]).fails().complains("disk-full");
    let fix = lab.doctor(&["fix", "--yes"]);
    fix.fails().shows("du -xh").must(!fix.all().contains("nix-collect-garbage\n"), "it is no help");
}

/// A disk of 40 MiB at a folder of the lab, where the machine lets one be mounted.
fn small_disk(lab: &mut Lab, folder: &str) -> Option<PathBuf> {
    let place = lab.path(folder);
    fs::create_dir_all(&place).unwrap();
    let mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs"];
    let mounted = Command::new(mount[0]).args(&mount[1..]).arg(&place).status().unwrap().success();
    if !mounted {
        left_out(Machine::Host, "the right to mount a tmpfs");
        return None;
    }
    lab.run_at_the_end(&["umount", "--lazy", &lab.inside(folder)]);
    Some(place)
}
