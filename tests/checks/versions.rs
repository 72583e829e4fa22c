//! Versions that are asked for, and those that are there.

use serde_json::Value as Json;

use crate::recorded::Machine;
use crate::report::Finding;

const ELIXIR: &str = "which: {elixir: /usr/bin/elixir, erl: /usr/bin/erl}\n\
                      links: {/usr/bin/elixir: /usr/lib/elixir/bin/elixir, /usr/bin/erl: /usr/lib/erlang/bin/erl}";
const NODE: &str = "which: {node: /opt/node/bin/node, npm: /opt/node/bin/npm}\n\
                    links: {/opt/node/bin/node: /opt/node/bin/node, \
                    /opt/node/bin/npm: /opt/node/lib/node_modules/npm/bin/npm-cli.js}";

fn mix_exs(requirement: &str) -> String {
    format!(
        "defmodule App.MixProject do\n  use Mix.Project\n\n  def project do\n    [app: :app, elixir: \"{requirement}\"]\n  end\nend\n"
    )
}

/// Debian's Elixir and Erlang in these versions, and a project of these files.
fn beam(elixir: &str, otp: &str, files: &[(&str, &str)]) -> Machine {
    let app = format!("{{application,elixir,[{{vsn,\"{elixir}\"}}]}}.");
    let release = format!("/usr/lib/erlang/releases/{}/OTP_VERSION", otp.split('.').next().unwrap());
    let mut all = vec![("/usr/lib/elixir/lib/elixir/ebin/elixir.app", app.as_str()), (&release, otp)];
    all.extend_from_slice(files);
    Machine::new(ELIXIR, &all)
}

/// A Node with its npm, and a project of these files.
fn node(node: &str, npm: &str, files: &[(&str, &str)]) -> Machine {
    let parts: Vec<_> = node.split('.').collect();
    let header = format!(
        "#define NODE_MAJOR_VERSION {}\n#define NODE_MINOR_VERSION {}\n#define NODE_PATCH_VERSION {}\n",
        parts[0], parts[1], parts[2]
    );
    let package = format!("{{\"name\": \"npm\", \"version\": \"{npm}\"}}");
    let mut all = vec![
        ("/opt/node/include/node/node_version.h", header.as_str()),
        ("/opt/node/lib/node_modules/npm/package.json", package.as_str()),
    ];
    all.extend_from_slice(files);
    Machine::new(NODE, &all)
}

fn found(message: &str, severity: &str, places: &[&str]) -> Option<Finding> {
    let places = places.iter().map(|&place| place.to_owned()).collect();
    Some(Finding { message: message.to_owned(), severity: severity.to_owned(), places })
}

#[test]
fn an_elixir_that_mix_exs_does_not_allow() {
    let rule = "elixir-version-requirement";
    let mix = mix_exs("~> 1.17");
    assert_eq!(
        beam("1.14.0", "25.3", &[("mix.exs", &mix)]).finding(rule),
        found("Elixir 1.14.0 does not meet mix.exs, which asks for ~> 1.17", "error", &["mix.exs:5:25"])
    );
    assert_eq!(beam("1.17.3", "27.0", &[("mix.exs", &mix)]).finding(rule), None);
    assert_eq!(beam("1.18.0-rc.0", "27.0", &[("mix.exs", &mix)]).finding(rule), None);
    assert_eq!(Machine::new("", &[("mix.exs", &mix)]).finding(rule), None);
    assert_eq!(beam("1.14.0", "25.3", &[("mix.exs", "defmodule A do\nend\n")]).finding(rule), None);
}

#[test]
fn a_requirement_that_is_none() {
    let finding = |written: &str| {
        beam("1.18.1", "27.0", &[("mix.exs", &mix_exs(written))]).finding("elixir-version-requirement")
    };
    for written in ["1.17", ">= 1.17"] {
        let message = format!("mix.exs asks for Elixir '{written}', which is no version requirement");
        assert_eq!(finding(written), found(&message, "error", &["mix.exs:5:25"]));
    }
    assert_eq!(finding("~> 1.17 or >= 2.0.0"), None);
}

