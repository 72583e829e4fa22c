//! A Mix project's dependencies on recorded machines.

use super::*;
use crate::probes::recorded::{self, facts_of};

fn facts(recording: &str) -> Facts {
    facts_of(&PROBE, recording)
}

fn list(facts: &Facts, name: &str) -> Vec<String> {
    recorded::list(facts, &format!("project.mix.{name}"))
}

const MIX: &str = r#"
  /p/mix.exs: |
    defmodule P do
      def project, do: [app: :p, deps: deps()]
      defp deps, do: [{:a, "~> 1.0"}, {:g, git: "https://git.example.com/g"}, {:l, path: "l"}, {:t, "~> 1.0", only: :test}]
    end
  /p/mix.lock: |
    %{
      "a": {:hex, :a, "1.0.1", "h", [:mix], [{:b, "~> 1.0", [hex: :b, repo: "hexpm", optional: false]}], "hexpm", "o"},
      "b": {:hex, :b, "1.1.0", "h", [:mix], [], "hexpm", "o"},
      "g": {:git, "https://git.example.com/g", "0123456789012345678901234567890123456789", []},
    }
"#;

#[test]
fn nothing_is_fetched() {
    let facts = facts(&format!("files:{MIX}"));
    assert_eq!(list(&facts, "deps"), ["a", "g", "l", "t"]);
    assert_eq!(list(&facts, "hex_deps"), ["a", "t"]);
    assert_eq!(list(&facts, "missing_deps"), ["a", "b", "g", "t"]);
    assert!(list(&facts, "mismatched_deps").is_empty());
}

#[test]
fn what_is_fetched_may_be_something_else() {
    let facts = facts(&format!(
        "env: {{MIX_ENV: test, MIX_DEPS_PATH: /elsewhere}}\nfiles:{MIX}  \
             /elsewhere/a/hex_metadata.config: '{{<<\"version\">>,<<\"1.0.0\">>}}.'\n  \
             /elsewhere/b/hex_metadata.config: '{{<<\"version\">>,<<\"1.1.0\">>}}.'\n  \
             /elsewhere/g/.git/HEAD: \"9999999999999999999999999999999999999999\\n\"\n"
    ));
    assert_eq!(list(&facts, "missing_deps"), ["t"]);
    assert_eq!(list(&facts, "mismatched_deps"), ["a", "g"]);
}

fn why(facts: &Facts, name: &str) -> String {
    facts.get(&format!("project.mix.{name}")).unwrap().reading.why_unknown().unwrap_or_default()
}

const COMPUTED: &str = r#"
files:
  /p/mix.exs: 'defmodule P do def project, do: [deps: [{:w, "1.0"}] ++ Enum.map([:a], &{&1, "1.0"})] end'
  /p/deps/w/mix.exs: ''
  /p/mix.lock: '%{"a": {:hex, :a, "1.0.1", "h", [:mix], [], "hexpm", "o"}, "w": {:hex, :w, "1.0.0", "h", [:mix], [], "hexpm", "o"}}'
"#;

#[test]
fn computed_dependencies_matter_where_something_is_not_fetched() {
    let fetched =
        facts(&format!("{COMPUTED}  /p/deps/a/hex_metadata.config: '{{<<\"version\">>,<<\"1.0.0\">>}}.'\n"));
    assert_eq!(list(&fetched, "deps"), ["w"]);
    assert!(list(&fetched, "missing_deps").is_empty());
    assert_eq!(list(&fetched, "mismatched_deps"), ["a"]);

    let missing = facts(COMPUTED);
    assert!(why(&missing, "missing_deps").contains("mix.exs:1: dependencies are computed there"));
    assert!(
        why(&missing, "missing_deps").contains("whether a of mix.lock"),
        "{}",
        why(&missing, "missing_deps")
    );
    assert!(list(&missing, "unlocked_deps").is_empty());

    let written = facts(&COMPUTED.replace("/p/deps/w/mix.exs", "/p/deps/a/mix.exs"));
    assert_eq!(list(&written, "missing_deps"), ["w"]);

    let nothing = facts("files: {/p/mix.exs: 'defmodule P do def project, do: [deps: elsewhere()] end'}");
    assert!(why(&nothing, "missing_deps").contains("neither mix.lock nor deps/ shows them"));

    let settings =
        facts("files: {/p/mix.exs: 'defmodule P do def project, do: [deps_path: path(), deps: []] end'}");
    assert!(why(&settings, "missing_deps").contains("mix.exs:1: what is set there is computed"));
    assert!(list(&settings, "deps").is_empty());
}

