//! `check` starts neither the BEAM nor the project's code.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A program that leaves a file beside itself when it is started.
fn trap(folder: &Path, name: &str) {
    let file = folder.join(name);
    fs::write(&file, "#!/bin/sh\n: > \"$0.started\"\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn neither_the_beam_nor_the_projects_code_is_started() {
    let folder = TempDir::new().unwrap();
    let (bin, project) = (folder.path().join("bin"), folder.path().join("project"));
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(project.join("bin")).unwrap();
    let programs = ["elixir", "erl", "mix", "iex", "rebar3", "escript"];
    programs.iter().for_each(|name| trap(&bin, name));
    ["elixir", "git", "node"].iter().for_each(|name| trap(&project.join("bin"), name));
    let written = project.join("written");
    let mix = format!(
        "File.write!({written:?}, \"\")\ndefmodule A.MixProject do\n  use Mix.Project\n  File.write!({written:?}, \"\")\n\n  \
         def project do\n    File.write!({written:?}, \"\")\n    [app: :a, deps: deps()]\n  end\n\n  \
         defp deps do\n    File.write!({written:?}, \"\")\n    [{{:jason, \"~> 1.4\"}}]\n  end\nend\n"
    );
    fs::write(project.join("mix.exs"), mix).unwrap();
    fs::write(project.join(".tool-versions"), "elixir 1.18.3-otp-27\nerlang 27.2\n").unwrap();
    let path = format!("{}:{}:/usr/bin:/bin", bin.display(), project.join("bin").display());
    for arguments in [&["check"][..], &["facts"], &["versions"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_envdoctor"));
        command.args(arguments).current_dir(&project);
        command.env_clear().env("HOME", folder.path()).env("PATH", &path);
        let output = command.output().unwrap();
        assert!(!output.stdout.is_empty(), "{arguments:?}");
        assert!(!written.exists(), "{arguments:?} ran mix.exs");
        for (place, names) in [(&bin, &programs[..]), (&project.join("bin"), &["elixir", "git", "node"])] {
            for name in names {
                let started = place.join(format!("{name}.started"));
                assert!(!started.exists(), "{arguments:?} started {name}");
            }
        }
    }
    // The traps do work.
    Command::new(bin.join("elixir")).assert().success();
    assert!(bin.join("elixir.started").exists());
}