#[test]
fn another_version_than_the_one_pinned() {
    let rule = "version-requirement-unmet";
    let pinned = [(".tool-versions", "elixir 1.17.3-otp-27\nerlang 27.0.1\n")];
    assert_eq!(
        beam("1.17.3", "25.3", &pinned).finding(rule),
        found("The shell has Erlang/OTP 25.3 instead of 27.0.1", "warning", &[".tool-versions:2:8"])
    );
    assert_eq!(beam("1.17.1", "27.3.4.1", &pinned).finding(rule), None);
    // What mix.exs refuses is told by its own rule.
    let both = [pinned[0], ("mix.exs", &mix_exs("~> 1.17"))];
    assert_eq!(beam("1.14.0", "27.0.1", &both).finding(rule), None);
    // Who is in the project's Nix shell has no use for the version manager.
    let flake = [pinned[0], ("flake.nix", "{ a = pkgs.beam.packages.erlang_26.elixir_1_16; }")];
    let (hash, shell) = ("0c1pfcs4ncg20vm46jx1dq97v9qr4mnl", "env: {IN_NIX_SHELL: impure}\n");
    let nix = format!(
        "{shell}which: {{elixir: /nix/store/{hash}-elixir-1.16.2/bin/elixir}}\nlinks: {{/nix/store/{hash}-elixir-1.16.2/bin/elixir: /nix/store/{hash}-elixir-1.16.2/bin/elixir}}"
    );
    assert_eq!(Machine::new(&nix, &flake).finding(rule), None);
    let other = nix.replace("1.16.2", "1.18.1");
    assert_eq!(
        Machine::new(&other, &flake).finding(rule),
        found("The shell has Elixir 1.18.1 instead of elixir_1_16", "warning", &["flake.nix:1:36"])
    );
}

#[test]
fn the_folder_above_pins_for_all_below_it() {
    let above = [("/home/user/.tool-versions", "erlang 26.0\n"), ("/home/.tool-versions", "erlang 24.0\n")];
    let rule = "version-requirement-unmet";
    let home = |files: &[(&str, &str)]| Machine::new(&format!("env: {{HOME: /home/user}}\n{ELIXIR}"), files);
    let otp = ("/usr/lib/erlang/releases/27/OTP_VERSION", "27.1");
    // The home's own file is what a person wants elsewhere.
    assert_eq!(home(&[above[0], above[1], otp]).finding(rule), None);
    let machine = Machine::new(
        &format!("env: {{HOME: /home}}\n{ELIXIR}"),
        &[above[0], above[1], otp, (".tool-versions", "python 3.12.1\n")],
    );
    assert_eq!(
        machine.finding(rule),
        found("The shell has Erlang/OTP 27.1 instead of 26.0", "warning", &["../.tool-versions:1:8"])
    );
}

#[test]
fn files_that_exclude_each_other() {
    let rule = "version-sources-disagree";
    let tools = (".tool-versions", "elixir 1.17.3-otp-27\nerlang 27.0.1\n");
    let docker = "ARG ELIXIR=1.16.3\nARG OTP=27.1\nFROM hexpm/elixir:${ELIXIR}-erlang-${OTP}-alpine-3.20\n";
    assert_eq!(
        beam("1.17.3", "27.0.1", &[tools, ("Dockerfile", docker)]).finding(rule),
        found(
            "The project's files do not agree on the version of Elixir",
            "warning",
            &[".tool-versions:1:8", "Dockerfile:1:12"]
        )
    );
    let agreeing = docker.replace("1.16.3", "1.17.1");
    assert_eq!(beam("1.17.3", "27.0.1", &[tools, ("Dockerfile", &agreeing)]).finding(rule), None);
    let matrix = "jobs:\n  t:\n    strategy: {matrix: {e: ['1.15', '1.17']}}\n    steps:\n      \
                  - uses: erlef/setup-beam@v1\n        with: {elixir-version: \"${{ matrix.e }}\"}\n";
    let workflow = (".github/workflows/ci.yml", matrix);
    assert_eq!(beam("1.17.3", "27.0.1", &[tools, workflow]).finding(rule), None);
    let old = (".github/workflows/ci.yml", &*matrix.replace("1.17", "1.16"));
    assert_eq!(
        beam("1.17.3", "27.0.1", &[tools, old]).finding(rule).unwrap().places,
        [".tool-versions:1:8", ".github/workflows/ci.yml:3:29"]
    );
}