#[test]
fn what_mix_lock_does_not_have_or_has_otherwise() {
    let facts = facts(
        r#"
files:
  /p/mix.exs: |
    defmodule P do
      def project do
        [app: :p, version: "0.1.0", elixir: "~> 1.17", deps: deps()]
      end
      defp deps do
        [
          {:jason, "~> 1.4"},
          {:new, "~> 1.0", organization: "acme"},
          {:icons, github: "acme/icons", tag: "v2"},
          {:same, git: "https://git.example.com/same", branch: "main"},
          {:fine, "~> 1.0"}
        ]
      end
    end
  /p/mix.lock: |
    %{
      "fine": {:hex, :fine, "1.9.0", "h", [:rebar3], [], "hexpm", "o"},
      "icons": {:git, "https://github.com/acme/icons.git", "0123456789012345678901234567890123456789", [tag: "v1", depth: 1]},
      "jason": {:hex, :jason, "1.2.2", "h", [:mix, :rebar3], [], "hexpm", "o"},
      "same": {:git, "https://git.example.com/same", "0123456789012345678901234567890123456789", [branch: "main"]},
    }
"#,
    );
    let places = |name: &str| {
        let fact = facts.get(&format!("project.mix.{name}")).unwrap();
        fact.places.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(list(&facts, "new_deps"), ["new"]);
    assert_eq!(places("new_deps"), ["mix.exs:8:7"]);
    assert_eq!(
        list(&facts, "outdated_deps"),
        ["jason (asked for ~> 1.4, locked at 1.2.2)", "icons (asked for tag v2, locked at tag v1)"]
    );
    assert_eq!(places("outdated_deps"), ["mix.exs:7:7", "mix.exs:9:7"]);
    assert_eq!(list(&facts, "rebar_deps"), ["fine"]);
    assert_eq!(list(&facts, "organizations"), ["acme"]);
    assert_eq!(facts.get("project.mix.elixir").unwrap().reading, Reading::Present("~> 1.17".into()));
    assert_eq!(places("elixir"), ["mix.exs:3:41"]);
    assert_eq!(facts.get("project.mix.app").unwrap().reading, Reading::Present("p".into()));
}

#[test]
fn builds_of_another_elixir_or_otp() {
    let machine = |otp: &str, env: &str| {
        facts(
            &format!(
                r#"
env: {{{env}}}
which: {{elixir: /opt/elixir/bin/elixir, erl: /opt/otp/bin/erl}}
files:
  /opt/elixir/bin/elixir: ''
  /opt/elixir/lib/elixir/ebin/elixir.app: '{{vsn,"1.18.3"}}'
  /opt/otp/bin/erl: ''
  /opt/otp/releases/{otp}/OTP_VERSION: '{otp}.1.2'
  /p/mix.exs: 'defmodule P do def project, do: [app: :p, deps: []] end'
bytes:
  - {{file: /p/_build/dev/lib/p/.mix/compile.elixir_scm, limit: 1048576,
      hex: 83680361016802 6d00000006312e31382e33 6b00023237 7713456c697869722e4d69782e53434d2e50617468}}
  - {{file: /p/_build/prod/lib/dep/.mix/compile.elixir_scm, limit: 1048576,
      hex: 83680361016802 6d00000006312e31372e30 6b00023236 7713456c697869722e4d69782e53434d2e50617468}}
"#
            )
            .replace("6802 6d", "68026d")
            .replace("33 6b", "336b")
            .replace("30 6b", "306b")
            .replace(" 77", "77"),
        )
    };
    let same = machine("27", "");
    assert_eq!(list(&same, "builds"), ["dev (Elixir 1.18.3, OTP 27)", "prod (Elixir 1.17.0, OTP 26)"]);
    assert!(list(&same, "stale_builds").is_empty(), "nobody builds for production here");
    assert_eq!(list(&machine("28", ""), "stale_builds"), ["_build/dev"]);
    assert_eq!(list(&machine("27", "MIX_ENV: prod"), "stale_builds"), ["_build/prod"]);
    let none = facts("files: {/p/mix.exs: 'defmodule P do def project, do: [app: :p, deps: []] end'}");
    assert_eq!(none.get("project.mix.stale_builds").unwrap().reading, Reading::Absent);
}

#[test]
fn what_is_fetched_but_not_locked() {
    let facts = facts(
        r#"
files:
  /p/mix.exs: 'defmodule P do def project, do: [deps: [{:a, "1.0"}, {:g, git: "https://git.example.com/g"}, {:l, path: "deps/l"}]] end'
  /p/mix.lock: '%{"a": {:hex, :a, "1.0.0", "h", [:mix], [], "hexpm", "o"}}'
  /p/deps/a/mix.exs: ''
  /p/deps/g/.git/HEAD: 'ref: refs/heads/main'
  /p/deps/l/mix.exs: ''
"#,
    );
    assert_eq!(list(&facts, "unlocked_deps"), ["g"]);
    assert!(list(&facts, "missing_deps").is_empty());
}

#[test]
fn an_umbrella_needs_what_its_applications_need() {
    let facts = facts(
        r#"
env: {MIX_ENV: dev}
files:
  /p/mix.exs: 'defmodule U do def project, do: [apps_path: "apps", deps: [{:r, "1.0", only: :test}]] end'
  /p/apps/one/mix.exs: 'defmodule O do def project, do: [deps: [{:a, "1.0", only: :test}, {:two, in_umbrella: true}]] end'
  /p/apps/two/mix.exs: 'defmodule T do def project, do: [deps: [{:a, "1.0"}]] end'
  /p/apps/README.md: ''
"#,
    );
    assert_eq!(list(&facts, "deps"), ["r", "a", "two"]);
    assert_eq!(list(&facts, "missing_deps"), ["a"]);
}

#[test]
fn no_project_and_an_unreadable_one_are_told_apart() {
    let none = facts("");
    assert!(none.iter().all(|(_, fact)| fact.reading == Reading::Absent));
    let broken = facts("files: {/p/mix.exs: 'defmodule ('}");
    assert!(broken.iter().all(|(_, fact)| matches!(fact.reading, Reading::Failed { .. })));
    let conflict = facts("files: {/p/mix.exs: '', /p/mix.lock: '<<<<<<< HEAD'}");
    assert!(list(&conflict, "deps").is_empty());
    assert!(conflict.get("project.mix.missing_deps").unwrap().reading.why_unknown().is_some());
}
