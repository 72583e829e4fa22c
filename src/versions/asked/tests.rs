//! What files of each form ask for.

use super::*;

fn asked(form: Form, text: &str) -> Vec<String> {
    let line = |ask: Ask| {
        let meant: Vec<_> = ask.wanted.iter().map(|wanted| matches!(wanted, Wanted::Anything)).collect();
        let open = if meant.contains(&true) { " (open)" } else { "" };
        format!("{} {}:{} {}{open}", ask.tool, ask.place.line, ask.place.column, ask.words())
    };
    asks(form, "f", text).unwrap().into_iter().map(line).collect()
}

#[test]
fn version_managers() {
    assert_eq!(
        asked(
            Form::ToolVersions,
            "elixir 1.17.3-otp-27\nerlang 27.0.1\nnodejs latest:22 system\nrust 1.80\n"
        ),
        [
            "Elixir 1:8 1.17.3-otp-27",
            "Erlang/OTP 2:8 27.0.1",
            "Node.js 3:8 latest:22 or system (open)",
            "Erlang/OTP 1:8 1.17.3-otp-27",
        ]
    );
    assert_eq!(asked(Form::Mise, "[tools]\n\"core:node\" = 'prefix:22'\n"), ["Node.js 2:15 prefix:22"]);
    assert_eq!(asked(Form::Single(Tool::Node), "lts/iron\n"), ["Node.js 1:1 lts/iron"]);
    assert_eq!(asked(Form::Single(Tool::Node), "lts/*\n"), ["Node.js 1:1 lts/* (open)"]);
}

#[test]
fn manifests() {
    let mix = "defmodule A do\n def project, do: [app: :a, elixir: \"~> 1.17\"]\nend";
    assert_eq!(asked(Form::Mix, mix), ["Elixir 2:37 ~> 1.17"]);
    let package =
        "{\"engines\": {\"node\": \">=20\", \"vscode\": \"*\"}, \"packageManager\": \"npm@10.9.2\"}";
    assert_eq!(asked(Form::Package, package), ["Node.js 1:22 >=20", "npm 1:64 10.9.2"]);
    assert_eq!(asked(Form::PackageLock, "{\"lockfileVersion\": 3}"), ["npm 1:21 lockfileVersion 3"]);
    assert!(asked(Form::PackageLock, "{\"lockfileVersion\": 1}").is_empty());
    assert!(asks(Form::Package, "package.json", "[").is_err());
}

#[test]
fn files_in_which_several_versions_have_several_purposes() {
    let nix = "{ a = beam.packages.erlang_27.elixir_1_18; b = [ pkgs.elixir_1_17 pkgs.elixir_1_18 ]; }";
    assert_eq!(
        asked(Form::Nix, nix),
        ["Elixir 1:31 elixir_1_18 or elixir_1_17", "Erlang/OTP 1:21 erlang_27"]
    );
    let docker = "ARG OTP=27.0.1\nFROM hexpm/elixir:1.17.3-erlang-${OTP}-alpine-3.20 AS build\n";
    assert_eq!(asked(Form::Docker, docker), ["Elixir 2:6 1.17.3", "Erlang/OTP 1:9 27.0.1"]);
    assert_eq!(asked(Form::Compose, "services: {db: {image: 'postgres:16-alpine'}}"), ["PostgreSQL 1:24 16"]);
    let workflow = "jobs:\n  t:\n    strategy: {matrix: {e: ['1.17', 1.18.x]}}\n    steps:\n      \
                    - uses: erlef/setup-beam@v1\n        with: {elixir-version: \"${{ matrix.e }}\", otp-version: OTP-27.1}\n";
    assert_eq!(asked(Form::Workflow, workflow), ["Elixir 3:29 1.17 or 1.18.x", "Erlang/OTP 6:64 OTP-27.1"]);
}

#[test]
fn forms_by_name() {
    for (name, expected) in [
        (".tool-versions", Some(Form::ToolVersions)),
        ("Dockerfile.prod", Some(Form::Docker)),
        ("docker-compose.override.yml", Some(Form::Compose)),
        ("compose.json", None),
        ("Makefile", None),
    ] {
        assert_eq!(Form::of(name), expected, "{name}");
    }
}