#[test]
fn a_node_that_package_json_does_not_allow() {
    let rule = "node-version-unsupported";
    let package = [("assets/package.json", "{\"engines\": {\"node\": \">=20 <23\", \"npm\": \"^10\"}}")];
    assert_eq!(
        node("18.19.0", "10.2.3", &package).finding(rule),
        found("The shell has Node.js 18.19.0 instead of >=20 <23", "warning", &["assets/package.json:1:22"])
    );
    assert_eq!(
        node("22.11.0", "11.0.0", &package).finding(rule).unwrap().message,
        "The shell has npm 11.0.0 instead of ^10"
    );
    assert_eq!(node("22.11.0", "10.9.0", &package).finding(rule), None);
    assert_eq!(Machine::new("", &package).finding(rule), None);
}

#[test]
fn what_cannot_be_read_is_unknown_only_where_it_decides() {
    let report =
        |files: &[(&str, &str)]| beam("1.17.3", "27.0.1", files).says(&["check", "--format", "json"]);
    let unknown = |files: &[(&str, &str)]| -> Vec<String> {
        let report: Json = serde_json::from_str(&report(files).text).unwrap();
        let names =
            report["unknown"].as_array().unwrap().iter().map(|it| it["why"].as_str().unwrap().to_owned());
        names.collect()
    };
    assert_eq!(
        unknown(&[(".github/workflows/ci.yml", "jobs: ["), ("compose.yaml", "{{ .Values }}")]),
        [""; 0]
    );
    let why = unknown(&[("mise.toml", "[tools]\nelixir = 1.17.3\n")]);
    assert!(!why.is_empty() && why.iter().all(|why| why.starts_with("mise.toml: line 2: ")), "{why:?}");
}

#[test]
fn the_command_shows_all_places_side_by_side() {
    let files = [
        ("mix.exs", &*mix_exs("~> 1.17")),
        (".tool-versions", "elixir 1.17.3-otp-27\nerlang 27.0.1\n"),
        ("Dockerfile", "FROM elixir:1.16-alpine\n"),
    ];
    let machine = beam("1.17.3", "27.3.4", &files);
    let said = machine.says(&["versions"]);
    assert_eq!(said.code, 1);
    assert_eq!(
        said.text,
        "\
✗ Elixir 1.17.3 is not what Dockerfile asks for
    this shell        1.17.3          /usr/bin/elixir
  ✓ mix.exs:5         ~> 1.17
  ✓ .tool-versions:1  1.17.3-otp-27
  ✗ Dockerfile:1      1.16            in the image
    Dockerfile is the odd one out: the others agree

✓ Erlang/OTP 27.3.4 is what is asked for, but for its last numbers
    this shell        27.3.4          /usr/bin/erl
  ✓ .tool-versions:2  27.0.1          of the same series
  ✓ .tool-versions:1  1.17.3-otp-27

    `envdoctor check` tells what would help.
"
    );
    let json: Json = serde_json::from_str(&machine.says(&["versions", "--format", "json"]).text).unwrap();
    let elixir = &json["tools"][0];
    assert_eq!((&elixir["tool"], &elixir["verdict"]), (&Json::from("elixir"), &Json::from("unmet")));
    assert_eq!(elixir["has"]["version"], "1.17.3");
    assert_eq!(elixir["asked"][2]["agreement"], "differs");
    assert_eq!(elixir["conflicts"], serde_json::json!([[0, 2], [1, 2]]));
}

#[test]
fn the_command_is_quiet_where_all_agrees() {
    let agreeing = beam("1.17.3", "27.0.1", &[("mix.exs", &*mix_exs("~> 1.17"))]);
    assert_eq!(agreeing.says(&["versions", "--quiet"]).text, "");
    assert_eq!(agreeing.says(&["versions"]).code, 0);
    let nothing = Machine::new("", &[("README.md", "x")]).says(&["versions"]);
    assert_eq!((nothing.code, nothing.text.as_str()), (0, "No file of this project asks for a version.\n"));
    let missing = Machine::new("", &[(".nvmrc", "22")]).says(&["versions"]);
    assert_eq!(missing.code, 1);
    assert!(missing.text.starts_with("✗ Node.js is asked for and not on PATH\n"), "{}", missing.text);
    let unread = beam("1.17.3", "27.0.1", &[("mise.toml", "[tools")]).says(&["versions"]);
    assert_eq!(unread.code, 3);
    assert!(unread.text.contains("? mise.toml was not read: line 1: not valid TOML"), "{}", unread.text);
}
