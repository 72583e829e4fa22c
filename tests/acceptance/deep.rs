//! `check --deep`: the tools themselves are asked, and only in a project that is trusted as it is.

use crate::lab::Lab;

const PROJECT: &str = "File.write!(\"ran\", \"\")\n\ndefmodule Shop.MixProject do\n  use Mix.Project\n\n  \
    def project do\n    [app: :shop, version: \"0.1.0\", deps: [{:tools, path: \"../tools\"}]]\n  end\nend\n";

#[test]
fn only_what_is_trusted_runs() {
    let Some(lab) = Lab::host(&["mix"]) else { return };
    lab.write("mix.exs", PROJECT);
    let ran = lab.project().join("ran");

    lab.doctor(&["check"]);
    lab.doctor(&["facts"]).exits(0);
    lab.doctor(&["check", "--deep"]).exits(2).complains("not trusted");
    // Without anybody to ask and without consent, nothing is trusted.
    lab.doctor(&["trust"]).exits(1).shows("mix deps.loadpaths").shows("mix.exs");
    lab.doctor(&["check", "--deep"]).exits(2);
    assert!(!ran.exists(), "the project's code ran before it was trusted");

    lab.doctor(&["trust", "--yes"]).exits(0);
    let deep = lab.doctor(&["check", "--deep", "--format", "json"]);
    deep.exits(1).report().first("mix-path-dep-missing");
    assert!(ran.exists());

    // A change is somebody else's code again; so is a new file that a tool would read.
    lab.write("mix.exs", &format!("{PROJECT}# changed\n"));
    lab.doctor(&["check", "--deep"]).exits(2).complains("mix.exs");
    lab.write("mix.exs", PROJECT);
    lab.doctor(&["check", "--deep"]).exits(1);
    lab.write("config/config.exs", "import Config\n");
    lab.doctor(&["check", "--deep"]).exits(2).complains("config/config.exs");
    lab.doctor(&["trust", "--yes"]).exits(0);
    lab.doctor(&["trust", "--forget"]).exits(0);
    lab.doctor(&["check", "--deep"]).exits(2).complains("not trusted");
}

#[test]
fn a_tool_that_does_not_come_back_is_unknown() {
    let Some(mut lab) = Lab::host(&[]) else { return };
    lab.write(
        "mix.exs",
        "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, deps: []]\nend\n",
    );
    std::fs::create_dir(lab.path("bin")).unwrap();
    std::fs::write(lab.path("bin/mix"), "#!/bin/sh\nsleep 600\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(lab.path("bin/mix"), mode).unwrap();
    lab.put_on_path(&lab.inside("bin"));
    lab.doctor(&["trust", "--yes"]).exits(0);
    let deep = lab.doctor(&["check", "--deep", "--deep-timeout", "0.5"]);
    deep.exits(3).shows("mix deps.loadpaths").shows("no answer in 0.5 s");
}
